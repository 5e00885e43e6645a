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

// The last eight bytes; with the first and the length they are all of a key to 16 bytes.
static inline uint64_t
last_bytes(const char *p, size_t len, uint64_t first)
{
    uint64_t w;

    if (len < 8)
        return first;
    memcpy(&w, p + len - 8, 8);
    return w;
}

static inline int
find(const struct gz_keyset *k, struct gz_str key, uint64_t first)
{
    size_t at = hash(first, key.len) & (k->slots - 1);

    while (k->slot[at]) {
        size_t number = k->slot[at] - 1u;
        const struct gz_keyset_key *have = &k->key[number];

        if (have->first == first && have->len == key.len &&
            have->last == last_bytes(key.ptr, key.len, first) &&
            (key.len <= 16 || memcmp(k->keys[number].ptr, key.ptr, key.len) == 0))
            return (int)number;
        at = (at + 1) & (k->slots - 1);
    }
    return -1;
}

static void
place(struct gz_keyset *k, size_t number)
{
    struct gz_str key = k->keys[number];
    uint64_t first = first_bytes(key.ptr, key.len);
    size_t at = hash(first, key.len) & (k->slots - 1);

    while (k->slot[at])
        at = (at + 1) & (k->slots - 1);
    k->slot[at] = (uint8_t)(number + 1);
    k->key[number] =
        (struct gz_keyset_key){ first, last_bytes(key.ptr, key.len, first), key.len };
}

void
gz_keyset_init(struct gz_keyset *k, struct gz_arena *arena)
{
    *k = (struct gz_keyset){ .arena = arena, .slots = 1024 };
    k->slot = gz_arena_new(arena, uint8_t, k->slots);
    k->key = gz_arena_new(arena, struct gz_keyset_key, GZ_KEYSET_MAX);
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

int
gz_keyset_find(const struct gz_keyset *k, struct gz_str key)
{
    return find(k, key, first_bytes(key.ptr, key.len));
}

// ---- the quick way: a line as our own writers write it ----

enum { BLOCK = 64, INDEXED = 192 };

// Where the quotes of a line stand, found for many blocks of 64 bytes at once. As long as
// no backslash and no control character comes before it, a quote begins or ends a string;
// so those after one are not in here until resume() goes on behind it.
struct quotes {
    const char *line;
    const char *end;
    const char *next; // block to look at; `end` when there is none, or none before a
                      // backslash is passed
    uint32_t i;       // of at[], the next to come
    uint32_t n;
    uint32_t at[INDEXED + BLOCK]; // from the line's begin
};

#if defined(__SSE2__)
static inline uint64_t
look16(const char *p, uint64_t *odd)
{
    const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i o = _mm_or_si128(_mm_cmpeq_epi8(v, back),
                             _mm_cmpeq_epi8(_mm_max_epu8(v, control), control));

    *odd = (unsigned)_mm_movemask_epi8(o);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, quote));
}

static inline uint64_t
look(const char *p, uint64_t *odd)
{
    uint64_t o[4], bits = look16(p, &o[0]);

    bits |= look16(p + 16, &o[1]) << 16;
    bits |= look16(p + 32, &o[2]) << 32;
    bits |= look16(p + 48, &o[3]) << 48;
    *odd = o[0] | o[1] << 16 | o[2] << 32 | o[3] << 48;
    return bits;
}
#else
static inline uint64_t
look(const char *p, uint64_t *odd)
{
    uint64_t bits = 0;

    *odd = 0;
    for (int i = 0; i < BLOCK; i++) {
        bits |= (uint64_t)(p[i] == '"') << i;
        *odd |= (uint64_t)(p[i] == '\\' || (unsigned char)p[i] < 0x20) << i;
    }
    return bits;
}
#endif

// Fill the index anew. The last block of a line is copied, with blanks after it.
static void
index_more(struct quotes *q)
{
    uint32_t *to = q->at;

    while (to < q->at + INDEXED && q->next < q->end) {
        const char *p = q->next;
        size_t left = (size_t)(q->end - p);
        uint32_t base = (uint32_t)(p - q->line);
        uint64_t bits, odd;

        if (left >= BLOCK) {
            bits = look(p, &odd);
            q->next = p + BLOCK;
        } else {
            char tail[BLOCK];

            memset(tail, ' ', sizeof(tail));
            memcpy(tail, p, left);
            bits = look(tail, &odd);
            q->next = q->end;
        }
        if (odd) {
            bits &= (odd & -odd) - 1;
            q->next = q->end;
        }
        for (; bits; bits &= bits - 1)
            *to++ = base + (uint32_t)__builtin_ctzll(bits);
    }
    q->i = 0;
    q->n = (uint32_t)(to - q->at);
}

