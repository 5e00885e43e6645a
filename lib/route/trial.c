// SPDX-License-Identifier: MIT
#include "route/trial.h"

#include "base/tr.h"
#include "record/csvrow.h"
#include "record/cursor.h"
#include "record/writer.h"

static const struct gz_str expect = { "expect_", 7 };

struct trial {
    const struct gz_sheet *sheet;
    const struct gz_schema *schema;
    struct gz_router *router[2]; // by mode
    enum gz_route_mode mode;
    int rec, mode_column, name;
    struct gz_arena row; // emptied for each
    struct gz_buf *out, line, routed;
    struct gz_err *err;
};

static struct gz_str
cell(const struct trial *t, size_t row, int column)
{
    return gz_sheet_cell(&t->sheet->row[row], column);
}

static const struct gz_kind *
kind_of(const struct trial *t, size_t row)
{
    struct gz_str name = cell(t, row, t->rec);

    return gz_schema_kind(t->schema, name.len ? name : GZ_STR("petition"));
}

static bool
is_own(const struct trial *t, int column)
{
    return column == t->rec || column == t->mode_column || column == t->name;
}

// "outcome" is short for "route_outcome".
static struct gz_str
expected_field(struct gz_str column)
{
    column = gz_str_from(column, expect.len);
    return gz_str_is(column, "outcome") ? GZ_STR("route_outcome") : column;
}

// The row as a line of JSON.
static enum gz_err_kind
make_record(struct trial *t, size_t row, const struct gz_kind *kind)
{
    const struct gz_sheet *s = t->sheet;

    t->line.len = 0;
    gz_buf_lit(&t->line, "{\"rec\":");
    gz_write_string(&t->line, kind->name);
    for (int i = 0; i < (int)s->columns; i++) {
        struct gz_str value = cell(t, row, i);
        const struct gz_field *f;

        if (is_own(t, i) || gz_str_starts(s->column[i], expect) || value.len == 0)
            continue;
        f = gz_kind_field(kind, s->column[i]);
        if (!f)
            return gz_sheet_fault(s, &s->row[row], i, t->err,
                                  _("a " GZ_STR_FMT " has no field '" GZ_STR_FMT "'"),
                                  GZ_STR_ARG(kind->name), GZ_STR_ARG(s->column[i]));
        gz_buf_char(&t->line, ',');
        if (gz_csvrow_to_json(f, value, &t->row, &t->line, t->err)) {
            t->err->kind = GZ_OK;
            return gz_sheet_fault(s, &s->row[row], i, t->err,
                                  _("'" GZ_STR_FMT "' is no value for it"),
                                  GZ_STR_ARG(value));
        }
    }
    gz_buf_char(&t->line, '}');
    return GZ_OK;
}

// The member of the routed record that has this name.
static struct gz_member
outcome(struct trial *t, struct gz_str name)
{
    struct gz_str line = gz_buf_str(&t->routed);
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err err = { 0 };

    gz_cursor_open(&c, gz_str_first(line, line.len - 1), &t->row);
    while (gz_cursor_next(&c, &m, &err) == GZ_CURSOR_MEMBER)
        if (gz_str_eq(m.key, name))
            return m;
    return (struct gz_member){ 0 };
}

static bool
list_has(const struct gz_str *item, size_t count, struct gz_str want)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_eq(item[i], want))
            return true;
    return false;
}

static bool
list_is(struct trial *t, const struct gz_member *m, struct gz_str want)
{
    size_t count;
    struct gz_str *item = gz_member_list(m, &t->row, &count);
    struct gz_cut cut = { .tail = want, .found = true };

    while (cut.found) {
        bool no;

        cut = gz_str_cut(cut.tail, GZ_STR("|"));
        no = gz_str_starts(cut.head, GZ_STR("!"));
        if (list_has(item, count, no ? gz_str_from(cut.head, 1) : cut.head) == no)
            return false;
    }
    return true;
}

static bool
is_expected(struct trial *t, const struct gz_member *m, bool list, struct gz_str want)
{
    if (gz_str_is(want, "-"))
        return m->type == GZ_VALUE_NONE;
    if (list)
        return list_is(t, m, want);
    return m->type != GZ_VALUE_NONE && gz_str_eq(gz_member_text(m, &t->row), want);
}

