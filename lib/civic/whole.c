// SPDX-License-Identifier: MIT
#include "civic/whole.h"

void
gz_whole_read(struct gz_whole *v, struct gz_str line, struct gz_arena *arena)
{
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err err = { 0 };

    *v = (struct gz_whole){ .arena = arena };
    gz_cursor_open(&c, line, arena);
    while (gz_cursor_next(&c, &m, &err) == GZ_CURSOR_MEMBER) {
        v->member =
            gz_arena_grow(arena, v->member, &v->cap, v->count + 1, sizeof(*v->member));
        v->member[v->count++] = m;
    }
}

static const struct gz_member *
find(const struct gz_whole *v, struct gz_str field)
{
    for (size_t i = 0; i < v->count; i++)
        if (gz_str_eq(v->member[i].key, field))
            return &v->member[i];
    return NULL;
}

struct gz_str
gz_whole_text(const struct gz_whole *v, struct gz_str field)
{
    const struct gz_member *m = find(v, field);

    return m ? gz_member_text(m, v->arena) : (struct gz_str){ NULL, 0 };
}

struct gz_str *
gz_whole_list(const struct gz_whole *v, struct gz_str field, size_t *count)
{
    const struct gz_member *m = find(v, field);

    *count = 0;
    return m ? gz_member_list(m, v->arena, count) : NULL;
}

bool
gz_whole_has(const struct gz_whole *v, struct gz_str field, struct gz_str s)
{
    size_t count;
    struct gz_str *list = gz_whole_list(v, field, &count);

    for (size_t i = 0; i < count; i++)
        if (gz_str_eq(list[i], s))
            return true;
    return false;
}