// The next quote; NULL at the end, and where something odd comes first.
static inline const char *
next_quote(struct quotes *q)
{
    if (q->i == q->n) {
        index_more(q);
        if (q->n == 0)
            return NULL;
    }
    return q->line + q->at[q->i++];
}

// Go on at `p`, which is not before the quotes that were taken.
static void
resume(struct quotes *q, const char *p)
{
    uint32_t at = (uint32_t)(p - q->line);

    while (q->i < q->n && q->at[q->i] < at)
        q->i++;
    if (q->i >= q->n) { // above it when nothing more was found
        q->next = p;
        q->i = q->n = 0;
    }
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

// The value at `p`. Returns its end; NULL to leave the line to the cursor. A value that
// is not plain (a string with escapes, an object, a literal) is walked by the rules; the
// quotes go on behind it.
static inline const char *
value_end(struct quotes *q, const char *p, struct gz_member *m)
{
    const char *next = q->next, *to;
    uint32_t i = q->i;

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
    if (!to && (to = gz_cursor_skip(p, q->end, &m->type, &m->escaped))) {
        q->i = q->next == next ? i : q->n; // as it was, if it is still the same index
        resume(q, to);
    }
    m->raw = (struct gz_str){ p, to ? (size_t)(to - p) : 0 };
    return to;
}

// Are the next four quotes those of `"key":"value"` at `p`?
static inline bool
is_plain_string(const struct quotes *q, const char *p)
{
    const uint32_t *at = q->at + q->i;

    return q->n - q->i >= 4 && at[0] == (uint32_t)(p - q->line) && at[2] == at[1] + 2 &&
           q->line[at[1] + 1] == ':';
}

// Take such a member, if it is wanted and the first of its key. Returns its end.
static inline const char *
take_plain_string(const struct gz_keyset *k, struct quotes *q, struct gz_member *members)
{
    const uint32_t *at = q->at + q->i;
    struct gz_str key = { q->line + at[0] + 1, at[1] - at[0] - 1 };
    int number = find(k, key, first_bytes_of_eight(key.ptr, key.len));

    if (number >= 0 && members[number].type == GZ_VALUE_NONE)
        members[number] =
            (struct gz_member){ .key = key,
                                .raw = { q->line + at[2], at[3] - at[2] + 1 },
                                .type = GZ_VALUE_STRING,
                                .pos = q->line + at[0] };
    q->i += 4;
    return q->line + at[3] + 1;
}

// Any other member. Returns the value's end; NULL to leave the line to the cursor.
static inline const char *
member_end(struct quotes *q, const char *p, struct gz_member *m)
{
    const char *to;

    if (next_quote(q) != p || !(to = next_quote(q)) || q->end - to < 3 || to[1] != ':')
        return NULL;
    m->pos = p;
    m->key = (struct gz_str){ p + 1, (size_t)(to - p - 1) };
    return value_end(q, to + 2, m);
}

// Take members as long as they look plain. True when the line ended well; false leaves
// it, as it was, to the cursor, which knows all the rules.
static bool
read_plain(const struct gz_keyset *k, struct gz_str line, struct gz_member *members)
{
    const char *p = line.ptr, *end = gz_str_end(line);
    struct quotes q;

    if (line.len < BLOCK || line.len > UINT32_MAX || *p != '{')
        return false;
    q.line = q.next = p;
    q.end = end;
    q.i = q.n = 0;
    for (p++;; p++) {
        if (end - p < 9) // find() looks at eight bytes of a key
            return false;
        if (is_plain_string(&q, p)) {
            p = take_plain_string(k, &q, members);
        } else {
            struct gz_member m;
            int number;

            if (!(p = member_end(&q, p, &m)))
                return false;
            number = find(k, m.key, first_bytes_of_eight(m.key.ptr, m.key.len));
            if (number >= 0 && members[number].type == GZ_VALUE_NONE)
                members[number] = m;
        }
        if (p >= end)
            return false;
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
