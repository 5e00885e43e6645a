// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/ingest.h"
#include "ingest/jsonrow.h"
#include "ingest/recordmask.h"
#include "io/jsonsplit.h"
#include "record/cursor.h"
#include "record/writer.h"

struct gz_ingest_json {
    struct gz_jsonsplit *split;
    struct gz_jsonrow rows;
    bool records; // our own stream: passed on as it is
    struct gz_str raw_held[GZ_INGEST_SAMPLE_ROWS];
    uint64_t line_held[GZ_INGEST_SAMPLE_ROWS];
    struct gz_err err_held[GZ_INGEST_SAMPLE_ROWS];
    size_t held;
    // Of the object at hand.
    struct gz_ingest *g;
    uint64_t line;
    uint64_t made; // records
    bool passed_over;
};

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

static void
no_layout(struct gz_ingest *g, const struct gz_map *columns, struct gz_err *err)
{
    struct gz_buf seen = { 0 };

    for (size_t i = 0; i < columns->count && seen.len < 100; i++) {
        gz_buf_cstr(&seen, i ? "," : "");
        gz_buf_add(&seen, columns->keys[i]);
    }
    gz_err_set(
        err, GZ_ERR_USAGE,
        _("no layout fits the members '%.*s': '%s' proposes one; else name one with "
          "--layout"),
        (int)gz_utf8_fit(gz_buf_str(&seen), 60).len, seen.ptr ? seen.ptr : "",
        gz_ingest_next_command(g, false));
    gz_buf_release(&seen);
}

// Walk what is held, for its columns or its values.
static void
walk_held(struct gz_ingest_json *j)
{
    for (size_t i = 0; i < j->held; i++) {
        struct gz_err why = { 0 };

        if (!j->err_held[i].kind)
            gz_jsonrow_walk(&j->rows, j->raw_held[i], &why);
    }
}

static enum gz_err_kind
choose_columns(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;
    struct gz_json_table *t = &j->rows.table[0];
    const struct gz_layout *const *layouts;
    size_t count = gz_ingest_layouts(g, &layouts, err);

    if (!count)
        return err->kind;
    for (size_t i = 0; i < count; i++)
        gz_jsonrow_pick(&j->rows, layouts[i], &g->arena);
    j->rows.collecting = true;
    walk_held(j);
    if (gz_ingest_consider(g, layouts, count, t->columns.keys, t->columns.count)) {
        gz_jsonrow_parts(&j->rows, g->layout, &g->arena);
        if (g->layout->parts)
            walk_held(j);
        for (size_t i = 0; i < j->rows.tables; i++)
            gz_jsonrow_fix(&j->rows.table[i], &g->arena);
    } else if (g->o->propose && t->columns.count) {
        gz_header_make(&g->header, t->columns.keys, t->columns.count, &g->arena);
        gz_jsonrow_fix(t, &g->arena);
        gz_ingest_unknown(g, err);
    } else {
        no_layout(g, &t->columns, err);
    }
    if (!err->kind && g->o->propose == GZ_PROPOSE_ALWAYS && !g->proposing &&
        !g->layout->parts)
        gz_ingest_unknown(g, err);
    j->rows.collecting = false;
    return err->kind;
}

static enum gz_err_kind
bind_parts(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_jsonrow *r = &g->json->rows;

    r->table[0].mapping = g->mapping;
    for (size_t i = 1; i < r->tables; i++) {
        struct gz_json_table *t = &r->table[i];

        gz_header_make(&t->header, t->columns.keys, t->columns.count, &g->arena);
        t->mapping = gz_ingest_bind(g, t->part, &t->header, err);
        if (err->kind)
            return err->kind;
    }
    return GZ_OK;
}

// ---- looking at the first rows ----

static void
show_mapping(void *ctx, struct gz_json_table *t, struct gz_err *why)
{
    (void)ctx;
    (void)why;
    gz_mapping_sample(t->mapping, t->field, t->count);
}

struct sampling {
    struct gz_ingest *g;
    void (*each)(struct gz_ingest *g, const struct gz_csv_field *cell, size_t count,
                 void *ctx);
    void *ctx;
    size_t rows;
};

static void
sample_row(void *ctx, struct gz_json_table *t, struct gz_err *why)
{
    struct sampling *s = ctx;

    (void)why;
    if (t->part)
        return;
    s->each(s->g, t->field, t->count, s->ctx);
    s->rows++;
}

