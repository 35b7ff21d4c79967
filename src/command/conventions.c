/* Kinds of files that are known by their columns' names: one row each. */
#include "command/guess.h"

/* Plain names, as lus_profile_find takes them. levels: by the value, where the kind of file gives
 * its codes a meaning; NULL: the words tell. */
static const struct convention {
    const char *kind;
    const char *times[LUS_GUESS_TIMES];
    const char *origin, *event;
    const char *unit, *measure;
    const char *levels;                   /* "1,2" */
    bool is_completed, has_rows_of_cases; /* rows of one person are its samples or treatments */
} conventions[] = {
    {.kind = "a patient file of cBioPortal",
     .times = {"osmonths"},
     .event = "osstatus",
     .unit = "months",
     .measure = "OS"},
    {.kind = "clinical data of cBioPortal's pages",
     .times = {"overallsurvivalmonths"},
     .event = "overallsurvivalstatus",
     .unit = "months",
     .measure = "OS"},
    {.kind = "the METABRIC table",
     .times = {"overallsurvivalmonths"},
     .event = "deathfromcancer",
     .unit = "months",
     .measure = "OS"},
    {.kind = "clinical data of cBioPortal's pages",
     .times = {"overallsurvivalmonths"},
     .event = "patientsvitalstatus",
     .unit = "months",
     .measure = "OS"},
    {.kind = "the TCGA clinical data resource (or one of Xena)",
     .times = {"ostime"},
     .event = "os",
     .unit = "days",
     .measure = "OS",
     .levels = "1"},
    {.kind = "a clinical table of the GDC",
     .times = {"daystodeath", "daystolastfollowup"},
     .event = "vitalstatus",
     .unit = "days",
     .measure = "OS",
     .has_rows_of_cases = true},
    {.kind = "a clinical table of TCGA",
     .times = {"daystodeath", "daystolastfollowup"},
     .event = "osstatus",
     .unit = "days",
     .measure = "OS"},
    {.kind = "a clinical table of TCGA",
     .times = {"deathdaysto", "lastcontactdaysto"},
     .event = "vitalstatus",
     .unit = "days",
     .measure = "OS"},
    {.kind = "a case listing of SEER*Stat",
     .times = {"survivalmonths"},
     .event = "vitalstatusrecodestudycutoffused",
     .unit = "months",
     .measure = "OS",
     .is_completed = true},
    {.kind = "a case listing of SEER*Stat",
     .times = {"survivalmonths"},
     .event = "vitalstatusrecode",
     .unit = "months",
     .measure = "OS",
     .is_completed = true},
    {.kind = "data of SEER",
     .times = {"srvtimemon"},
     .event = "statrec",
     .unit = "months",
     .measure = "OS",
     .levels = "4",
     .is_completed = true},
    {.kind = "data of SEER",
     .times = {"survmonths"},
     .event = "statrec",
     .unit = "months",
     .measure = "OS",
     .levels = "4",
     .is_completed = true},
    {.kind = "a file of the NCDB",
     .times = {"dxlastcontactdeathmonths"},
     .event = "pufvitalstatus",
     .unit = "months",
     .measure = "OS",
     .levels = "0"},
    {.kind = "a NAACCR export",
     .times = {"dateoflastcontact"},
     .origin = "dateofdiagnosis",
     .event = "vitalstatus",
     .measure = "OS",
     .levels = "0,4,Dead"},
    {.kind = "a table for strs",
     .times = {"survmm"},
     .event = "status",
     .unit = "months",
     .measure = "OS",
     .levels = "1,2,Dead: cancer,Dead: other"},
    {.kind = "a table of popEpi",
     .times = {"exdate"},
     .origin = "dgdate",
     .event = "status",
     .measure = "OS",
     .levels = "1,2"},
    {.kind = "a time-to-event data set (ADTTE)", .times = {"aval"}, .event = "cnsr", .levels = "0"},
};

/* Those of the convention's levels that the column holds. */
static bool take_levels(struct lus_guess *guess, const char *levels)
{
    const struct lus_profile_column *event = guess->event;
    for (size_t i = 0; i < event->n_values && guess->n_levels < LUS_GUESS_LEVELS; i++)
        if (lus_list_has(levels, event->values[i]))
            guess->levels[guess->n_levels++] = event->values[i];
    return guess->n_levels > 0;
}

static bool is_of(struct lus_guess *guess, const struct lus_profile *p, const struct convention *c)
{
    *guess = (struct lus_guess){.kind = c->kind,
                                .unit = c->unit,
                                .measure = c->measure,
                                .is_completed = c->is_completed,
                                .has_rows_of_cases = c->has_rows_of_cases,
                                .time_is_sure = true,
                                .event_is_sure = true};
    for (size_t i = 0; i < LUS_GUESS_TIMES && c->times[i]; i++) {
        guess->times[i] = lus_profile_find(p, c->times[i]);
        if (!guess->times[i] || guess->times[i]->kind == LUS_PROFILE_TEXT) return false;
        guess->n_times++;
    }
    guess->event = lus_profile_find(p, c->event);
    if (c->origin) guess->origin = lus_profile_find(p, c->origin);
    if (!guess->event || guess->event->n_distinct > 12 || (c->origin && !guess->origin))
        return false;
    return c->levels ? take_levels(guess, c->levels) || lus_guess_levels(guess, guess->event)
                     : lus_guess_levels(guess, guess->event);
}

/* A parameter of many: overall survival where it is there, and its unit. */
static void finish_adtte(struct lus_guess *guess, const struct lus_profile *p)
{
    const struct lus_profile_column *code = lus_profile_find(p, "paramcd"),
                                    *unit = lus_profile_find(p, "avalu"),
                                    *name = lus_profile_find(p, "param");
    bool is_os = false;
    for (size_t i = 0; code && i < code->n_values; i++)
        is_os |= strcmp(code->values[i], "OS") == 0;
    if (is_os && code->n_distinct > 1) guess->where = "PARAMCD == \"OS\"";
    if (is_os) guess->measure = "OS";
    if (code && code->n_distinct > 1 && !is_os) guess->n_times = 0; /* which of them? */
    const char *said = unit && unit->n_distinct == 1   ? unit->values[0]
                       : name && name->n_distinct == 1 ? name->values[0]
                                                       : "";
    static const char *const units[][2] = {
        {"day", "days"}, {"week", "weeks"}, {"month", "months"}, {"year", "years"}};
    for (size_t i = 0; i < 4; i++)
        if (strcasestr(said, units[i][0])) guess->unit = units[i][1];
}

bool lus_guess_convention(struct lus_guess *guess, const struct lus_profile *p)
{
    for (size_t i = 0; i < sizeof conventions / sizeof *conventions; i++) {
        if (!is_of(guess, p, &conventions[i])) continue;
        if (strcmp(conventions[i].event, "cnsr") == 0) finish_adtte(guess, p);
        return true;
    }
    *guess = (struct lus_guess){0};
    return false;
}
