/* exp() of moderate arguments and log(): the same bits on every CPU (a libm chooses its code by
 * CPU). */
#ifndef LUS_SUPPORT_EXPONENTIAL_H
#define LUS_SUPPORT_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

/* e^x to 2 units in the last place, for |x| <= 700; beyond it stays at the ends. 2^k e^r with |r|
 * <= ln 2 / 2 and the Taylor series of e^r: its rest, r^14/14!, is below 5e-18. */
static inline double lus_exp(double x)
{
    const double LOG2E = 1.4426950408889634, LN2_HIGH = 6.93147180369123816490e-01,
                 LN2_LOW = 1.90821492927058770002e-10;
    const double ROUND = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to a whole number */
    x = x > 700 ? 700 : x < -700 ? -700 : x;
    double shifted = x * LOG2E + ROUND, k = shifted - ROUND;
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = (p * r) * r + r;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52; /* the low bits of shifted are k */
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return scale + scale * p;
}

/* log x to a few units in the last place, for normal x > 0: x = 2^k m with m near 1, log m = 2
 * atanh((m - 1)/(m + 1)) as a series. */
static inline double lus_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int64_t k = (int64_t)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
    double m, sum = 0;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.4142135623730951) m /= 2, k++;
    double s = (m - 1) / (m + 1), s2 = s * s;
    for (int n = 21; n >= 3; n -= 2)
        sum = (sum + 1.0 / n) * s2;
    return (double)k * 0.6931471805599453 + 2 * (s + s * sum);
}

#endif
