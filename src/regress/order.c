#include "regress/order.h"

#include <stdlib.h>
#include <string.h>

/* Sorting by bytes, the last first; bytes that all rows share are passed over. */
struct keyed {
    uint64_t key; /* the largest value has the smallest */
    uint32_t row;
};

static void sort_by_byte(const struct keyed *from, struct keyed *to, size_t n, unsigned shift)
{
    size_t begins[257] = {0};
    for (size_t i = 0; i < n; i++)
        begins[(from[i].key >> shift & 255) + 1]++;
    for (size_t b = 0; b < 256; b++)
        begins[b + 1] += begins[b];
    for (size_t i = 0; i < n; i++)
        to[begins[from[i].key >> shift & 255]++] = from[i];
}

/* Sorts at, with spare of the same size; returns where the result stands. */
static struct keyed *sort_keyed(struct keyed *at, struct keyed *spare, size_t n)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= at[i].key ^ at[0].key;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (!(differ >> shift & 255)) continue;
        sort_by_byte(at, spare, n, shift);
        struct keyed *sorted = spare;
        spare = at, at = sorted;
    }
    return at;
}

int lus_order_falling(const lus_time *value, size_t n, uint32_t *out)
{
    struct keyed *at = lus_alloc(n + 1, sizeof *at), *spare = lus_alloc(n + 1, sizeof *spare);
    int status = at && spare ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        at[i] = (struct keyed){INT64_MAX - (uint64_t)value[i], (uint32_t)i};
    if (status == LUS_OK) {
        const struct keyed *sorted = sort_keyed(at, spare, n);
        for (size_t i = 0; i < n; i++)
            out[i] = sorted[i].row;
    }
    free(at), free(spare);
    return status;
}

/* A time of exit and whether it is an event as one number; times stay below 2^62. */
int lus_stretches_place(const struct lus_stretch *at, size_t n, size_t n_strata, uint32_t *out)
{
    lus_time *value = lus_alloc(n + 1, sizeof *value);
    uint32_t *order = lus_alloc(n + 1, sizeof *order);
    size_t *begins = lus_alloc_zeroed(n_strata + 2, sizeof *begins);
    int status = value && order && begins ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        value[i] = at[i].exit * 2 + at[i].is_event;
    if (status == LUS_OK) status = lus_order_falling(value, n, order);
    if (status == LUS_OK) {
        for (size_t i = 0; i < n; i++)
            begins[at[i].stratum + 1]++;
        for (size_t s = 0; s < n_strata; s++)
            begins[s + 1] += begins[s];
        for (size_t i = 0; i < n; i++)
            out[order[i]] = (uint32_t)begins[at[order[i]].stratum]++;
    }
    free(value), free(order), free(begins);
    return status;
}
