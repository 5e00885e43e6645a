// SPDX-License-Identifier: MIT
#include "record/csvrow.h"

#include "base/tr.h"
#include "io/csvlib.h"
#include "record/writer.h"

void
gz_csvrow_header(const struct gz_kind *k, struct gz_buf *out)
{
    for (size_t i = 0; i < k->count; i++) {
        if (i)
            gz_buf_char(out, ',');
        gz_buf_add(out, k->field[i].name);
    }
}

static struct gz_str
join(struct gz_arena *arena, struct gz_str a, struct gz_str b, struct gz_str c)
{
    size_t len = a.len + b.len + c.len;
    struct gz_buf all = { gz_arena_alloc(arena, len + 1, 1, 1), 0, len + 1 };

    gz_buf_add(&all, a);
    gz_buf_add(&all, b);
    gz_buf_add(&all, c);
    return gz_buf_str(&all);
}

static void
join_list(const struct gz_member *m, struct gz_arena *arena, struct gz_buf *out)
{
    size_t count;
    struct gz_str *item = gz_member_list(m, arena, &count);

    for (size_t i = 0; i < count; i++) {
        if (i)
            gz_buf_char(out, '|');
        for (size_t j = 0; j < item[i].len; j++) {
            if (item[i].ptr[j] == '|' || item[i].ptr[j] == '\\')
                gz_buf_char(out, '\\');
            gz_buf_char(out, item[i].ptr[j]);
        }
    }
}

static struct gz_str
cell_text(const struct gz_member *m, struct gz_arena *arena, struct gz_buf *scratch)
{
    if (m->type == GZ_VALUE_OBJECT)
        return m->raw;
    if (m->type != GZ_VALUE_ARRAY)
        return gz_member_text(m, arena);
    scratch->len = 0;
    join_list(m, arena, scratch);
    return gz_arena_dup(arena, gz_buf_str(scratch));
}

bool
gz_csvrow_from_json(const struct gz_kind *k, const struct gz_keyset *keys,
                    struct gz_member *members, struct gz_str line, bool guard,
                    struct gz_arena *arena, struct gz_buf *out, struct gz_err *err)
{
    struct gz_buf scratch = { 0 };
    int rec = gz_keyset_find(keys, GZ_STR("rec"));

    if (!gz_keyset_read(keys, line, arena, members, err))
        return false;
    if (!gz_str_eq(gz_member_text(&members[rec], arena), k->name))
        return false;
    for (size_t i = 0; i < k->count; i++) {
        struct gz_str cell = cell_text(&members[i], arena, &scratch);

        if (i)
            gz_buf_char(out, ',');
        if (guard)
            gz_csvlib_put_guarded(out, cell, ',');
        else
            gz_csvlib_put(out, cell, ',');
    }
    gz_buf_release(&scratch);
    return true;
}

static void
put_list(struct gz_str cell, struct gz_arena *arena, struct gz_buf *out)
{
    struct gz_buf item = { gz_arena_alloc(arena, cell.len + 1, 1, 1), 0, cell.len + 1 };
    bool first = true;

    for (size_t i = 0; i <= cell.len; i++) {
        if (i == cell.len || cell.ptr[i] == '|') {
            gz_buf_char(out, first ? '[' : ',');
            gz_write_string(out, gz_buf_str(&item));
            item.len = 0;
            first = false;
            continue;
        }
        if (cell.ptr[i] == '\\' && i + 1 < cell.len)
            i++;
        gz_buf_char(&item, cell.ptr[i]);
    }
    gz_buf_char(out, ']');
}

// Is `s` one JSON value of this type and nothing else?
static bool
is_json(struct gz_str s, enum gz_value_type type, struct gz_arena *arena)
{
    struct gz_str line = join(arena, GZ_STR("{\"a\":"), s, GZ_STR("}"));
    struct gz_err ignored = { 0 };
    struct gz_member m, end;
    struct gz_cursor c;

    gz_cursor_open(&c, line, arena);
    return gz_cursor_next(&c, &m, &ignored) == GZ_CURSOR_MEMBER && m.type == type &&
           m.raw.len == s.len && gz_cursor_next(&c, &end, &ignored) == GZ_CURSOR_END;
}

enum gz_err_kind
gz_csvrow_to_json(const struct gz_field *field, struct gz_str cell,
                  struct gz_arena *arena, struct gz_buf *out, struct gz_err *err)
{
    gz_buf_char(out, '"');
    gz_buf_add(out, field->name);
    gz_buf_lit(out, "\":");
    switch (field->type) {
    case GZ_FIELD_NUM:
        if (!is_json(cell, GZ_VALUE_NUMBER, arena))
            break;
        gz_buf_add(out, cell);
        return GZ_OK;
    case GZ_FIELD_MAP:
        if (!is_json(cell, GZ_VALUE_OBJECT, arena))
            break;
        gz_buf_add(out, cell);
        return GZ_OK;
    case GZ_FIELD_LIST:
        put_list(cell, arena, out);
        return GZ_OK;
    case GZ_FIELD_TEXT:
    case GZ_FIELD_ID:
    case GZ_FIELD_TIME:
    case GZ_FIELD_YN:
    case GZ_FIELD_ENUM:
        gz_write_string(out, cell);
        return GZ_OK;
    }
    gz_err_set(err, GZ_ERR_DATA,
               field->type == GZ_FIELD_NUM
                   ? N_("'" GZ_STR_FMT "' in column '" GZ_STR_FMT "' is no number")
                   : N_("'" GZ_STR_FMT "' in column '" GZ_STR_FMT "' is no JSON object"),
               GZ_STR_ARG(gz_str_first(cell, 40)), GZ_STR_ARG(field->name));
    gz_err_code(err, "cell");
    return err->kind;
}
