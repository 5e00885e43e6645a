// SPDX-License-Identifier: MIT
// map: byte strings to small numbers, in the order they first came.
#ifndef GZ_BASE_MAP_H
#define GZ_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define GZ_MAP_NONE UINT32_MAX

// Each distinct key has a number 0, 1, 2 ... in order of first insertion, so that a
// caller keeps its values in an array of its own beside the map. Iterate with
// `for (i = 0; i < m.count; i++) m.keys[i]`: hash order is never seen.
// Zero-initialise; release with gz_map_release(). Keys are copied into an arena.
struct gz_map {
    struct gz_str *keys; // count of them; stable numbers, pointers move on growth
    uint32_t count;
    uint32_t cap;   // of keys[]
    uint32_t *slot; // number + 1, or 0 for free
    uint32_t *mark; // upper half of the hash, beside slot[]
    uint32_t slots; // a power of two, or 0
    struct gz_arena bytes;
};

// The number of `key`, or GZ_MAP_NONE.
uint32_t gz_map_get(const struct gz_map *m, struct gz_str key);

// The number of `key`, added if it was not there. *added says so; it may be NULL.
uint32_t gz_map_put(struct gz_map *m, struct gz_str key, bool *added);

// Bytes that it takes, about.
static inline uint64_t
gz_map_held(const struct gz_map *m)
{
    return m->bytes.used + m->cap * sizeof(*m->keys) + 2 * sizeof(*m->slot) * m->slots;
}

void gz_map_release(struct gz_map *m);

#endif
