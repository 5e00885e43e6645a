// SPDX-License-Identifier: MIT
#include "record/keyset.h"

// Four bytes of a key and its length tell nearly all field names apart; a compare
// decides.
static inline size_t
hash(struct gz_str key)
{
    const unsigned char *p = (const unsigned char *)key.ptr;
    size_t n = key.len;

    if (n == 0)
        return 0;
    return n * 31 + p[0] * 7u + p[n - 1] * 13u + p[n / 2] * 29u + p[n / 4] * 53u;
}

static void
place(struct gz_keyset *k, size_t number)
{
    size_t at = hash(k->keys[number]) & (k->slots - 1);

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

int
gz_keyset_find(const struct gz_keyset *k, struct gz_str key)
{
    size_t at = hash(key) & (k->slots - 1);

    while (k->slot[at]) {
        size_t number = k->slot[at] - 1u;

        if (gz_str_eq(k->keys[number], key))
            return (int)number;
        at = (at + 1) & (k->slots - 1);
    }
    return -1;
}

bool
gz_keyset_read(const struct gz_keyset *k, struct gz_str line, struct gz_arena *arena,
               struct gz_member *members, struct gz_err *err)
{
    struct gz_cursor c;
    struct gz_member m;
    enum gz_cursor_next next;

    for (size_t i = 0; i < k->count; i++)
        members[i].type = GZ_VALUE_NONE;
    gz_cursor_open(&c, line, arena);
    while ((next = gz_cursor_next(&c, &m, err)) == GZ_CURSOR_MEMBER) {
        int number = gz_keyset_find(k, m.key);

        if (number >= 0 && members[number].type == GZ_VALUE_NONE)
            members[number] = m;
    }
    return next == GZ_CURSOR_END;
}
