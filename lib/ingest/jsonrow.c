// SPDX-License-Identifier: MIT
#include "ingest/jsonrow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { MAX_COLUMNS = 2000, MAX_DEPTH = 8, MAX_UPS = 500 };

void
gz_jsonrow_init(struct gz_jsonrow *j)
{
    memset(j, 0, sizeof(*j));
    j->table = gz_mem_zalloc(1, sizeof(*j->table));
    j->tables = 1;
}

void
gz_jsonrow_release(struct gz_jsonrow *j)
{
    for (size_t i = 0; i < j->tables; i++) {
        gz_map_release(&j->table[i].columns);
        gz_arena_free(&j->table[i].row);
        if (i)
            gz_mapping_free(j->table[i].mapping);
    }
    gz_map_release(&j->picked);
    free(j->table);
}

// ---- what the layout asks for ----

// "Items.0.Title" picks "Items.0", and "a.0.b.1" also "a.0.b.1".
static void
pick_name(struct gz_jsonrow *j, struct gz_str name)
{
    for (size_t from = 0, to; from < name.len; from = to + 1) {
        bool number = true;

        for (to = from; to < name.len && name.ptr[to] != '.'; to++)
            number = number && name.ptr[to] >= '0' && name.ptr[to] <= '9';
        if (number && from && to > from)
            gz_map_put(&j->picked, gz_str_first(name, to), NULL);
    }
}

void
gz_jsonrow_pick(struct gz_jsonrow *j, const struct gz_layout *l, struct gz_arena *arena)
{
    (void)arena;
    for (size_t i = 0; i < l->count; i++)
        for (size_t p = 0; p < l->field[i].parts; p++)
            for (size_t n = 0; n < l->field[i].part[p].count; n++)
                pick_name(j, l->field[i].part[p].name[n]);
    for (size_t i = 0; i < l->parts; i++)
        gz_jsonrow_pick(j, &l->part[i], arena);
}

// The table in whose rows the array at `path` lies: that of the longest path before it.
static void
find_parent(struct gz_jsonrow *j, struct gz_json_table *t, struct gz_str path)
{
    t->parent = 0;
    t->name = path;
    for (size_t i = 1; i < j->tables; i++) {
        struct gz_str at = j->table[i].part->at;

        if (path.len > at.len + 1 && gz_str_starts(path, at) && path.ptr[at.len] == '.' &&
            path.len - at.len - 1 < t->name.len) {
            t->parent = i;
            t->name = gz_str_from(path, at.len + 1);
        }
    }
    j->table[t->parent].has_parts = true;
}

void
gz_jsonrow_parts(struct gz_jsonrow *j, const struct gz_layout *l, struct gz_arena *arena)
{
    struct gz_json_table *all = gz_mem_zalloc(1 + l->parts, sizeof(*all));

    (void)arena;
    all[0] = j->table[0];
    free(j->table);
    j->table = all;
    j->tables = 1 + l->parts;
    for (size_t i = 0; i < l->parts; i++)
        all[1 + i].part = &l->part[i];
    for (size_t i = 1; i < j->tables; i++)
        find_parent(j, &all[i], all[i].part->at);
}

void
gz_jsonrow_fix(struct gz_json_table *t, struct gz_arena *arena)
{
    t->field = gz_arena_new(arena, struct gz_csv_field, t->columns.count);
    t->filled = gz_arena_new(arena, bool, t->columns.count);
}

// ---- cells ----

static void
twice(struct gz_err *why, struct gz_str key)
{
    gz_err_set(why, GZ_ERR_DATA, N_("the member '" GZ_STR_FMT "' is there twice"),
               GZ_STR_ARG(gz_str_first(key, 60)));
    gz_err_code(why, "duplicate");
}

