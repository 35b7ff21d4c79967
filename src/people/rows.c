#include "people/rows.h"

#include <stdlib.h>

int lus_people_reserve(struct lus_people *p, size_t n, bool has_demography)
{
    if (p->room >= n) return LUS_OK;
    size_t room = n + n / 2;
#define GROW(member)                                                   \
    do {                                                               \
        void *grown = lus_realloc(p->member, room, sizeof *p->member); \
        if (!grown) return LUS_ENOMEM;                                 \
        p->member = grown;                                             \
    } while (0)
    GROW(status);
    GROW(bad);
    GROW(event);
    GROW(exit);
    GROW(entry);
    GROW(weight);
    GROW(group);
    if (has_demography) {
        GROW(age);
        GROW(date);
        GROW(life);
    }
#undef GROW
    p->room = room;
    return LUS_OK;
}

void lus_people_free(struct lus_people *p)
{
    free(p->status), free(p->bad), free(p->event), free(p->exit), free(p->entry);
    free(p->weight), free(p->group), free(p->age), free(p->date), free(p->life);
    *p = (struct lus_people){0};
}
