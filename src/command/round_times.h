/* Round times that part the follow-up into four to eight pieces: those of the tables at_risk, and
 * the tics of charts. */
#ifndef LUS_COMMAND_ROUND_TIMES_H
#define LUS_COMMAND_ROUND_TIMES_H

#include "command/reading.h"

struct lus_round_times {
    lus_time *at; /* n, ascending from 0; the caller frees them */
    size_t n;
};
/* To the next round time behind the last exit, or with --until to there. The document gets the unit
 * in which they are round: four years and more in years. LUS_EUSAGE; LUS_ENOMEM. */
int lus_round_times_of(const struct lus_options *o, struct lus_result *r,
                       const struct lus_tally *tally, struct lus_round_times *out,
                       struct lus_error *err) LUS_MUST_CHECK;

/* The number at risk at round times, and who has entered, left and died by then, before the rows of
 * each stratum. */
struct lus_table *lus_add_at_risk(struct lus_result *r, const struct lus_tally *tally);
/* Its columns behind the keys. */
void lus_add_at_risk_columns(struct lus_document *d, struct lus_table *t);
void lus_add_at_risk_rows(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                          const struct lus_stratum *stratum, const struct lus_event_table *table,
                          const struct lus_round_times *times);
/* What a curve says in short: survival at 5 years and the median. */
struct lus_table *lus_add_summary(struct lus_result *r, const struct lus_tally *tally);
void lus_add_summary_row(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                         const struct lus_stratum *stratum, const struct lus_curve *curve,
                         const struct lus_conf *conf);

#endif