// An array as it stands, without white space between its parts.
static struct gz_str
compact(struct gz_arena *arena, struct gz_str raw)
{
    char *to = gz_arena_alloc(arena, raw.len, 1, 1);
    size_t n = 0;
    bool inside = false;

    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];

        if (inside && c == '\\' && i + 1 < raw.len) {
            to[n++] = c;
            c = raw.ptr[++i];
        } else if (c == '"') {
            inside = !inside;
        } else if (!inside && (unsigned char)c <= ' ') {
            continue;
        }
        to[n++] = c;
    }
    return (struct gz_str){ to, n };
}

static void
put_cell(struct gz_jsonrow *j, struct gz_str name, struct gz_str text)
{
    struct gz_json_table *t = j->at;
    uint32_t c = j->collecting && t->columns.count < MAX_COLUMNS
                     ? gz_map_put(&t->columns, name, NULL)
                     : gz_map_get(&t->columns, name);

    if (!t->field)
        return;
    if (c == GZ_MAP_NONE) {
        if (text.len && t->mapping && !gz_str_starts(name, GZ_STR("^.")))
            gz_mapping_extra(t->mapping, name, text);
        return;
    }
    if (t->filled[c]) {
        twice(j->why, name);
        return;
    }
    t->filled[c] = true;
    // Marked as quoted, so that line ends and blanks in it are seen to.
    t->field[c] = (struct gz_csv_field){ text, true, false };
    if (c + 1u > t->count)
        t->count = c + 1u;
}

static void
put_up(struct gz_json_table *t, struct gz_str name, struct gz_str text)
{
    if (!t->has_parts || !text.len || t->ups >= MAX_UPS)
        return;
    t->up = gz_arena_grow(&t->row, t->up, &t->ups_cap, t->ups + 1, sizeof(*t->up));
    t->up[t->ups++] =
        (struct gz_json_up){ gz_arena_printf(&t->row, "^." GZ_STR_FMT, GZ_STR_ARG(name)),
                             text };
}

static void each_value(struct gz_jsonrow *j, struct gz_str name,
                       const struct gz_member *m);

static void
each_member(void *ctx, const struct gz_member *m)
{
    struct gz_jsonrow *j = ctx;
    struct gz_str name = m->key;

    if (j->path.len)
        name = gz_arena_printf(&j->at->row, GZ_STR_FMT "." GZ_STR_FMT,
                               GZ_STR_ARG(j->path), GZ_STR_ARG(m->key));
    each_value(j, name, m);
}

struct picking {
    struct gz_jsonrow *j;
    struct gz_str name;
    size_t n;
};

static void
each_picked(void *ctx, const struct gz_member *item)
{
    struct picking *p = ctx;
    struct gz_str name =
        gz_arena_printf(&p->j->at->row, GZ_STR_FMT ".%zu", GZ_STR_ARG(p->name), p->n++);

    if (gz_map_get(&p->j->picked, name) != GZ_MAP_NONE)
        each_value(p->j, name, item);
}

// Is the array one whose elements are rows of a part? Then it is no cell.
static bool
takes_array(struct gz_jsonrow *j, struct gz_str name, const struct gz_member *m)
{
    bool taken = false;

    for (size_t i = 1; i < j->tables; i++)
        if (&j->table[j->table[i].parent] == j->at && gz_str_eq(j->table[i].name, name)) {
            j->table[i].array = *m;
            taken = true;
        }
    return taken;
}

static void
each_value(struct gz_jsonrow *j, struct gz_str name, const struct gz_member *m)
{
    struct gz_arena *row = &j->at->row;
    struct gz_str text = { NULL, 0 };
    bool taken;

    if (m->type == GZ_VALUE_OBJECT && j->depth < MAX_DEPTH) {
        struct gz_str outer = j->path;

        j->path = name;
        j->depth++;
        gz_member_each(m, row, each_member, j);
        j->depth--;
        j->path = outer;
        return;
    }
    taken = m->type == GZ_VALUE_ARRAY && takes_array(j, name, m);
    if (m->type == GZ_VALUE_ARRAY && j->picked.count && j->depth < MAX_DEPTH) {
        struct picking p = { j, name, 0 };

        j->depth++;
        gz_member_items(m, each_picked, &p);
        j->depth--;
    }
    if (taken)
        return;
    if (m->type == GZ_VALUE_ARRAY || m->type == GZ_VALUE_OBJECT) {
        if (m->raw.len > 2)
            text = compact(row, m->raw);
    } else {
        text = gz_member_text(m, row);
        put_up(j->at, name, text);
    }
    put_cell(j, name, text);
}

