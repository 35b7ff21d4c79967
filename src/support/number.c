#include "support/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A decimal taken apart: sign, up to 19 significant digits, the power of ten, and whether digits
 * were left out. */
struct decimal {
    bool negative, cut, has_digits;
    uint64_t digits;
    long exponent;
};

static bool decimal_exponent(const char **p, const char *end, long *exponent)
{
    const char *c = *p + 1;
    bool negative = c < end && *c == '-';
    if (c < end && (*c == '-' || *c == '+')) c++;
    if (c == end || *c < '0' || *c > '9') return false;
    long value = 0;
    for (; c < end && *c >= '0' && *c <= '9'; c++)
        if (value < 100000) value = value * 10 + (*c - '0');
    *exponent += negative ? -value : value;
    *p = c;
    return true;
}

static bool decimal_split(const char *p, size_t n, struct decimal *d)
{
    const char *end = p + n;
    *d = (struct decimal){0};
    if (p < end && (*p == '-' || *p == '+')) d->negative = *p++ == '-';
    bool point = false;
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (*p < '0' || *p > '9') break;
        d->has_digits = true;
        if (d->digits <= (UINT64_MAX - 9) / 10 && !d->cut) {
            d->digits = d->digits * 10 + (uint64_t)(*p - '0');
            d->exponent -= point;
        } else { /* past what 64 bits hold: only whether anything was left out matters */
            d->cut = d->cut || *p != '0';
            d->exponent += !point;
        }
    }
    if (!d->has_digits) return false;
    if (p < end && (*p == 'e' || *p == 'E') && !decimal_exponent(&p, end, &d->exponent))
        return false;
    return p == end;
}

static double number_slow(const char *p, size_t n)
{
    char small[64], *copy = n < sizeof small ? small : malloc(n + 1);
    if (!copy) return NAN;
    memcpy(copy, p, n);
    copy[n] = 0;
    double value = strtod(copy, NULL);
    if (copy != small) free(copy);
    return value;
}

enum lus_number_status lus_number_parse(const char *p, size_t n, double *out)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct decimal d;
    if (!decimal_split(p, n, &d)) return LUS_NUMBER_BAD;
    /* Both the digits and the power are exact doubles here, so one operation rounds once: the
     * nearest double. */
    if (!d.cut && d.digits < (1ULL << 53) && d.exponent >= -22 && d.exponent <= 22) {
        double value = (double)d.digits;
        value = d.exponent < 0 ? value / power[-d.exponent] : value * power[d.exponent];
        *out = d.negative ? -value : value;
        return LUS_NUMBER_OK;
    }
    *out = number_slow(p, n);
    return isfinite(*out) ? LUS_NUMBER_OK : LUS_NUMBER_LARGE;
}

enum lus_number_status lus_nano_parse(const char *p, size_t n, int64_t *out, bool *rounded)
{
    struct decimal d;
    if (!decimal_split(p, n, &d)) return LUS_NUMBER_BAD;
    uint64_t value = d.digits;
    long shift = d.exponent + 9;
    if (value == 0) shift = 0;
    for (; shift > 0; shift--)
        if (__builtin_mul_overflow(value, (uint64_t)10, &value)) return LUS_NUMBER_LARGE;
    bool inexact = d.cut;
    if (shift < 0) {
        uint64_t rest = 0, unit = 1;
        if (shift < -19) {
            inexact = inexact || value != 0;
            value = 0;
        } else {
            /* digits leave from the right; rest and unit keep the fraction they make */
            for (; shift < 0; shift++) {
                rest += unit * (value % 10);
                unit *= 10;
                value /= 10;
            }
            uint64_t half = unit / 2;
            bool up = rest > half || (rest == half && (inexact || value % 2 == 1));
            inexact = inexact || rest != 0;
            value += up;
        }
    }
    if (value > INT64_MAX) return LUS_NUMBER_LARGE;
    *out = d.negative ? -(int64_t)value : (int64_t)value;
    *rounded = *rounded || inexact;
    return LUS_NUMBER_OK;
}

size_t lus_number_print(char out[LUS_NUMBER_ROOM], double value)
{
    if (isnan(value)) {
        out[0] = 0;
        return 0;
    }
    if (value == 0) value = 0; /* no minus zero */
    /* 16 digits most often do; where they do not no fewer would, and where they all stand 15 may
     * do. */
    int n = snprintf(out, LUS_NUMBER_ROOM, "%.16g", value);
    if (strtod(out, NULL) != value) return (size_t)snprintf(out, LUS_NUMBER_ROOM, "%.17g", value);
    if (n <= 16) return (size_t)n;
    char shorter[LUS_NUMBER_ROOM];
    int n_shorter = snprintf(shorter, LUS_NUMBER_ROOM, "%.15g", value);
    if (strtod(shorter, NULL) == value) memcpy(out, shorter, (size_t)(n = n_shorter) + 1);
    return (size_t)n;
}
