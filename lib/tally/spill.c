// SPDX-License-Identifier: MIT
#include "tally/spill.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/tempfile.h"
#include "tally/order.h"
#include "tally/store.h"

// So many runs of a level become one of the next: few enough to be read side by side.
enum { FAN_IN = 64, BLOCK = 256 * 1024 };

static bool
stays(const struct gz_row *r)
{
    return r->table.len && r->table.ptr[0] == '_';
}

static int
by_row(const void *a, const void *b)
{
    return gz_row_compare(a, b);
}

// ---- writing ----

struct writing {
    struct gz_store *store;
    struct gz_tally *tally;
    struct gz_buf out;
};

static enum gz_err_kind
flush(struct writing *w, size_t when, struct gz_err *err)
{
    if (w->out.len >= when &&
        gz_tempfile_write(w->store->fd, gz_buf_str(&w->out), &w->store->written, err))
        return err->kind;
    if (w->out.len >= when)
        w->out.len = 0;
    return GZ_OK;
}

static enum gz_err_kind
put_row(void *ctx, struct gz_row *row, struct gz_str line, struct gz_err *err)
{
    struct writing *w = ctx;

    if (line.len)
        gz_buf_add(&w->out, line);
    else
        gz_row_write(w->tally, row, &w->out);
    return flush(w, BLOCK, err);
}

static struct gz_run *
new_run(struct gz_tally *t, struct gz_str table, const struct gz_store *s)
{
    if (t->runs == t->runs_cap) {
        t->runs_cap = t->runs_cap ? 2 * t->runs_cap : 8;
        t->run = gz_mem_realloc(t->run, t->runs_cap, sizeof(*t->run));
    }
    t->run[t->runs] = (struct gz_run){ .table = gz_arena_dup(&t->arena, table),
                                       .fd = s->fd,
                                       .at = s->written };
    return &t->run[t->runs++];
}

// ---- runs become fewer ----

// The runs of one table and level, put at the end of the array. How many.
static size_t
gather(struct gz_tally *t, struct gz_str table, uint32_t level)
{
    size_t first = t->runs;

    for (size_t i = t->runs; i-- > 0;)
        if (t->run[i].level == level && gz_str_eq(t->run[i].table, table)) {
            struct gz_run r = t->run[i];

            t->run[i] = t->run[--first];
            t->run[first] = r;
        }
    return t->runs - first;
}

static enum gz_err_kind
merge_level(struct writing *w, struct gz_str table, uint32_t level, struct gz_err *err)
{
    struct gz_tally *t = w->tally;
    size_t n = gather(t, table, level);
    struct gz_run *to;
    struct gz_run one = { .fd = w->store->fd, .at = w->store->written };

    if (n < FAN_IN)
        return GZ_OK;
    if (gz_runs_merge(t, t->run + t->runs - n, n, false, put_row, w, err) ||
        flush(w, 1, err))
        return err->kind;
    t->runs -= n;
    to = new_run(t, table, w->store);
    to->at = one.at;
    to->end = w->store->written;
    to->level = level + 1;
    return merge_level(w, to->table, level + 1, err);
}

// ---- spilling ----

// Rows that stay get an index and an arena of their own.
static void
keep_others(struct gz_tally *t)
{
    struct gz_row *row = t->row;
    size_t count = t->row_count;
    struct gz_arena old = t->rows;

    gz_map_release(&t->index);
    t->rows = (struct gz_arena){ 0 };
    t->row = NULL;
    t->row_count = t->row_cap = 0;
    t->held = 0;
    for (size_t i = 0; i < count; i++) {
        struct gz_row *to;

        if (!stays(&row[i])) {
            gz_row_release(&row[i]);
            continue;
        }
        to = gz_tally_new_row(t, row[i].table, row[i].period, row[i].key,
                              row[i].key_count);
        to->cell = row[i].cell;
        to->cell_count = row[i].cell_count;
        to->cell_cap = row[i].cell_cap;
    }
    free(row);
    gz_arena_free(&old);
}

static enum gz_err_kind
spill_tally(struct writing *w, struct gz_err *err)
{
    struct gz_tally *t = w->tally;
    struct gz_run *run = NULL;

    for (size_t i = 0; i < t->row_count; i++)
        t->row[i].rank = 0; // the tables' order may not be known yet
    if (t->row_count)
        qsort(t->row, t->row_count, sizeof(*t->row), by_row);
    for (size_t i = 0; i < t->row_count; i++) {
        struct gz_row *r = &t->row[i];

        if (stays(r) || gz_row_is_zero(r))
            continue;
        if (!run || !gz_str_eq(run->table, r->table)) {
            if (flush(w, 1, err))
                return err->kind;
            if (run)
                run->end = w->store->written;
            run = new_run(t, r->table, w->store);
        }
        if (put_row(w, r, (struct gz_str){ NULL, 0 }, err))
            return err->kind;
    }
    if (flush(w, 1, err))
        return err->kind;
    if (run)
        run->end = w->store->written;
    keep_others(t);
    for (size_t i = 0; i < t->runs; i++) // a merge takes some away and adds one
        if (t->run[i].level == 0 && merge_level(w, t->run[i].table, 0, err))
            return err->kind;
    return GZ_OK;
}

static enum gz_err_kind
open_file(struct gz_store *s, struct gz_err *err)
{
    s->fd = gz_tempfile_open();
    if (s->fd < 0)
        return gz_tempfile_error(err);
    s->file = gz_mem_realloc(s->file, s->files + 1, sizeof(*s->file));
    s->file[s->files++] = s->fd;
    s->spills = true;
    return GZ_OK;
}

enum gz_err_kind
gz_store_spill(struct gz_store *s, struct gz_err *err)
{
    struct writing w = { .store = s };

    if (!s->spills && open_file(s, err))
        return err->kind;
    s->held = s->rows = 0;
    for (size_t i = 0; i < s->count && !err->kind; i++) {
        w.tally = s->tally[i];
        spill_tally(&w, err);
        s->rows += s->tally[i]->row_count;
        s->held += s->tally[i]->held;
        s->tally[i]->counted = s->tally[i]->held;
    }
    s->floor = s->held;
    gz_buf_release(&w.out);
    return err->kind;
}
