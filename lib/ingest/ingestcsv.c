// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/ingest.h"
#include "io/gb18030.h"

enum { MAX_SEEN = 180, PADDING = 64 };

// ---- the beginning ----

void
gz_ingest_csv_hold(struct gz_ingest_held *h, enum gz_csv_next what,
                   const struct gz_csv_row *row, const struct gz_err *err,
                   struct gz_arena *arena)
{
    struct gz_csv_field *field = gz_arena_new(arena, struct gz_csv_field, row->count);
    char *copy = gz_arena_alloc(arena, row->raw.len + PADDING, 1, 1);
    struct gz_str raw = { copy, row->raw.len };

    memcpy(copy, row->raw.ptr, row->raw.len);
    *h = (struct gz_ingest_held){ what, *row, *err, false };
    for (size_t i = 0; i < row->count; i++) {
        const char *p = row->field[i].text.ptr;

        field[i] = row->field[i];
        if (p >= row->raw.ptr && p <= row->raw.ptr + row->raw.len)
            field[i].text.ptr = raw.ptr + (p - row->raw.ptr);
        else
            field[i].text = gz_arena_dup(arena, row->field[i].text);
    }
    h->row.field = field;
    h->row.raw = raw;
}

static enum gz_err_kind
read_sample(struct gz_ingest *g, struct gz_err *err)
{
    size_t bytes = 0;

    g->held = gz_arena_new(&g->arena, struct gz_ingest_held, GZ_INGEST_SAMPLE_ROWS);
    while (g->held_count < GZ_INGEST_SAMPLE_ROWS && bytes < GZ_INGEST_SAMPLE_BYTES) {
        struct gz_csv_row row;
        struct gz_err why = { 0 };
        enum gz_csv_next what = gz_csv_next(g->csv, &row, &why);

        if (what == GZ_CSV_FAIL) {
            *err = why;
            return err->kind;
        }
        if (what == GZ_CSV_END)
            break;
        gz_ingest_csv_hold(&g->held[g->held_count++], what, &row, &why, &g->arena);
        bytes += row.raw.len + row.count * sizeof(struct gz_csv_field);
    }
    return GZ_OK;
}

bool
gz_ingest_header_cells(struct gz_ingest *g, const struct gz_csv_row *row,
                       struct gz_str **cells)
{
    size_t filled = 0;

    *cells = gz_arena_new(&g->arena, struct gz_str, row->count);
    for (size_t i = 0; i < row->count; i++) {
        char *to = gz_arena_alloc(&g->arena, row->field[i].text.len + 1, 1, 1);
        struct gz_str s = { to, gz_csv_unescape(row->field[i], to) };

        if (gz_input_is_gb18030(g->in)) {
            struct gz_buf b = { 0 };

            s.len = gz_gb18030_decode(s, &b) == s.len ? s.len : 0;
            s = s.len ? gz_arena_dup(&g->arena, gz_buf_str(&b)) : s;
            gz_buf_release(&b);
        }
        (*cells)[i] = gz_utf8_valid(s) ? s : (struct gz_str){ NULL, 0 };
        filled += gz_str_trim((*cells)[i]).len > 0;
    }
    return filled >= 2;
}

// "a,b,c" of --columns.
static struct gz_names
split_columns(struct gz_ingest *g)
{
    struct gz_str rest = gz_str_of(g->o->columns), *cells;
    size_t n = 1;
    struct gz_cut c;

    for (const char *p = g->o->columns; *p; p++)
        n += *p == ',';
    cells = gz_arena_new(&g->arena, struct gz_str, n);
    for (size_t i = 0; i < n; i++, rest = c.tail) {
        c = gz_str_cut(rest, GZ_STR(","));
        cells[i] = c.head;
    }
    return (struct gz_names){ cells, n };
}

// The file has no header, and these are its columns.
static void
given_columns(struct gz_ingest *g, const struct gz_layout *const *layouts, size_t count,
              struct gz_names names)
{
    gz_ingest_consider(g, layouts, count, names.name, names.count);
    if (!g->layout && g->o->propose && gz_ingest_unknown(g, NULL) == GZ_OK)
        gz_header_make(&g->header, names.name, names.count, &g->arena);
    g->header_at = g->held_count;
}

static enum gz_err_kind
no_layout(struct gz_ingest *g, struct gz_err *err)
{
    const struct gz_csv_row *row = NULL;
    struct gz_str *cells;
    struct gz_buf seen = { 0 };

    for (size_t i = 0; i < g->held_count && !row; i++)
        if (g->held[i].what == GZ_CSV_ROW &&
            gz_ingest_header_cells(g, &g->held[i].row, &cells))
            row = &g->held[i].row;
    for (size_t i = 0; i < g->held_count && !row; i++)
        if (g->held[i].what == GZ_CSV_ROW)
            row = &g->held[i].row;
    if (row)
        gz_ingest_header_cells(g, row, &cells);
    for (size_t i = 0; row && i < row->count && seen.len < MAX_SEEN; i++) {
        gz_buf_cstr(&seen, i ? "," : "");
        gz_buf_add(&seen, cells[i]);
    }
    gz_err_set(
        err, GZ_ERR_USAGE,
        _("no layout fits '%.*s': '%s' proposes one; else name one with --layout, or "
          "the columns of a file without a header with --columns"),
        (int)gz_utf8_fit(gz_buf_str(&seen), 48).len, seen.ptr ? seen.ptr : "",
        gz_ingest_next_command(g, false));
    gz_err_at(err, gz_input_name(g->in), row ? row->line : 1, 0);
    gz_buf_release(&seen);
    return err->kind;
}

