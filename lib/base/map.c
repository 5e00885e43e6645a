// SPDX-License-Identifier: MIT
#include "base/map.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

// Open addressing, linear probing, at most half full.
static uint32_t
find(const struct gz_map *m, struct gz_str key, uint64_t hash)
{
    uint32_t mark = (uint32_t)(hash >> 32);
    uint32_t at = (uint32_t)hash & (m->slots - 1);

    while (m->slot[at]) {
        if (m->mark[at] == mark && gz_str_eq(m->keys[m->slot[at] - 1], key))
            return at;
        at = (at + 1) & (m->slots - 1);
    }
    return at;
}

uint32_t
gz_map_get(const struct gz_map *m, struct gz_str key)
{
    uint32_t at;

    if (!m->count)
        return GZ_MAP_NONE;
    at = find(m, key, gz_hash_seeded(key));
    return m->slot[at] ? m->slot[at] - 1 : GZ_MAP_NONE;
}

static void
grow(struct gz_map *m)
{
    uint32_t slots = m->slots ? m->slots * 2 : 16;

    if (slots > UINT32_MAX / 4)
        gz_fatal_memory(SIZE_MAX);
    free(m->slot);
    free(m->mark);
    m->slot = gz_mem_zalloc(slots, sizeof(*m->slot));
    m->mark = gz_mem_zalloc(slots, sizeof(*m->mark));
    m->slots = slots;
    for (uint32_t i = 0; i < m->count; i++) {
        uint64_t hash = gz_hash_seeded(m->keys[i]);
        uint32_t at = find(m, m->keys[i], hash);

        m->slot[at] = i + 1;
        m->mark[at] = (uint32_t)(hash >> 32);
    }
    m->cap = slots / 2;
    m->keys = gz_mem_realloc(m->keys, m->cap, sizeof(*m->keys));
}

uint32_t
gz_map_put(struct gz_map *m, struct gz_str key, bool *added)
{
    uint64_t hash = gz_hash_seeded(key);
    uint32_t at;

    if (m->count == m->cap)
        grow(m);
    at = find(m, key, hash);
    if (added)
        *added = m->slot[at] == 0;
    if (!m->slot[at]) {
        m->keys[m->count] = gz_arena_dup(&m->bytes, key);
        m->slot[at] = ++m->count;
        m->mark[at] = (uint32_t)(hash >> 32);
    }
    return m->slot[at] - 1;
}

void
gz_map_release(struct gz_map *m)
{
    free(m->keys);
    free(m->slot);
    free(m->mark);
    gz_arena_free(&m->bytes);
    *m = (struct gz_map){ 0 };
}