size_t
gz_ingest_json_sample(struct gz_ingest *g,
                      void (*each)(struct gz_ingest *g, const struct gz_csv_field *cell,
                                   size_t count, void *ctx),
                      void *ctx)
{
    struct gz_ingest_json *j = g->json;
    struct sampling s = { g, each, ctx, 0 };

    if (j->records)
        return 0;
    j->rows.row = sample_row;
    j->rows.ctx = &s;
    walk_held(j);
    return s.rows;
}

static enum gz_err_kind
settle(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_jsonrow *r = &g->json->rows;

    r->row = show_mapping;
    walk_held(g->json);
    for (size_t i = 1; i < r->tables; i++)
        if (gz_mapping_settle(r->table[i].mapping, err))
            return err->kind;
    return gz_ingest_settle(g, err);
}

// ---- where the records lie ----

static bool
is_under(const struct gz_layout *const *layouts, size_t count, struct gz_str key)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < layouts[i]->under.count; k++)
            if (gz_str_eq(layouts[i]->under.name[k], key))
                return true;
    return false;
}

// Past the value that starts at `at`, as far as the text goes.
static size_t
past_value(struct gz_str s, size_t at)
{
    bool inside = false;
    int depth = 0;

    for (; at < s.len; at++) {
        char c = s.ptr[at];

        if (inside && c == '\\')
            at++;
        else if (c == '"')
            inside = !inside;
        else if (!inside && (c == '{' || c == '['))
            depth++;
        else if (!inside && (c == '}' || c == ']') && depth-- == 0)
            return at;
        else if (!inside && c == ',' && depth == 0)
            return at;
    }
    return at;
}

static size_t
past_blanks(struct gz_str s, size_t at)
{
    while (at < s.len && (unsigned char)s.ptr[at] <= ' ')
        at++;
    return at;
}

// Where the records of a document lie.
struct place {
    const char *member; // whose array they are, or NULL
    size_t quoted;      // or where the text of a string with JSON in it begins, or 0
};

// Does an array begin at `at`, in which something stands?
static bool
is_array_of_objects(struct gz_str s, size_t at)
{
    if (at >= s.len || s.ptr[at] != '[')
        return false;
    at = past_blanks(s, at + 1);
    return at < s.len && s.ptr[at] == '{';
}

// {"requests": [...]}: the member of the document that a layout says its records are
// under, if its array begins in the first bytes; {"body": "[...]"}: JSON in a string.
// While a layout is proposed, any member will do that holds objects.
static struct place
find_records(struct gz_ingest *g, const struct gz_layout *const *layouts, size_t count)
{
    static const struct place none = { NULL, 0 };
    struct gz_str s = gz_input_sample(g->in);
    size_t at = past_blanks(s, 0);

    if (at == s.len || s.ptr[at] != '{')
        return none;
    do {
        size_t from = past_blanks(s, at + 1) + 1, to = from;
        struct gz_str key;
        bool known;

        while (to < s.len && s.ptr[to] != '"' && s.ptr[to] != '\\')
            to++;
        if (to >= s.len || s.ptr[from - 1] != '"' || s.ptr[to] != '"')
            return none;
        key = (struct gz_str){ s.ptr + from, to - from };
        known = is_under(layouts, count, key);
        at = past_blanks(s, to + 1);
        if (at >= s.len || s.ptr[at] != ':')
            return none;
        at = past_blanks(s, at + 1);
        g->under = gz_arena_cstr(&g->arena, key);
        if (at < s.len && s.ptr[at] == '[' &&
            (known || (g->o->propose && is_array_of_objects(s, at))))
            return (struct place){ g->under, 0 };
        if (at + 1 < s.len && s.ptr[at] == '"' && (known || g->o->propose) &&
            is_array_of_objects(s, past_blanks(s, at + 1)))
            return (struct place){ NULL, at + 1 };
        g->under = NULL;
        at = past_value(s, at);
    } while (at < s.len && s.ptr[at] == ',');
    return none;
}

