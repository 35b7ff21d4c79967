/* Reads a file of patients and prints 5-year survival by a column.
 *
 *     cc example.c $(pkg-config --cflags --libs lustrum) -o example
 *     ./example datasets/rotterdam.csv grade
 */
#include <gsl/gsl_errno.h>
#include <lustrum/lustrum.h>
#include <stdio.h>

static int print_rates(const struct lus_tally *tally)
{
    lus_time five_years = 5 * lus_unit_ticks(LUS_YEARS);
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *stratum = &tally->strata[i];
        struct lus_curve curve;
        if (lus_kaplan_meier(&stratum->table, 0, &curve) != LUS_OK) return 1;
        struct lus_point point = lus_curve_at(&curve, five_years, &LUS_CONF_DEFAULT);
        printf("%s: n %.0f, ", tally->n_by ? stratum->levels[0] : "all", stratum->table.total);
        if (point.why == LUS_AVAILABLE)
            printf("%.1f %% (%.1f to %.1f)\n", 100 * point.survival, 100 * point.low,
                   100 * point.high);
        else printf("not available: %s\n", lus_why_text(point.why));
        lus_curve_free(&curve);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: example FILE [COLUMN]\n");
        return 2;
    }
    gsl_set_error_handler_off(); /* GSL's own handler would abort the program */
    struct lus_query query = LUS_QUERY_INIT;
    const char *files[] = {argv[1]};
    query.files = files;
    query.n_files = 1;
    query.by = argc > 2 ? argv[2] : NULL;

    struct lus_error err = LUS_ERROR_INIT;
    struct lus_tally tally;
    if (lus_tally_read(&query, &tally, &err) != LUS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 3;
    }
    int failed = print_rates(&tally);
    lus_tally_free(&tally);
    return failed;
}
