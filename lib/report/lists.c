// SPDX-License-Identifier: MIT
// Lists of single orders. Nothing that points at a person is printed of an order that is
// secret or reports somebody, nor where the list does not say whether it is.
#include "report/build.h"

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

static bool
belongs(const struct gz_build *b, const struct gz_list *list, const struct gz_listed *l)
{
    return gz_str_eq(l->list, list->name) && (!l->period.len || !b->book->period.len ||
                                              gz_str_eq(l->period, b->book->period));
}

const struct gz_grid *
gz_build_list(struct gz_build *b, const struct gz_list *list)
{
    const struct gz_tally *t = b->book->tally[0];
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, list->column_count + 1);
    struct gz_str key[] = { list->name };
    uint64_t all = gz_book_meta(b->book, "_list", key, 1, "n");
    struct gz_grid *g;
    size_t rows = 0;

    for (size_t i = 0; i < t->listed_count; i++)
        rows += belongs(b, list, &t->listed[i]);
    for (size_t i = 0; i < list->column_count; i++)
        column[i] = (struct gz_grid_column){
            .key = list->column[i].name,
            .caption =
                gz_build_capital(b, gz_book_dim(b->book, &list->column[i], list->rec)),
            .type = GZ_GRID_TEXT
        };
    g = gz_grid_new(b->arena, gz_build_name(b, list->name, ""), column,
                    list->column_count, rows);
    g->keys = 1;
    g->caption =
        gz_build_capital(b, gz_book_caption(b->book, list->zh, list->en, list->name));
    rows = 0;
    for (size_t i = 0; i < t->listed_count; i++) {
        if (!belongs(b, list, &t->listed[i]))
            continue;
        for (size_t c = 0; c < list->column_count; c++)
            g->row[rows].cell[c] = list_cell(b, list, &t->listed[i], &list->column[c]);
        rows++;
    }
    if (list->needs_as_of && !t->as_of.len)
        g->about = gz_words_get(b->words, "note.as_of");
    else
        g->about = gz_say(b->words, b->arena, "list.about",
                          gz_arena_printf(b->arena, "%zu", rows),
                          gz_arena_printf(b->arena, "%llu",
                                          (unsigned long long)(all > rows ? all : rows)));
    return g;
}
