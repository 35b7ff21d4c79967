/* The table of commands. */
#include "command/command.h"

/* clang-format off */
#define OPTIONS(...) (const struct lus_option_group *const[]){__VA_ARGS__, NULL}
/* clang-format on */

const struct lus_command lus_commands[] = {
    {"describe", "FILE...", "who is in a file, how long they were followed, what each column holds",
     OPTIONS(&lus_reading_options, &lus_writing_options), "conf, conf-level",
     "describe, columns, factors, selection", lus_describe},
    {"rates", "FILE...",
     "survival at 5 years and other horizons, medians, restricted means, by strata",
     OPTIONS(&lus_horizon_options, &lus_rates_options, &lus_estimating_options,
             &lus_standard_options, &lus_reading_options, &lus_writing_options),
     NULL, "rates, quantiles, selection", lus_rates},
    {"curve", "FILE...", "every row of the survival curves",
     OPTIONS(&lus_curve_options, &lus_estimating_options, &lus_reading_options,
             &lus_writing_options),
     NULL, "curve, hazard, at_risk, summary, selection", lus_curve_command},
    {"compare", "FILE... --by COL",
     "tests between strata, pairs with adjusted p-values, differences",
     OPTIONS(&lus_comparing_options, &lus_horizon_options, &lus_estimating_options,
             &lus_reading_options, &lus_writing_options),
     NULL, "compare, groups, pairs, differences, selection", lus_compare},
    {"incidence", "FILE... --causes NAME=LEVEL,...",
     "how many have died of what by then: cumulative incidence, years lost, Gray's test",
     OPTIONS(&lus_cause_options, &lus_incidence_options, &lus_reading_options,
             &lus_writing_options),
     NULL, "incidence, curve, tests, selection", lus_incidence},
    {"cox", "FILE... --model FORMULA",
     "hazard ratios, all else equal: Cox's model and Fine and Gray's",
     OPTIONS(&lus_model_options, &lus_cause_options, &lus_cox_options, &lus_reading_options,
             &lus_writing_options),
     "by",
     "coefficients, terms, model, proportionality, baseline, predicted, standardised, "
     "calibration, brier, comparison, residuals, schoenfeld, covariance, knots, selection",
     lus_cox_command},
    {"shares", "FILE... --of COL|EXPR", "what part of the people, with intervals and denominators",
     OPTIONS(&lus_counting_options, &lus_reading_options, &lus_writing_options),
     "time, from, to, event, unit, entry, no-entry, landmark, conf", "shares, selection",
     lus_shares},
    {"tally", "FILE... [--by COL,...] -o FILE.tally",
     "counts of people by key and time, to be kept, sent, added and read in place of rows",
     OPTIONS(&lus_tally_options, &lus_reading_options), "suppress, conf, conf-level, missing", NULL,
     lus_tally_command},
    {"recipe", "FILE...", "a first recipe from a file, its guesses marked, for a person to finish",
     OPTIONS(&lus_recipe_options), NULL, NULL, lus_recipe_command},
    {"net", "FILE... --lifetable TABLE",
     "net and relative survival against the population's mortality, crude probabilities of death",
     OPTIONS(&lus_net_options, &lus_population_options, &lus_standard_options, &lus_reading_options,
             &lus_writing_options),
     NULL, "net, crude, curve, test, selection", lus_net_command},
    {"context", "FILE... --figures FIGURES",
     "figures that documents quote, beside what the data say",
     OPTIONS(&lus_quoting_options, &lus_figure_options, &lus_estimating_options,
             &lus_population_options, &lus_reading_options, &lus_writing_options),
     NULL, "context, figures, published, checks, mix, pair, selection", lus_context},
    {"lifetable", "TABLE",
     "a life table as it is read: hazards and probabilities by sex, age and year",
     OPTIONS(&lus_lifetable_options, &lus_writing_options), NULL, "lifetable", lus_lifetable},
    {"simulate", "MODEL --n N --seed S", "synthetic patients from a model, as CSV",
     OPTIONS(&lus_simulating_options), NULL, NULL, lus_simulate_command},
    {"calibrate", "MODEL --targets FILE --recipe FILE",
     "a model's numbers fitted to published figures, with what is met and what is not",
     OPTIONS(&lus_calibrating_options, &lus_writing_options), "conf, conf-level, progress",
     "targets, held_out", lus_calibrate_command},
    {"plot", "KIND FILE... -o CHART", lus_plot_summary,
     OPTIONS(&lus_drawing_options, &lus_cause_options, &lus_model_options, &lus_quoting_options,
             &lus_estimating_options, &lus_population_options, &lus_standard_options,
             &lus_reading_options, &lus_writing_options),
     "format, table", NULL, lus_plot},
    {"report", "SOURCE.md -o FILE.html",
     "a page from Markdown with commands in it: tables, charts, values in sentences",
     OPTIONS(&lus_report_options), NULL, NULL, lus_report_command},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct lus_command *lus_command_find(const char *name)
{
    for (const struct lus_command *c = lus_commands; c->name; c++)
        if (strcmp(c->name, name) == 0) return c;
    return NULL;
}