enum { MAX_PROPOSED = 2000 };

// The columns of a table that no layout knows.
static enum gz_err_kind
unknown_header(struct gz_ingest *g, struct gz_err *err)
{
    const struct gz_ingest_held *h;
    struct gz_str *cells;
    size_t at, widest = 0;

    for (size_t i = 0; i < g->held_count; i++)
        if (g->held[i].what == GZ_CSV_ROW && g->held[i].row.count > widest)
            widest = g->held[i].row.count;
    // Each column will be held against each name there is.
    if (widest > MAX_PROPOSED)
        return gz_err_set(err, GZ_ERR_LIMIT,
                          _("no layout is proposed for %zu columns, more than %d"),
                          widest, MAX_PROPOSED);
    if (g->layout || gz_ingest_guess_header(g, &at)) {
        if (!g->layout) {
            h = &g->held[at];
            gz_ingest_header_cells(g, &h->row, &cells);
            gz_header_make(&g->header, cells, h->row.count, &g->arena);
            g->header_at = at;
            g->header_line = h->row.line;
            g->header_raw = h->row.raw;
        }
        return gz_ingest_unknown(g, err);
    }
    cells = gz_arena_new(&g->arena, struct gz_str, widest);
    for (size_t i = 0; i < widest; i++)
        cells[i] = gz_arena_printf(&g->arena, "column%zu", i + 1);
    gz_header_make(&g->header, cells, widest, &g->arena);
    return gz_ingest_unknown(g, err);
}

// What columns may be called, so that layouts that know none of them are not loaded.
static void
gather_names(struct gz_ingest *g)
{
    struct gz_str *cells;
    size_t looked = 0;

    if (g->o->columns || g->o->layout || g->o->propose || strcmp(g->format, "csv"))
        return;
    for (size_t i = 0; i < g->held_count && looked < GZ_INGEST_HEADER_ROWS; i++) {
        const struct gz_csv_row *row = &g->held[i].row;

        if (g->held[i].what != GZ_CSV_ROW)
            continue;
        looked++;
        if (!gz_ingest_header_cells(g, row, &cells))
            continue;
        for (size_t c = 0; c < row->count; c++)
            gz_map_put(&g->names, gz_fold_name(gz_str_trim(cells[c]), &g->arena), NULL);
    }
}

static enum gz_err_kind
find_header(struct gz_ingest *g, struct gz_err *err)
{
    const struct gz_layout *const *layouts;
    size_t count, looked = 0;
    struct gz_str *cells;

    gather_names(g);
    // None may be left, when none knows any of the columns.
    count = gz_ingest_layouts(g, &layouts, err);
    if (err->kind)
        return err->kind;
    g->header_at = g->held_count;
    if (g->o->columns) {
        given_columns(g, layouts, count, split_columns(g));
    } else if (g->o->layout && layouts[0]->columns.count) {
        given_columns(g, layouts, count, layouts[0]->columns);
    } else if (!gz_ingest_shape_find(g, layouts, count)) {
        for (size_t i = 0; i < g->held_count && looked < GZ_INGEST_HEADER_ROWS; i++) {
            const struct gz_ingest_held *h = &g->held[i];

            if (h->what != GZ_CSV_ROW)
                continue;
            looked++;
            if (!gz_ingest_header_cells(g, &h->row, &cells) ||
                !gz_ingest_consider(g, layouts, count, cells, h->row.count))
                continue;
            g->header_at = i;
            g->header_line = h->row.line;
            g->header_raw = h->row.raw;
        }
    }
    if (g->o->propose == GZ_PROPOSE_ALWAYS && !g->shape)
        return unknown_header(g, err);
    if (g->layout)
        return GZ_OK;
    return g->o->propose ? unknown_header(g, err) : no_layout(g, err);
}

enum gz_err_kind
gz_ingest_csv_open(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_csv_options o = {
        .delimiter = g->delimiter,
        .max_record = g->o->max_record,
    };

    g->csv = gz_csv_open(g->in, &o);
    if (read_sample(g, err))
        return err->kind;
    if (g->held_count == 0)
        return gz_err_set(err, GZ_ERR_FORMAT, _("the input is empty"));
    if (find_header(g, err) || gz_ingest_bind_columns(g, err))
        return err->kind;
    for (size_t i = 0; i < g->held_count; i++)
        if (g->held[i].what == GZ_CSV_ROW && !g->held[i].other_section &&
            (i > g->header_at || g->header_at == g->held_count))
            gz_mapping_sample(g->mapping, g->held[i].row.field, g->held[i].row.count);
    if (gz_ingest_settle(g, err))
        return err->kind;
    if (!g->shape && !g->layout->onlys)
        g->wants = gz_mapping_columns(g->mapping, &g->arena, &g->want);
    if (g->wants < g->header.count)
        gz_csv_want(g->csv, g->want, g->wants);
    return GZ_OK;
}

