// SPDX-License-Identifier: MIT
#include "link/entry.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "link/gram.h"

void
gz_entries_release(struct gz_entries *e)
{
    free(e->entry);
    free(e->order);
    gz_map_release(&e->places);
    gz_arena_free(&e->arena);
    *e = (struct gz_entries){ 0 };
}

struct gz_entry *
gz_entries_add(struct gz_entries *e)
{
    struct gz_entry *entry;

    if (e->count == e->cap) {
        e->cap = e->cap ? e->cap + e->cap / 2 : 1024;
        e->entry = gz_mem_realloc(e->entry, e->cap, sizeof(*e->entry));
    }
    entry = &e->entry[e->count++];
    memset(entry, 0, sizeof(*entry));
    entry->topic = GZ_NONE;
    for (int i = 0; i < GZ_LEVELS; i++)
        entry->part[i] = GZ_NONE;
    return entry;
}

// ---- terms ----

enum { TITLE_FACTOR = 3 };

static inline uint32_t
weight_of(const struct gz_docfreq *df, uint32_t gram)
{
    uint32_t w = gz_docfreq_weight(df, gram);

    return gram & GZ_GRAM_TITLE ? w * TITLE_FACTOR : w;
}

static inline bool
is_heavier(struct gz_weighted a, struct gz_weighted b)
{
    return a.weight > b.weight || (a.weight == b.weight && a.gram < b.gram);
}

static inline bool
is_before(struct gz_weighted a, struct gz_weighted b)
{
    return (a.gram & GZ_GRAM_ID) < (b.gram & GZ_GRAM_ID);
}

// For a few dozen terms nothing is faster than putting each in its place.
#define SORT(v, n, first)                                                                \
    for (size_t sort_i = 1; sort_i < (n); sort_i++) {                                    \
        struct gz_weighted sort_x = (v)[sort_i];                                         \
        size_t sort_k = sort_i;                                                          \
                                                                                         \
        for (; sort_k && first(sort_x, (v)[sort_k - 1]); sort_k--)                       \
            (v)[sort_k] = (v)[sort_k - 1];                                               \
        (v)[sort_k] = sort_x;                                                            \
    }

// Move the `room` heaviest of `v` to its front, in any order: Hoare's selection.
static void
select_heaviest(struct gz_weighted *v, size_t count, size_t room)
{
    size_t from = 0, to = count;

    while (to - from > 1 && room > from && room < to) {
        struct gz_weighted pivot = v[from + (to - from) / 2];
        size_t i = from, k = to - 1;

        for (;;) {
            struct gz_weighted swap;

            while (is_heavier(v[i], pivot))
                i++;
            while (is_heavier(pivot, v[k]))
                k--;
            if (i >= k)
                break;
            swap = v[i];
            v[i++] = v[k];
            v[k--] = swap;
        }
        // v[from .. i) are at least as heavy as the pivot, v[i .. to) at most.
        if (i == from)
            i++;
        if (room <= i)
            to = i;
        else
            from = i;
    }
}

// The `room` heaviest of `all`, into `out` and `weight`, ascending by id.
static uint8_t
heaviest(struct gz_weighted *all, size_t count, uint32_t *out, uint16_t *weight,
         size_t room)
{
    size_t n = count < room ? count : room;

    select_heaviest(all, count, n);
    SORT(all, n, is_before);
    gz_vector_scale((struct gz_vector){ all, n });
    for (size_t i = 0; i < n; i++) {
        out[i] = all[i].gram;
        weight[i] = (uint16_t)all[i].weight;
    }
    return (uint8_t)n;
}

void
gz_entry_choose(struct gz_entry *entry, const uint32_t *gram, size_t count,
                const struct gz_docfreq *df)
{
    struct gz_weighted part[2][GZ_GRAM_MAX];
    size_t n[2] = { 0, 0 };

    gz_docfreq_prefetch(df, gram, count);
    for (size_t i = 0; i < count; i++) {
        int p = (gram[i] & GZ_GRAM_MATTER) != 0;
        uint32_t w = weight_of(df, gram[i]);

        // What stands here only joins nothing now; in the title it may join a later
        // input, if there is room.
        if (w || gram[i] & GZ_GRAM_TITLE)
            part[p][n[p]++] = (struct gz_weighted){ gram[i], w };
    }
    entry->names = heaviest(part[0], n[0], entry->term, entry->weight, GZ_ENTRY_NAMES);
    entry->matters = heaviest(part[1], n[1], entry->term + GZ_ENTRY_NAMES,
                              entry->weight + GZ_ENTRY_NAMES, GZ_ENTRY_MATTERS);
}

