// SPDX-License-Identifier: MIT
// Two dimensions as rows by columns: the heat table.
#include <stdlib.h>

#include "report/build.h"

enum { ACROSS = 8, DOWN = 40 };

// One name of a dimension, and how much it holds.
struct side {
    struct gz_str key;
    gz_i128 sum;
};

static int
side_order(const void *left, const void *right)
{
    const struct side *a = left, *b = right;

    if (a->sum != b->sum)
        return a->sum > b->sum ? -1 : 1;
    return gz_str_cmp(a->key, b->key);
}

// Two levels of one path are a tree, not a cross.
bool
gz_build_pivots(const struct gz_table *t)
{
    const struct gz_dim *d = t->dim;

    if (t->dim_count != 2 || t->measure_count != 1 ||
        t->measure[0].kind != GZ_MEASURE_COUNT)
        return false;
    return !(d[0].field_count && d[1].field_count &&
             gz_str_eq(d[0].field[0], d[1].field[0]));
}

static struct side *
order_side(struct gz_build *b, const struct gz_table *t, unsigned keep, size_t *count)
{
    struct gz_groups g = gz_book_group(b->book, t, b->book->period, keep);
    struct side *s = gz_arena_new(b->arena, struct side, g.count + 1);

    for (size_t i = 0; i < g.count; i++)
        s[i] = (struct side){ g.group[i].key[0], gz_group_number(&g.group[i], 0).units };
    if (g.count)
        qsort(s, g.count, sizeof *s, side_order);
    *count = g.count;
    return s;
}

static size_t
find_side(const struct gz_map *at, struct gz_str key, size_t last)
{
    uint32_t n = gz_map_get(at, key);

    return n < last ? n : last;
}

static struct gz_grid_column *
pivot_columns(struct gz_build *b, const struct gz_table *t, const struct side *across,
              size_t named, bool others, size_t *columns)
{
    struct gz_grid_column *c = gz_arena_new(b->arena, struct gz_grid_column, named + 3);
    const struct gz_dim *d = &t->dim[0];

    c[(*columns)++] = (struct gz_grid_column){ .key = d->name,
                                               .caption = gz_build_capital(
                                                   b, gz_book_dim(b->book, d, t->rec)),
                                               .type = GZ_GRID_TEXT };
    for (size_t i = 0; i < named; i++)
        c[(*columns)++] = (struct gz_grid_column){
            .key = across[i].key.len ? gz_doc_clean_text(across[i].key, b->arena)
                                     : GZ_STR("absent"),
            .caption = gz_doc_clean_text(
                gz_book_value(b->book, &t->dim[1], t->rec, across[i].key), b->arena),
            .type = GZ_GRID_COUNT
        };
    if (others)
        c[(*columns)++] =
            (struct gz_grid_column){ .key = GZ_STR("other"),
                                     .caption = gz_words_get(b->words, "col.other"),
                                     .type = GZ_GRID_COUNT };
    return c;
}

const struct gz_grid *
gz_build_pivot(struct gz_build *b, const struct gz_table *t)
{
    struct gz_groups cell = gz_book_group(b->book, t, b->book->period, GZ_KEEP_ALL);
    size_t down_count, across_count, columns = 0, named, rows;
    struct side *down = order_side(b, t, 1, &down_count);
    struct side *across = order_side(b, t, 2, &across_count);
    struct gz_map row_of = { 0 }, column_of = { 0 };
    struct gz_grid_column *column;
    struct gz_grid *g;

    if (gz_book_missing_field(b->book, t, &t->measure[0]).len || cell.count == 0)
        return NULL;
    named = across_count > ACROSS ? ACROSS : across_count;
    rows = down_count > DOWN ? DOWN + 1 : down_count;
    for (size_t i = 0; i < down_count; i++)
        gz_map_put(&row_of, down[i].key, NULL);
    for (size_t i = 0; i < across_count; i++)
        gz_map_put(&column_of, across[i].key, NULL);
    column = pivot_columns(b, t, across, named, across_count > named, &columns);
    g = gz_grid_new(b->arena, gz_build_name(b, t->name, ""), column, columns, rows);
    g->keys = 1;
    g->heat = true;
    g->caption = gz_build_capital(b, gz_book_caption(b->book, t->zh, t->en, t->name));
    g->about = gz_words_get(b->words, "pivot.about");
    for (size_t r = 0; r < rows; r++) {
        g->row[r].cell[0] = gz_grid_cell_text(
            r < DOWN ? gz_book_value(b->book, &t->dim[0], t->rec, down[r].key)
                     : gz_words_get(b->words, "row.other"));
        for (size_t c = 1; c < columns; c++)
            g->row[r].cell[c] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(0));
    }
    for (size_t i = 0; i < cell.count; i++) {
        size_t r = find_side(&row_of, cell.group[i].key[0], rows - 1);
        size_t c = find_side(&column_of, cell.group[i].key[1], columns - 2);

        g->row[r].cell[1 + c].figure.value +=
            gz_group_number(&cell.group[i], 0).units / 1000000000;
    }
    gz_map_release(&row_of);
    gz_map_release(&column_of);
    return g;
}
