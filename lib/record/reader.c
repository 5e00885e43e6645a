// SPDX-License-Identifier: MIT
#include "record/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/csv.h"
#include "io/input.h"
#include "record/csvrow.h"
#include "record/lines.h"
#include "record/writer.h"

enum { BLOCK = 256 * 1024, DEFAULT_MAX = 1024 * 1024 };

struct gz_reader {
    const char *const *paths;
    size_t count;
    size_t next_path;
    struct gz_reader_options options;
    struct gz_input *in;
    bool at_end;   // of this input
    uint64_t line; // of what was handed out last

    // JSON Lines: bytes [at, whole) are whole lines not handed out yet, [whole, have) the
    // start of one.
    char *block;
    size_t cap, at, whole, have;
    struct gz_lines lines;
    const struct gz_lines *lent; // a block that is walked outside

    // CSV.
    struct gz_csv *csv;
    const struct gz_kind *kind;
    const struct gz_field **column; // NULL for a column that is no field
    size_t columns;
    struct gz_arena setup, row;
    struct gz_buf out;
};

struct gz_reader *
gz_reader_new(const char *const *paths, size_t count,
              const struct gz_reader_options *options)
{
    static const char *const standard_input[] = { "-" };
    struct gz_reader *r = gz_mem_zalloc(1, sizeof(*r));

    r->paths = count ? paths : standard_input;
    r->count = count ? count : 1;
    r->options = *options;
    if (!r->options.max_record)
        r->options.max_record = DEFAULT_MAX;
    return r;
}

static void
close_input(struct gz_reader *r)
{
    gz_csv_close(r->csv);
    gz_input_close(r->in);
    r->csv = NULL;
    r->in = NULL;
}

void
gz_reader_free(struct gz_reader *r)
{
    if (!r)
        return;
    close_input(r);
    free(r->block);
    gz_arena_free(&r->setup);
    gz_arena_free(&r->row);
    gz_buf_release(&r->out);
    free(r);
}

const char *
gz_reader_source(const struct gz_reader *r)
{
    return r->in ? gz_input_name(r->in) : "<stdin>";
}

uint64_t
gz_reader_line(const struct gz_reader *r)
{
    return r->line;
}

static enum gz_reader_next
bad_line(const struct gz_reader *r, struct gz_err *err, const char *code, uint64_t column,
         const char *text)
{
    gz_err_data(err, text);
    gz_err_at(err, gz_reader_source(r), r->line, column);
    gz_err_code(err, code);
    return GZ_READER_BAD;
}

// ---- JSON Lines ----

// Move what is left to the front and read behind it until a line is whole, the input
// ends or the record is too long.
static enum gz_err_kind
fill(struct gz_reader *r, struct gz_err *err)
{
    size_t got;

    memmove(r->block, r->block + r->at, r->have - r->at);
    r->have -= r->at;
    r->at = r->whole = 0;
    for (;;) {
        const char *last = memrchr(r->block, '\n', r->have);

        if (last || r->at_end) {
            r->whole = last ? (size_t)(last + 1 - r->block) : r->have;
            return GZ_OK;
        }
        if (r->have > r->options.max_record)
            return GZ_OK;
        if (r->cap - r->have < BLOCK) {
            r->cap = gz_mem_add(r->cap, BLOCK);
            r->block = gz_mem_realloc(r->block, r->cap, 1);
        }
        if (gz_input_read(r->in, r->block + r->have, r->cap - r->have, &got, err))
            return err->kind;
        r->have += got;
        r->at_end = got == 0;
    }
}

// Throw away the rest of a line that is too long.
static enum gz_err_kind
skip_line(struct gz_reader *r, struct gz_err *err)
{
    for (;;) {
        const char *nl = memchr(r->block + r->at, '\n', r->have - r->at);

        if (nl) {
            r->at = r->whole = (size_t)(nl + 1 - r->block);
            return GZ_OK;
        }
        r->at = r->whole = r->have = 0;
        if (gz_input_read(r->in, r->block, r->cap, &r->have, err))
            return err->kind;
        if (r->have == 0) {
            r->at_end = true;
            return GZ_OK;
        }
    }
}

