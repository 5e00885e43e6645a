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
#include "record/writer.h"

enum { BLOCK = 256 * 1024, DEFAULT_MAX = 1024 * 1024 };

struct gz_reader {
    const char *const *paths;
    size_t count;
    size_t next_path;
    struct gz_reader_options options;
    struct gz_input *in;
    bool at_end; // of this input
    uint64_t line;
    uint64_t next_line;

    // JSON Lines: bytes [at, whole) are whole lines, [whole, have) the start of one.
    char *block;
    size_t cap, at, whole, have;
    bool clean;    // [at, whole) is known to be UTF-8
    bool skipping; // inside a line that is too long

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
    gz_err_set(err, GZ_ERR_DATA, "%s", text);
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
            r->clean = gz_utf8_valid((struct gz_str){ r->block, r->whole });
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
            r->at = (size_t)(nl + 1 - r->block);
            r->whole = r->at;
            r->next_line++;
            return GZ_OK;
        }
        r->at = r->have = 0;
        if (gz_input_read(r->in, r->block, r->cap, &r->have, err))
            return err->kind;
        if (r->have == 0) {
            r->at_end = true;
            r->whole = 0;
            return GZ_OK;
        }
    }
}

static enum gz_reader_next
too_long(struct gz_reader *r, struct gz_err *err)
{
    r->line = r->next_line;
    if (skip_line(r, err))
        return GZ_READER_FAIL;
    return bad_line(r, err, "too_long", 1, _("a record longer than --max-record allows"));
}

static enum gz_reader_next
next_jsonl(struct gz_reader *r, struct gz_str *line, struct gz_err *err)
{
    for (;;) {
        const char *nl;
        struct gz_str s;
        size_t good;

        if (r->at == r->whole) {
            if (fill(r, err))
                return GZ_READER_FAIL;
            if (r->whole == 0 && r->have > 0)
                return too_long(r, err);
            if (r->whole == 0)
                return GZ_READER_END;
        }
        s = (struct gz_str){ r->block + r->at, r->whole - r->at };
        nl = memchr(s.ptr, '\n', s.len);
        if (nl)
            s.len = (size_t)(nl - s.ptr);
        r->at += s.len + (nl != NULL);
        r->line = r->next_line++;
        if (s.len && s.ptr[s.len - 1] == '\r')
            s.len--;
        if (s.len == 0)
            continue;
        if (s.len > r->options.max_record)
            return bad_line(r, err, "too_long", 1,
                            _("a record longer than --max-record allows"));
        good = r->clean ? s.len : gz_utf8_valid_prefix(s);
        if (good != s.len)
            return bad_line(r, err, "encoding", gz_utf8_count(gz_str_first(s, good)) + 1,
                            _("this byte is not UTF-8"));
        *line = s;
        return GZ_READER_LINE;
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
            return bad_line(r, err, "encoding", 0, _("this row is not UTF-8"));
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
    r->next_line = 1;
    r->line = 0;
    if (is_csv(r)) {
        const char *rec = r->options.rec ? r->options.rec : "petition";

        r->kind = gz_schema_kind(r->options.schema, gz_str_of(rec));
        if (!r->kind)
            return gz_err_set(err, GZ_ERR_USAGE, _("unknown kind of record '%s'"), rec);
        r->column = NULL;
        r->csv = gz_csv_open(r->in, &csv);
    } else if (!r->block) {
        r->cap = BLOCK;
        r->block = gz_mem_alloc(r->cap, 1);
    }
    return GZ_OK;
}

enum gz_reader_next
gz_reader_next(struct gz_reader *r, struct gz_str *line, struct gz_err *err)
{
    for (;;) {
        enum gz_reader_next next;

        if (!r->in) {
            if (r->next_path == r->count)
                return GZ_READER_END;
            if (open_next(r, err))
                return GZ_READER_FAIL;
        }
        next = r->csv ? next_csv(r, line, err) : next_jsonl(r, line, err);
        if (next != GZ_READER_END)
            return next;
        close_input(r);
    }
}
