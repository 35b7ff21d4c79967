/* A sum whose rounding errors are carried along (Neumaier 1974), for products and sums over
 * millions of times. */
#ifndef LUS_SUPPORT_SUM_H
#define LUS_SUPPORT_SUM_H

struct lus_sum {
    double sum, rest;
};
static inline void lus_sum_add(struct lus_sum *s, double x)
{
    double t = s->sum + x;
    s->rest += (s->sum < 0 ? -s->sum : s->sum) >= (x < 0 ? -x : x) ? (s->sum - t) + x
                                                                   : (x - t) + s->sum;
    s->sum = t;
}
static inline double lus_sum_value(const struct lus_sum *s)
{
    return s->sum + s->rest;
}

#endif
