#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "present/chart/form.h"
#include "present/present.h"
#include "support/output.h"

/* A text as the last column of a line of data: what gnuplot's reader would take for structure
 * becomes something like it. */
void lus_drawing_text(struct lus_string *out, const char *text)
{
    struct lus_string shown = {0};
    lus_string_show(&shown, text);
    for (const char *c = shown.at; c && *c; c++) {
        if (*c == '"') lus_string_put(out, "”");
        else if (*c == '\\') lus_string_put(out, "\\\\"); /* data may hold octal escapes */
        else lus_string_add(out, c, 1);
    }
    lus_string_put(out, shown.n ? "\n" : " \n");
    out->failed |= shown.failed;
    lus_string_free(&shown);
}

void lus_drawing_label(struct lus_string *out, double x, double y, const char *text)
{
    lus_string_print(out, "%.10g\t%.10g\t", x, y);
    lus_drawing_text(out, text);
}

struct lus_string *lus_drawing_file(struct lus_drawing *d, const char *name)
{
    for (size_t i = 0; i < d->n_files; i++)
        if (strcmp(d->files[i].name, name) == 0) return &d->files[i].text;
    if (d->n_files == LUS_MOST_FILES) return &d->settings; /* a template reads fewer */
    d->files[d->n_files].name = name;
    return &d->files[d->n_files++].text;
}

void lus_drawing_free(struct lus_drawing *d)
{
    for (size_t i = 0; d && i < d->n_files; i++)
        lus_string_free(&d->files[i].text);
    if (d) lus_string_free(&d->settings);
    free(d);
}

/* The ending of path, where it is that of a format; else NULL. */
static const char *format_of(const char *path)
{
    static const char *const formats[] = {"svg", "png", "pdf"};
    const char *dot = path ? strrchr(path, '.') : NULL;
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(dot + 1, formats[i]) == 0) return formats[i];
    return NULL;
}

static int write_files(const struct lus_drawing *d, const struct lus_string *settings,
                       const char *folder, struct lus_error *err)
{
    char path[4096];
    for (size_t i = 0; i < d->n_files; i++) {
        const struct lus_string *text = &d->files[i].text;
        if (text->failed) return lus_fail_memory(err);
        (void)snprintf(path, sizeof path, "%s/%s", folder, d->files[i].name);
        LUS_TRY(lus_output_write(path, text->at ? text->at : "", text->n, err));
    }
    (void)snprintf(path, sizeof path, "%s/settings.gp", folder);
    LUS_TRY(lus_output_write(path, settings->at, settings->n, err));
    (void)snprintf(path, sizeof path, "%s/chart.gp", folder);
    return lus_output_write(path, d->template, strlen(d->template), err);
}

/* Nothing that is there is written over. */
static int keep_script(const struct lus_drawing *d, const struct lus_string *settings,
                       struct lus_error *err)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/chart.gp", d->keep_script);
    if (access(path, F_OK) == 0)
        return lus_fail(err, LUS_EIO, "%s is there already; --keep-script names a new folder",
                        path);
    if (mkdir(d->keep_script, 0777) != 0 && errno != EEXIST)
        return lus_fail(err, LUS_EIO, "%s: %s", d->keep_script, strerror(errno));
    return write_files(d, settings, d->keep_script, err);
}

/* A name of the chart's own: two charts on a page share no id (FNV-1a). */
static uint32_t hash_of(const char *bytes, size_t n)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}

/* Copies gnuplot's SVG from its first element on: ids get a name of the chart's own, and the titles
 * that name data files go. */