enum gz_err_kind
gz_ingest_json_open(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = gz_mem_zalloc(1, sizeof(*j));
    const struct gz_layout *const *layouts;
    size_t count = gz_ingest_layouts(g, &layouts, err);
    struct place where;

    g->json = j;
    j->g = g;
    gz_jsonrow_init(&j->rows);
    if (!count)
        return err->kind;
    where = find_records(g, layouts, count);
    j->split = where.quoted
                   ? gz_jsonsplit_open_quoted(g->in, where.quoted, g->o->max_record)
                   : gz_jsonsplit_open(g->in, where.member, g->o->max_record);
    if (read_sample(g, err))
        return err->kind;
    if (j->held == 0)
        return gz_err_set(err, GZ_ERR_FORMAT, _("the input is empty"));
    if (is_own_stream(g) && (!g->o->layout || strcmp(g->o->layout, "records") == 0)) {
        j->records = j->rows.check_only = true;
        g->layout = gz_layout_load(GZ_STR("records"), g->o->schema, &g->arena, err);
        return g->layout ? gz_ingest_bind_columns(g, err) : err->kind;
    }
    if (choose_columns(g, err) || gz_ingest_bind_columns(g, err) || bind_parts(g, err))
        return err->kind;
    return settle(g, err);
}

void
gz_ingest_json_close(struct gz_ingest *g)
{
    if (!g->json)
        return;
    if (g->json->split)
        gz_jsonsplit_close(g->json->split);
    gz_jsonrow_release(&g->json->rows);
    free(g->json);
}

size_t
gz_ingest_json_parts(const struct gz_ingest *g, const struct gz_json_table **part)
{
    *part = g->json ? g->json->rows.table + 1 : NULL;
    return g->json ? g->json->rows.tables - 1 : 0;
}

// ---- rows ----

// A line of our own stream says of what kind it is.
static bool
has_kind(struct gz_ingest_json *j, struct gz_str value, struct gz_err *why)
{
    struct gz_cursor c;
    struct gz_member m;

    gz_arena_reset(&j->rows.table[0].row);
    gz_cursor_open(&c, value, &j->rows.table[0].row);
    while (gz_cursor_next(&c, &m, why) == GZ_CURSOR_MEMBER)
        if (gz_str_is(m.key, "rec") && m.type == GZ_VALUE_STRING && m.raw.len > 2)
            return true;
    gz_err_set(why, GZ_ERR_DATA, _("the line has no \"rec\": it is no record"));
    gz_err_code(why, "rec");
    return false;
}

// A record of our own is passed on byte for byte, but for what privacy leaves out.
static enum gz_err_kind
pass(struct gz_ingest *g, struct gz_str value, struct gz_err *err)
{
    size_t from = g->out->len;

    gz_arena_reset(&g->json->rows.table[0].row);
    gz_recordmask_line(value, g->o->privacy, g->o->schema, &g->json->rows.table[0].row,
                       g->out);
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

static void
put_row(void *ctx, struct gz_json_table *t, struct gz_err *why)
{
    struct gz_ingest_json *j = ctx;
    struct gz_csv_row row = {
        .line = j->line, .lines = 1, .field = t->field, .count = t->columns.count
    };

    if (!t->part && !gz_ingest_passes(j->g, t->field, t->count)) {
        j->passed_over = true;
        gz_err_set(why, GZ_ERR_DATA, "passed over"); // ends the walk; never printed
        return;
    }
    if (t->part && t->part->if_has.len) {
        bool repeated;
        int c = gz_header_find(&t->header, t->part->if_has, &repeated, &t->row);

        if (c < 0 || !gz_mapping_cell(t->mapping, t->field, t->count, (size_t)c).len)
            return;
    }
    if (gz_mapping_row(t->mapping, &row, j->g->out, why))
        why->column = 0; // of a cell, which has no place
    else
        j->made++;
}

static enum gz_err_kind
take(struct gz_ingest *g, struct gz_str value, uint64_t line, struct gz_err *why,
     struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;
    struct gz_csv_row row = { .line = line, .lines = 1, .raw = value };
    size_t from = g->out->len;

    j->line = line;
    j->made = 0;
    j->passed_over = false;
    if (!why->kind)
        gz_jsonrow_walk(&j->rows, value, why);
    if (!why->kind && j->records)
        has_kind(j, value, why);
    if (why->kind) {
        g->out->len = from; // all records of an object, or none
        if (j->passed_over)
            return gz_ingest_skip(g, GZ_SKIP_OTHER);
        // The cursor knows the column; the line is that of the value.
        why->line = line;
        return gz_ingest_reject(g, why, &row, err);
    }
    if (j->records)
        return pass(g, value, err);
    g->rows++;
    g->used++;
    g->records += j->made;
    return g->hooks->tick(g->hooks->ctx, err);
}

enum gz_err_kind
gz_ingest_json_run(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_ingest_json *j = g->json;

    j->rows.row = put_row;
    j->rows.ctx = j;
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