// ---- rows ----

// Without the arena: the row may be made of what lies in it.
static void
clear_row(struct gz_jsonrow *j, struct gz_json_table *t)
{
    t->count = 0;
    t->up = NULL;
    t->ups = t->ups_cap = 0;
    if (t->filled)
        memset(t->filled, 0, t->columns.count * sizeof(*t->filled));
    if (t->field)
        memset(t->field, 0, t->columns.count * sizeof(*t->field));
    for (size_t i = 1; t->has_parts && i < j->tables; i++)
        if (&j->table[j->table[i].parent] == t)
            j->table[i].array.type = GZ_VALUE_NONE;
}

static void
begin_row(struct gz_jsonrow *j, struct gz_json_table *t)
{
    j->at = t;
    j->path = (struct gz_str){ NULL, 0 };
    gz_arena_reset(&t->row);
    clear_row(j, t);
}

static void emit(struct gz_jsonrow *j, struct gz_json_table *t);

struct making {
    struct gz_jsonrow *j;
    struct gz_json_table *t;
};

static void
each_item(void *ctx, const struct gz_member *item)
{
    struct making *m = ctx;
    struct gz_jsonrow *j = m->j;
    const struct gz_json_table *outer = &j->table[m->t->parent];

    if (j->why->kind)
        return;
    begin_row(j, m->t);
    if (item->type == GZ_VALUE_OBJECT)
        gz_member_each(item, &m->t->row, each_member, j);
    else
        each_value(j, GZ_STR("."), item);
    for (size_t i = 0; i < outer->ups; i++) {
        put_cell(j, outer->up[i].name, outer->up[i].text);
        put_up(m->t, outer->up[i].name, outer->up[i].text);
    }
    if (!j->why->kind)
        emit(j, m->t);
}

// The row of `t` is made: hand it over, then the rows of arrays inside.
static void
emit(struct gz_jsonrow *j, struct gz_json_table *t)
{
    if (j->row)
        j->row(j->ctx, t, j->why);
    for (size_t i = 1; t->has_parts && i < j->tables && !j->why->kind; i++) {
        struct making m = { j, &j->table[i] };

        if (&j->table[j->table[i].parent] == t)
            gz_member_items(&j->table[i].array, each_item, &m);
    }
}

enum gz_err_kind
gz_jsonrow_walk(struct gz_jsonrow *j, struct gz_str value, struct gz_err *why)
{
    struct gz_cursor c;
    struct gz_member m;
    struct gz_map seen = { 0 };
    enum gz_cursor_next next;
    size_t good = gz_utf8_valid_prefix(value);

    j->why = why;
    begin_row(j, &j->table[0]);
    if (good < value.len) {
        gz_err_set(why, GZ_ERR_DATA, N_("byte 0x%02x is no UTF-8"),
                   (unsigned)(unsigned char)value.ptr[good]);
        gz_err_code(why, "encoding");
        return why->kind;
    }
    gz_cursor_open(&c, value, &j->table[0].row);
    while ((next = gz_cursor_next(&c, &m, why)) == GZ_CURSOR_MEMBER && !why->kind) {
        bool added;

        gz_map_put(&seen, m.key, &added);
        if (!added)
            twice(why, m.key);
        else if (!j->check_only)
            each_member(j, &m);
    }
    gz_map_release(&seen);
    if (next != GZ_CURSOR_END && !why->kind)
        gz_err_set(why, GZ_ERR_DATA, N_("this is no JSON object"));
    if (!why->kind && !j->check_only)
        emit(j, &j->table[0]);
    return why->kind;
}