static enum gz_reader_next
too_long(struct gz_reader *r, struct gz_err *err)
{
    r->line++;
    if (skip_line(r, err))
        return GZ_READER_FAIL;
    return bad_line(r, err, "too_long", 1,
                    N_("a record longer than --max-record allows"));
}

// The next block of whole lines.
static enum gz_reader_next
next_block(struct gz_reader *r, struct gz_str *block, struct gz_err *err)
{
    if (fill(r, err))
        return GZ_READER_FAIL;
    if (r->whole == 0)
        return r->have ? too_long(r, err) : GZ_READER_END;
    *block = (struct gz_str){ r->block, r->whole };
    r->at = r->whole;
    return GZ_READER_LINE;
}

static struct gz_lines
lines_of(const struct gz_reader *r, struct gz_str text)
{
    return (struct gz_lines){ .text = text,
                              .source = gz_reader_source(r),
                              .line = r->line,
                              .max_record = r->options.max_record };
}

static enum gz_reader_next
next_jsonl(struct gz_reader *r, struct gz_str *line, struct gz_err *err)
{
    for (;;) {
        enum gz_lines_next got = gz_lines_next(&r->lines, line, err);
        enum gz_reader_next next;
        struct gz_str block;

        if (r->lines.source)
            r->line = r->lines.line;
        if (got == GZ_LINES_LINE)
            return GZ_READER_LINE;
        if (got == GZ_LINES_BAD)
            return GZ_READER_BAD;
        r->lines = (struct gz_lines){ 0 };
        next = next_block(r, &block, err);
        if (next != GZ_READER_LINE)
            return next;
        r->lines = lines_of(r, block);
    }
}

// ---- CSV ----

static struct gz_str
cell_of(struct gz_reader *r, struct gz_csv_field f)
{
    char *to;

    if (!f.escaped)
        return f.text;
    to = gz_arena_alloc(&r->row, f.text.len + 1, 1, 1);
    return (struct gz_str){ to, gz_csv_unescape(f, to) };
}

static enum gz_reader_next
read_header(struct gz_reader *r, const struct gz_csv_row *row)
{
    r->columns = row->count;
    r->column = gz_arena_new(&r->setup, const struct gz_field *, row->count);
    for (size_t i = 0; i < row->count; i++)
        r->column[i] = gz_kind_field(r->kind, gz_str_trim(cell_of(r, row->field[i])));
    return GZ_READER_LINE;
}

static enum gz_reader_next
row_to_line(struct gz_reader *r, const struct gz_csv_row *row, struct gz_str *line,
            struct gz_err *err)
{
    r->out.len = 0;
    gz_buf_lit(&r->out, "{\"rec\":");
    gz_write_string(&r->out, r->kind->name);
    for (size_t i = 0; i < row->count && i < r->columns; i++) {
        struct gz_str cell = cell_of(r, row->field[i]);
        size_t good = gz_utf8_valid_prefix(cell);

        if (good != cell.len)
            return bad_line(r, err, "encoding", 0, N_("this row is not UTF-8"));
        if (!r->column[i] || cell.len == 0)
            continue;
        gz_buf_char(&r->out, ',');
        if (gz_csvrow_to_json(r->column[i], cell, &r->row, &r->out, err)) {
            gz_err_at(err, gz_reader_source(r), r->line, 0);
            return GZ_READER_BAD;
        }
    }
    gz_buf_char(&r->out, '}');
    *line = gz_buf_str(&r->out);
    return GZ_READER_LINE;
}