void
gz_ingest_csv_close(struct gz_ingest *g)
{
    gz_csv_close(g->csv);
}

// ---- rows ----

bool
gz_ingest_csv_is_blank(struct gz_ingest *g, const struct gz_csv_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct gz_str s = row->field[i].text;

        if (s.len && s.ptr[0] > ' ' && s.ptr[0] < 0x7f)
            return false;
        if (s.len && gz_mapping_cell(g->mapping, row->field, row->count, i).len)
            return false;
    }
    return true;
}

// Its first cell that is not empty says so.
bool
gz_ingest_csv_is_total(struct gz_ingest *g, struct gz_csv_row *row)
{
    static const char *const words[] = { "合计",  "总计",        "汇总",   "小计",
                                         "合计:", "总计:",       "合计：", "总计：",
                                         "total", "grand total", "totals", "sum" };
    size_t i = 0, filled = 0;
    struct gz_str s;

    while (i < row->count && row->field[i].text.len == 0)
        i++;
    if (i == row->count || row->field[i].text.len > 16)
        return false;
    // Nearly all rows start with a digit.
    if (row->field[i].text.ptr[0] >= '0' && row->field[i].text.ptr[0] <= '9')
        return false;
    s = gz_mapping_cell(g->mapping, row->field, row->count, i);
    for (size_t w = 0; w < GZ_COUNT(words); w++)
        if (gz_str_eq_nocase(s, gz_str_of(words[w]))) {
            gz_csv_whole(g->csv, row);
            for (size_t k = 0; k < row->count; k++)
                filled += row->field[k].text.len > 0;
            return filled * 2 <= g->header.count || filled <= 3;
        }
    return false;
}

// Must cells be looked at that fill no field? Of a row with a first cell and an id they
// need not.
static bool
needs_whole(struct gz_ingest *g, const struct gz_csv_row *row)
{
    struct gz_str first = row->field[0].text;
    unsigned char c = first.len ? (unsigned char)first.ptr[0] : 0;
    bool blank = c <= ' ' || (c >= 0x7f && c < 0xE4) || c > 0xE9;

    return blank || row->count != g->header.count || !gz_mapping_has_id(g->mapping, row);
}

enum gz_err_kind
gz_ingest_csv_take(struct gz_ingest *g, enum gz_csv_next what, struct gz_csv_row *row,
                   struct gz_err *why, struct gz_err *err)
{
    if (what == GZ_CSV_BAD)
        return gz_ingest_reject(g, why, row, err);
    if (row->partial && needs_whole(g, row))
        gz_csv_whole(g->csv, row);
    if (what == GZ_CSV_BLANK || gz_ingest_csv_is_blank(g, row))
        return gz_ingest_skip(g, GZ_SKIP_BLANK);
    // The header again: files that were put one behind the other.
    if (g->header_line && row->raw.len == g->header_raw.len &&
        memcmp(row->raw.ptr, g->header_raw.ptr, row->raw.len) == 0)
        return gz_ingest_skip(g, GZ_SKIP_HEADER);
    if (gz_ingest_csv_is_total(g, row))
        return gz_ingest_skip(g, GZ_SKIP_TOTAL);
    if (g->layout->onlys && !gz_ingest_passes(g, row->field, row->count))
        return gz_ingest_skip(g, GZ_SKIP_OTHER);
    return gz_ingest_row(g, row, err);
}

enum gz_err_kind
gz_ingest_csv_run(struct gz_ingest *g, struct gz_err *err)
{
    struct gz_csv_row row;

    for (size_t i = 0; i < g->held_count; i++) {
        struct gz_ingest_held *h = &g->held[i];

        if (g->header_line && i < g->header_at && h->what == GZ_CSV_ROW)
            gz_ingest_skip(g, g->shape ? GZ_SKIP_SECTION : GZ_SKIP_TITLE);
        else if (h->other_section)
            gz_ingest_skip(g, GZ_SKIP_SECTION);
        else if (gz_ingest_csv_take(g, h->what, &h->row, &h->err, err))
            return err->kind;
    }
    // Sections of a file are told apart row by row.
    if (g->hooks->spread && !g->shape)
        return g->hooks->spread(g->hooks->ctx, g, err);
    for (struct gz_err why = { 0 };;) {
        enum gz_csv_next what = gz_csv_next(g->csv, &row, &why);

        if (what == GZ_CSV_END)
            return GZ_OK;
        if (what == GZ_CSV_FAIL) {
            *err = why;
            return err->kind;
        }
        if (g->shape && !gz_ingest_shape_row(g, what == GZ_CSV_ROW ? &row : NULL))
            gz_ingest_skip(g, GZ_SKIP_SECTION);
        else if (gz_ingest_csv_take(g, what, &row, &why, err))
            return err->kind;
    }
}
