// SPDX-License-Identifier: MIT
// What stays open from period to period, and how long things took.
#include "report/build.h"
#include "report/spans.h"

struct months {
    struct gz_build *b;
    const struct gz_table *table;
    struct gz_groups group; // by period, in order; the undated row is left out
    struct gz_grid *grid;
};

static void
gather(struct months *t)
{
    struct gz_groups all = gz_book_group(t->b->book, t->table, (struct gz_str){ NULL, 0 },
                                         (unsigned)GZ_KEEP_PERIOD);

    t->group = all;
    t->group.count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (all.group[i].key[0].len)
            t->group.group[t->group.count++] = all.group[i];
    gz_book_fill_periods(t->b->book, &t->group);
}

// ---- what is open ----

// A table of flows is called so, and counts what was opened and what was closed.
bool
gz_build_is_backlog(const struct gz_table *t)
{
    return t->periods && gz_str_is(t->name, "backlog") &&
           gz_table_find(t, GZ_STR("opened")) >= 0 &&
           gz_table_find(t, GZ_STR("closed")) >= 0;
}

const struct gz_grid *
gz_build_backlog(struct gz_build *b, const struct gz_table *table)
{
    static const char *const name[] = { "period", "opened", "closed", "net", "since" };
    struct months t = { .b = b, .table = table };
    struct gz_grid_column *column = gz_arena_new(b->arena, struct gz_grid_column, 5);
    size_t in = (size_t)gz_table_find(table, GZ_STR("opened"));
    size_t out = (size_t)gz_table_find(table, GZ_STR("closed"));
    gz_i128 since = 0;

    gather(&t);
    if (t.group.count == 0 ||
        gz_book_missing_field(b->book, table, &table->measure[in]).len ||
        gz_book_missing_field(b->book, table, &table->measure[out]).len)
        return NULL;
    for (size_t i = 0; i < 5; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(name[i]),
            .caption = gz_words_in(b->words, "backlog", gz_str_of(name[i])),
            .type = i ? GZ_GRID_COUNT : GZ_GRID_TEXT,
        };
    t.grid = gz_grid_new(b->arena, gz_build_name(b, table->name, ""), column, 5,
                         t.group.count);
    t.grid->keys = 1;
    t.grid->latest = true;
    t.grid->caption =
        gz_build_capital(b, gz_book_caption(b->book, table->zh, table->en, table->name));
    t.grid->about = gz_words_get(b->words, "backlog.about");
    for (size_t i = 0; i < t.group.count; i++) {
        struct gz_grid_cell *cell = t.grid->row[i].cell;
        struct gz_dec a = gz_group_number(&t.group.group[i], in);
        struct gz_dec z = gz_group_number(&t.group.group[i], out);

        since += a.units - z.units;
        cell[0] = gz_grid_cell_text(gz_arena_dup(b->arena, t.group.group[i].key[0]));
        cell[1] = gz_build_number(a);
        cell[2] = gz_build_number(z);
        cell[3] = gz_build_number((struct gz_dec){ a.units - z.units });
        cell[4] = gz_build_number((struct gz_dec){ since });
    }
    return t.grid;
}

// ---- how long ----

enum { BINS = 9 };

const struct gz_grid *
gz_build_bins(struct gz_build *b, const struct gz_table *table, size_t measure)
{
    static const int edge[BINS - 1] = { 1, 3, 7, 15, 30, 60, 90, 180 }; // days, inclusive
    const struct gz_measure *m = &table->measure[measure];
    struct gz_groups whole = gz_book_group(b->book, table, b->book->period, 0);
    struct gz_grid_column *column = gz_arena_new(b->arena, struct gz_grid_column, 3);
    struct gz_figure share[BINS];
    gz_i128 part[BINS];
    struct gz_durations *d;
    struct gz_grid *g;
    uint64_t before = 0;

    if (!whole.count || whole.group[0].cell[measure].type != GZ_CELL_DURATION ||
        gz_book_missing_field(b->book, table, m).len)
        return NULL;
    d = whole.group[0].cell[measure].durations;
    if (d->sec.count + d->days.count == 0)
        return NULL;
    column[0] = (struct gz_grid_column){ .key = GZ_STR("span"),
                                         .caption = gz_words_get(b->words, "bins.span"),
                                         .type = GZ_GRID_TEXT };
    column[1] = (struct gz_grid_column){ .key = GZ_STR("n"),
                                         .caption = gz_words_get(b->words, "bins.n"),
                                         .type = GZ_GRID_COUNT };
    column[2] =
        (struct gz_grid_column){ .key = GZ_STR("share"),
                                 .caption = gz_say(b->words, b->arena, "col.percent",
                                                   gz_words_get(b->words, "col.share")),
                                 .type = GZ_GRID_PERCENT };
    g = gz_grid_new(
        b->arena,
        gz_build_name(
            b, table->name,
            gz_arena_cstr(b->arena, gz_arena_printf(b->arena, "_" GZ_STR_FMT "_bins",
                                                    GZ_STR_ARG(m->name)))),
        column, 3, BINS);
    g->keys = 1;
    g->caption = gz_say(b->words, b->arena, "bins.caption",
                        gz_book_caption(b->book, m->zh, m->en, m->name));
    g->about = gz_words_get(b->words, "bins.about");
    for (size_t i = 0; i < BINS; i++) {
        uint64_t upto = d->sec.count + d->days.count;
        struct gz_str from = gz_arena_printf(b->arena, "%d", i ? edge[i - 1] : 0);
        struct gz_str to =
            gz_arena_printf(b->arena, "%d", i < BINS - 1 ? edge[i] : edge[BINS - 2]);

        if (i < BINS - 1)
            upto = gz_hist_at_most(&d->sec, (int64_t)edge[i] * 86400) +
                   gz_hist_at_most(&d->days, edge[i]);
        part[i] = (gz_i128)(upto - before);
        before = upto;
        g->row[i].cell[0] = gz_grid_cell_text(gz_say(b->words, b->arena,
                                                     i == 0          ? "bins.first"
                                                     : i == BINS - 1 ? "bins.last"
                                                                     : "bins.mid",
                                                     from, to));
        g->row[i].cell[1] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(part[i]));
    }
    gz_figure_shares(part, BINS, (unsigned)b->book->scheme->decimals, share);
    for (size_t i = 0; i < BINS; i++)
        g->row[i].cell[2] = gz_grid_cell_figure(GZ_GRID_PERCENT, share[i]);
    return g;
}
