// SPDX-License-Identifier: MIT
#include "record/schema.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/tr.h"
#include "pack/sheet.h"

static const char *const type_names[] = {
    [GZ_FIELD_TEXT] = "text", [GZ_FIELD_ID] = "id",     [GZ_FIELD_TIME] = "time",
    [GZ_FIELD_YN] = "yn",     [GZ_FIELD_ENUM] = "enum", [GZ_FIELD_NUM] = "num",
    [GZ_FIELD_LIST] = "list", [GZ_FIELD_MAP] = "map",
};

static enum gz_field_type
type_of(struct gz_str word)
{
    for (size_t i = 0; i < GZ_COUNT(type_names); i++)
        if (gz_str_is(word, type_names[i]))
            return (enum gz_field_type)i;
    return GZ_FIELD_TEXT;
}

// The columns of lib/data/schema.csv.
enum { REC, FIELD, TYPE, ZH, EN, VALUES, COLUMNS };

static size_t
rows_of_kind(const struct gz_sheet *sheet, size_t first)
{
    size_t n = 1;

    while (first + n < sheet->rows && sheet->row[first + n].cell[FIELD].len)
        n++;
    return n;
}

static void
add_name(struct gz_kind *k, uint16_t *index, struct gz_str name, uint16_t field)
{
    bool added;
    uint32_t n = gz_map_put(&k->by_name, name, &added);

    if (added)
        index[n] = field;
}

static void
load_kind(struct gz_kind *k, const struct gz_sheet_row *row, size_t rows,
          struct gz_arena *arena)
{
    struct gz_field *field = gz_arena_new(arena, struct gz_field, rows);
    uint16_t *index = gz_arena_new(arena, uint16_t, rows * 2);

    k->name = row->cell[REC];
    k->en = row->cell[EN];
    k->zh = row->cell[ZH];
    k->count = rows - 1;
    for (uint16_t i = 0; i + 1u < rows; i++) {
        const struct gz_str *cell = row[i + 1].cell;

        field[i] = (struct gz_field){ cell[FIELD], type_of(cell[TYPE]), cell[EN],
                                      cell[ZH],    cell[VALUES],        i };
    }
    // Names first: where a label is also a name, the name wins.
    for (uint16_t i = 0; i < k->count; i++)
        add_name(k, index, field[i].name, i);
    for (uint16_t i = 0; i < k->count; i++)
        add_name(k, index, field[i].zh, i);
    k->field = field;
    k->by_name_index = index;
}

struct gz_schema *
gz_schema_load(struct gz_arena *arena)
{
    struct gz_schema *s = gz_arena_new(arena, struct gz_schema, 1);
    struct gz_err err = { 0 };
    struct gz_sheet *sheet = gz_sheet_builtin("schema.csv", arena, &err);
    struct gz_kind *kind;

    // It is built in and a unit test reads it: a fault here is a broken build.
    if (!sheet || sheet->columns != COLUMNS)
        gz_fatal_memory(0);
    kind = gz_arena_new(arena, struct gz_kind, sheet->rows);
    for (size_t i = 0; i < sheet->rows;) {
        size_t n = rows_of_kind(sheet, i);

        load_kind(&kind[s->count++], &sheet->row[i], n, arena);
        i += n;
    }
    s->kind = kind;
    return s;
}

void
gz_schema_release(struct gz_schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++) {
        struct gz_map by_name = s->kind[i].by_name;

        gz_map_release(&by_name);
    }
    s->count = 0;
}

const struct gz_kind *
gz_schema_kind(const struct gz_schema *s, struct gz_str name)
{
    for (size_t i = 0; i < s->count; i++)
        if (gz_str_eq(s->kind[i].name, name) || gz_str_eq(s->kind[i].zh, name))
            return &s->kind[i];
    return NULL;
}

enum gz_err_kind
gz_schema_unknown_kind(const struct gz_schema *s, const char *name, struct gz_err *err)
{
    struct gz_near near = { .want = gz_str_of(name) };

    for (size_t i = 0; i < s->count; i++)
        gz_near_try(&near, s->kind[i].name);
    return gz_err_set(err, GZ_ERR_USAGE, _("unknown kind of record '%s'%s"), name,
                      gz_near_hint(&near));
}

const struct gz_field *
gz_kind_field(const struct gz_kind *k, struct gz_str name)
{
    uint32_t n = gz_map_get(&k->by_name, name);

    return n == GZ_MAP_NONE ? NULL : &k->field[k->by_name_index[n]];
}

const struct gz_field *
gz_kind_nearest(const struct gz_kind *k, struct gz_str name)
{
    const struct gz_field *best = NULL;
    size_t limit = name.len / 3 + 1;

    for (size_t i = 0; i < k->count; i++) {
        size_t d = gz_str_distance(name, k->field[i].name, limit);

        if (d < limit) {
            limit = d;
            best = &k->field[i];
        }
    }
    return best;
}
