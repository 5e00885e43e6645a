// SPDX-License-Identifier: MIT
#include "route/prefilter.h"

#include <string.h>

#include "base/map.h"
#include "route/rate.h"

enum { BITS = 65536, BUCKETS = 4096, SHORT_BUCKETS = 256 };

// One literal, found by its window (or, if short, by its first two bytes).
struct entry {
    uint64_t gram;   // the bytes of the window
    uint32_t offset; // of the window within the literal
    uint32_t literal;
    uint32_t owners; // how many rules have this literal, from `owner` on
    const uint32_t *owner;
    struct entry *next;
};

struct gz_prefilter {
    uint64_t map[BITS / 64];
    struct entry *bucket[BUCKETS];
    bool has_short;
    uint64_t short_map[BITS / 64];
    struct entry *short_bucket[SHORT_BUCKETS];
    const struct gz_str *literal;
};

static inline size_t
char_len(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static inline size_t
window_len(unsigned char lead)
{
    return lead < 0xE0 ? 4 : 6;
}

static inline uint64_t
load_gram(const char *at, size_t len)
{
    uint64_t v = 0;

    memcpy(&v, at, len);
    return v;
}

static inline uint32_t
hash4(uint32_t gram)
{
    return gram * 0x9E3779B1u >> 16;
}

static inline uint32_t
hash6(uint64_t gram)
{
    return (uint32_t)(gram * 0x9E3779B97F4A7C15u >> 48);
}

static inline void
set_bit(uint64_t *map, uint32_t bit)
{
    map[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

static inline bool
has_bit(const uint64_t *map, uint32_t bit)
{
    return map[bit >> 6] >> (bit & 63) & 1;
}

// The offset of the rarest window of `s`, or -1 if it has none.
static ptrdiff_t
rarest_window(struct gz_str s)
{
    ptrdiff_t best = -1;
    double rate = 0;

    for (size_t i = 0; i < s.len; i += char_len((unsigned char)s.ptr[i])) {
        size_t len = window_len((unsigned char)s.ptr[i]);
        double r;

        if (i + len > s.len)
            continue;
        r = gz_gram_rate(s.ptr + i, len);
        if (best < 0 || r < rate) {
            best = (ptrdiff_t)i;
            rate = r;
        }
    }
    return best;
}

static void
add_short(struct gz_prefilter *p, struct entry *e, struct gz_str s)
{
    // A literal of one byte is listed under every second byte there is.
    unsigned first = (unsigned char)s.ptr[0];

    p->has_short = true;
    if (s.len > 1)
        set_bit(p->short_map, first | (unsigned)(unsigned char)s.ptr[1] << 8);
    else
        for (unsigned second = 0; second < 256; second++)
            set_bit(p->short_map, first | second << 8);
    e->next = p->short_bucket[first];
    p->short_bucket[first] = e;
}

static void
add_window(struct gz_prefilter *p, struct entry *e, struct gz_str s)
{
    const char *at = s.ptr + e->offset;
    size_t len = window_len((unsigned char)*at);
    uint32_t h;

    e->gram = load_gram(at, len);
    h = len == 4 ? hash4((uint32_t)e->gram) : hash6(e->gram);
    set_bit(p->map, h);
    e->next = p->bucket[h % BUCKETS];
    p->bucket[h % BUCKETS] = e;
}

// Group the owners of equal literals: a literal is compared once, however many rules
// have it.
static struct entry *
make_entries(const struct gz_str *literal, const uint32_t *owner, size_t count,
             struct gz_arena *arena, size_t *entries)
{
    struct entry *e = gz_arena_new(arena, struct entry, count + 1);
    uint32_t *grouped = gz_arena_new(arena, uint32_t, count + 1);
    uint32_t *number = gz_arena_new(arena, uint32_t, count + 1);
    struct gz_map seen = { 0 };
    uint32_t start = 0;

    for (size_t i = 0; i < count; i++) {
        bool added;

        number[i] = gz_map_put(&seen, literal[i], &added);
        if (added)
            e[number[i]].literal = (uint32_t)i;
        e[number[i]].owners++;
    }
    *entries = seen.count;
    gz_map_release(&seen);
    for (size_t n = 0; n < *entries; n++) {
        e[n].owner = grouped + start;
        start += e[n].owners;
        e[n].owners = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct entry *mine = &e[number[i]];

        grouped[(size_t)(mine->owner - grouped) + mine->owners++] = owner[i];
    }
    return e;
}

struct gz_prefilter *
gz_prefilter_new(const struct gz_str *literal, const uint32_t *owner, size_t count,
                 struct gz_arena *arena)
{
    struct gz_prefilter *p = gz_arena_new(arena, struct gz_prefilter, 1);
    size_t entries;
    struct entry *e = make_entries(literal, owner, count, arena, &entries);

    p->literal = literal;
    for (size_t i = entries; i-- > 0;) { // backwards: lists then start with the first
        struct gz_str s = literal[e[i].literal];
        ptrdiff_t at = rarest_window(s);

        if (at < 0) {
            add_short(p, &e[i], s);
        } else {
            e[i].offset = (uint32_t)at;
            add_window(p, &e[i], s);
        }
    }
    return p;
}

struct scan {
    const struct gz_prefilter *p;
    struct gz_str text;
    void (*hit)(void *ctx, const struct gz_prefilter_hit *h);
    void *ctx;
};

static inline void
try_entry(const struct scan *s, const struct entry *e, size_t at)
{
    struct gz_str lit = s->p->literal[e->literal];
    struct gz_prefilter_hit h;

    if (at < e->offset || lit.len > s->text.len - (at - e->offset))
        return;
    h.start = at - e->offset;
    if (memcmp(s->text.ptr + h.start, lit.ptr, lit.len) != 0)
        return;
    h.end = h.start + lit.len;
    h.owner = e->owner;
    h.owners = e->owners;
    s->hit(s->ctx, &h);
}

static __attribute__((noinline)) void
look_up(const struct scan *s, uint32_t hash, uint64_t gram, size_t at)
{
    for (const struct entry *e = s->p->bucket[hash % BUCKETS]; e; e = e->next)
        if (e->gram == gram)
            try_entry(s, e, at);
}

static __attribute__((noinline)) void
look_up_short(const struct scan *s, size_t at)
{
    unsigned first = (unsigned char)s->text.ptr[at];

    for (const struct entry *e = s->p->short_bucket[first]; e; e = e->next)
        try_entry(s, e, at);
}

static inline __attribute__((always_inline)) void
try_four(const struct scan *s, size_t at)
{
    uint32_t gram, h;

    memcpy(&gram, s->text.ptr + at, 4);
    h = hash4(gram);
    if (__builtin_expect(has_bit(s->p->map, h), 0))
        look_up(s, h, gram, at);
}

static inline __attribute__((always_inline)) void
try_six(const struct scan *s, size_t at)
{
    uint64_t gram;
    uint32_t h;

    memcpy(&gram, s->text.ptr + at, 8);
    gram &= 0xFFFFFFFFFFFFu;
    h = hash6(gram);
    if (has_bit(s->p->map, h))
        look_up(s, h, gram, at);
}

static inline __attribute__((always_inline)) void
try_short(const struct scan *s, size_t at)
{
    uint32_t two = (uint32_t)(unsigned char)s->text.ptr[at] |
                   (uint32_t)(unsigned char)s->text.ptr[at + 1] << 8;

    if (has_bit(s->p->short_map, two))
        look_up_short(s, at);
}

// Are the eight bytes at `at` ASCII, and within the text?
static inline bool
ascii_eight(const struct scan *s, size_t at)
{
    uint64_t v;

    if (s->text.len - at < 8)
        return false;
    memcpy(&v, s->text.ptr + at, 8);
    return !(v & 0x8080808080808080u);
}

// Reading past the end is safe: zero bytes follow the text, and a literal that would
// reach over the end is refused by its length.
static inline __attribute__((always_inline)) void
walk(const struct scan *s, bool with_short)
{
    const char *text = s->text.ptr;
    size_t len = s->text.len;

    for (size_t i = 0; i < len;) {
        unsigned char lead = (unsigned char)text[i];

        if (lead < 0x80 && ascii_eight(s, i)) {
            for (size_t n = 0; n < 8; n++, i++) {
                if (with_short)
                    try_short(s, i);
                try_four(s, i);
            }
            continue;
        }
        if (with_short)
            try_short(s, i);
        if (lead < 0xE0) {
            try_four(s, i);
            i += lead < 0x80 ? 1 : 2;
        } else {
            try_six(s, i);
            i += lead < 0xF0 ? 3 : 4;
        }
    }
}

void
gz_prefilter_scan(const struct gz_prefilter *p, struct gz_str text,
                  void (*hit)(void *ctx, const struct gz_prefilter_hit *h), void *ctx)
{
    struct scan s = { p, text, hit, ctx };

    if (p->has_short)
        walk(&s, true);
    else
        walk(&s, false);
}
