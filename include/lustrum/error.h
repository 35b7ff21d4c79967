/* What can go wrong, and where it is said.
 *
 *     struct lus_error err = LUS_ERROR_INIT;
 *     lus_time time;
 *     if (lus_duration_parse("5 years", LUS_MONTHS, &time, &err) != LUS_OK) puts(err.message);
 *
 * prints `"5 years" is not a duration; 5y, 18m, 6w, 90d or a number in the file's unit is wanted`.
 *
 * Every function that can fail returns LUS_OK (0) or a negative status and, where its last argument
 * is a struct lus_error, fills it once, at the place where the fault is found. The library never
 * prints, exits or aborts.
 */
#ifndef LUSTRUM_ERROR_H
#define LUSTRUM_ERROR_H

#include <stddef.h>

#define LUS_API __attribute__((visibility("default")))
#define LUS_MUST_CHECK __attribute__((warn_unused_result))

enum lus_status {
    LUS_OK = 0,
    LUS_ENOMEM = -1, /* memory could not be had */
    LUS_EIO = -2,    /* a file, a pipe or a program failed */
    /* what was asked for makes no sense: a command, an option, an argument of a function */
    LUS_EUSAGE = -3,
    LUS_EDATA = -4, /* the data, the recipe or the figures are wrong */
};

/* What is wrong, where a caller may act on it: no words of a message need be searched for it. */
enum lus_error_code {
    LUS_ERROR_OTHER = 0,
    LUS_ERROR_NO_COLUMN,    /* neither a column nor a factor has this name */
    LUS_ERROR_COLUMN_TWICE, /* several columns have this name */
    LUS_ERROR_TALLY,        /* the file holds a tally's counts, not rows */
};

/* What went wrong.
 *
 *     const char *files[] = {"datasets/rotterdam.csv"};
 *     struct lus_query query = LUS_QUERY_INIT;
 *     query.files = files, query.n_files = 1, query.by = "grades";
 *     struct lus_tally by_grades;
 *     if (lus_tally_read(&query, &by_grades, &err) == LUS_OK) lus_tally_free(&by_grades);
 *     const char *words = err.message + err.words;
 *     if (err.code == LUS_ERROR_NO_COLUMN) printf("%.*s\n", (int)err.n_words, words);
 *
 * prints `no column "grades"`, of the message
 * `datasets/rotterdam.csv: no column "grades"; did you mean "grade"?`.
 *
 * message    one line, without the name of the program and without a line end; always terminated:
 *            `FILE:LINE:COLUMN: what is wrong; what would be right`, of these what is known.
 * words      where in it what is wrong stands, n_words bytes from there: without the place before
 *            it and the remedy behind it. Where one error tells another, they and the code are
 *            those of the other.
 * line       in the file that the message begins with, from 1, and the column in it; 0: not
 *            told. */
struct lus_error {
    enum lus_status status;
    enum lus_error_code code;
    size_t line, column, words, n_words;
    char message[1000];
};
/* clang-format off */
#define LUS_ERROR_INIT {LUS_OK, LUS_ERROR_OTHER, 0, 0, 0, 0, {0}}
/* clang-format on */

/* Why a number is not available; stands beside each NaN. LUS_AVAILABLE is 0. */
enum lus_why {
    LUS_AVAILABLE = 0,
    LUS_WHY_NO_ROWS,          /* nobody in the stratum */
    LUS_WHY_BEFORE_ENTRY,     /* before the smallest entry: nobody was watched yet */
    LUS_WHY_BEYOND_FOLLOW_UP, /* after the last follow-up while some were alive */
    LUS_WHY_REFILLED,         /* survival fell to 0 while others entered later */
    LUS_WHY_NOT_REACHED,      /* the curve does not fall that far */
    LUS_WHY_ALL_DEAD,         /* survival is 0: its standard error is not defined */
    LUS_WHY_LIMIT_OPEN,       /* the limit's curve does not fall that far */
    LUS_WHY_SINGULAR,         /* the groups share no risk set */
    LUS_WHY_NOBODY_AT_RISK,   /* nobody is at risk for a while before it */
    LUS_WHY_TOO_FEW,          /* fewer people than --suppress allows */
    LUS_WHY_NO_EVENT,         /* nobody has had the event yet: an interval would say nothing */
    LUS_WHY_GROUP_ALL_DEAD,   /* survival is 0 in a group that is standardised */
};

/* Why a number is not available, in words: one sentence without a full stop, for notes. The text is
 * constant; "unknown" for what is none of the reasons.
 * Checked   tests/cli/commands.tests, in the notes of commands. */
LUS_API const char *lus_why_text(enum lus_why why);

#endif
