// SPDX-License-Identifier: MIT
#include "link/cluster.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "link/gram.h"
#include "link/sets.h"

enum {
    INDEXED = 12, // terms of an entry by which others find it
    PROBED = 8,   // terms by which an entry looks for others
    WALK = 16,    // newest entries looked at for each
    SCORED = 8,   // candidates compared in full
    EDGES = 6,    // kept for each entry
    NAME_MIN = 200,
    MATTER_MIN = 100,
    PAIR_MIN = 100,
    SHARED_MIN = GZ_VECTOR_UNIT * GZ_VECTOR_UNIT / 16, // rarely 0.1 alike below it
    LONG_TEXT = 20, // grams from which a near text alone is evidence enough
};

struct edge {
    uint32_t a, b;
    uint32_t score; // over 1000: near texts, joined outright
};

struct edges {
    struct edge *edge;
    size_t count, cap;
};

static void
add_edge(struct edges *g, struct edge e)
{
    if (g->count == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 1024;
        g->edge = gz_mem_realloc(g->edge, g->cap, sizeof(*g->edge));
    }
    g->edge[g->count++] = e;
}

static unsigned
blend(unsigned name, unsigned matter)
{
    return (6 * name + 4 * matter) / 10;
}

// ---- candidates ----

// The postings of every term: chains of entries, newest first.
struct index {
    struct head {
        uint32_t key; // gram + 1
        uint32_t head;
    } * head;
    size_t slots;
    uint32_t *before; // posting = entry * INDEXED + place
    struct met {
        uint32_t by;  // the last one that looked at this entry
        uint32_t sum; // what both share
    } * met;
    uint32_t *touched;
};

static inline size_t
index_slot_of(const struct index *x, uint32_t gram)
{
    return (gram * 0x9e3779b1u >> 4) & (x->slots - 1);
}

static size_t
index_slot(const struct index *x, uint32_t gram)
{
    size_t at = index_slot_of(x, gram);

    while (x->head[at].key && x->head[at].key != gram + 1)
        at = (at + 1) & (x->slots - 1);
    return at;
}

static void
index_grow(struct index *x)
{
    struct index old = *x;

    x->slots = old.slots ? old.slots * 2 : 4096;
    x->head = gz_mem_zalloc(x->slots, sizeof(*x->head));
    for (size_t i = 0; i < old.slots; i++)
        if (old.head[i].key)
            x->head[index_slot(x, old.head[i].key - 1)] = old.head[i];
    free(old.head);
}

// Places of the heaviest names of an entry, heaviest first.
static size_t
heaviest_names(const struct gz_entry *e, uint8_t *out, size_t room)
{
    size_t n = 0;

    for (uint8_t i = 0; i < e->names; i++) {
        size_t at = n;

        if (e->weight[i] == 0)
            continue;
        while (at && e->weight[out[at - 1]] < e->weight[i])
            at--;
        if (at == room)
            continue;
        n += n < room;
        memmove(out + at + 1, out + at, n - at - 1);
        out[at] = i;
    }
    return n;
}

// Collect who shares names with entry i. Returns how many were touched.
static size_t
probe(struct index *x, const struct gz_entry *b, uint32_t i, uint32_t oldest,
      const uint8_t *place, size_t places)
{
    size_t touched = 0;

    for (size_t k = 0; k < places; k++)
        __builtin_prefetch(&x->head[index_slot_of(x, b->term[place[k]] & GZ_GRAM_ID)]);
    for (size_t k = 0; k < places && k < PROBED; k++) {
        size_t at = index_slot(x, b->term[place[k]] & GZ_GRAM_ID);
        uint32_t p = x->head[at].key ? x->head[at].head : GZ_NONE;

        for (int walked = 0; p != GZ_NONE && walked < WALK; walked++, p = x->before[p]) {
            uint32_t j = p / INDEXED;

            // Entries are in order of time, so that numbers tell who is too old.
            if (j < oldest)
                break;
            if (x->met[j].by != i) {
                x->met[j] = (struct met){ i, 0 };
                x->touched[touched++] = j;
            }
            // The weight here alone tells who is worth comparing in full.
            x->met[j].sum += (uint32_t)b->weight[place[k]] * b->weight[place[k]];
        }
    }
    return touched;
}

