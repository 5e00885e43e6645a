// SPDX-License-Identifier: MIT
#include "link/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
square(struct gz_vector v)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < v.count; i++)
        sum += (uint64_t)v.term[i].weight * v.term[i].weight;
    return sum;
}

// sqrt() is exact to the last bit everywhere, so that this is the same on all machines.
void
gz_vector_scale(struct gz_vector v)
{
    uint64_t length = (uint64_t)sqrt((double)square(v));

    for (size_t i = 0; length && i < v.count; i++)
        v.term[i].weight =
            (uint32_t)((uint64_t)v.term[i].weight * GZ_VECTOR_UNIT / length);
}

unsigned
gz_vector_cosine(struct gz_vector a, struct gz_vector b)
{
    uint64_t dot = 0;
    size_t i = 0, k = 0;
    double length;

    // Clusters that share nothing are the commonest case.
    while (i < a.count && k < b.count) {
        uint32_t x = a.term[i].gram, y = b.term[k].gram;

        if (x == y)
            dot += (uint64_t)a.term[i].weight * b.term[k].weight;
        i += x <= y;
        k += y <= x;
    }
    if (dot == 0)
        return 0;
    length = sqrt((double)square(a)) * sqrt((double)square(b));
    return (unsigned)((double)dot * 1000.0 / length);
}

static int
by_weight(const void *a, const void *b)
{
    const struct gz_weighted *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->gram < y->gram ? -1 : x->gram > y->gram;
}

static int
by_gram(const void *a, const void *b)
{
    const struct gz_weighted *x = a, *y = b;

    return x->gram < y->gram ? -1 : x->gram > y->gram;
}

size_t
gz_vector_keep(struct gz_vector v, size_t room)
{
    if (v.count <= room)
        return v.count;
    qsort(v.term, v.count, sizeof(*v.term), by_weight);
    qsort(v.term, room, sizeof(*v.term), by_gram);
    return room;
}

size_t
gz_vector_add(struct gz_vector a, struct gz_vector b, struct gz_weighted *scratch,
              struct gz_weighted *out, size_t room)
{
    size_t i = 0, k = 0, n = 0;

    while (i < a.count || k < b.count) {
        if (k == b.count || (i < a.count && a.term[i].gram < b.term[k].gram)) {
            scratch[n++] = a.term[i++];
        } else if (i == a.count || b.term[k].gram < a.term[i].gram) {
            scratch[n++] = b.term[k++];
        } else {
            scratch[n] = a.term[i++];
            scratch[n++].weight += b.term[k++].weight;
        }
    }
    n = gz_vector_keep((struct gz_vector){ scratch, n }, room);
    memcpy(out, scratch, n * sizeof(*out));
    return n;
}
