// SPDX-License-Identifier: MIT
// Lists of single orders. Nothing that points at a person is printed of an order that is
// secret or reports somebody, nor where the list does not say whether it is.
#include "report/lists.h"

#include "base/time.h"

static const char *const PERSONAL[] = {
    "text",       "title",        "result",         "reply",    "address",
    "door",       "building",     "place_id",       "lat",      "lon",
    "enterprise", "reporter_key", "reporter_class", "compound", "grid",
};

static bool
is_personal(struct gz_str column)
{
    for (size_t i = 0; i < GZ_COUNT(PERSONAL); i++)
        if (gz_str_is(column, PERSONAL[i]))
            return true;
    return false;
}

static struct gz_str
value_of(const struct gz_listed *l, const char *column, bool *there)
{
    for (size_t i = 0; i < l->column_count; i++)
        if (gz_str_is(l->column[i], column)) {
            *there = true;
            return l->value[i];
        }
    *there = false;
    return (struct gz_str){ NULL, 0 };
}

static bool
may_show(const struct gz_list *list, const struct gz_listed *l)
{
    bool says_secrecy, says_kind;
    struct gz_str secrecy = value_of(l, "secrecy", &says_secrecy);
    struct gz_str kind = value_of(l, "kind", &says_kind);

    // What is deliberated on or published is public by its nature.
    if (!gz_str_is(list->rec, "petition") && !gz_str_is(list->rec, "dispatch"))
        return true;
    return says_secrecy && says_kind && !gz_str_is(secrecy, "yes") &&
           !gz_str_is(kind, "举报");
}

static struct gz_grid_cell
list_cell(struct gz_build *b, const struct gz_list *list, const struct gz_listed *l,
          const struct gz_dim *dim)
{
    for (size_t i = 0; i < l->column_count; i++) {
        if (!gz_str_eq(l->column[i], dim->name))
            continue;
        if (l->value[i].len &&
            is_personal(dim->field_count ? dim->field[0] : dim->name) &&
            !may_show(list, l))
            return gz_grid_cell_text(gz_words_get(b->words, "value.withheld"));
        return l->value[i].len ? gz_grid_cell_text(
                                     gz_book_value(b->book, dim, list->rec, l->value[i]))
                               : (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
    }
    return (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
}

// Of a tally of several periods, the orders of the one reported on.
static bool
is_of_period(const struct gz_build *b, const struct gz_list *list,
             const struct gz_listed *l)
{
    struct gz_window w = gz_scheme_window(b->book->scheme, list->window);
    enum gz_period_kind kind;
    int32_t number;

    if (!list->at.len || !b->book->period.len ||
        !gz_period_parse(b->book->period, &kind, &number) || kind != w.kind)
        return true;
    for (size_t i = 0; i < l->column_count; i++) {
        struct gz_time t;
        struct gz_period_range r;

        if (!gz_str_eq(l->column[i], list->at) || !gz_time_parse(l->value[i], &t))
            continue;
        r = gz_window_find(&w, t);
        return r.first <= number && number <= r.last;
    }
    return true;
}

static bool
belongs(const struct gz_build *b, const struct gz_list *list, const struct gz_listed *l)
{
    return gz_str_eq(l->list, list->name) &&
           (!l->period.len || !b->book->period.len ||
            gz_str_eq(l->period, b->book->period)) &&
           is_of_period(b, list, l);
}

// What only serves to work out or withhold something is no column of its own.
static bool
is_shown(const struct gz_dim *d)
{
    return !d->counts && !d->which && !gz_str_is(d->name, "secrecy");
}

static size_t
list_columns(struct gz_build *b, const struct gz_list *list, bool points,
             struct gz_grid_column *column, size_t *from)
{
    size_t n = 0;

    for (size_t i = 0; i < list->column_count; i++) {
        if (!is_shown(&list->column[i]))
            continue;
        from[n] = i;
        column[n++] = (struct gz_grid_column){
            .key = list->column[i].name,
            .caption =
                gz_build_capital(b, gz_book_dim(b->book, &list->column[i], list->rec)),
            .type = GZ_GRID_TEXT
        };
    }
    if (points)
        column[n++] =
            (struct gz_grid_column){ .key = GZ_STR("points"),
                                     .caption = gz_words_get(b->words, "col.points"),
                                     .about = gz_words_get(b->words, "about.points"),
                                     .type = GZ_GRID_SCORE };
    return n;
}

static void
fill_list(struct gz_build *b, const struct gz_list *list, struct gz_grid *g,
          const size_t *from, const struct gz_points *points)
{
    const struct gz_tally *t = b->book->tally[0];
    size_t shown = g->columns - (points != NULL), row = 0;

    for (size_t i = 0; i < t->listed_count; i++) {
        const struct gz_listed *l = &t->listed[i];

        if (!belongs(b, list, l))
            continue;
        for (size_t c = 0; c < shown; c++)
            g->row[row].cell[c] = list_cell(b, list, l, &list->column[from[c]]);
        if (points)
            g->row[row].cell[shown] =
                gz_grid_cell_figure(GZ_GRID_SCORE, gz_points_of(points, l));
        row++;
    }
}

const struct gz_grid *
gz_build_list(struct gz_build *b, const struct gz_list *list)
{
    const struct gz_tally *t = b->book->tally[0];
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, list->column_count + 2);
    size_t *from = gz_arena_new(b->arena, size_t, list->column_count + 1);
    struct gz_str key[] = { list->name };
    uint64_t all = gz_book_meta(b->book, "_list", key, 1, "n"), held = 0;
    struct gz_points points;
    bool with_points = gz_points_open(&points, b, list);
    size_t columns = list_columns(b, list, with_points, column, from), rows = 0;
    struct gz_grid *g;

    for (size_t i = 0; i < t->listed_count; i++) {
        rows += belongs(b, list, &t->listed[i]);
        held += gz_str_eq(t->listed[i].list, list->name);
    }
    // Of a tally of many periods it is only known how many there are in all of them.
    if (held == all)
        all = rows;
    g = gz_grid_new(b->arena, gz_build_name(b, list->name, ""), column, columns, rows);
    g->keys = 1;
    g->caption =
        gz_build_capital(b, gz_book_caption(b->book, list->zh, list->en, list->name));
    fill_list(b, list, g, from, with_points ? &points : NULL);
    if (list->needs_as_of && !t->as_of.len)
        g->about = gz_words_get(b->words, "note.as_of");
    else
        g->about = gz_say(b->words, b->arena, "list.about",
                          gz_arena_printf(b->arena, "%zu", rows),
                          gz_arena_printf(b->arena, "%llu",
                                          (unsigned long long)(all > rows ? all : rows)));
    return g;
}