static void
post(struct index *x, const struct gz_entry *b, uint32_t i, const uint8_t *place,
     size_t places, size_t *keys)
{
    for (size_t k = 0; k < places; k++) {
        uint32_t gram = b->term[place[k]] & GZ_GRAM_ID;
        size_t at;

        if (*keys * 2 >= x->slots)
            index_grow(x);
        at = index_slot(x, gram);
        if (!x->head[at].key) {
            x->head[at] = (struct head){ gram + 1, GZ_NONE };
            ++*keys;
        }
        x->before[i * INDEXED + k] = x->head[at].head;
        x->head[at].head = (uint32_t)(i * INDEXED + k);
    }
}

// Keep the best `room` of candidates by (score falling, entry rising).
static size_t
keep_best(struct edge *best, size_t n, size_t room, struct edge e)
{
    size_t at = n;

    while (at && (best[at - 1].score < e.score ||
                  (best[at - 1].score == e.score && best[at - 1].a > e.a)))
        at--;
    if (at == room)
        return n;
    n += n < room;
    memmove(best + at + 1, best + at, (n - at - 1) * sizeof(*best));
    best[at] = e;
    return n;
}

static void
score(const struct gz_entries *e, uint32_t i, const struct edge *rough, size_t count,
      struct edges *out)
{
    const struct gz_entry *b = &e->entry[i];
    struct edge best[EDGES];
    size_t n = 0;

    for (size_t k = 0; k < count; k++) {
        const char *a = (const char *)&e->entry[rough[k].a];

        for (size_t line = 0; line < sizeof(struct gz_entry); line += 64)
            __builtin_prefetch(a + line);
    }
    for (size_t k = 0; k < count; k++) {
        const struct gz_entry *a = &e->entry[rough[k].a];
        unsigned name = gz_entry_likeness(a, b, GZ_ENTRY_NAME), both;

        if (name < PAIR_MIN)
            continue;
        both = blend(name, gz_entry_likeness(a, b, GZ_ENTRY_MATTER));
        if (both >= PAIR_MIN)
            n = keep_best(best, n, EDGES, (struct edge){ rough[k].a, i, both });
    }
    for (size_t k = 0; k < n; k++)
        add_edge(out, best[k]);
}

static void
find_edges(const struct gz_entries *e, int64_t window, struct edges *out)
{
    struct index x = { 0 };
    size_t keys = 0;
    uint32_t oldest = 0;

    x.before = gz_mem_alloc(e->count + 1, INDEXED * sizeof(*x.before));
    x.met = gz_mem_alloc(e->count + 1, sizeof(*x.met));
    x.touched = gz_mem_alloc(PROBED * WALK, sizeof(*x.touched));
    index_grow(&x);
    for (uint32_t i = 0; i < e->count; i++) {
        const struct gz_entry *b = &e->entry[i];
        uint8_t place[INDEXED];
        size_t places, touched, n = 0;
        struct edge rough[SCORED];

        x.met[i] = (struct met){ GZ_NONE, 0 };
        if (b->sec == GZ_ENTRY_NEVER)
            continue;
        places = heaviest_names(b, place, INDEXED);
        while (e->entry[oldest].sec == GZ_ENTRY_NEVER ||
               b->sec - e->entry[oldest].sec > window)
            oldest++;
        touched = probe(&x, b, i, oldest, place, places);
        for (size_t k = 0; k < touched; k++)
            if (x.met[x.touched[k]].sum >= SHARED_MIN)
                n = keep_best(rough, n, SCORED,
                              (struct edge){ x.touched[k], i, x.met[x.touched[k]].sum });
        score(e, i, rough, n, out);
        post(&x, b, i, place, places, &keys);
    }
    free(x.head);
    free(x.before);
    free(x.met);
    free(x.touched);
}

// ---- clusters ----

static struct gz_centre *
new_centre(void)
{
    // One block: the centre and its terms.
    char *block = gz_mem_zalloc(1, sizeof(struct gz_centre) +
                                       2 * GZ_CENTRE_TERMS * sizeof(struct gz_weighted));
    struct gz_centre *c = (struct gz_centre *)(void *)block;
    struct gz_weighted *term = (struct gz_weighted *)(void *)(block + sizeof(*c));

    c->part[0].term = term;
    c->part[1].term = term + GZ_CENTRE_TERMS;
    return c;
}

// The centre of the set of `root`, which for a set of one is the entry in `room`.
static struct gz_centre
centre_of(const struct gz_clusters *c, const struct gz_entries *e, uint32_t root,
          struct gz_weighted room[2][GZ_ENTRY_NAMES])
{
    struct gz_centre one;

