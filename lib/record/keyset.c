// SPDX-License-Identifier: MIT
#include "record/keyset.h"

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The first eight bytes of a key and its length tell nearly all field names apart; a
// compare decides.
static inline uint64_t
first_bytes(const char *p, size_t len)
{
    uint64_t w = 0;

    memcpy(&w, p, len < 8 ? len : 8);
    return w;
}

// The same where eight bytes can be read in any case.
static inline uint64_t
first_bytes_of_eight(const char *p, size_t len)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t w;

    memcpy(&w, p, 8);
    return len >= 8 ? w : len ? w & (UINT64_MAX >> (64 - 8 * len)) : 0;
#else
    return first_bytes(p, len);
#endif
}

static inline size_t
hash(uint64_t first, size_t len)
{
    uint64_t h = (first ^ (uint64_t)len * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;

    return (size_t)(h >> 40);
}

static void
place(struct gz_keyset *k, size_t number)
{
    struct gz_str key = k->keys[number];
    size_t at = hash(first_bytes(key.ptr, key.len), key.len) & (k->slots - 1);

    while (k->slot[at])
        at = (at + 1) & (k->slots - 1);
    k->slot[at] = (uint8_t)(number + 1);
}

void
gz_keyset_init(struct gz_keyset *k, struct gz_arena *arena)
{
    *k = (struct gz_keyset){ .arena = arena, .slots = 1024 };
    k->slot = gz_arena_new(arena, uint8_t, k->slots);
}

int
gz_keyset_add(struct gz_keyset *k, struct gz_str key)
{
    int have = gz_keyset_find(k, key);

    if (have >= 0)
        return have;
    if (k->count == GZ_KEYSET_MAX)
        return -1;
    k->keys = gz_arena_grow(k->arena, k->keys, &k->cap, k->count + 1, sizeof(*k->keys));
    k->keys[k->count] = gz_arena_dup(k->arena, key);
    place(k, k->count);
    return (int)k->count++;
}

static inline int
find(const struct gz_keyset *k, struct gz_str key, uint64_t first)
{
    size_t at = hash(first, key.len) & (k->slots - 1);

    while (k->slot[at]) {
        size_t number = k->slot[at] - 1u;
        struct gz_str have = k->keys[number];

        if (have.len == key.len && memcmp(have.ptr, key.ptr, key.len) == 0)
            return (int)number;
        at = (at + 1) & (k->slots - 1);
    }
    return -1;
}

int
gz_keyset_find(const struct gz_keyset *k, struct gz_str key)
{
    return find(k, key, first_bytes(key.ptr, key.len));
}

// ---- the quick way: a line as our own writers write it ----

// Quotes of a line in its order, one at a time, from 64 bytes at once. As long as no
// backslash and no control character comes before it, a quote begins or ends a string.
struct quotes {
    const char *base; // of the block that the bits are of
    const char *end;
    uint64_t bits;
    uint64_t odd; // backslashes and control characters
};

enum { BLOCK = 64 };

#if defined(__SSE2__)
static inline void
look(struct quotes *q, const char *p)
{
    const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    q->bits = q->odd = 0;
    for (int i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i * 16));
        __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, back),
                                   _mm_cmpeq_epi8(_mm_max_epu8(v, control), control));

        q->bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, quote))
                   << (i * 16);
        q->odd |= (uint64_t)(unsigned)_mm_movemask_epi8(odd) << (i * 16);
    }
}
#else
static inline void
look(struct quotes *q, const char *p)
{
    q->bits = q->odd = 0;
    for (int i = 0; i < BLOCK; i++) {
        q->bits |= (uint64_t)(p[i] == '"') << i;
        q->odd |= (uint64_t)(p[i] == '\\' || (unsigned char)p[i] < 0x20) << i;
    }
}
#endif

// Look at the block at `p`. The last one is copied, with blanks after it.
static inline void
load(struct quotes *q, const char *p)
{
    char tail[BLOCK];
    size_t left = (size_t)(q->end - p);

    q->base = p;
    if (left >= BLOCK) {
        look(q, p);
        return;
    }
    memset(tail, ' ', sizeof(tail));
    memcpy(tail, p, left);
    look(q, tail);
}

