#include "present/chart.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "present/present.h"
#include "support/output.h"

extern const char lus_template_curve[]; /* templates.S */

/* Layout, in units of the y axis: 1 is 100 %. */
static const double ROW = 0.062, TABLE_TOP = -0.20, NAME_GAP = 0.055;

void lus_chart_free(struct lus_chart *chart)
{
    if (!chart) return;
    for (size_t i = 0; i < chart->n_series; i++) {
        struct lus_chart_series *s = &chart->series[i];
        free(s->x), free(s->y), free(s->low), free(s->high), free(s->at_risk);
    }
    free(chart->series);
    free(chart->risk_times);
    free(chart);
}

/* The files that a chart is made of, as text, before they are written. */
struct sheet {
    struct lus_string settings, steps, bands, title, subtitle, left, right, centre, pale, names, rows;
};
struct sheet_file {
    const char *name;
    struct lus_string *text;
};
enum { N_FILES = 11 };

static void list_files(struct sheet *s, struct sheet_file files[N_FILES])
{
    const struct sheet_file all[N_FILES] = {{"settings.gp", &s->settings}, {"steps.dat", &s->steps},   {"bands.dat", &s->bands},
                                            {"title.dat", &s->title},      {"subtitle.dat", &s->subtitle}, {"left.dat", &s->left},
                                            {"right.dat", &s->right},      {"centre.dat", &s->centre}, {"pale.dat", &s->pale},
                                            {"names.dat", &s->names},      {"rows.dat", &s->rows}};
    memcpy(files, all, sizeof all);
}

/* A text as the last column of a line of data: what gnuplot's reader would take for structure becomes something like it. */
static void put_label(struct lus_string *out, double x, double y, const char *text)
{
    lus_string_print(out, "%.10g\t%.10g\t", x, y);
    size_t n = 0;
    for (const char *c = text; *c; c++, n++) {
        if (*c == '"') lus_string_put(out, "”");
        else if ((unsigned char)*c < ' ' || *c == 0x7f) lus_string_put(out, " ");
        else if (*c == '\\') lus_string_put(out, "\\\\"); /* data may hold octal escapes */
        else lus_string_add(out, c, 1);
    }
    lus_string_put(out, n ? "\n" : " \n");
}

static void put_shortened(struct lus_string *out, double x, double y, const char *text, size_t most)
{
    size_t n = strlen(text);
    if (lus_utf8_width(text, n) <= most) {
        put_label(out, x, y, text);
        return;
    }
    size_t kept = 0, width = 0;
    while (kept < n && width + 1 < most) {
        kept++;
        while (kept < n && ((unsigned char)text[kept] & 0xc0) == 0x80)
            kept++;
        width++;
    }
    struct lus_string cut = {0};
    lus_string_add(&cut, text, kept);
    lus_string_put(&cut, "…");
    put_label(out, x, y, cut.at ? cut.at : "");
    lus_string_free(&cut);
}

/* Points nearer than a quarter of a pixel to the last one kept change nothing that can be seen. */
static bool is_visible(const struct lus_chart *chart, const struct lus_chart_series *s, size_t i, size_t last)
{
    enum { PIXELS = 4000 };
    return s->x[i] - s->x[last] > chart->x_max / PIXELS || fabs(s->y[i] - s->y[last]) > 1.0 / PIXELS || i + 1 == s->n;
}

static void put_step(struct lus_string *out, double x, double y, double few_from)
{
    lus_string_print(out, "%.10g\t%.10g\t", x, y);
    if (x >= few_from) lus_string_print(out, "%.10g\n", y); /* the lighter core of the line */
    else lus_string_put(out, "NaN\n");
}

