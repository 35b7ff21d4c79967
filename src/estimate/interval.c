#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "estimate/curve.h"

static const char *const names[] = {[LUS_LOG_LOG] = "log-log",
                                    [LUS_LOG] = "log",
                                    [LUS_PLAIN] = "plain",
                                    [LUS_LOGIT] = "logit",
                                    [LUS_ARCSIN] = "arcsin"};

const char *lus_transform_name(enum lus_transform transform)
{
    return names[transform];
}

int lus_transform_parse(const char *name, enum lus_transform *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum lus_transform)i;
            return LUS_OK;
        }
    return LUS_EUSAGE;
}

double lus_conf_z(double level)
{
    return gsl_cdf_ugaussian_Qinv((1 - level) / 2);
}

static double clip(double p)
{
    return p < 0 ? 0 : p > 1 ? 1 : p;
}

static double arcsin_limit(double angle)
{
    double side = sin(angle < 0 ? 0 : angle > M_PI_2 ? M_PI_2 : angle);
    return side * side;
}

static double from_logit(double x)
{
    return 1 / (1 + exp(-x));
}

/* One limit: side is -1 for the lower, 1 for the upper. s lies between 0 and 1. */
double lus_limit(enum lus_transform transform, double z, double s, double std_error, int side)
{
    double of_log = z * std_error / s * side;
    switch (transform) {
    case LUS_PLAIN: return clip(s + side * z * std_error);
    case LUS_LOG: return clip(s * exp(of_log));
    case LUS_LOG_LOG: {
        double minus_log = -log(s);
        return exp(-minus_log * exp(-of_log / minus_log));
    }
    case LUS_LOGIT: return from_logit(log(s / (1 - s)) + of_log / (1 - s));
    case LUS_ARCSIN: return arcsin_limit(asin(sqrt(s)) + 0.5 * of_log * sqrt(s / (1 - s)));
    }
    return NAN;
}

void lus_interval(const struct lus_conf *conf, double s, double std_error, double *low,
                  double *high)
{
    *low = *high = NAN;
    if (s == 1 && std_error == 0) *low = *high = 1;
    if (!(s > 0) || s >= 1 || isnan(std_error)) return;
    double z = lus_conf_z(conf->level);
    *low = lus_limit(conf->transform, z, s, std_error, -1);
    *high = lus_limit(conf->transform, z, s, std_error, 1);
}

void lus_wilson(double n, double of, double level, double *low, double *high)
{
    *low = *high = NAN;
    if (!(of > 0)) return;
    double z = lus_conf_z(level), p = n / of, z2 = z * z;
    double centre = (p + z2 / (2 * of)) / (1 + z2 / of),
           half = z / (1 + z2 / of) * sqrt(p * (1 - p) / of + z2 / (4 * of * of));
    *low = n == 0 ? 0 : centre - half; /* exactly, where the formula leaves rounding */
    *high = n == of ? 1 : centre + half;
}
