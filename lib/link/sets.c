// SPDX-License-Identifier: MIT
#include "link/sets.h"

void
gz_sets_init(uint32_t *parent, size_t count)
{
    for (size_t i = 0; i < count; i++)
        parent[i] = (uint32_t)i;
}

uint32_t
gz_sets_find(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x) {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    return x;
}

uint32_t
gz_sets_join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = gz_sets_find(parent, a);
    b = gz_sets_find(parent, b);
    if (a < b)
        return parent[b] = a;
    return parent[a] = b;
}
