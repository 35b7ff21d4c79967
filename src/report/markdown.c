/* A report as Markdown: tables as tables, charts as images in a folder beside it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "present/present.h"
#include "report/report.h"
#include "support/output.h"

/* "report.md" has its images in report_files. */
static size_t stem_of(const char *output)
{
    return strlen(output) - strlen(".md");
}

static const char *base_of(const char *output)
{
    const char *slash = strrchr(output, '/');
    return slash ? slash + 1 : output;
}

/* A text in one line that is no markup. */
static void put_plain(struct lus_string *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_[]<>|#", *text)) lus_string_put(out, "\\");
        lus_string_add(out, *text == '\n' ? " " : text, 1);
    }
}

static int put_image(struct lus_report *r, struct lus_string *out, const struct lus_piece *piece,
                     struct lus_error *err)
{
    const struct lus_run *run = &r->runs.at[piece->run];
    if (LUS_ARRAY_RESERVE(&r->images, 1) != LUS_OK) return lus_fail_memory(err);
    r->images.at[r->images.n++] = piece->run;
    const char *base = base_of(r->output);
    lus_string_put(out, "\n\n![");
    put_plain(out, run->result.drawing->summary);
    lus_string_print(out, "](<%.*s_files/figure-%zu.svg>)\n\n**Figure %zu.** ", (int)stem_of(base),
                     base, r->images.n, r->images.n);
    put_plain(out, *piece->caption ? piece->caption : run->result.drawing->title);
    return LUS_OK;
}

int lus_report_block_markdown(struct lus_report *r, struct lus_string *out,
                              const struct lus_piece *piece, size_t n_table, struct lus_error *err)
{
    const struct lus_run *run = &r->runs.at[piece->run];
    if (run->result.drawing) {
        LUS_TRY(put_image(r, out, piece, err));
    } else {
        lus_string_print(out, "\n\n**Table %zu.** ", n_table);
        put_plain(out, *piece->caption ? piece->caption : run->text);
        lus_string_put(out, "\n\n");
        lus_string_add(out, run->bytes, run->n);
    }
    lus_string_print(out, "\n\n`lustrum %s`\n\n", run->text);
    return LUS_OK;
}

int lus_report_write_images(const struct lus_report *r, struct lus_error *err)
{
    char path[4096];
    int n_stem = r->images.n ? (int)stem_of(r->output) : 0;
    for (size_t i = 0; i < r->images.n; i++) {
        const struct lus_run *run = &r->runs.at[r->images.at[i]];
        (void)snprintf(path, sizeof path, "%.*s_files", n_stem, r->output);
        if (i == 0 && mkdir(path, 0777) != 0 && errno != EEXIST)
            return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno));
        int n = snprintf(path, sizeof path, "%.*s_files/figure-%zu.svg", n_stem, r->output, i + 1);
        if (n < 0 || (size_t)n >= sizeof path)
            return lus_fail(err, LUS_EIO, "%s: the name is too long", r->output);
        LUS_TRY(lus_output_write(path, run->bytes, run->n, err));
    }
    return LUS_OK;
}