static enum gz_reader_next
next_csv(struct gz_reader *r, struct gz_str *line, struct gz_err *err)
{
    for (;;) {
        struct gz_csv_row row;
        enum gz_csv_next next = gz_csv_next(r->csv, &row, err);

        gz_arena_reset(&r->row);
        if (next == GZ_CSV_END)
            return GZ_READER_END;
        if (next == GZ_CSV_FAIL)
            return GZ_READER_FAIL;
        r->line = row.line;
        if (next == GZ_CSV_BLANK)
            continue;
        if (next == GZ_CSV_BAD)
            return GZ_READER_BAD;
        if (r->column)
            return row_to_line(r, &row, line, err);
        read_header(r, &row);
    }
}

// ---- one input after another ----

static bool
is_csv(const struct gz_reader *r)
{
    return r->options.format && strcmp(r->options.format, "csv") == 0;
}

static enum gz_err_kind
open_next(struct gz_reader *r, struct gz_err *err)
{
    struct gz_csv_options csv = { .delimiter = ',', .max_record = r->options.max_record };
    const char *path = r->paths[r->next_path++];

    r->in = gz_input_open(path, is_csv(r) ? GZ_INPUT_DETECT : GZ_INPUT_STREAM,
                          r->options.encoding, err);
    if (!r->in)
        return err->kind;
    r->at = r->whole = r->have = 0;
    r->at_end = false;
    r->line = 0;
    r->lines = (struct gz_lines){ 0 };
    if (is_csv(r)) {
        const char *rec = r->options.rec ? r->options.rec : "petition";

        r->kind = gz_schema_kind(r->options.schema, gz_str_of(rec));
        if (!r->kind)
            return gz_schema_unknown_kind(r->options.schema, rec, err);
        r->column = NULL;
        r->csv = gz_csv_open(r->in, &csv);
    } else if (!r->block) {
        r->cap = BLOCK;
        r->block = gz_mem_alloc(r->cap, 1);
    }
    return GZ_OK;
}

// Call `next` on the input that is open, and open the next one when it ends.
static enum gz_reader_next
next_of_any(struct gz_reader *r,
            enum gz_reader_next (*next)(struct gz_reader *r, struct gz_str *got,
                                        struct gz_err *err),
            struct gz_str *got, struct gz_err *err)
{
    for (;;) {
        enum gz_reader_next result;

        if (!r->in) {
            if (r->next_path == r->count)
                return GZ_READER_END;
            if (open_next(r, err))
                return GZ_READER_FAIL;
        }
        result = next(r, got, err);
        if (result != GZ_READER_END)
            return result;
        close_input(r);
    }
}

static enum gz_reader_next
next_line(struct gz_reader *r, struct gz_str *line, struct gz_err *err)
{
    return r->csv ? next_csv(r, line, err) : next_jsonl(r, line, err);
}

enum gz_reader_next
gz_reader_next(struct gz_reader *r, struct gz_str *line, struct gz_err *err)
{
    return next_of_any(r, next_line, line, err);
}

static uint64_t
count_lines(struct gz_str text)
{
    uint64_t n = 0;

    for (const char *p = text.ptr, *end = gz_str_end(text), *nl;
         p < end && (nl = memchr(p, '\n', (size_t)(end - p))); p = nl + 1)
        n++;
    return n;
}

bool
gz_reader_has_blocks(const struct gz_reader *r)
{
    return !is_csv(r);
}

enum gz_reader_next
gz_reader_take(struct gz_reader *r, struct gz_buf *store, struct gz_lines *lines,
               struct gz_err *err)
{
    struct gz_str block;
    enum gz_reader_next next;

    if (r->lent)
        r->line = r->lent->line;
    r->lent = NULL;
    next = next_of_any(r, next_block, &block, err);
    if (next != GZ_READER_LINE)
        return next;
    if (!store) {
        *lines = lines_of(r, block);
        r->lent = lines;
        return GZ_READER_LINE;
    }
    store->len = 0;
    gz_buf_add(store, block);
    *lines = lines_of(r, gz_buf_str(store));
    r->line += count_lines(block);
    return GZ_READER_LINE;
}
