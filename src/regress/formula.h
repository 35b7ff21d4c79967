/* The language of models: what stands behind --model, parsed before a row is read.
 *
 *     formula := term {"+" term}             term := factor {("*" | ":") factor}
 *     factor  := column | `a b` | log(x) | log(x + 1) | ns(x, 3) | ns(x, 45, 55; 30, 80)
 *              | cut(x, 50, 65) | ref(x, "level") | factor(x) | at(x, 2y, 5y)
 *              | strata(x, ...) | offset(x)                  (the last two are terms of their own)
 *
 * a*b is a + b + a:b; terms come by their number of factors, then as they were written.
 */
#ifndef LUS_REGRESS_FORMULA_H
#define LUS_REGRESS_FORMULA_H

#include "support/text.h"

enum lus_part_kind {
    LUS_PART_PLAIN,  /* a number, or the levels of a text or of a recipe's factor */
    LUS_PART_FACTOR, /* levels, whatever it is */
    LUS_PART_REF,    /* levels, of which one is the reference */
    LUS_PART_CUT,    /* intervals of a number */
    LUS_PART_LOG,    /* log(x + plus) */
    LUS_PART_NS,     /* a natural cubic spline */
    LUS_PART_AT      /* an effect of its own between times */
};

/* A column in one use; terms share it. */
struct lus_part {
    enum lus_part_kind kind;
    const char *column, *text; /* text: in the language again */
    double *numbers;           /* CUT: where; NS: inner knots; ascending */
    size_t n_numbers, df;      /* NS without knots: they follow from df */
    bool has_boundary;
    double low, high;   /* NS: boundary knots */
    double plus;        /* LOG */
    const char *level;  /* REF */
    const char **times; /* AT: durations */
    size_t n_times;
};

enum { LUS_MOST_PARTS = 64, LUS_MOST_TERMS = 256, LUS_MOST_FACTORS = 6 };

struct lus_term {
    size_t n, parts[LUS_MOST_FACTORS]; /* indices, ascending in the order of writing */
    const char *text;                  /* "age", "size:grade" */
};

struct lus_formula {
    const char *source;
    struct lus_part *parts;
    struct lus_term *terms;
    size_t n_parts, n_terms;
    const char **strata, **offsets; /* columns */
    size_t n_strata, n_offsets;
};

/* Parses a formula; all of it lives in the arena.
 * option   whose it is, for messages: "--model".
 * Returns  LUS_OK; LUS_EUSAGE: what is wrong, at which character, and the remedy; LUS_ENOMEM. */
int lus_formula_parse(struct lus_arena *arena, const char *option, const char *text,
                      struct lus_formula *out, struct lus_error *err) LUS_MUST_CHECK;

#endif
