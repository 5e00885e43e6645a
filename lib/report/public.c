// SPDX-License-Identifier: MIT
#include "report/public.h"

#include <stdlib.h>

#include "report/suppress.h"

struct publishing {
    struct gz_doc *doc;
    struct gz_arena *arena;
    struct gz_suppress suppress;
};

static bool
is_body(const struct gz_grid *t, size_t r)
{
    return t->row[r].role == GZ_ROLE_BODY;
}

static bool
has_small(const struct publishing *p, const struct gz_grid *t, size_t r)
{
    for (int f = 0; f < GZ_FAMILIES; f++)
        if (gz_suppress_has_small(&p->suppress, t, r, (enum gz_family)f))
            return true;
    return false;
}

// ---- what stays ----

static bool
is_dictionary(const struct gz_grid *t)
{
    return gz_str_starts(t->name, GZ_STR("definitions")) ||
           gz_str_starts(t->name, GZ_STR("conditions"));
}

// Sums over periods and single counts that tell each other with the tables beside them;
// and names of firms that are complained about.
static bool
tells_others(const struct gz_grid *t)
{
    return gz_str_starts(t->name, GZ_STR("rolling")) ||
           gz_str_starts(t->name, GZ_STR("unusual")) ||
           gz_str_starts(t->name, GZ_STR("stake")) ||
           gz_str_starts(t->name, GZ_STR("enterprise"));
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

// Is this cell hidden? A sum with a small count in its family is, too.
static bool
hides(const struct publishing *p, const struct gz_grid *t, size_t r, size_t c)
{
    enum gz_family family = gz_suppress_family(t, c);
    bool figure = gz_grid_cell_is_figure(t->column[c].type);

    // Rank, class and the like tell of the figures that they come from.
    if (c < t->keys)
        return figure && is_body(t, r) &&
               gz_suppress_hides(&p->suppress, t, r, GZ_FAMILY_REST);
    if (is_body(t, r))
        return gz_suppress_hides(&p->suppress, t, r, family);
    for (int f = 0; f <= (int)family; f++)
        if (gz_suppress_has_small(&p->suppress, t, r, (enum gz_family)f))
            return true;
    return false;
}

// Rows that hide anything, by name behind the others: their place would bound them.
struct line {
    struct gz_grid_row row;
    bool any;
    size_t keys, at;
};

static int
shown_first(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int c = 0;

    if (x->any != y->any)
        return x->any ? 1 : -1;
    for (size_t i = 0; x->any && i < x->keys && c == 0; i++)
        c = gz_str_cmp(x->row.cell[i].text, y->row.cell[i].text);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static bool
mask_row(struct publishing *p, const struct gz_grid *t, size_t r, struct gz_grid_row *out)
{
    bool any = false;

    out->role = t->row[r].role;
    out->cell = gz_arena_new(p->arena, struct gz_grid_cell, t->columns + 1);
    for (size_t c = 0; c < t->columns; c++) {
        out->cell[c] = t->row[r].cell[c];
        if (!hides(p, t, r, c))
            continue;
        any = true;
        if (gz_grid_cell_is_figure(t->column[c].type))
            out->cell[c] = (struct gz_grid_cell){ .type = t->column[c].type };
        else
            out->cell[c] = (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
    }
    return any;
}

// Rows of a fixed order tell nothing by their place.
static bool
has_own_order(const struct gz_grid *t)
{
    static const char *const key[] = { "measure", "span", "step" };

    for (size_t i = 0; i < GZ_COUNT(key); i++)
        if (gz_str_is(t->column[0].key, key[i]))
            return true;
    return t->latest;
}

static void
put_in_order(struct publishing *p, struct gz_grid *t, const bool *any)
{
    struct line *line = gz_arena_new(p->arena, struct line, t->rows + 1);
    size_t body = 0;

    while (body < t->rows && is_body(t, body))
        body++;
    for (size_t r = 0; r < body; r++)
        line[r] = (struct line){ t->row[r], any[r], t->keys, r };
    if (body && !has_own_order(t))
        qsort(line, body, sizeof *line, shown_first);
    for (size_t r = 0; r < body; r++)
        t->row[r] = line[r].row;
}

static const struct gz_grid *
masked(struct publishing *p, const struct gz_grid *t)
{
    struct gz_grid *copy = gz_arena_new(p->arena, struct gz_grid, 1);
    bool *any = gz_arena_new(p->arena, bool, t->rows + 1), some = false;
    struct gz_buf about = { 0 };

    *copy = *t;
    copy->row = gz_arena_new(p->arena, struct gz_grid_row, t->rows + 1);
    for (size_t r = 0; r < t->rows; r++)
        some |= any[r] = mask_row(p, t, r, &copy->row[r]);
    // A mean over rows, with the shown ones, gives what is hidden.
    for (size_t r = 0; some && r < t->rows; r++)
        for (size_t c = t->keys; t->row[r].role == GZ_ROLE_MEAN && c < t->columns; c++)
            copy->row[r].cell[c] = (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
    if (some) {
        put_in_order(p, copy, any);
        gz_buf_add(&about, t->about);
        gz_words_gap(p->doc->words, &about);
        gz_words_fill(p->doc->words, &about, "note.hidden",
                      (const struct gz_str[]){ gz_arena_printf(
                          p->arena, "%lld", (long long)p->suppress.small) },
                      1);
        copy->about = gz_arena_dup(p->arena, gz_buf_str(&about));
    }
    gz_buf_release(&about);
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
    struct publishing p = { .doc = doc,
                            .arena = arena,
                            .suppress = { .arena = arena, .small = small } };
    const struct gz_grid *t;

    drop_items(&p);
    do {
        p.suppress.changed = false;
        for (size_t i = 0; (t = gz_doc_table_at(doc, i)); i++) {
            if (is_dictionary(t))
                continue;
            gz_suppress_visit(&p.suppress, t);
            gz_suppress_below(&p.suppress, t);
        }
    } while (p.suppress.changed);
    mask(&p);
    // Sentences and tiles name single rows and changes.
    doc->sentences = 0;
    doc->headlines = 0;
    doc->warnings = 0;
    gz_map_release(&p.suppress.hidden);
}