static void put_series(struct sheet *sheet, const struct lus_chart *chart, const struct lus_chart_series *s)
{
    double y = chart->start, low = y, high = y;
    size_t last = 0;
    put_step(&sheet->steps, 0, y, s->few_from);
    lus_string_print(&sheet->bands, "0\t%.10g\t%.10g\n", y, y);
    for (size_t i = 0; i < s->n && s->x[i] <= chart->x_max; i++) {
        if (i && !is_visible(chart, s, i, last)) continue;
        last = i;
        put_step(&sheet->steps, s->x[i], y, s->few_from);
        lus_string_print(&sheet->bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
        y = s->y[i];
        low = isnan(s->low[i]) ? y : s->low[i];
        high = isnan(s->high[i]) ? y : s->high[i];
        put_step(&sheet->steps, s->x[i], y, s->few_from);
        lus_string_print(&sheet->bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
    }
    if (s->n && s->x[s->n - 1] > chart->x_max) put_step(&sheet->steps, chart->x_max, y, s->few_from);
    lus_string_put(&sheet->steps, "\n\n");
    lus_string_put(&sheet->bands, "\n\n");
}

/* Where a curve ends inside the chart. */
static double end_height(const struct lus_chart *chart, const struct lus_chart_series *s, double *x)
{
    double y = chart->start;
    *x = 0;
    for (size_t i = 0; i < s->n && s->x[i] <= chart->x_max; i++) {
        y = chart->is_stacked ? (s->low[i] + s->high[i]) / 2 : s->y[i];
        *x = s->x[i];
    }
    if (s->n && s->x[s->n - 1] > chart->x_max) *x = chart->x_max;
    return y;
}

/* How far the sheet reaches to the left of the axis, where the risk table's names stand, and to the right of it, where the
 * curves' names stand: in units of the axis, by the longest name. */
enum { LONGEST_ROW_NAME = 16, LONGEST_NAME = 24 };
static const double CHARACTER = 0.0158;

static double reach(const struct lus_chart *chart, size_t most, double least)
{
    size_t widest = 0;
    for (size_t i = 0; i < chart->n_series && chart->n_series > 1; i++) {
        size_t width = lus_utf8_width(chart->series[i].label, strlen(chart->series[i].label));
        if (width > widest) widest = width;
    }
    double wanted = 0.05 + CHARACTER * (double)(widest < most ? widest : most);
    return wanted > least ? wanted : least;
}

static double left_reach(const struct lus_chart *chart)
{
    return reach(chart, LONGEST_ROW_NAME, 0.12) + 0.05;
}

/* Names at the ends of their curves, pushed apart where they would collide. */
static void put_names(struct sheet *sheet, const struct lus_chart *chart)
{
    double height[LUS_MOST_SERIES], x;
    size_t order[LUS_MOST_SERIES], n = chart->n_series;
    for (size_t i = 0; i < n; i++) {
        height[i] = end_height(chart, &chart->series[i], &x);
        size_t k = i;
        for (; k > 0 && height[order[k - 1]] > height[i]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    for (size_t k = 0; k < n; k++) {
        double floor_here = k ? height[order[k - 1]] + NAME_GAP : 0.015;
        if (height[order[k]] < floor_here) height[order[k]] = floor_here;
    }
    for (size_t i = 0; i < n; i++) {
        put_shortened(&sheet->names, 1.015 * chart->x_max, height[i], chart->n_series > 1 && chart->series[i].n ? chart->series[i].label : " ", LONGEST_NAME);
        lus_string_put(&sheet->names, "\n\n");
    }
}

static void put_axes(struct sheet *sheet, const struct lus_chart *chart)
{
    double left = -(left_reach(chart) - 0.01) * chart->x_max;
    char text[64];
    for (int i = 0; i <= 5; i++) {
        (void)snprintf(text, sizeof text, "%d %%", 20 * i);
        put_label(&sheet->right, -0.012 * chart->x_max, 0.2 * i, text);
    }
    for (double x = 0; x <= chart->x_max * (1 + 1e-9); x += chart->tic) {
        (void)snprintf(text, sizeof text, "%g", x);
        put_label(&sheet->centre, x, -0.045, text);
    }
    put_label(&sheet->centre, chart->x_max / 2, -0.105, chart->x_label);
    put_label(&sheet->left, left, 1.06, chart->y_label);
    put_label(&sheet->title, left, 1.215, chart->title);
    put_label(&sheet->subtitle, left, 1.14, chart->subtitle);
}

static size_t count_rows(const struct lus_chart *chart)
{
    size_t n = 0;
    for (size_t i = 0; i < chart->n_series; i++)
        n += chart->series[i].at_risk != NULL;
    return n;
}

static void put_risk_table(struct sheet *sheet, const struct lus_chart *chart)
{
    put_label(&sheet->left, -(left_reach(chart) - 0.01) * chart->x_max, TABLE_TOP + 0.02, "At risk");
    size_t n_rows = count_rows(chart), row = 0;
    for (size_t i = 0; i < chart->n_series; i++) {
        double y = TABLE_TOP - ROW * ((double)row + 0.7);
        put_shortened(&sheet->rows, -0.05 * chart->x_max, y, !chart->series[i].at_risk ? " " : n_rows > 1 ? chart->series[i].label : "all", LONGEST_ROW_NAME);
        lus_string_put(&sheet->rows, "\n\n");
        if (!chart->series[i].at_risk) continue;
        row++;
        for (size_t k = 0; k < chart->n_risk_times; k++) {
            char text[64];
            double n = chart->series[i].at_risk[k];
            if (n > 0 && n < chart->least_shown) (void)snprintf(text, sizeof text, "<%.10g", chart->least_shown);
            else (void)snprintf(text, sizeof text, n == floor(n) ? "%.0f" : "%.1f", n);
            put_label(n < 10 ? &sheet->pale : &sheet->centre, chart->risk_times[k], y, text);
        }
    }
    /* gnuplot refuses a plot of a file without a point */
    if (!sheet->pale.n) put_label(&sheet->pale, 0, 0, " ");
}

enum ending { SVG, PNG, PDF };
struct chart_format {
    const char *ending, *font, *title_font;
};
static const struct chart_format formats[] = {
    [SVG] = {"svg", "Liberation Sans,14", "Liberation Sans,19"},
    [PNG] = {"png", "Liberation Sans,28", "Liberation Sans,38"},
    [PDF] = {"pdf", "Liberation Sans,10", "Liberation Sans,13.5"},
};

static const struct chart_format *format_of(const char *path)
{
    const char *dot = path ? strrchr(path, '.') : NULL;
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(dot + 1, formats[i].ending) == 0) return &formats[i];
    return NULL;
}

static void put_settings(struct sheet *sheet, const struct lus_chart *chart, const struct chart_format *format)
{
    double bottom = TABLE_TOP - ROW * ((double)count_rows(chart) + 0.6), height = 400 * (1.26 - bottom);
    struct lus_string *s = &sheet->settings;
    lus_string_put(s, "TERMINAL = '");
    if (format == &formats[PDF]) lus_string_print(s, "pdfcairo size 21.5cm,%.2fcm font \"Liberation Sans,10\"", height / 40);
    else if (format == &formats[PNG]) lus_string_print(s, "pngcairo size 1720,%d font \"Liberation Sans,28\" linewidth 2", (int)height * 2);
    else lus_string_print(s, "svg size 860,%d dynamic background \"#ffffff\" font \"Liberation Sans,14\"", (int)height);
    lus_string_print(s, "'\nOUTPUT = 'chart.%s'\nFONT = '%s'\nFONT_TITLE = '%s'\n", format->ending, format->font, format->title_font);
    lus_string_print(s, "N_SERIES = %zu\nSHADE = %s\nX_MAX = %.10g\nTIC = %.10g\nBOTTOM = %.10g\nLEFT = %.10g\nRIGHT = %.10g\n", chart->n_series, chart->is_stacked ? "0.55" : "0.13",
                     chart->x_max, chart->tic, bottom, -left_reach(chart), 1 + reach(chart, LONGEST_NAME, 0.05));
}

static int write_files(struct sheet *sheet, const char *folder, struct lus_error *err)
{
    struct sheet_file files[N_FILES];
    char path[4096];
    list_files(sheet, files);
    for (size_t i = 0; i < N_FILES; i++) {
        if (files[i].text->failed) return lus_fail_memory(err);
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        LUS_TRY(lus_output_write(path, files[i].text->at ? files[i].text->at : "", files[i].text->n, err));
    }
    (void)snprintf(path, sizeof path, "%s/chart.gp", folder);
    return lus_output_write(path, lus_template_curve, strlen(lus_template_curve), err);
}

static void remove_folder(const char *folder)
{
    DIR *d = opendir(folder);
    char path[4096];
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (entry->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    if (d) (void)closedir(d);
    (void)rmdir(folder);
}

/* A name of the chart's own: two charts on a page share no id (FNV-1a). */
static uint32_t hash_of(const char *bytes, size_t n)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}

/* Copies gnuplot's SVG from its first element on: ids get a name of the chart's own, and the titles that name data files go. */
static void copy_svg(struct lus_string *out, const char *from, uint32_t hash)
{
    static const char *const before_ids[] = {"id='", "id=\"", "url(#", "href='#", "href=\"#"};
    for (const char *c = from; *c;) {
        const char *end = strncmp(c, "<title>", 7) == 0 ? strstr(c, "</title>") : strncmp(c, "<desc>", 6) == 0 ? strstr(c, "</desc>") : NULL;
        if (end) {
            c = strchr(end + 1, '>') + 1;
            continue;
        }
        size_t n = 0;
        for (size_t i = 0; i < sizeof before_ids / sizeof *before_ids && !n; i++)
            if (strncmp(c, before_ids[i], strlen(before_ids[i])) == 0 && (c == from || *before_ids[i] != 'i' || c[-1] == ' ')) n = strlen(before_ids[i]);
        if (n) {
            lus_string_add(out, c, n);
            lus_string_print(out, "c%08x-", hash);
            c += n;
        } else {
            lus_string_add(out, c++, 1);
        }
    }
}

/* An SVG gets a title and a description that say in words what it shows. */
static int describe_svg(const struct lus_chart *chart, char **bytes, size_t *n, struct lus_error *err)
{
    char *open = strstr(*bytes, "<svg"), *end = open ? strchr(open, '>') : NULL;
    if (!end) return LUS_OK;
    uint32_t hash = hash_of(*bytes, *n);
    struct lus_string s = {0};
    lus_string_add(&s, *bytes, (size_t)(end - *bytes));
    lus_string_print(&s, " role=\"img\" aria-labelledby=\"c%08x-title c%08x-desc\">\n<title id=\"c%08x-title\">", hash, hash, hash);
    lus_escape_html(&s, chart->title);
    lus_string_print(&s, "</title>\n<desc id=\"c%08x-desc\">", hash);
    lus_string_put(&s, chart->is_synthetic ? "SYNTHETIC data. " : "");
    lus_escape_html(&s, chart->summary);
    lus_string_put(&s, "</desc>");
    copy_svg(&s, end + 1, hash);
    if (s.failed) {
        lus_string_free(&s);
        return lus_fail_memory(err);
    }
    free(*bytes);
    *bytes = s.at;
    *n = s.n;
    return LUS_OK;
}

static int fill_sheet(struct sheet *sheet, const struct lus_chart *chart, const struct chart_format *format)
{
    put_settings(sheet, chart, format);
    for (size_t i = 0; i < chart->n_series; i++)
        put_series(sheet, chart, &chart->series[i]);
    put_names(sheet, chart);
    put_axes(sheet, chart);
    put_risk_table(sheet, chart);
    return LUS_OK;
}

int lus_chart_check_path(const char *path, struct lus_error *err)
{
    return format_of(path) ? LUS_OK : lus_fail(err, LUS_EUSAGE, "%s: the ending says the format: .svg, .png or .pdf", path);
}

int lus_chart_draw(const struct lus_chart *chart, const char *path, char **bytes, size_t *n, struct lus_error *err)
{
    const struct chart_format *format = format_of(path);
    LUS_TRY(lus_chart_check_path(path, err));
    char folder[] = "/tmp/lustrum-chart-XXXXXX";
    if (!mkdtemp(folder)) return lus_fail(err, LUS_EIO, "%s: %s", folder, strerror(errno));
    struct sheet sheet = {0};
    struct sheet_file files[N_FILES];
    char output[16];
    (void)snprintf(output, sizeof output, "chart.%s", format->ending);
    int status = fill_sheet(&sheet, chart, format);
    if (status == LUS_OK) status = write_files(&sheet, folder, err);
    if (status == LUS_OK && chart->keep_script) {
        if (mkdir(chart->keep_script, 0777) != 0 && errno != EEXIST) status = lus_fail(err, LUS_EIO, "%s: %s", chart->keep_script, strerror(errno));
        else status = write_files(&sheet, chart->keep_script, err);
    }
    if (status == LUS_OK) status = lus_gnuplot_run(folder, "chart.gp", output, bytes, n, err);
    if (status == LUS_OK && format == &formats[SVG]) {
        status = describe_svg(chart, bytes, n, err);
        if (status != LUS_OK) free(*bytes);
    }
    remove_folder(folder);
    list_files(&sheet, files);
    for (size_t i = 0; i < N_FILES; i++)
        lus_string_free(files[i].text);
    return status;
}