static void copy_svg(struct lus_string *out, const char *from, uint32_t hash)
{
    static const char *const before_ids[] = {"id='", "id=\"", "url(#", "href='#", "href=\"#"};
    bool is_tag = false; /* what stands between tags is text, and stays as it is */
    for (const char *c = from; *c;) {
        is_tag = *c == '<' || (is_tag && *c != '>');
        const char *end = strncmp(c, "<title>", 7) == 0  ? strstr(c, "</title>")
                          : strncmp(c, "<desc>", 6) == 0 ? strstr(c, "</desc>")
                                                         : NULL;
        if (end) {
            c = strchr(end + 1, '>') + 1;
            continue;
        }
        size_t n = 0;
        for (size_t i = 0; is_tag && i < sizeof before_ids / sizeof *before_ids && !n; i++)
            if (strncmp(c, before_ids[i], strlen(before_ids[i])) == 0 &&
                (c == from || *before_ids[i] != 'i' || c[-1] == ' '))
                n = strlen(before_ids[i]);
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
static int describe_svg(const struct lus_drawing *drawing, char **bytes, size_t *n,
                        struct lus_error *err)
{
    char *open = strstr(*bytes, "<svg"), *end = open ? strchr(open, '>') : NULL;
    if (!end) return LUS_OK;
    uint32_t hash = hash_of(*bytes, *n);
    struct lus_string s = {0};
    lus_string_add(&s, *bytes, (size_t)(end - *bytes));
    lus_string_print(
        &s, " role=\"img\" aria-labelledby=\"c%08x-title c%08x-desc\">\n<title id=\"c%08x-title\">",
        hash, hash, hash);
    lus_escape_html(&s, drawing->title);
    lus_string_print(&s, "</title>\n<desc id=\"c%08x-desc\">", hash);
    lus_string_put(&s, drawing->is_synthetic ? "SYNTHETIC data. " : "");
    lus_escape_html(&s, drawing->summary);
    lus_string_put(&s, "</desc>");
    if (strcmp(drawing->theme, "screen") == 0)
        lus_string_print(&s,
                         "\n<style>@media (prefers-color-scheme: dark) { svg[aria-labelledby^="
                         "\"c%08x-\"] { filter: invert(1) hue-rotate(180deg); } }</style>",
                         hash);
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

int lus_chart_check_path(const char *path, struct lus_error *err)
{
    return format_of(path) ? LUS_OK
                           : lus_fail(err, LUS_EUSAGE,
                                      "%s: the ending says the format: .svg, .png or .pdf", path);
}

/* gnuplot refuses a plot of a file without a point: a blank where nobody looks. */
static void fill_empty(struct lus_drawing *d)
{
    for (size_t i = 0; i < d->n_files; i++)
        if (!d->files[i].text.n) lus_string_put(&d->files[i].text, "1\t1e9\t1e9\t1e9\t1e9\t \n");
}

int lus_drawing_draw(struct lus_drawing *drawing, const char *path, char **bytes, size_t *n,
                     struct lus_error *err)
{
    const char *format = format_of(path);
    LUS_TRY(lus_chart_check_path(path, err));
    char output[16];
    struct lus_string settings = {0};
    struct lus_keeper keeper;
    fill_empty(drawing);
    lus_string_print(&settings, "FORMAT = '%s'\nTHEME = '%s'\nDPI = %.10g\n", format,
                     drawing->theme, drawing->dpi);
    lus_string_add(&settings, drawing->settings.at ? drawing->settings.at : "",
                   drawing->settings.n);
    int status = settings.failed || drawing->settings.failed ? lus_fail_memory(err)
                                                             : lus_keeper_start(&keeper, err);
    if (status != LUS_OK) {
        lus_string_free(&settings);
        return status;
    }
    (void)snprintf(output, sizeof output, "chart.%s", format);
    status = write_files(drawing, &settings, keeper.folder, err);
    if (status == LUS_OK && drawing->keep_script) status = keep_script(drawing, &settings, err);
    if (status == LUS_OK) status = lus_keeper_run(&keeper, LUS_GNUPLOT, output, bytes, n, err);
    if (status == LUS_OK && strcmp(format, "svg") == 0) {
        status = describe_svg(drawing, bytes, n, err);
        if (status != LUS_OK) free(*bytes), *bytes = NULL;
    }
    lus_keeper_end(&keeper);
    lus_string_free(&settings);
    return status;
}

int lus_page_print(const char *html, size_t n_html, char **bytes, size_t *n, struct lus_error *err)
{
    struct lus_keeper keeper;
    char path[LUS_FOLDER_ROOM + 16];
    LUS_TRY(lus_keeper_start(&keeper, err));
    (void)snprintf(path, sizeof path, "%s/page.html", keeper.folder);
    int status = lus_output_write(path, html, n_html, err);
    if (status == LUS_OK) status = lus_keeper_run(&keeper, LUS_BROWSER, "page.pdf", bytes, n, err);
    lus_keeper_end(&keeper);
    return status;
}