// The next quote; NULL at the end, and where something odd comes first.
static inline const char *
next_quote(struct quotes *q)
{
    unsigned at;

    while (q->bits == 0) {
        if (q->odd || q->end - q->base <= BLOCK)
            return NULL;
        load(q, q->base + BLOCK);
    }
    at = (unsigned)__builtin_ctzll(q->bits);
    if (q->odd & ((UINT64_C(1) << at) - 1))
        return NULL;
    q->bits &= q->bits - 1;
    return q->base + at;
}

// Digits, with at most one '-' before and one '.' within: what writers make of numbers.
// Returns its end; NULL for anything else.
static inline const char *
plain_number(const char *p, const char *end)
{
    const char *from;

    p += p < end && *p == '-';
    from = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    if (p == from || (*from == '0' && p - from > 1))
        return NULL;
    if (p < end && *p == '.') {
        from = ++p;
        while (p < end && *p >= '0' && *p <= '9')
            p++;
        if (p == from)
            return NULL;
    }
    return p < end && (*p == ',' || *p == '}') ? p : NULL;
}

// `["a","b"]`, at its '['. Returns its end; NULL for any other array.
static inline const char *
plain_list(struct quotes *q, const char *p)
{
    const char *close;

    do {
        if (next_quote(q) != p + 1 || !(close = next_quote(q)) || close + 1 >= q->end)
            return NULL;
        p = close + 1;
    } while (*p == ',');
    return *p == ']' ? p + 1 : NULL;
}

// A value that is not plain (a string with escapes, an object, a literal) is walked by
// the rules; the quotes go on behind it.
static const char *
other_value(struct quotes *q, const char *p, struct gz_member *m)
{
    const char *to = gz_cursor_skip(p, q->end, &m->type, &m->escaped);

    if (to && to < q->end)
        load(q, to);
    return to;
}

// The value at `p`. Returns its end; NULL to leave the line to the cursor.
static inline const char *
value_end(struct quotes *q, const char *p, struct gz_member *m)
{
    const struct quotes before = *q;
    const char *to;

    m->escaped = false;
    if (*p == '"') {
        m->type = GZ_VALUE_STRING;
        to = next_quote(q) == p ? next_quote(q) : NULL;
        to = to ? to + 1 : NULL;
    } else if (*p == '[') {
        m->type = GZ_VALUE_ARRAY;
        to = plain_list(q, p);
    } else {
        m->type = GZ_VALUE_NUMBER;
        to = plain_number(p, q->end);
    }
    if (!to) {
        *q = before;
        to = other_value(q, p, m);
    }
    m->raw = (struct gz_str){ p, to ? (size_t)(to - p) : 0 };
    return to;
}

// Take members as long as they look plain. True when the line ended well; false leaves
// it, as it was, to the cursor, which knows all the rules.
static bool
read_plain(const struct gz_keyset *k, struct gz_str line, struct gz_member *members)
{
    const char *p = line.ptr, *end = gz_str_end(line);
    struct quotes q = { .end = end };

    if (line.len < BLOCK || *p != '{')
        return false;
    load(&q, p);
    for (p++;; p++) {
        struct gz_member m;
        const char *to;
        int number;

        if (next_quote(&q) != p || !(to = next_quote(&q)) || end - to < 8 || to[1] != ':')
            return false;
        m.pos = p;
        m.key = (struct gz_str){ p + 1, (size_t)(to - p - 1) };
        if (!(p = value_end(&q, to + 2, &m)) || p >= end)
            return false;
        number = find(k, m.key, first_bytes_of_eight(m.key.ptr, m.key.len));
        if (number >= 0 && members[number].type == GZ_VALUE_NONE)
            members[number] = m;
        if (*p == '}')
            return p + 1 == end;
        if (*p != ',')
            return false;
    }
}

static void
clear(const struct gz_keyset *k, struct gz_member *members)
{
    for (size_t i = 0; i < k->count; i++)
        members[i].type = GZ_VALUE_NONE;
}

bool
gz_keyset_read(const struct gz_keyset *k, struct gz_str line, struct gz_arena *arena,
               struct gz_member *members, struct gz_err *err)
{
    struct gz_cursor c;
    struct gz_member m;
    enum gz_cursor_next next;

    clear(k, members);
    if (read_plain(k, line, members))
        return true;
    clear(k, members);
    gz_cursor_open(&c, line, arena);
    while ((next = gz_cursor_next(&c, &m, err)) == GZ_CURSOR_MEMBER) {
        int number = gz_keyset_find(k, m.key);

        if (number >= 0 && members[number].type == GZ_VALUE_NONE)
            members[number] = m;
    }
    return next == GZ_CURSOR_END;
}
