// SPDX-License-Identifier: MIT
#include "link/fields.h"

#include <stdlib.h>

#include "record/writer.h"

#define NAME(name) #name,
static const char *const names[] = { GZ_LINK_FIELDS(NAME) };
#undef NAME

void
gz_fields_init(struct gz_keyset *keys, struct gz_arena *arena)
{
    gz_keyset_init(keys, arena);
    for (size_t i = 0; i < GZ_F_COUNT; i++)
        gz_keyset_add(keys, gz_str_of(names[i]));
}

const char *
gz_fields_name(enum gz_link_field field)
{
    return names[field];
}

// ---- splicing ----

void
gz_splice_begin(struct gz_splice *s, const struct gz_member *have)
{
    s->have = have;
    s->body.len = s->linked.len = 0;
}

void
gz_splice_release(struct gz_splice *s)
{
    gz_buf_release(&s->body);
    gz_buf_release(&s->linked);
}

static bool
open_fact(struct gz_splice *s, enum gz_link_field field)
{
    if (s->have && s->have[field].type != GZ_VALUE_NONE)
        return false;
    if (s->linked.len)
        gz_buf_char(&s->linked, ',');
    gz_buf_char(&s->linked, '"');
    gz_buf_cstr(&s->linked, names[field]);
    gz_buf_char(&s->linked, '"');
    return true;
}

void
gz_splice_text(struct gz_splice *s, enum gz_link_field field, struct gz_str value)
{
    if (value.len && open_fact(s, field))
        gz_write_text(&s->body, names[field], value);
}

void
gz_splice_u64(struct gz_splice *s, enum gz_link_field field, uint64_t value)
{
    if (open_fact(s, field))
        gz_write_u64(&s->body, names[field], value);
}

void
gz_splice_write(const struct gz_splice *s, struct gz_str line, struct gz_buf *out)
{
    size_t brace = line.len;

    if (s->body.len) {
        while (brace && line.ptr[brace - 1] != '}')
            brace--;
        brace -= brace > 0;
    }
    gz_buf_add(out, gz_str_first(line, brace));
    if (s->body.len) {
        gz_buf_add(out, gz_buf_str(&s->body));
        gz_buf_lit(out, ",\"linked\":[");
        gz_buf_add(out, gz_buf_str(&s->linked));
        gz_buf_char(out, ']');
    }
    gz_buf_add(out, gz_str_from(line, brace));
    gz_buf_char(out, '\n');
}

// ---- stripping ----

struct cut {
    size_t from, to;
};

static int
by_from(const void *a, const void *b)
{
    const struct cut *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

// The bytes of a member with the comma before it; false if it does not lie in the line.
static bool
cut_of(struct gz_str line, const struct gz_member *m, struct cut *out)
{
    const char *end = m->raw.ptr + m->raw.len, *from = m->pos;

    if (m->pos < line.ptr || end > line.ptr + line.len || m->pos > end)
        return false;
    while (from > line.ptr && *from != ',' && *from != '{')
        from--;
    if (*from != ',')
        return false;
    *out = (struct cut){ (size_t)(from - line.ptr), (size_t)(end - line.ptr) };
    return true;
}

bool
gz_fields_strip(struct gz_str line, const struct gz_keyset *keys, struct gz_member *have,
                struct gz_arena *arena, struct gz_buf *out)
{
    struct cut cut[GZ_F_COUNT];
    size_t count = 0, wanted, at = 0;
    struct gz_str *list = gz_member_list(&have[GZ_F_linked], arena, &wanted);

    if (!cut_of(line, &have[GZ_F_linked], &cut[count++]))
        return false;
    for (size_t i = 0; i < wanted; i++) {
        int field = gz_keyset_find(keys, list[i]);

        if (field < 0 || field == GZ_F_rec || field == GZ_F_linked ||
            have[field].type == GZ_VALUE_NONE || count == GZ_F_COUNT)
            continue;
        if (!cut_of(line, &have[field], &cut[count++]))
            return false;
        have[field].type = GZ_VALUE_NONE;
    }
    have[GZ_F_linked].type = GZ_VALUE_NONE;
    qsort(cut, count, sizeof(*cut), by_from);
    for (size_t i = 0; i < count; i++) {
        gz_buf_add(out, (struct gz_str){ line.ptr + at, cut[i].from - at });
        at = cut[i].to;
    }
    gz_buf_add(out, gz_str_from(line, at));
    return true;
}
