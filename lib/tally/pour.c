// SPDX-License-Identifier: MIT
// Rows on their way from the tables that count into the store.
#include <stdlib.h>

#include "base/mem.h"
#include "tally/counter.h"

enum {
    UNIT = 1000000000,
    EYE = 64, // records after which the memory is looked at
};

void
gz_c_table_free(struct gz_c_table *t)
{
    for (uint32_t row = 0; row < t->rows; row++)
        for (size_t i = 0; i < t->measure_count; i++) {
            union gz_c_cell *cell = &t->cell[row * t->measure_count + i];

            if (t->measure[i].kind == GZ_MEASURE_DURATION && cell->durations) {
                gz_durations_release(cell->durations);
                free(cell->durations);
            } else if (t->measure[i].kind == GZ_MEASURE_DISTINCT && cell->distinct) {
                gz_distinct_release(cell->distinct);
                free(cell->distinct);
            } else if (t->measure[i].kind == GZ_MEASURE_SUM) {
                free(cell->sum);
            }
        }
    free(t->slot);
    free(t->key);
    free(t->cell);
    t->rows = t->slots = t->cap = 0;
    t->slot = t->key = NULL;
    t->cell = NULL;
}

// Move a cell's content into the store's row.
static enum gz_err_kind
move_cell(struct gz_tally *t, struct gz_row *row, const struct gz_c_measure *m,
          union gz_c_cell *from, struct gz_err *err)
{
    struct gz_cell own = { 0 };

    switch (m->kind) {
    case GZ_MEASURE_COUNT:
        own.number.units = (gz_i128)from->count * UNIT;
        break;
    case GZ_MEASURE_SUM:
        if (!from->sum)
            return GZ_OK;
        own.number = *from->sum;
        break;
    case GZ_MEASURE_DURATION:
        if (!from->durations)
            return GZ_OK;
        own.type = GZ_CELL_DURATION;
        own.durations = from->durations;
        from->durations = NULL;
        break;
    case GZ_MEASURE_DISTINCT:
        if (!from->distinct)
            return GZ_OK;
        own.type = GZ_CELL_DISTINCT;
        own.distinct = from->distinct;
        from->distinct = NULL;
        break;
    }
    gz_tally_merge_cell(t, row, m->name, &own, err);
    gz_cell_release(&own);
    return err->kind;
}

static bool
is_empty(const struct gz_c_table *t, const union gz_c_cell *cell)
{
    for (size_t i = 0; i < t->measure_count; i++)
        if (cell[i].count) // or any of the pointers
            return false;
    return true;
}

static enum gz_err_kind
finish_row(struct gz_counter *c, struct gz_c_table *t, uint32_t number,
           struct gz_buf *period, struct gz_err *err)
{
    struct gz_tally *tally = gz_store_tally(c->store, c->id);
    const uint32_t *id = t->key + number * (t->dim_count + 1);
    union gz_c_cell *cell = t->cell + number * t->measure_count;
    struct gz_str key[GZ_PLAN_DIMS];
    struct gz_row *row;

    if (is_empty(t, cell))
        return GZ_OK;
    for (size_t i = 0; i < t->dim_count; i++)
        key[i] = c->text.keys[id[i]];
    period->len = 0;
    gz_period_format(c->scheme->period.kind, (int32_t)id[t->dim_count], period);
    row = gz_store_row(c->store, tally, t->table->name, gz_buf_str(period), key,
                       t->dim_count, err);
    if (!row)
        return err->kind;
    for (size_t i = 0; i < t->measure_count; i++)
        if (move_cell(tally, row, &t->measure[i], &cell[i], err))
            return err->kind;
    return GZ_OK;
}

enum gz_err_kind
gz_counter_pour(struct gz_counter *c, struct gz_c_kind *k, struct gz_err *err)
{
    struct gz_buf period = { 0 };

    for (size_t i = 0; i < k->table_count && !err->kind; i++) {
        for (uint32_t row = 0; row < k->table[i].rows && !err->kind; row++)
            finish_row(c, &k->table[i], row, &period, err);
        gz_c_table_free(&k->table[i]);
    }
    gz_buf_release(&period);
    return err->kind;
}

// Bytes that tables and values take, about.
static uint64_t
held(const struct gz_counter *c)
{
    uint64_t sum = c->cells;

    for (size_t i = 0; i < c->kind_count; i++)
        for (size_t k = 0; k < c->kind[i].table_count; k++) {
            const struct gz_c_table *t = &c->kind[i].table[k];

            sum += t->slots * sizeof(*t->slot) +
                   t->cap * ((t->dim_count + 1) * sizeof(*t->key) +
                             t->measure_count * sizeof(*t->cell));
        }
    sum += gz_map_held(&c->text);
    for (size_t i = 0; i < c->dim_count; i++)
        sum += gz_map_held(&c->dim[i].memo);
    return sum;
}

enum gz_err_kind
gz_counter_mind_memory(struct gz_counter *c, struct gz_err *err)
{
    if (!c->memory || ++c->uneyed < EYE)
        return GZ_OK;
    c->uneyed = 0;
    if (held(c) <= c->memory)
        return GZ_OK;
    for (size_t i = 0; i < c->kind_count; i++)
        if (gz_counter_pour(c, &c->kind[i], err))
            return err->kind;
    c->rows = c->cells = 0;
    gz_counter_forget_values(c);
    return GZ_OK;
}
