// SPDX-License-Identifier: MIT
#include "record/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "record/csvrow.h"

struct gz_sink {
    struct gz_out *out;
    const struct gz_kind *kind; // of CSV; NULL for JSON Lines
    bool excel;
    bool begun; // the header is written
    struct gz_buf lines;
    struct gz_keyset keys;
    struct gz_member *members;
    struct gz_arena setup, record;
};

// The fields of the kind in order, and `rec` behind them.
static void
prepare_csv(struct gz_sink *s)
{
    gz_keyset_init(&s->keys, &s->setup);
    for (size_t i = 0; i < s->kind->count; i++)
        gz_keyset_add(&s->keys, s->kind->field[i].name);
    gz_keyset_add(&s->keys, GZ_STR("rec"));
    s->members = gz_arena_new(&s->setup, struct gz_member, s->keys.count);
}

struct gz_sink *
gz_sink_new(struct gz_out *out, const struct gz_sink_options *options, struct gz_err *err)
{
    struct gz_sink *s = gz_mem_zalloc(1, sizeof(*s));
    const char *format = options->format ? options->format : "jsonl";
    const char *rec = options->rec ? options->rec : "petition";

    s->out = out;
    s->excel = options->excel;
    if (strcmp(format, "jsonl") == 0)
        return s;
    if (strcmp(format, "csv") != 0) {
        gz_err_set(err, GZ_ERR_USAGE, _("unknown format '%s': jsonl or csv"), format);
        gz_sink_free(s);
        return NULL;
    }
    s->kind = gz_schema_kind(options->schema, gz_str_of(rec));
    if (!s->kind) {
        gz_schema_unknown_kind(options->schema, rec, err);
        gz_sink_free(s);
        return NULL;
    }
    prepare_csv(s);
    return s;
}

void
gz_sink_free(struct gz_sink *s)
{
    if (!s)
        return;
    gz_buf_release(&s->lines);
    gz_arena_free(&s->setup);
    gz_arena_free(&s->record);
    free(s);
}

struct gz_buf *
gz_sink_buf(struct gz_sink *s)
{
    return s->kind ? &s->lines : &s->out->buf;
}

static void
line_end(struct gz_sink *s)
{
    if (s->excel)
        gz_buf_char(&s->out->buf, '\r');
    gz_buf_char(&s->out->buf, '\n');
}

static void
begin_csv(struct gz_sink *s)
{
    if (s->excel)
        gz_buf_lit(&s->out->buf, "\xEF\xBB\xBF");
    gz_csvrow_header(s->kind, &s->out->buf);
    line_end(s);
    s->begun = true;
}

static void
convert_lines(struct gz_sink *s)
{
    struct gz_str rest = gz_buf_str(&s->lines);

    while (rest.len) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));
        struct gz_err ignored = { 0 };

        gz_arena_reset(&s->record);
        // Other kinds have no place in this table.
        if (gz_csvrow_from_json(s->kind, &s->keys, s->members, cut.head, s->excel,
                                &s->record, &s->out->buf, &ignored))
            line_end(s);
        rest = cut.tail;
    }
    s->lines.len = 0;
}

enum gz_err_kind
gz_sink_tick(struct gz_sink *s, struct gz_err *err)
{
    if (s->kind) {
        if (!s->begun)
            begin_csv(s);
        convert_lines(s);
    }
    return gz_out_tick(s->out, err);
}