static enum gz_err_kind
compare(struct trial *t, size_t row, const struct gz_kind *kind, struct gz_buf *misses)
{
    const struct gz_sheet *s = t->sheet;

    for (int i = 0; i < (int)s->columns; i++) {
        struct gz_str want = cell(t, row, i), name;
        const struct gz_field *f;
        struct gz_member m;

        if (want.len == 0 || !gz_str_starts(s->column[i], expect))
            continue;
        name = expected_field(s->column[i]);
        f = gz_kind_field(kind, name);
        if (!f)
            return gz_sheet_fault(s, &s->row[row], i, t->err,
                                  _("a " GZ_STR_FMT " has no field '" GZ_STR_FMT "'"),
                                  GZ_STR_ARG(kind->name), GZ_STR_ARG(name));
        m = outcome(t, name);
        if (is_expected(t, &m, f->type == GZ_FIELD_LIST, want))
            continue;
        gz_buf_printf(misses, _("#   " GZ_STR_FMT ": expected " GZ_STR_FMT ", is "),
                      GZ_STR_ARG(name), GZ_STR_ARG(want));
        if (m.type == GZ_VALUE_NONE)
            gz_buf_char(misses, '-');
        else
            gz_buf_add(misses, m.raw);
        gz_buf_char(misses, '\n');
    }
    return GZ_OK;
}

static enum gz_err_kind
try_row(struct trial *t, size_t row, size_t *missed)
{
    const struct gz_kind *kind = kind_of(t, row);
    struct gz_str mode = cell(t, row, t->mode_column), name = cell(t, row, t->name);
    enum gz_route_mode m = t->mode;
    struct gz_buf misses = { 0 };

    gz_arena_reset(&t->row);
    if (!kind)
        return gz_sheet_fault(t->sheet, &t->sheet->row[row], t->rec, t->err,
                              _("no such kind of record"));
    if (mode.len && !gz_str_is(mode, "audit") && !gz_str_is(mode, "dispatch"))
        return gz_sheet_fault(t->sheet, &t->sheet->row[row], t->mode_column, t->err,
                              _("expected audit or dispatch"));
    if (mode.len)
        m = gz_str_is(mode, "dispatch") ? GZ_ROUTE_DISPATCH : GZ_ROUTE_AUDIT;
    t->routed.len = 0;
    if (make_record(t, row, kind) ||
        gz_route_line(t->router[m], gz_buf_str(&t->line), &t->routed, t->err) ||
        compare(t, row, kind, &misses)) {
        gz_buf_release(&misses);
        return t->err->kind;
    }
    *missed += misses.len != 0;
    gz_buf_printf(t->out, "%sok %zu - " GZ_STR_FMT "\n", misses.len ? "not " : "",
                  row + 1, GZ_STR_ARG(name));
    if (misses.len)
        gz_buf_printf(t->out, "# %s:%llu:\n", t->sheet->name,
                      (unsigned long long)t->sheet->row[row].line);
    gz_buf_add(t->out, gz_buf_str(&misses));
    gz_buf_release(&misses);
    return GZ_OK;
}

enum gz_err_kind
gz_trial_run(const struct gz_sheet *sheet, const struct gz_pack *pack,
             const struct gz_schema *schema, const struct gz_route_options *options,
             struct gz_arena *arena, struct gz_buf *out, size_t *misses,
             struct gz_err *err)
{
    struct trial t = { .sheet = sheet,
                       .schema = schema,
                       .mode = options->decide.mode,
                       .rec = gz_sheet_column(sheet, "rec"),
                       .mode_column = gz_sheet_column(sheet, "mode"),
                       .name = gz_sheet_column(sheet, "case"),
                       .out = out,
                       .err = err };
    struct gz_route_options o = *options;

    *misses = 0;
    for (int m = GZ_ROUTE_AUDIT; m <= GZ_ROUTE_DISPATCH; m++) {
        o.decide.mode = (enum gz_route_mode)m;
        t.router[m] = gz_router_new(pack, schema, &o, arena, err);
    }
    gz_buf_printf(out, "1..%zu\n", sheet->rows);
    for (size_t i = 0; i < sheet->rows && !err->kind; i++)
        try_row(&t, i, misses);
    gz_router_free(t.router[GZ_ROUTE_AUDIT]);
    gz_router_free(t.router[GZ_ROUTE_DISPATCH]);
    gz_arena_free(&t.row);
    gz_buf_release(&t.line);
    gz_buf_release(&t.routed);
    return err->kind;
}
