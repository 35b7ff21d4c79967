#include "support/error.h"

#include <stdarg.h>
#include <stdio.h>

int lus_fail(struct lus_error *err, enum lus_status status, const char *format, ...)
{
    if (err && err->status == LUS_OK) {
        va_list arguments;
        va_start(arguments, format);
        err->status = status;
        /* whatever could not be done for want of memory: that is what is wrong */
        if (status == LUS_ENOMEM) format = "out of memory";
        (void)vsnprintf(err->message, sizeof err->message, format, arguments);
        va_end(arguments);
        for (char *c = err->message; *c; c++)
            /* a message is one line, whatever the data hold */
            if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
    }
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
    case LUS_WHY_TOO_FEW: return "it stands on fewer people than may be shown";
    }
    return "unknown";
}
