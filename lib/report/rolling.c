// SPDX-License-Identifier: MIT
// Rolling sums: the last few periods together, against as many before them.
#include "report/build.h"
#include "report/history.h"

enum { SPANS = 2, MEASURES = 2 };
enum { MEASURE, SPAN, FROM, TO, SUM, BASE_FROM, BASE_TO, BASE, CHANGE, COLUMNS };

struct rolling {
    struct gz_build *b;
    const struct gz_table *table;
    struct gz_history h;
    struct gz_grid *grid;
};

// How many periods are summed, by kind of period.
static const size_t *
spans_of(enum gz_period_kind kind)
{
    static const size_t span[][SPANS] = {
        [GZ_PERIOD_ALL] = { 0 },        [GZ_PERIOD_YEAR] = { 3, 0 },
        [GZ_PERIOD_QUARTER] = { 4, 0 }, [GZ_PERIOD_MONTH] = { 3, 12 },
        [GZ_PERIOD_WEEK] = { 4, 52 },   [GZ_PERIOD_DAY] = { 7, 28 },
    };

    return span[kind];
}

// Periods from `back` on, `n` of them: false when not all were counted.
static bool
sum_of(const struct gz_history *h, size_t back, size_t n, gz_i128 *sum)
{
    *sum = 0;
    if (back + n > h->count)
        return false;
    for (size_t i = h->count - back - n; i < h->count - back; i++) {
        if (!h->counted[i])
            return false;
        *sum += h->value[i];
    }
    return true;
}

static void
put_span(struct rolling *r, const struct gz_measure *m, size_t n)
{
    struct gz_build *b = r->b;
    struct gz_grid_cell *cell = r->grid->row[r->grid->rows].cell;
    gz_i128 now, then;

    if (!sum_of(&r->h, 0, n, &now))
        return;
    r->grid->rows++;
    cell[MEASURE] = gz_grid_cell_text(
        gz_build_capital(b, gz_book_caption(b->book, m->zh, m->en, m->name)));
    cell[SPAN] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count((gz_i128)n));
    cell[FROM] = gz_grid_cell_text(gz_history_period(b->book, &r->h, n - 1));
    cell[TO] = gz_grid_cell_text(gz_history_period(b->book, &r->h, 0));
    cell[SUM] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(now));
    cell[BASE_FROM] = gz_grid_cell_text(gz_history_period(b->book, &r->h, 2 * n - 1));
    cell[BASE_TO] = gz_grid_cell_text(gz_history_period(b->book, &r->h, n));
    cell[BASE].type = GZ_GRID_COUNT;
    cell[CHANGE].type = GZ_GRID_CHANGE;
    if (!sum_of(&r->h, n, n, &then)) {
        cell[BASE].note = cell[CHANGE].note =
            gz_grid_note(r->grid, b->arena, gz_words_get(b->words, "note.no_base"));
        return;
    }
    cell[BASE].figure = gz_figure_count(then);
    cell[CHANGE].figure = gz_figure_change(now, then, (unsigned)b->book->scheme->decimals,
                                           b->book->scheme->rounding);
    if (!cell[CHANGE].figure.known)
        cell[CHANGE].note =
            gz_grid_note(r->grid, b->arena, gz_words_get(b->words, "note.base_zero"));
}

// Windows that overlap cannot be added up.
static void
put_measure(struct rolling *r, const char *name)
{
    int at = gz_table_find(r->table, gz_str_of(name));
    const size_t *span = spans_of(r->h.kind);

    if (at < 0 ||
        gz_book_missing_field(r->b->book, r->table, &r->table->measure[at]).len ||
        gz_book_overlaps(r->b->book, &r->table->measure[at]))
        return;
    gz_history_rewind(&r->h);
    if (!gz_history_next(&r->h, (size_t)at))
        return;
    for (size_t i = 0; i < SPANS && span[i]; i++)
        put_span(r, &r->table->measure[at], span[i]);
}

static const struct gz_grid_column *
columns_of(struct gz_build *b)
{
    static const struct {
        const char *key;
        enum gz_grid_type type;
    } all[COLUMNS] = { { "measure", GZ_GRID_TEXT }, { "periods", GZ_GRID_COUNT },
                       { "from", GZ_GRID_TEXT },    { "to", GZ_GRID_TEXT },
                       { "sum", GZ_GRID_COUNT },    { "base_from", GZ_GRID_TEXT },
                       { "base_to", GZ_GRID_TEXT }, { "base", GZ_GRID_COUNT },
                       { "change", GZ_GRID_CHANGE } };
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, COLUMNS);

    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(all[i].key),
            .caption = gz_words_in(b->words, "rolling", gz_str_of(all[i].key)),
            .type = all[i].type,
        };
    return column;
}

const struct gz_grid *
gz_build_rolling(struct gz_build *b, const struct gz_table *t)
{
    static const char *const measure[MEASURES] = { "received", "closed" };
    struct rolling r = { .b = b, .table = t };

    if (!gz_history_open(&r.h, b->book, t, true) || r.h.count < 3)
        return NULL;
    r.grid = gz_grid_new(b->arena, gz_build_name(b, GZ_STR("rolling"), ""), columns_of(b),
                         COLUMNS, MEASURES * SPANS);
    r.grid->rows = 0;
    r.grid->keys = 1;
    r.grid->caption = gz_words_get(b->words, "rolling.caption");
    r.grid->about = gz_words_get(b->words, "rolling.about");
    for (size_t i = 0; i < MEASURES; i++)
        put_measure(&r, measure[i]);
    return r.grid->rows ? r.grid : NULL;
}
