#include "support/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Writes behind the n bytes that stand, as far as there is room; returns how many stand then. */
static size_t add_list(struct lus_error *err, size_t n, const char *format, va_list arguments)
{
    size_t room = sizeof err->message - n;
    int more = vsnprintf(err->message + n, room, format, arguments);
    return n + (more < 0 ? 0 : (size_t)more < room ? (size_t)more : room - 1);
}

__attribute__((format(printf, 3, 4))) static size_t add(struct lus_error *err, size_t n,
                                                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    n = add_list(err, n, format, arguments);
    va_end(arguments);
    return n;
}

static size_t add_place(struct lus_error *err, const struct lus_fault *fault)
{
    size_t n = 0;
    if (!fault->file) return n;
    n = add(err, n, "%s", fault->file);
    if (fault->line) n = add(err, n, ":%zu", fault->line);
    if (fault->column) n = add(err, n, ":%zu", fault->column);
    return add(err, n, ": ");
}

static void fill(struct lus_error *err, enum lus_status status, const struct lus_fault *fault,
                 const char *format, va_list arguments)
{
    const struct lus_error *said = fault->said;
    *err = (struct lus_error){.status = status,
                              .code = said ? said->code : fault->code,
                              .line = fault->line,
                              .column = fault->column};
    err->words = add_place(err, fault);
    size_t n = add_list(err, err->words, format, arguments), end = n;
    if (said) {
        n = add(err, n, "%s", said->message);
        err->words = end + said->words < n ? end + said->words : n;
        end = err->words + said->n_words < n ? err->words + said->n_words : n;
    }
    err->n_words = end - err->words;
    if (fault->remedy) (void)add(err, n, "; %s", fault->remedy);
    for (char *c = err->message; *c; c++)
        /* a message is one line, whatever the data hold */
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
}

/* Whatever could not be done for want of memory: that is what is wrong. */
static void fill_memory(struct lus_error *err)
{
    *err = (struct lus_error){.status = LUS_ENOMEM, .message = "out of memory"};
    err->n_words = strlen(err->message);
}

int lus_fail_with(struct lus_error *err, enum lus_status status, const struct lus_fault *fault,
                  const char *format, ...)
{
    if (!err || err->status != LUS_OK) return status;
    va_list arguments;
    va_start(arguments, format);
    if (status == LUS_ENOMEM) fill_memory(err);
    else fill(err, status, fault, format, arguments);
    va_end(arguments);
    return status;
}

int lus_fail(struct lus_error *err, enum lus_status status, const char *format, ...)
{
    if (!err || err->status != LUS_OK) return status;
    va_list arguments;
    va_start(arguments, format);
    if (status == LUS_ENOMEM) fill_memory(err);
    else fill(err, status, &(struct lus_fault){.code = LUS_ERROR_OTHER}, format, arguments);
    va_end(arguments);
    return status;
}

int lus_fail_memory(struct lus_error *err)
{
    return lus_fail(err, LUS_ENOMEM, "out of memory");
}

int lus_fail_as(struct lus_error *err, int status, const struct lus_error *said)
{
    if (said->status == LUS_OK) return lus_fail(err, (enum lus_status)status, "it failed");
    if (err && err->status == LUS_OK) *err = *said;
    return status;
}

const char *lus_why_text(enum lus_why why)
{
    switch (why) {
    case LUS_AVAILABLE: return "available";
    case LUS_WHY_NO_ROWS: return "there is nobody in the stratum";
    case LUS_WHY_BEFORE_ENTRY: return "nobody is followed that early: the first entry is later";
    case LUS_WHY_BEYOND_FOLLOW_UP: return "it lies beyond the last follow-up";
    case LUS_WHY_REFILLED: return "the curve fell to 0 while others entered later";
    case LUS_WHY_NOT_REACHED: return "the curve does not fall that far";
    case LUS_WHY_ALL_DEAD: return "survival is 0, where its standard error is not defined";
    case LUS_WHY_LIMIT_OPEN: return "the limit of the curve does not fall that far";
    case LUS_WHY_SINGULAR:
        return "nothing varies: whoever dies, all at risk are of one group, or all at risk die";
    case LUS_WHY_NOBODY_AT_RISK: return "nobody is at risk for a while before it";
    case LUS_WHY_NO_EVENT: return "nobody has had the event yet, and an interval would say nothing";
    case LUS_WHY_GROUP_ALL_DEAD:
        return "survival is 0 in a group of the standard population, where no standard error is "
               "defined";
    case LUS_WHY_TOO_FEW: return "it stands on fewer people than may be shown";
    }
    return "unknown";
}
