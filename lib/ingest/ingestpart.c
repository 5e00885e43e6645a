// SPDX-License-Identifier: MIT
#include "ingest/ingestpart.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    BYTES = 256 * 1024, // of a block
    MOST_ODD = 256,     // odd rows behind it, which have been cut one by one
};

// Where a record may have to be marked as a repeat, once those before it are known.
struct key_at {
    struct gz_mapping_key key;
    size_t next; // end of the record
};

struct gz_ingest_part {
    struct gz_ingest g; // what the worker sees: its own output, mapping and account
    struct gz_ingest_hooks hooks;
    struct gz_csv *csv;
    struct gz_arena arena; // of the rows taken, and of their rejects
    struct gz_ingest_held odd[MOST_ODD];
    size_t odds;
    struct gz_buf out;
    struct key_at *key;
    size_t keys, keys_cap;
    struct reject *reject, **end;
};

struct reject {
    struct reject *next;
    struct gz_str raw, source, code, text, shown;
    uint64_t line, column;
};

// ---- a worker's hooks ----

static enum gz_err_kind
on_tick(void *ctx, struct gz_err *err)
{
    (void)ctx;
    return err->kind;
}

static void
on_note(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static void
on_reject(void *ctx, const struct gz_err *err, struct gz_str raw)
{
    struct gz_ingest_part *p = ctx;
    struct reject *r = gz_arena_new(&p->arena, struct reject, 1);

    *r = (struct reject){ .raw = gz_arena_dup(&p->arena, raw),
                          .source = gz_arena_dup(&p->arena, gz_str_of(err->source)),
                          .code = gz_arena_dup(&p->arena, gz_str_of(err->code)),
                          .text = gz_arena_dup(&p->arena, gz_str_of(err->text)),
                          .shown = gz_arena_dup(&p->arena, gz_str_of(err->shown)),
                          .line = err->line,
                          .column = err->column };
    *p->end = r;
    p->end = &r->next;
}

struct gz_ingest_part *
gz_ingest_part_new(struct gz_ingest *g)
{
    struct gz_ingest_part *p = gz_mem_zalloc(1, sizeof(*p));

    p->hooks = (struct gz_ingest_hooks){
        .ctx = p, .tick = on_tick, .reject = on_reject, .note = on_note
    };
    p->csv = gz_csv_part(g->csv);
    p->g = *g;
    p->g.hooks = &p->hooks;
    p->g.out = &p->out;
    p->g.csv = p->csv;
    p->g.mixed = (struct gz_arena){ 0 };
    p->g.mapping = gz_mapping_clone(g->mapping, &g->arena);
    return p;
}

void
gz_ingest_part_free(struct gz_ingest_part *p)
{
    if (!p)
        return;
    gz_csv_close(p->csv);
    gz_mapping_free(p->g.mapping);
    gz_arena_free(&p->g.mixed);
    gz_arena_free(&p->arena);
    gz_buf_release(&p->out);
    free(p->key);
    free(p);
}

// ---- one at a time: take ----

// An odd row, and those behind it up to one that is not: odd ones come in runs. A failure
// behind such rows is met again by whoever takes next.
static void
take_odd(struct gz_ingest *g, struct gz_ingest_part *p, struct gz_err *err)
{
    bool odd = true;

    for (size_t bytes = 0; odd && p->odds < MOST_ODD && bytes < BYTES;) {
        struct gz_csv_row row;
        struct gz_err why = { 0 };
        enum gz_csv_next what = gz_csv_next(g->csv, &row, &why);

        if (what == GZ_CSV_FAIL && p->odds == 0)
            *err = why;
        if (what == GZ_CSV_FAIL || what == GZ_CSV_END)
            break;
        gz_csv_whole(g->csv, &row);
        gz_ingest_csv_hold(&p->odd[p->odds++], what, &row, &why, &p->arena);
        bytes += row.raw.len + row.count * sizeof(struct gz_csv_field);
        odd = what == GZ_CSV_BAD || row.stray_quote;
    }
}

bool
gz_ingest_part_take(struct gz_ingest *g, struct gz_ingest_part *p, struct gz_err *err)
{
    enum gz_csv_cut cut = gz_csv_cut(g->csv, p->csv, BYTES, err);

    gz_arena_reset(&p->arena);
    p->odds = 0;
    if (cut == GZ_CSV_CUT_ODD)
        take_odd(g, p, err);
    return cut == GZ_CSV_CUT || p->odds > 0;
}

// ---- all at once: work ----

static enum gz_err_kind
map_row(struct gz_ingest_part *p, enum gz_csv_next what, struct gz_csv_row *row,
        struct gz_err *why, struct gz_err *err)
{
    struct gz_mapping_key key;

    if (gz_ingest_csv_take(&p->g, what, row, why, err))
        return err->kind;
    if (!gz_mapping_take_key(p->g.mapping, &key))
        return GZ_OK;
    if (p->keys == p->keys_cap) {
        p->keys_cap = p->keys_cap * 2 + 256;
        p->key = gz_mem_realloc(p->key, p->keys_cap, sizeof(*p->key));
    }
    p->key[p->keys++] = (struct key_at){ key, p->out.len };
    return GZ_OK;
}

static void
begin_account(struct gz_ingest *g)
{
    g->rows = g->used = g->records = g->rejected = 0;
    memset(g->skip, 0, sizeof(g->skip));
    memset(g->code, 0, sizeof(g->code));
    g->codes = 0;
}

enum gz_err_kind
gz_ingest_part_work(struct gz_ingest_part *p, struct gz_err *err)
{
    struct gz_csv_row row;
    struct gz_err why = { 0 };
    enum gz_csv_next what;

    begin_account(&p->g);
    p->out.len = p->keys = 0;
    p->reject = NULL;
    p->end = &p->reject;
    while ((what = gz_csv_next(p->csv, &row, &why)) != GZ_CSV_END)
        if (map_row(p, what, &row, &why, err))
            return err->kind;
    for (size_t i = 0; i < p->odds; i++)
        if (map_row(p, p->odd[i].what, &p->odd[i].row, &p->odd[i].err, err))
            return err->kind;
    return GZ_OK;
}

// ---- in order: give ----

// Take the records over, and say of those whose key came before that they repeat it.
static void
give_records(struct gz_ingest *g, struct gz_ingest_part *p)
{
    struct gz_str out = gz_buf_str(&p->out);
    size_t done = 0;

    for (size_t i = 0; i < p->keys; i++) {
        const struct gz_mapping_key *key = &p->key[i].key;

        if (!gz_mapping_repeats(g->mapping, key->hash) || key->full)
            continue;
        gz_buf_add(g->out, (struct gz_str){ out.ptr + done, key->at - done });
        gz_buf_cstr(g->out,
                    key->listed ? ",\"duplicate_id\"" : ",\"dq\":[\"duplicate_id\"]");
        done = key->at;
    }
    gz_buf_add(g->out, gz_str_from(out, done));
}

static void
give_rejects(struct gz_ingest *g, const struct gz_ingest_part *p)
{
    for (const struct reject *r = p->reject; r; r = r->next) {
        struct gz_err *err = &g->why;

        gz_err_clear(err);
        err->kind = GZ_ERR_DATA;
        err->line = r->line;
        err->column = r->column;
        memcpy(err->source, r->source.ptr, r->source.len + 1);
        memcpy(err->code, r->code.ptr, r->code.len + 1);
        memcpy(err->text, r->text.ptr, r->text.len + 1);
        memcpy(err->shown, r->shown.ptr, r->shown.len + 1);
        g->hooks->reject(g->hooks->ctx, err, r->raw);
    }
}

static void
give_account(struct gz_ingest *g, const struct gz_ingest *part)
{
    g->rows += part->rows;
    g->used += part->used;
    g->records += part->records;
    g->rejected += part->rejected;
    for (size_t i = 0; i < GZ_SKIP_COUNT; i++)
        g->skip[i] += part->skip[i];
    for (size_t i = 0; i < part->codes; i++)
        gz_ingest_count(g, part->code[i].code, part->code[i].count);
}

enum gz_err_kind
gz_ingest_part_give(struct gz_ingest *g, struct gz_ingest_part *p, struct gz_err *err)
{
    give_records(g, p);
    give_rejects(g, p);
    give_account(g, &p->g);
    return g->hooks->tick(g->hooks->ctx, err);
}