    if (c->centre[root])
        return *c->centre[root];
    one.part[0] = gz_entry_vector(&e->entry[root], GZ_ENTRY_NAME, room[0]);
    one.part[1] = gz_entry_vector(&e->entry[root], GZ_ENTRY_MATTER, room[1]);
    return one;
}

static void
join(struct gz_clusters *c, uint32_t a, uint32_t b, const struct gz_centre *x,
     const struct gz_centre *y)
{
    struct gz_weighted scratch[2 * GZ_CENTRE_TERMS];
    uint32_t root = gz_sets_join(c->parent, a, b);
    struct gz_centre *sum = new_centre();

    for (int p = 0; p < 2; p++)
        sum->part[p].count = gz_vector_add(x->part[p], y->part[p], scratch,
                                           sum->part[p].term, GZ_CENTRE_TERMS);
    free(c->centre[a]);
    free(c->centre[b]);
    c->centre[a] = c->centre[b] = NULL;
    c->centre[root] = sum;
}

static void
try_join(struct gz_clusters *c, const struct gz_entries *e, struct edge edge,
         unsigned similarity)
{
    struct gz_weighted room[4][GZ_ENTRY_NAMES];
    uint32_t a = gz_sets_find(c->parent, edge.a), b = gz_sets_find(c->parent, edge.b);
    struct gz_centre x, y;
    unsigned name, matter;

    if (a == b)
        return;
    x = centre_of(c, e, a, room);
    y = centre_of(c, e, b, room + 2);
    if (edge.score <= 1000) {
        name = gz_vector_cosine(x.part[0], y.part[0]);
        if (name < NAME_MIN)
            return;
        matter = gz_vector_cosine(x.part[1], y.part[1]);
        if (matter < MATTER_MIN || blend(name, matter) < similarity)
            return;
    }
    join(c, a, b, &x, &y);
}

static int
by_score(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

// Near texts that may be joined without another look: long enough to mean the same, or
// of one place; and never of two places that the records name.
static bool
is_evidence(const struct gz_entry *a, const struct gz_entry *b)
{
    if (a->place && b->place)
        return a->place == b->place;
    return a->gram_count >= LONG_TEXT && b->gram_count >= LONG_TEXT;
}

static void
keep_topics(const struct gz_entries *e, struct edges *out)
{
    uint32_t topics = 0, *first;

    for (size_t i = 0; i < e->count; i++)
        if (e->entry[i].topic != GZ_NONE && e->entry[i].topic >= topics)
            topics = e->entry[i].topic + 1;
    first = gz_mem_alloc(topics + 1, sizeof(*first));
    memset(first, 0xff, (topics + 1) * sizeof(*first));
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t t = e->entry[i].topic;

        if (t == GZ_NONE)
            continue;
        if (first[t] == GZ_NONE)
            first[t] = i;
        else
            add_edge(out, (struct edge){ first[t], i, 3000 });
    }
    free(first);
}

void
gz_clusters_make(struct gz_clusters *c, const struct gz_entries *e,
                 const struct gz_nears *nears, int64_t window, unsigned similarity)
{
    struct edges edges = { 0 };

    c->count = e->count;
    c->parent = gz_mem_alloc(e->count + 1, sizeof(*c->parent));
    c->centre = gz_mem_zalloc(e->count + 1, sizeof(*c->centre));
    gz_sets_init(c->parent, e->count);
    keep_topics(e, &edges);
    for (size_t i = 0; i < nears->count; i++) {
        struct gz_near n = nears->near[i];

        if (is_evidence(&e->entry[n.a], &e->entry[n.b]))
            add_edge(&edges, (struct edge){ n.a, n.b, 1000 + n.likeness + 1 });
    }
    find_edges(e, window, &edges);
    if (edges.count)
        qsort(edges.edge, edges.count, sizeof(*edges.edge), by_score);
    for (size_t i = 0; i < edges.count; i++)
        try_join(c, e, edges.edge[i], similarity);
    free(edges.edge);
}

void
gz_clusters_release(struct gz_clusters *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->centre[i]);
    free(c->centre);
    free(c->parent);
    *c = (struct gz_clusters){ 0 };
}

unsigned
gz_centre_likeness(const struct gz_centre *c, const struct gz_entry *e)
{
    struct gz_weighted room[GZ_ENTRY_NAMES];
    unsigned name = gz_vector_cosine(c->part[0], gz_entry_vector(e, GZ_ENTRY_NAME, room));

    return blend(name,
                 gz_vector_cosine(c->part[1], gz_entry_vector(e, GZ_ENTRY_MATTER, room)));
}
