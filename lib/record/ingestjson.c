// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/jsonsplit.h"
#include "record/cursor.h"
#include "record/ingest.h"
#include "record/writer.h"

enum { MAX_COLUMNS = 2000, MAX_DEPTH = 8 };

// An object becomes a row: its members, those of objects inside by "outer.inner", are
// cells under the column of that name. Arrays stay as they are.
struct gz_ingest_json {
    struct gz_jsonsplit *split;
    struct gz_map columns; // names to columns
    bool collecting;       // names that are new become columns
    bool records;          // our own stream: passed on as it is
    struct gz_arena row;
    struct gz_csv_field *field;
    bool *filled; // columns that this row has
    size_t count;
    struct gz_str raw_held[GZ_INGEST_SAMPLE_ROWS];
    uint64_t line_held[GZ_INGEST_SAMPLE_ROWS];
    struct gz_err err_held[GZ_INGEST_SAMPLE_ROWS];
    size_t held;
    // Of the walk.
    struct gz_ingest *g;
    struct gz_str path;
    int depth;
    struct gz_err *why;
};

static void each_member(void *ctx, const struct gz_member *m);

static void
twice(struct gz_err *why, struct gz_str key)
{
    gz_err_set(why, GZ_ERR_DATA, _("the member '" GZ_STR_FMT "' is there twice"),
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
put_cell(struct gz_ingest_json *j, struct gz_str name, struct gz_str text)
{
    uint32_t c = j->collecting && j->columns.count < MAX_COLUMNS
                     ? gz_map_put(&j->columns, name, NULL)
                     : gz_map_get(&j->columns, name);

    if (j->collecting)
        return;
    if (c == GZ_MAP_NONE) {
        if (text.len)
            gz_mapping_extra(j->g->mapping, name, text);
        return;
    }
    if (j->filled[c]) {
        twice(j->why, name);
        return;
    }
    j->filled[c] = true;
    // Marked as quoted, so that line ends and blanks in it are seen to.
    j->field[c] = (struct gz_csv_field){ text, true, false };
    if (c + 1u > j->count)
        j->count = c + 1u;
}

static void
each_member(void *ctx, const struct gz_member *m)
{
    struct gz_ingest_json *j = ctx;
    struct gz_str outer = j->path, name = m->key;

    if (outer.len)
        name = gz_arena_printf(&j->row, GZ_STR_FMT "." GZ_STR_FMT, GZ_STR_ARG(outer),
                               GZ_STR_ARG(m->key));
    if (m->type == GZ_VALUE_OBJECT && j->depth < MAX_DEPTH) {
        j->path = name;
        j->depth++;
        gz_member_each(m, &j->row, each_member, j);
        j->depth--;
        j->path = outer;
        return;
    }
    if (m->type == GZ_VALUE_ARRAY || m->type == GZ_VALUE_OBJECT)
        put_cell(j, name,
                 m->raw.len > 2 ? compact(&j->row, m->raw) : (struct gz_str){ NULL, 0 });
    else
        put_cell(j, name, gz_member_text(m, &j->row));
}

// All members of one object, each checked. False and *why when it is no record.
static bool
walk(struct gz_ingest_json *j, struct gz_str value, struct gz_err *why)
{
    struct gz_cursor c;
    struct gz_member m;
    struct gz_map seen = { 0 };
    enum gz_cursor_next next;
    size_t good = gz_utf8_valid_prefix(value);

    j->why = why;
    j->count = 0;
    j->path = (struct gz_str){ NULL, 0 };
    gz_arena_reset(&j->row);
    if (j->filled)
        memset(j->filled, 0, j->columns.count * sizeof(*j->filled));
    if (j->field)
        memset(j->field, 0, j->columns.count * sizeof(*j->field));
    if (good < value.len) {
        gz_err_set(why, GZ_ERR_DATA, _("byte 0x%02x is no UTF-8"),
                   (unsigned)(unsigned char)value.ptr[good]);
        gz_err_code(why, "encoding");
        return false;
    }
    gz_cursor_open(&c, value, &j->row);
    while ((next = gz_cursor_next(&c, &m, why)) == GZ_CURSOR_MEMBER && !why->kind) {
        bool added;

        gz_map_put(&seen, m.key, &added);
        if (!added)
            twice(why, m.key);
        else if (!j->records)
            each_member(j, &m);
    }
    gz_map_release(&seen);
    return next == GZ_CURSOR_END && !why->kind;
}

// ---- the beginning ----

static enum gz_err_kind
read_sample(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;
    size_t bytes = 0;

    while (j->held < GZ_INGEST_SAMPLE_ROWS && bytes < GZ_INGEST_SAMPLE_BYTES) {
        struct gz_str value = { NULL, 0 };
        struct gz_err why = { 0 };
        uint64_t line = 0;
        enum gz_jsonsplit_next n = gz_jsonsplit_next(j->split, &value, &line, &why);

        if (n == GZ_JSONSPLIT_END)
            break;
        if (n == GZ_JSONSPLIT_FAIL) {
            *err = why;
            return err->kind;
        }
        j->raw_held[j->held] = gz_arena_dup(&g->arena, value);
        j->line_held[j->held] = n == GZ_JSONSPLIT_BAD ? why.line : line;
        j->err_held[j->held++] = why;
        bytes += value.len;
    }
    return GZ_OK;
}

static bool
is_own_stream(const struct gz_ingest *g)
{
    struct gz_ingest_json *j = g->json;

    for (size_t i = 0; i < j->held; i++) {
        struct gz_str head = gz_str_first(j->raw_held[i], 9);

        if (!j->err_held[i].kind)
            return gz_str_starts(head, GZ_STR("{\"rec\":"));
    }
    return false;
}

static enum gz_err_kind
choose_columns(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;
    const struct gz_layout *const *layouts;
    size_t count = gz_ingest_layouts(g, &layouts, err);

    if (!count)
        return err->kind;
    j->collecting = true;
    for (size_t i = 0; i < j->held; i++) {
        struct gz_err why = { 0 };

        if (!j->err_held[i].kind)
            walk(j, j->raw_held[i], &why);
    }
    j->collecting = false;
    j->field = gz_arena_new(&g->arena, struct gz_csv_field, j->columns.count);
    j->filled = gz_arena_new(&g->arena, bool, j->columns.count);
    if (!gz_ingest_consider(g, layouts, count, j->columns.keys, j->columns.count)) {
        struct gz_buf seen = { 0 };

        for (size_t i = 0; i < j->columns.count && seen.len < 100; i++) {
            gz_buf_cstr(&seen, i ? "," : "");
            gz_buf_add(&seen, j->columns.keys[i]);
        }
        gz_err_set(err, GZ_ERR_USAGE,
                   _("no layout fits: the members are '%.*s'; name one with --layout "
                     "(--list-layouts)"),
                   (int)gz_utf8_fit(gz_buf_str(&seen), 70).len, seen.ptr ? seen.ptr : "");
        gz_buf_release(&seen);
    }
    return err->kind;
}

size_t
gz_ingest_json_sample(struct gz_ingest *g,
                      void (*each)(struct gz_ingest *g, const struct gz_csv_field *cell,
                                   size_t count, void *ctx),
                      void *ctx)
{
    struct gz_ingest_json *j = g->json;
    size_t rows = 0;

    for (size_t i = 0; i < j->held && !j->records; i++) {
        struct gz_err why = { 0 };

        if (!j->err_held[i].kind && walk(j, j->raw_held[i], &why)) {
            each(g, j->field, j->count, ctx);
            rows++;
        }
    }
    return rows;
}

static void
show_mapping(struct gz_ingest *g, const struct gz_csv_field *cell, size_t count,
             void *ctx)
{
    (void)ctx;
    gz_mapping_sample(g->mapping, cell, count);
}

enum gz_err_kind
gz_ingest_json_open(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = gz_mem_zalloc(1, sizeof(*j));

    g->json = j;
    j->g = g;
    j->split = gz_jsonsplit_open(g->in, NULL, g->o->max_record);
    if (read_sample(g, err))
        return err->kind;
    if (j->held == 0)
        return gz_err_set(err, GZ_ERR_FORMAT, _("the input is empty"));
    if (is_own_stream(g) && (!g->o->layout || strcmp(g->o->layout, "records") == 0)) {
        j->records = true;
        g->layout = gz_layout_load(GZ_STR("records"), g->o->schema, &g->arena, err);
        return g->layout ? gz_ingest_bind_columns(g, err) : err->kind;
    }
    if (choose_columns(g, err) || gz_ingest_bind_columns(g, err))
        return err->kind;
    gz_ingest_json_sample(g, show_mapping, NULL);
    return gz_ingest_settle(g, err);
}

void
gz_ingest_json_close(struct gz_ingest *g)
{
    if (!g->json)
        return;
    gz_jsonsplit_close(g->json->split);
    gz_map_release(&g->json->columns);
    gz_arena_free(&g->json->row);
    free(g->json);
}

// ---- rows ----

// A record of our own is passed on byte for byte.
static enum gz_err_kind
pass(struct gz_ingest *g, struct gz_str value, struct gz_err *err)
{
    size_t from = g->out->len;

    gz_buf_add(g->out, value);
    // Values of a document may lie on several lines; a line end inside one is only blank.
    for (size_t i = from; i < g->out->len; i++)
        if (g->out->ptr[i] == '\n' || g->out->ptr[i] == '\r')
            g->out->ptr[i] = ' ';
    gz_buf_char(g->out, '\n');
    g->rows++;
    g->used++;
    g->records++;
    return g->hooks->tick(g->hooks->ctx, err);
}

static enum gz_err_kind
take(struct gz_ingest *g, struct gz_str value, uint64_t line, struct gz_err *why,
     struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;
    struct gz_csv_row row = { .line = line, .lines = 1, .raw = value };

    if (why->kind || !walk(j, value, why)) {
        // The cursor knows the column; the line is that of the value.
        why->line = line;
        return gz_ingest_reject(g, why, &row, err);
    }
    if (j->records)
        return pass(g, value, err);
    row.field = j->field;
    row.count = j->columns.count;
    row.raw = (struct gz_str){ NULL, 0 };
    return gz_ingest_row(g, &row, err);
}

enum gz_err_kind
gz_ingest_json_run(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;

    for (size_t i = 0; i < j->held; i++)
        if (take(g, j->raw_held[i], j->line_held[i], &j->err_held[i], err))
            return err->kind;
    for (;;) {
        struct gz_str value = { NULL, 0 };
        struct gz_err why = { 0 };
        uint64_t line = 0;
        enum gz_jsonsplit_next n = gz_jsonsplit_next(j->split, &value, &line, &why);

        if (n == GZ_JSONSPLIT_END)
            return GZ_OK;
        if (n == GZ_JSONSPLIT_FAIL) {
            *err = why;
            return err->kind;
        }
        if (take(g, value, n == GZ_JSONSPLIT_BAD ? why.line : line, &why, err))
            return err->kind;
    }
}
