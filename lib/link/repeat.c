// SPDX-License-Identifier: MIT
#include "link/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "link/gram.h"

enum { WALK = 24, ESTIMATE_MIN = 480 };

void
gz_nears_release(struct gz_nears *n)
{
    free(n->near);
    *n = (struct gz_nears){ 0 };
}

static void
add_near(struct gz_nears *n, uint32_t a, uint32_t b, unsigned likeness)
{
    if (n->count == n->cap) {
        n->cap = n->cap ? n->cap * 2 : 256;
        n->near = gz_mem_realloc(n->near, n->cap, sizeof(*n->near));
    }
    n->near[n->count++] = (struct gz_near){ a, b, likeness };
}

// A table from 64-bit keys to the newest entry that has them.
struct heads {
    uint64_t *key;
    uint32_t *head;
    size_t slots;
};

static void
heads_init(struct heads *h, size_t keys)
{
    for (h->slots = 1024; h->slots < keys * 2;)
        h->slots *= 2;
    h->key = gz_mem_zalloc(h->slots, sizeof(*h->key));
    h->head = gz_mem_alloc(h->slots, sizeof(*h->head));
}

static void
heads_release(struct heads *h)
{
    free(h->key);
    free(h->head);
}

// The slot of `key` (not 0), whose head is GZ_NONE when it is new.
static uint32_t *
head_of(struct heads *h, uint64_t key)
{
    size_t at = (key * 0x9e3779b97f4a7c15u >> 20) & (h->slots - 1);

    while (h->key[at] && h->key[at] != key)
        at = (at + 1) & (h->slots - 1);
    if (!h->key[at]) {
        h->key[at] = key;
        h->head[at] = GZ_NONE;
    }
    return &h->head[at];
}

// ---- near texts ----

static unsigned
likeness_of(struct gz_spool *grams, const struct gz_entry *a, const struct gz_entry *b,
            struct gz_err *err)
{
    unsigned estimate = gz_minhash_estimate(&a->hash, &b->hash);
    const uint32_t *x, *y;

    if (estimate < ESTIMATE_MIN || (a->flags | b->flags) & GZ_ENTRY_OLD)
        return estimate;
    x = gz_spool_map(grams, a->grams, a->gram_count * sizeof(*x), err);
    y = gz_spool_map(grams, b->grams, b->gram_count * sizeof(*y), err);
    return x && y ? gz_jaccard(x, a->gram_count, y, b->gram_count) : 0;
}

// Did an earlier band bring these two together already?
static bool
met_before(const struct gz_minhash *a, const struct gz_minhash *b, size_t k)
{
    while (k-- > 0)
        if (a->band[k] && a->band[k] == b->band[k])
            return true;
    return false;
}

// Pairs that share band `k`, and none before. One band at a time keeps the table small.
static void
find_in_band(const struct gz_entries *e, size_t k, int64_t window, struct heads *heads,
             uint32_t *before, struct gz_nears *out)
{
    uint32_t oldest = 0;

    memset(heads->key, 0, heads->slots * sizeof(*heads->key));
    for (uint32_t i = 0; i < e->count; i++) {
        const struct gz_entry *b = &e->entry[i];
        uint32_t *head, walked = 0;

        if (!b->hash.band[k] || b->sec == GZ_ENTRY_NEVER)
            continue;
        while (e->entry[oldest].sec == GZ_ENTRY_NEVER ||
               b->sec - e->entry[oldest].sec > window)
            oldest++;
        head = head_of(heads, b->hash.band[k]);
        before[i] = *head;
        // Entries are in order of time, so that numbers tell who is too old.
        for (uint32_t j = *head; j != GZ_NONE && j >= oldest && walked < WALK;
             j = before[j], walked++) {
            unsigned estimate;

            if (met_before(&e->entry[j].hash, &b->hash, k))
                continue;
            estimate = gz_minhash_estimate(&e->entry[j].hash, &b->hash);
            if (estimate >= ESTIMATE_MIN)
                add_near(out, j, i, estimate);
        }
        *head = i;
    }
}

static int
by_newer(const void *a, const void *b)
{
    const struct gz_near *x = a, *y = b;

    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return x->a < y->a ? -1 : x->a > y->a;
}

enum gz_err_kind
gz_repeat_find(const struct gz_entries *e, struct gz_spool *grams, int64_t window,
               struct gz_nears *out, struct gz_err *err)
{
    uint32_t *before = gz_mem_alloc(e->count + 1, sizeof(*before));
    struct gz_near last = { 0 };
    struct heads heads;
    size_t n = 0;

    heads_init(&heads, e->count);
    for (size_t k = 0; k < GZ_MINHASH_BANDS; k++)
        find_in_band(e, k, window, &heads, before, out);
    heads_release(&heads);
    free(before);
    if (out->count)
        qsort(out->near, out->count, sizeof(*out->near), by_newer);
    for (size_t i = 0; i < out->count && !err->kind; i++) {
        struct gz_near p = out->near[i];

        if (i && p.a == last.a && p.b == last.b)
            continue;
        last = p;
        p.likeness = likeness_of(grams, &e->entry[p.a], &e->entry[p.b], err);
        if (p.likeness >= GZ_NEAR_MIN)
            out->near[n++] = p;
    }
    out->count = n;
    return err->kind;
}

// ---- repeats ----

static void
repeat(struct gz_entry *older, struct gz_entry *newer)
{
    // Of several the one that was said first counts, and what it repeats itself.
    if (newer->first.len == 0)
        newer->first = older->first.len ? older->first : older->id;
}

void
gz_repeat_mark(struct gz_entries *e, const struct gz_nears *nears, int64_t window)
{
    struct heads heads;
    size_t n = 0;

    heads_init(&heads, e->count);
    // The pairs come in the order of their newer half, as the entries do; so the older
    // half is always settled before.
    for (uint32_t i = 0; i < e->count; i++) {
        struct gz_entry *b = &e->entry[i];
        uint32_t first = GZ_NONE;

        for (; n < nears->count && nears->near[n].b == i; n++) {
            const struct gz_entry *a = &e->entry[nears->near[n].a];
            bool same = b->person ? a->person == b->person
                                  : !a->person && b->place && a->place == b->place;

            if (same && nears->near[n].a < first)
                first = nears->near[n].a;
        }
        if (b->sec != GZ_ENTRY_NEVER && b->person && b->place && b->matter) {
            uint64_t key = b->person ^ b->place * 3 ^ b->matter * 5;
            uint32_t *head = head_of(&heads, key ? key : 1);

            if (*head != GZ_NONE && b->sec - e->entry[*head].sec <= window &&
                *head < first)
                first = *head;
            *head = i;
        }
        if (first != GZ_NONE && !(b->flags & GZ_ENTRY_OLD))
            repeat(&e->entry[first], b);
    }
    heads_release(&heads);
}
