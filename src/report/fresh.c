/* A first source for a file of patients: what its recipe names, for a person to go on from. */
#include <string.h>

#include "report/report.h"

/* The factors of the recipe, from the table of lustrum describe. */
static int list_factors(const char *file, struct lus_string *names, struct lus_error *err)
{
    struct lus_result result;
    struct lus_options o = lus_options_default;
    o.files = &file, o.n_files = 1;
    int status = lus_result_init(&result, err);
    if (status == LUS_OK) status = lus_command_run(lus_command_find("describe"), &o, &result, err);
    const struct lus_table *t = status == LUS_OK ? lus_document_find(&result.document, "factors")
                                                 : NULL;
    for (size_t row = 0; t && row < t->n_rows; row++) {
        const char *name = t->cells[row * t->n_columns].text;
        if (!row || strcmp(name, t->cells[(row - 1) * t->n_columns].text) != 0)
            lus_string_print(names, "%s\n", name);
    }
    lus_result_free(&result);
    return status;
}

int lus_report_fresh(const char *file, struct lus_string *out, struct lus_error *err)
{
    struct lus_string names = {0};
    int status = list_factors(file, &names, err);
    lus_string_print(
        out,
        "# %s: survival\n\n"
        "<!-- lustrum report SOURCE.md -o REPORT.html makes the page; man lustrum-report "
        "explains what may stand here. -->\n\n"
        "## In short\n\n"
        "{{box}}\n"
        "Of 100 people, {{rates %s --at 1y : survival of 100}} are alive after one "
        "year and {{rates %s --at 5y : survival of 100}} after five.\n"
        "{{end}}\n\n"
        "## Who is counted\n\n"
        "```lustrum Who is in the file\ndescribe %s\n```\n\n"
        "## Everybody\n\n"
        "```lustrum Survival of all\nplot curve %s --risk-table extended\n```\n\n",
        file, file, file, file, file);
    for (char *name = names.at, *end; name && (end = strchr(name, '\n')); name = end + 1) {
        *end = 0;
        lus_string_print(out,
                         "## By %s\n\n```lustrum\nplot curve %s --by %s\n```\n\n"
                         "```lustrum\nrates %s --by %s --at 1y,5y\n```\n\n",
                         name, file, name, file, name);
    }
    lus_string_put(out, "## Words\n\n{{glossary}}\n");
    if (status == LUS_OK && (names.failed || out->failed)) status = lus_fail_memory(err);
    lus_string_free(&names);
    return status;
}
