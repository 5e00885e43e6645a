// SPDX-License-Identifier: MIT
// Rows are hidden whole: counts of one row add up among themselves (solved, partly solved
// and not solved are valid follow-ups), so that one cell alone hides nothing.
#include "report/public.h"

#include "base/map.h"

struct publishing {
    struct gz_doc *doc;
    struct gz_arena *arena;
    gz_i128 small;
    struct gz_map hidden; // key columns and key texts of rows
    bool changed;
};

static struct gz_str
row_key(struct publishing *p, const struct gz_grid *t, const struct gz_grid_row *row,
        size_t keys)
{
    struct gz_buf b = { 0 };
    struct gz_str s;

    for (size_t c = 0; c < keys; c++) {
        if (t->column[c].type != GZ_GRID_TEXT)
            continue;
        gz_buf_add(&b, t->column[c].key);
        gz_buf_char(&b, '\n');
        gz_buf_add(&b, row->cell[c].text);
        gz_buf_char(&b, '\n');
    }
    s = gz_arena_dup(p->arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return s;
}

static bool
is_body(const struct gz_grid *t, size_t r)
{
    return t->row[r].role == GZ_ROLE_BODY;
}

static bool
is_hidden(struct publishing *p, const struct gz_grid *t, size_t r)
{
    return gz_map_get(&p->hidden, row_key(p, t, &t->row[r], t->keys)) != GZ_MAP_NONE;
}

static void
hide(struct publishing *p, const struct gz_grid *t, size_t r)
{
    bool added;

    gz_map_put(&p->hidden, row_key(p, t, &t->row[r], t->keys), &added);
    p->changed |= added;
}

// The whole part of a count; -1: none.
static gz_i128
count_of(const struct gz_grid *t, size_t r, size_t c)
{
    const struct gz_grid_cell *cell = &t->row[r].cell[c];
    gz_i128 v = cell->figure.value;

    if (t->column[c].type != GZ_GRID_COUNT || cell->type != GZ_GRID_COUNT ||
        !cell->figure.known || gz_str_is(t->column[c].key, "residents") ||
        gz_str_is(t->column[c].key, "per_10000"))
        return -1;
    for (unsigned i = 0; i < cell->figure.places; i++)
        v /= 10;
    return v < 0 ? -v : v;
}

static bool
is_small(const struct publishing *p, gz_i128 n)
{
    return n > 0 && n < p->small;
}

static bool
has_small(const struct publishing *p, const struct gz_grid *t, size_t r)
{
    for (size_t c = t->keys; c < t->columns; c++)
        if (is_small(p, count_of(t, r, c)))
            return true;
    return false;
}

// The first count of a row: what it is sized by.
static gz_i128
size_of(const struct gz_grid *t, size_t r)
{
    for (size_t c = t->keys; c < t->columns; c++)
        if (count_of(t, r, c) >= 0)
            return count_of(t, r, c);
    return 0;
}

// Rows of one table that agree in the first `keys` columns sum to a row that may be
// known: among them hide the smallest until what is hidden cannot be told apart.
static void
hide_more(struct publishing *p, const struct gz_grid *t, size_t like, size_t keys)
{
    for (;;) {
        struct gz_str group = row_key(p, t, &t->row[like], keys);
        size_t hidden = 0, best = t->rows;
        bool weak = false;

        for (size_t r = 0; r < t->rows; r++) {
            if (!is_body(t, r) || !gz_str_eq(row_key(p, t, &t->row[r], keys), group))
                continue;
            if (is_hidden(p, t, r))
                hidden++;
            else if (best == t->rows || size_of(t, r) < size_of(t, best))
                best = r;
        }
        for (size_t c = t->keys; c < t->columns; c++) {
            gz_i128 sum = 0;

            for (size_t r = 0; r < t->rows; r++)
                if (is_body(t, r) && is_hidden(p, t, r) && count_of(t, r, c) > 0 &&
                    gz_str_eq(row_key(p, t, &t->row[r], keys), group))
                    sum += count_of(t, r, c);
            weak |= is_small(p, sum);
        }
        if (hidden == 0 || best == t->rows || (hidden > 1 && !weak))
            return;
        hide(p, t, best);
    }
}

static void
visit(struct publishing *p, const struct gz_grid *t)
{
    for (size_t r = 0; r < t->rows; r++) {
        if (!is_body(t, r))
            continue;
        if (has_small(p, t, r))
            hide(p, t, r);
        for (size_t keys = 0; keys < t->keys; keys++)
            if (is_hidden(p, t, r))
                hide_more(p, t, r, keys);
    }
}

// ---- what stays ----

static bool
is_dictionary(const struct gz_grid *t)
{
    return gz_str_starts(t->name, GZ_STR("definitions")) ||
           gz_str_starts(t->name, GZ_STR("conditions"));
}

// Sums over periods and single counts that tell each other with the tables beside them.
static bool
tells_others(const struct gz_grid *t)
{
    return gz_str_starts(t->name, GZ_STR("rolling")) ||
           gz_str_starts(t->name, GZ_STR("unusual"));
}

// Rows that are figures of one whole, or periods whose running sums tell each other, or a
// grid of two dimensions: with a small count anywhere they cannot be made safe.
static bool
cannot_be_safe(struct publishing *p, const struct gz_grid *t)
{
    if (t->heat || tells_others(t))
        return true;
    if (!t->latest && !gz_str_is(t->column[0].key, "measure"))
        return false;
    for (size_t r = 0; r < t->rows; r++)
        if (has_small(p, t, r))
            return true;
    return false;
}

static bool
is_office_only(const struct gz_section *s)
{
    return gz_str_starts(s->name, GZ_STR("lists")) ||
           gz_str_starts(s->name, GZ_STR("checks"));
}

static bool
stays(struct publishing *p, const struct gz_section *s, const struct gz_item *i)
{
    const struct gz_grid *t = i->type == GZ_ITEM_TABLE   ? i->table
                              : i->type == GZ_ITEM_CHART ? i->chart->table
                                                         : NULL;

    if (is_office_only(s))
        return false;
    if (!t)
        return i->type == GZ_ITEM_FACTS || i->type == GZ_ITEM_NOTE;
    if (gz_str_starts(s->name, GZ_STR("origin")))
        return is_dictionary(t);
    return !cannot_be_safe(p, t);
}

static void
drop_items(struct publishing *p)
{
    struct gz_section *last = NULL, *s = p->doc->first;

    for (; s; s = s->next) {
        struct gz_item **link = &s->first;

        s->last = NULL;
        while (*link) {
            if (stays(p, s, *link)) {
                s->last = *link;
                link = &(*link)->next;
            } else {
                *link = (*link)->next;
            }
        }
        if (!s->first)
            continue;
        if (last)
            last->next = s;
        else
            p->doc->first = s;
        last = s;
    }
    if (last)
        last->next = NULL;
    else
        p->doc->first = NULL;
    p->doc->last = last;
}

// ---- writing ----

static const struct gz_grid *
masked(struct publishing *p, const struct gz_grid *t)
{
    struct gz_grid *copy = gz_arena_new(p->arena, struct gz_grid, 1);
    struct gz_str why = gz_say(p->doc->words, p->arena, "note.hidden",
                               gz_arena_printf(p->arena, "%lld", (long long)p->small));
    bool any = false;

    *copy = *t;
    copy->row = gz_arena_new(p->arena, struct gz_grid_row, t->rows + 1);
    for (size_t r = 0; r < t->rows; r++) {
        // A sum with a small count in it is hidden whole as well.
        bool hidden = is_body(t, r) ? is_hidden(p, t, r) : has_small(p, t, r);

        any |= hidden;
        copy->row[r].role = t->row[r].role;
        copy->row[r].cell = gz_arena_new(p->arena, struct gz_grid_cell, t->columns + 1);
        for (size_t c = 0; c < t->columns; c++) {
            copy->row[r].cell[c] = t->row[r].cell[c];
            if (hidden && gz_grid_cell_is_figure(t->column[c].type))
                copy->row[r].cell[c].figure.known = false;
            else if (hidden && c >= t->keys)
                copy->row[r].cell[c] = (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
        }
    }
    // A mean over rows, with the shown ones, gives what is hidden.
    for (size_t r = 0; any && r < t->rows; r++)
        for (size_t c = t->keys; t->row[r].role == GZ_ROLE_MEAN && c < t->columns; c++)
            copy->row[r].cell[c].figure.known = false;
    if (any) {
        struct gz_buf about = { 0 };

        gz_buf_add(&about, t->about);
        gz_words_gap(p->doc->words, &about);
        gz_buf_add(&about, why);
        copy->about = gz_arena_dup(p->arena, gz_buf_str(&about));
        gz_buf_release(&about);
    }
    return copy;
}

static void
mask(struct publishing *p)
{
    for (struct gz_section *s = p->doc->first; s; s = s->next)
        for (struct gz_item *i = s->first; i; i = i->next)
            if (i->type == GZ_ITEM_TABLE && !is_dictionary(i->table)) {
                const struct gz_grid *old = i->table;

                i->table = masked(p, old);
                for (struct gz_item *k = s->first; k; k = k->next)
                    if (k->type == GZ_ITEM_CHART && k->chart->table == old) {
                        struct gz_chart *chart =
                            gz_arena_new(p->arena, struct gz_chart, 1);

                        *chart = *k->chart;
                        chart->table = i->table;
                        k->chart = chart;
                    }
            }
}

void
gz_doc_publish(struct gz_doc *doc, struct gz_arena *arena, int64_t small)
{
    struct publishing p = { .doc = doc, .arena = arena, .small = small };
    const struct gz_grid *t;

    drop_items(&p);
    do {
        p.changed = false;
        for (size_t i = 0; (t = gz_doc_table_at(doc, i)); i++)
            if (!is_dictionary(t))
                visit(&p, t);
    } while (p.changed);
    mask(&p);
    // Sentences and tiles name single rows and changes.
    doc->sentences = 0;
    doc->headlines = 0;
    doc->warnings = 0;
    gz_map_release(&p.hidden);
}
