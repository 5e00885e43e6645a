// SPDX-License-Identifier: MIT
// Two stores become one, as if all lines of the one had been read by the other.
#include <stdlib.h>

#include "base/mem.h"
#include "tally/order.h"
#include "tally/store.h"

static void
join_head(struct gz_tally *to, const struct gz_tally *from)
{
    to->heads += from->heads;
    to->ends += from->ends;
    to->rows_read += from->rows_read;
    to->rows_said += from->rows_said;
    if (to->has_head || !from->has_head)
        return;
    to->has_head = true;
    to->plan = gz_arena_dup(&to->arena, from->plan);
    to->scheme = gz_arena_dup(&to->arena, from->scheme);
    to->period = gz_arena_dup(&to->arena, from->period);
    to->as_of = gz_arena_dup(&to->arena, from->as_of);
}

static enum gz_err_kind
join_row(struct gz_store *s, struct gz_tally *to, const struct gz_tally *from,
         struct gz_row *row, struct gz_err *err)
{
    struct gz_row *r =
        gz_store_row(s, to, row->table, row->period, row->key, row->key_count, err);

    for (size_t i = 0; r && i < row->cell_count && !err->kind; i++) {
        gz_tally_merge_cell(to, r, from->measure.keys[row->cell[i].measure],
                            &row->cell[i], err);
        gz_cell_release(&row->cell[i]);
    }
    return err->kind;
}

static void
join_runs(struct gz_tally *to, const struct gz_tally *from)
{
    if (!from->runs)
        return;
    to->runs_cap = to->runs + from->runs;
    to->run = gz_mem_realloc(to->run, to->runs_cap, sizeof(*to->run));
    for (size_t i = 0; i < from->runs; i++) {
        struct gz_run *r = &to->run[to->runs++];

        *r = from->run[i];
        r->table = gz_arena_dup(&to->arena, r->table);
    }
}

static enum gz_err_kind
join_tally(struct gz_store *s, struct gz_tally *from, struct gz_err *err)
{
    struct gz_tally *to = gz_store_tally(s, from->id);

    join_head(to, from);
    for (size_t i = 0; i < from->row_count; i++)
        if (join_row(s, to, from, &from->row[i], err))
            return err->kind;
    for (size_t i = 0; i < from->label_count; i++)
        gz_tally_label(to, from->label[i].dim, from->label[i].value, from->label[i].line);
    for (size_t i = 0; i < from->listed_count; i++)
        gz_tally_list(to, &from->listed[i]);
    join_runs(to, from);
    return GZ_OK;
}

static void
join_files(struct gz_store *to, struct gz_store *from)
{
    to->file = gz_mem_realloc(to->file, to->files + from->files + 1, sizeof(*to->file));
    for (size_t i = 0; i < from->files; i++)
        to->file[to->files++] = from->file[i];
    from->files = 0;
}

enum gz_err_kind
gz_store_join(struct gz_store *to, struct gz_store *from, struct gz_err *err)
{
    for (size_t i = 0; i < from->count; i++)
        if (join_tally(to, from->tally[i], err))
            return err->kind;
    join_files(to, from);
    gz_store_release(from);
    return GZ_OK;
}