static void
weigh_part(struct gz_entry *entry, size_t at, size_t count, const struct gz_docfreq *df)
{
    struct gz_weighted room[GZ_ENTRY_NAMES];

    for (size_t i = 0; i < count; i++)
        room[i] = (struct gz_weighted){ 0, weight_of(df, entry->term[at + i]) };
    gz_vector_scale((struct gz_vector){ room, count });
    for (size_t i = 0; i < count; i++)
        entry->weight[at + i] = (uint16_t)room[i].weight;
}

void
gz_entry_weigh(struct gz_entry *entry, const struct gz_docfreq *df)
{
    weigh_part(entry, 0, entry->names, df);
    weigh_part(entry, GZ_ENTRY_NAMES, entry->matters, df);
}

struct gz_vector
gz_entry_vector(const struct gz_entry *entry, enum gz_entry_part part,
                struct gz_weighted *room)
{
    size_t at = part == GZ_ENTRY_NAME ? 0 : GZ_ENTRY_NAMES;
    size_t count = part == GZ_ENTRY_NAME ? entry->names : entry->matters;

    for (size_t i = 0; i < count; i++)
        room[i] = (struct gz_weighted){ entry->term[at + i] & GZ_GRAM_ID,
                                        entry->weight[at + i] };
    return (struct gz_vector){ room, count };
}

unsigned
gz_entry_likeness(const struct gz_entry *a, const struct gz_entry *b,
                  enum gz_entry_part part)
{
    size_t i = part == GZ_ENTRY_NAME ? 0 : GZ_ENTRY_NAMES, k = i;
    size_t a_end = i + (part == GZ_ENTRY_NAME ? a->names : a->matters);
    size_t b_end = i + (part == GZ_ENTRY_NAME ? b->names : b->matters);
    uint64_t dot = 0;

    while (i < a_end && k < b_end) {
        uint32_t x = a->term[i] & GZ_GRAM_ID, y = b->term[k] & GZ_GRAM_ID;

        if (x == y)
            dot += (uint64_t)a->weight[i] * b->weight[k];
        i += x <= y;
        k += y <= x;
    }
    // Both have the length GZ_VECTOR_UNIT.
    return (unsigned)(dot * 1000 / ((uint64_t)GZ_VECTOR_UNIT * GZ_VECTOR_UNIT));
}

// ---- order ----

static int
by_time(const void *a, const void *b)
{
    const struct gz_entry *x = a, *y = b;
    int c;

    if (x->sec != y->sec)
        return x->sec < y->sec ? -1 : 1;
    c = gz_str_cmp(x->id, y->id);
    if (c)
        return c;
    // Legs of one petition: the one of the state first, then by what they say.
    if ((x->flags ^ y->flags) & GZ_ENTRY_OLD)
        return x->flags & GZ_ENTRY_OLD ? -1 : 1;
    return memcmp(&x->hash, &y->hash, sizeof(x->hash));
}

void
gz_entries_sort(struct gz_entries *e)
{
    struct gz_map ids = { 0 };
    uint32_t *number = gz_mem_alloc(e->count + 1, sizeof(*number)); // of id -> entry
    uint32_t *id_of = gz_mem_alloc(e->ordered + 1, sizeof(*id_of));
    size_t old = e->count - e->ordered, n = 0;

    // Numbers of ids, in the order of the input, before it is sorted away.
    for (size_t i = 0; i < e->ordered; i++)
        id_of[i] = gz_map_put(&ids, e->entry[old + i].id, NULL);
    for (size_t i = 0; i < old; i++)
        gz_map_put(&ids, e->entry[i].id, NULL);
    if (e->count)
        qsort(e->entry, e->count, sizeof(*e->entry), by_time);
    for (size_t i = 0; i < ids.count; i++)
        number[i] = GZ_NONE;
    for (size_t i = 0; i < e->count; i++) {
        uint32_t id = gz_map_get(&ids, e->entry[i].id);

        if (number[id] != GZ_NONE) {
            // A leg, or a later version of what the state knows.
            struct gz_entry *have = &e->entry[number[id]];

            if (have->topic == GZ_NONE)
                have->topic = e->entry[i].topic;
            if (have->first.len == 0)
                have->first = e->entry[i].first;
            continue;
        }
        number[id] = (uint32_t)n;
        e->entry[n++] = e->entry[i];
    }
    e->count = n;
    e->order = gz_mem_realloc(e->order, e->ordered + 1, sizeof(*e->order));
    for (size_t i = 0; i < e->ordered; i++)
        e->order[i] = number[id_of[i]];
    free(number);
    free(id_of);
    gz_map_release(&ids);
}
