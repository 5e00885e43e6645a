// SPDX-License-Identifier: MIT
// Rows from several runs, in order, those with the same key added up.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "io/tempfile.h"
#include "tally/order.h"
#include "tally/spill.h"
#include "tally/store.h"

enum { BLOCK = 64 * 1024 };

enum { M_KEY, M_PERIOD, M_M, M_COUNT };

// One run on its way through.
struct source {
    const struct gz_run *run;
    uint64_t at; // in the file, of what is not read yet
    char *block;
    size_t cap;
    size_t from; // in the block, of what is not used yet
    size_t have;
    struct gz_str line; // with its line end
    struct gz_row row;  // its period and key; no cells
    struct gz_member cells;
    struct gz_arena arena; // of the row
};

struct merge {
    struct gz_tally *tally;
    struct gz_keyset keys;
    struct gz_arena setup;
    struct source *source;
    size_t sources;
    struct source **heap; // by their rows
    size_t heaped;
    struct source **taken; // those whose row comes now
    size_t takes;
    struct gz_row row; // cells that were added up
};

static enum gz_err_kind
read_more(struct source *s, struct gz_err *err)
{
    size_t want;

    if (s->from) {
        memmove(s->block, s->block + s->from, s->have - s->from);
        s->have -= s->from;
        s->from = 0;
    }
    if (s->have == s->cap) {
        s->cap = s->cap ? 2 * s->cap : BLOCK;
        s->block = gz_mem_realloc(s->block, s->cap, 1);
    }
    want = s->cap - s->have;
    if (want > s->run->end - s->at)
        want = (size_t)(s->run->end - s->at);
    if (gz_tempfile_read(s->run->fd, s->block + s->have, want, s->at, err))
        return err->kind;
    s->have += want;
    s->at += want;
    return GZ_OK;
}

static enum gz_err_kind
parse(struct merge *m, struct source *s, struct gz_err *err)
{
    struct gz_member member[M_COUNT];

    gz_arena_reset(&s->arena);
    if (!gz_keyset_read(&m->keys, gz_str_first(s->line, s->line.len - 1), &s->arena,
                        member, err))
        return err->kind;
    s->row = (struct gz_row){ .table = s->run->table,
                              .period = gz_member_text(&member[M_PERIOD], &s->arena) };
    s->row.key = gz_member_list(&member[M_KEY], &s->arena, &s->row.key_count);
    s->cells = member[M_M];
    return GZ_OK;
}

// The next row of a run. *more is false after the last.
static enum gz_err_kind
advance(struct merge *m, struct source *s, bool *more, struct gz_err *err)
{
    for (;;) {
        const char *from = s->block + s->from;
        const char *nl = s->have > s->from ? memchr(from, '\n', s->have - s->from) : NULL;

        *more = nl || s->at < s->run->end;
        if (nl) {
            s->line = (struct gz_str){ from, (size_t)(nl + 1 - from) };
            s->from += s->line.len;
            return parse(m, s, err);
        }
        if (!*more || read_more(s, err))
            return err->kind;
    }
}

// ---- the heap ----

static bool
before(const struct merge *m, size_t i, size_t k)
{
    return gz_row_compare(&m->heap[i]->row, &m->heap[k]->row) < 0;
}

static void
swap(struct merge *m, size_t i, size_t k)
{
    struct source *s = m->heap[i];

    m->heap[i] = m->heap[k];
    m->heap[k] = s;
}

static void
push(struct merge *m, struct source *s)
{
    size_t i = m->heaped++;

    m->heap[i] = s;
    for (; i && before(m, i, (i - 1) / 2); i = (i - 1) / 2)
        swap(m, i, (i - 1) / 2);
}

static struct source *
pop(struct merge *m)
{
    struct source *top = m->heap[0];
    size_t i = 0;

    m->heap[0] = m->heap[--m->heaped];
    for (;;) {
        size_t least = i;

        for (size_t c = 2 * i + 1; c < 2 * i + 3 && c < m->heaped; c++)
            if (before(m, c, least))
                least = c;
        if (least == i)
            return top;
        swap(m, i, least);
        i = least;
    }
}

// ---- rows ----

static void
drop_cells(struct gz_row *r)
{
    for (size_t i = 0; i < r->cell_count; i++)
        gz_cell_release(&r->cell[i]);
    r->cell_count = 0;
}

// Take the runs that have the next row. *more is false when all are through.
static enum gz_err_kind
next_row(struct merge *m, bool *more, struct gz_err *err)
{
    for (size_t i = 0; i < m->takes; i++) {
        if (advance(m, m->taken[i], more, err))
            return err->kind;
        if (*more)
            push(m, m->taken[i]);
    }
    m->takes = 0;
    *more = m->heaped > 0;
    if (!*more)
        return GZ_OK;
    do
        m->taken[m->takes++] = pop(m);
    while (m->heaped && gz_row_compare(&m->heap[0]->row, &m->taken[0]->row) == 0);
    return GZ_OK;
}

// The row with all its cells.
static enum gz_err_kind
add_up(struct merge *m, struct gz_err *err)
{
    drop_cells(&m->row);
    m->row.table = m->taken[0]->row.table;
    m->row.period = m->taken[0]->row.period;
    m->row.key = m->taken[0]->row.key;
    m->row.key_count = m->taken[0]->row.key_count;
    for (size_t i = 0; i < m->takes; i++)
        if (gz_tally_read_cells(m->tally, &m->row, &m->taken[i]->cells,
                                &m->taken[i]->arena, err))
            return err->kind;
    return GZ_OK;
}

static enum gz_err_kind
open_sources(struct merge *m, const struct gz_run *run, size_t runs, struct gz_err *err)
{
    m->source = gz_mem_zalloc(runs, sizeof(*m->source));
    m->heap = gz_mem_zalloc(runs, sizeof(struct source *));
    m->taken = gz_mem_zalloc(runs, sizeof(struct source *));
    for (; m->sources < runs; m->sources++) {
        m->source[m->sources].run = &run[m->sources];
        m->source[m->sources].at = run[m->sources].at;
        m->taken[m->takes++] = &m->source[m->sources]; // to be read first
    }
    gz_keyset_init(&m->keys, &m->setup);
    gz_keyset_add(&m->keys, GZ_STR("key"));
    gz_keyset_add(&m->keys, GZ_STR("period"));
    gz_keyset_add(&m->keys, GZ_STR("m"));
    return err->kind;
}

static void
close_sources(struct merge *m)
{
    for (size_t i = 0; i < m->sources; i++) {
        free(m->source[i].block);
        gz_arena_free(&m->source[i].arena);
    }
    free(m->source);
    free(m->heap);
    free(m->taken);
    drop_cells(&m->row);
    free(m->row.cell);
    gz_arena_free(&m->setup);
}

enum gz_err_kind
gz_runs_merge(struct gz_tally *t, const struct gz_run *run, size_t runs, bool whole,
              gz_each_row *each, void *ctx, struct gz_err *err)
{
    struct merge m = { .tally = t };
    bool more = true;

    open_sources(&m, run, runs, err);
    while (!err->kind && next_row(&m, &more, err) == GZ_OK && more) {
        if (m.takes == 1 && !whole)
            each(ctx, &m.taken[0]->row, m.taken[0]->line, err);
        else if (add_up(&m, err) == GZ_OK && !gz_row_is_zero(&m.row))
            each(ctx, &m.row, (struct gz_str){ NULL, 0 }, err);
    }
    close_sources(&m);
    return err->kind;
}
