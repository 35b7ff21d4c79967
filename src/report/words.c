/* The terms that a report uses, and the figures that it quotes. */
#include <stdio.h>
#include <string.h>

#include "lustrum/context.h"
#include "present/present.h"
#include "report/report.h"

/* A term stands in the glossary where one of its words stands in the source. */
static const struct {
    const char *words, *term, *meaning;
} terms[] = {
    {"at risk", "at risk", "Those who are alive and still followed at that moment."},
    {"censor", "censored",
     "Last seen alive: what happened later is not known. Such people count "
     "for as long as they were followed."},
    {"cause-specific", "cause-specific survival",
     "The share who have not died of the cancer, deaths of other causes counted as if people had "
     "left the study."},
    {"95 %|interval", "interval",
     "The range that such a sample of people leaves open; it does not say how good the data are."},
    {"de novo", "de novo", "Metastatic at the first diagnosis."},
    {"hormone", "hormone receptors",
     "Docks for oestrogen or progesterone on the cancer's cells; where there are some, drugs that "
     "block the hormones can work."},
    {"HER2", "HER2",
     "A protein that makes cells grow; where there is much of it, drugs against it "
     "can work."},
    {"median", "median survival",
     "The time at which half are still alive. Half live longer; it is neither a limit nor a "
     "forecast."},
    {"metasta", "metastasis", "Cancer that has spread to another part of the body."},
    {"net survival|relative", "relative (net) survival",
     "Survival if the cancer were the only cause of death: what is left when the deaths that the "
     "general population would have had are taken out. It is higher than the share who live."},
    {"overall", "overall survival", "The share who are alive, whatever others have died of."},
    {"recurren", "recurrent",
     "Come back, in another part of the body, after an earlier stage was "
     "treated."},
    {"triple negative|Triple negative", "triple negative",
     "Without hormone receptors and without much HER2."}};

static bool is_used(const struct lus_report *r, const char *words)
{
    for (size_t i = 0; i < r->pieces.n; i++)
        for (const char *word = words; word; word = strchr(word, '|')) {
            word += *word == '|';
            char one[64];
            (void)snprintf(one, sizeof one, "%.*s", (int)strcspn(word, "|"), word);
            if (strcasestr(r->pieces.at[i].text, one) || strcasestr(r->pieces.at[i].caption, one))
                return true;
        }
    return false;
}

int lus_report_glossary(struct lus_report *r, struct lus_string *out, struct lus_error *err)
{
    lus_string_put(out, "\n\n<dl>\n");
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (is_used(r, terms[i].words))
            lus_string_print(out, "<dt>%s</dt><dd>%s</dd>\n", terms[i].term, terms[i].meaning);
    lus_string_put(out, "</dl>\n\n");
    return out->failed ? lus_fail_memory(err) : LUS_OK;
}

static const char *source_of(const struct lus_figure *f)
{
    return f->source ? f->source : f->publisher ? f->publisher : f->title ? f->title : "";
}

static void put_figure(struct lus_string *out, const struct lus_figure *f)
{
    lus_string_put(out, "<tr><td>");
    lus_escape_html(out, f->id);
    lus_string_put(out, "</td><td>");
    lus_escape_html(out, f->population ? f->population : f->text ? f->text : "");
    lus_string_put(out, "</td><td>");
    if (f->from_year)
        lus_string_print(out, f->from_year == f->to_year ? "%d" : "%d–%d", f->from_year,
                         f->to_year);
    lus_string_put(out, "</td><td>");
    lus_escape_html(out, source_of(f));
    if (f->year) lus_string_put(out, ", "), lus_escape_html(out, f->year);
    lus_string_print(out, "</td><td>%.1s</td></tr>\n", f->confidence ? &f->confidence : "");
}

void lus_report_open_scroll(struct lus_string *out, const char *what, size_t i)
{
    lus_string_print(
        out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s %zu\">\n", what,
        i);
}

int lus_report_sources(struct lus_report *r, const struct lus_piece *p, struct lus_string *out,
                       struct lus_error *err)
{
    struct lus_figures figures;
    char **paths;
    size_t n;
    LUS_TRY(lus_list_split(&r->arena, p->text, &paths, &n, err));
    LUS_TRY(lus_figures_read((const char *const *)paths, n, &figures, err));
    lus_report_open_scroll(out, "sources", ++r->n_sources);
    lus_string_put(out, "<table>\n<thead><tr><th>figure</th><th>of whom</th><th>years</th>"
                        "<th>source</th><th>read</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < figures.n; i++)
        if (figures.at[i].statistic != LUS_STATISTIC_NOTE) put_figure(out, &figures.at[i]);
    lus_string_put(out,
                   "</tbody></table></div>\n<p class=\"notes\">read: A in a copy of the "
                   "source, B in another text, C from memory, D taken over from a list.</p>\n");
    lus_figures_free(&figures);
    return out->failed ? lus_fail_memory(err) : LUS_OK;
}
