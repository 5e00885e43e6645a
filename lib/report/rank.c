// SPDX-License-Identifier: MIT
// The order of rows, and ranks.
#include <stdlib.h>

#include "report/making.h"

// One row, and what it is sorted by.
struct place {
    struct gz_grid_row row;
    const struct gz_group *group;
    const struct gz_making *m;
    const struct gz_standing *standing; // NULL where nothing is ranked
};

static bool
rate_missing(const struct gz_making *m, struct gz_str name)
{
    const struct gz_rate *rate = gz_scheme_rate(m->book->scheme, name);

    return !rate || gz_making_rate_missing(m, rate).len;
}

// Ranks are of rates and scores: the largest caller is not the first in merit.
bool
gz_making_is_ranked(const struct gz_making *m)
{
    const struct gz_scheme *s = m->book->scheme;

    if (!m->units || s->rank_count == 0 || m->body.count < 2 || m->uneven)
        return false;
    if (!gz_str_is(s->rank[0].by, "score"))
        return !rate_missing(m, s->rank[0].by);
    for (size_t k = 0; k < s->score_count; k++)
        if (rate_missing(m, s->score[k].rate))
            return false;
    return gz_making_has_score(m);
}

// ---- standings ----

static bool
is_small(const struct gz_making *m, const struct gz_group *g, const struct gz_rate *rate)
{
    const int64_t small = m->book->scheme->small_n;
    struct gz_ratio r;
    struct gz_dec den = { 0 };

    return small > 0 && gz_making_find_rate(m, g, rate, &r, &den) == GZ_RATE_KNOWN &&
           den.units < (gz_i128)small * 1000000000;
}

// One figure that the ranking looks at, as it is printed. A key that is no figure (the
// unit's name) takes no part: rows that differ only in it share a rank.
static struct gz_figure
key_figure(const struct gz_making *m, const struct gz_group *g, struct gz_str by,
           enum gz_standing_why *why)
{
    const struct gz_scheme *s = m->book->scheme;
    const struct gz_rate *rate = gz_scheme_rate(s, by);
    int measure = gz_table_find(m->table, by);
    struct gz_figure f = { 0 };
    struct gz_ratio r;
    struct gz_dec den;

    if (gz_str_is(by, "score")) {
        if (gz_making_find_score(m, g, &r) == GZ_RATE_KNOWN)
            f = gz_making_round_score(s, r);
        for (size_t i = 0; i < s->score_count; i++)
            if (is_small(m, g, gz_scheme_rate(s, s->score[i].rate)))
                *why = GZ_STANDS_SMALL;
    } else if (rate) {
        if (gz_making_find_rate(m, g, rate, &r, &den) == GZ_RATE_KNOWN)
            f = gz_making_round_rate(s, r);
        if (is_small(m, g, rate))
            *why = GZ_STANDS_SMALL;
    } else if (measure >= 0) {
        return gz_figure_dec(gz_group_number(g, (size_t)measure), GZ_DEC_PLACES);
    } else {
        return gz_figure_count(0);
    }
    if (!f.known)
        *why = GZ_STANDS_UNKNOWN;
    return f;
}

// By the printed figures of the scheme's keys. 0: a tie.
static int
by_scheme(const struct gz_standing *a, const struct gz_standing *b)
{
    const struct gz_scheme *s = a->m->book->scheme;

    for (size_t i = 0; i < s->rank_count && i < GZ_MAKING_RANK_KEYS; i++) {
        gz_i128 x = a->key[i].value, y = b->key[i].value;

        if (x != y)
            return (x < y) == s->rank[i].descending ? 1 : -1;
    }
    return 0;
}

// Units of different groups, or taken from different fields, are ranked apart.
static int
by_group(const struct gz_standing *a, const struct gz_standing *b)
{
    if (a->rank_group != b->rank_group)
        return a->rank_group < b->rank_group ? -1 : 1;
    return a->m->mixed ? gz_str_cmp(a->group->key[1], b->group->key[1]) : 0;
}

static int
standing_order(const void *left, const void *right)
{
    const struct gz_standing *a = *(struct gz_standing *const *)left;
    const struct gz_standing *b = *(struct gz_standing *const *)right;
    int c = by_group(a, b);

    if (c == 0 && !a->why != !b->why)
        c = a->why ? 1 : -1;
    if (c == 0 && !a->why)
        c = by_scheme(a, b);
    if (c == 0)
        c = (a->group > b->group) - (a->group < b->group);
    return c;
}

static void
number_group(struct gz_standing **s, size_t count)
{
    size_t ranked = 0;

    while (ranked < count && !s[ranked]->why)
        ranked++;
    for (size_t i = 0; i < ranked; i++)
        s[i]->rank = i && by_scheme(s[i - 1], s[i]) == 0 ? s[i - 1]->rank : i + 1;
    for (size_t i = ranked; i-- > 0;)
        s[i]->below = i + 1 < ranked && by_scheme(s[i], s[i + 1]) == 0 ? s[i + 1]->below
                                                                       : ranked - i - 1;
}

static struct gz_standing *
find_standings(struct gz_making *m, const struct gz_groups *all)
{
    const struct gz_scheme *s = m->book->scheme;
    struct gz_standing *st =
        gz_arena_new(m->b->arena, struct gz_standing, all->count + 1);
    struct gz_standing **in =
        gz_arena_new(m->b->arena, struct gz_standing *, all->count + 1);

    for (size_t i = 0; i < all->count; i++) {
        const struct gz_group *g = &all->group[i];

        st[i] = (struct gz_standing){ .group = g, .m = m };
        st[i].rank_group = gz_scheme_rank_group(s, g->key[0]);
        for (size_t k = 0; k < s->rank_count && k < GZ_MAKING_RANK_KEYS; k++)
            st[i].key[k] = key_figure(m, g, s->rank[k].by, &st[i].why);
        in[i] = &st[i];
    }
    if (all->count)
        qsort(in, all->count, sizeof *in, standing_order);
    for (size_t i = 0, end; i < all->count; i = end) {
        for (end = i + 1; end < all->count && by_group(in[i], in[end]) == 0;)
            end++;
        number_group(in + i, end - i);
    }
    return st;
}

// The ranks of the base period are worked out by the same rules, over the units that it
// had. They are left out when its tally lacks a column.
void
gz_making_find_standings(struct gz_making *m)
{
    m->step_base = GZ_BASES;
    if (!gz_making_is_ranked(m))
        return;
    m->standing = find_standings(m, &m->body);
    for (size_t i = 0; i < m->book->bases && m->step_base == GZ_BASES; i++) {
        if (!m->book->base[i].present || !gz_book_base_is_like(m->book, i, m->table))
            continue;
        m->step_base = i;
        m->base[i] =
            gz_book_group(m->book, m->table, m->book->base[i].period, GZ_KEEP_ALL);
        m->base_standing = find_standings(m, &m->base[i]);
    }
}

// ---- order of rows ----

// Bands come as the plan has them.
static size_t
number_of_case(const struct gz_dim *d, struct gz_str value)
{
    size_t i = 0;

    while (i < d->case_count && !gz_str_eq(d->cases[i].value, value))
        i++;
    return i;
}

static int
by_keys(const struct place *a, const struct place *b)
{
    for (size_t i = 0; i < a->group->keys; i++) {
        const struct gz_dim *d = i < a->m->table->dim_count ? &a->m->table->dim[i] : NULL;
        size_t x = d ? number_of_case(d, a->group->key[i]) : 0;
        size_t y = d ? number_of_case(d, b->group->key[i]) : 0;

        if (x != y)
            return x < y ? -1 : 1;
        // Rows without a name come last.
        bool left = a->group->key[i].len == 0, right = b->group->key[i].len == 0;
        int c =
            left != right ? left - right : gz_str_cmp(a->group->key[i], b->group->key[i]);

        if (c)
            return c;
    }
    return 0;
}

// Time and bands keep their own order; everything else goes by size.
static bool
goes_by_size(const struct gz_making *m)
{
    return m->lead >= 0 && m->table->dim_count > 0 &&
           m->table->dim[0].part <= GZ_DIM_LEVEL && !m->table->dim[0].cases;
}

static int
place_order(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    bool ranked = a->standing && !a->standing->why && !b->standing->why;
    int c = 0;

    if (a->standing)
        c = by_group(a->standing, b->standing);
    else if (a->m->mixed)
        c = gz_str_cmp(a->group->key[1], b->group->key[1]);
    if (c)
        return c;
    if (a->standing && !a->standing->why != !b->standing->why)
        return a->standing->why ? 1 : -1;
    if (ranked)
        c = by_scheme(a->standing, b->standing);
    else if (a->m->form == GZ_MAKING_PERIODS)
        c = 0;
    else if (goes_by_size(a->m)) {
        gz_i128 x = gz_group_number(a->group, (size_t)a->m->lead).units;
        gz_i128 y = gz_group_number(b->group, (size_t)b->m->lead).units;

        c = (x < y) - (x > y);
    }
    return c ? c : by_keys(a, b);
}

static struct gz_grid_cell
rank_cell(struct gz_making *m, const struct gz_standing *s)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_RANK };

    cell.figure = (struct gz_figure){ (gz_i128)s->rank, 0, !s->why };
    if (s->why == GZ_STANDS_UNKNOWN)
        cell.note = gz_making_plain_note(m, "note.unranked");
    else if (s->why == GZ_STANDS_SMALL)
        cell.note =
            gz_grid_note(m->grid, m->b->arena,
                         gz_say(m->b->words, m->b->arena, "note.unranked_small",
                                gz_arena_printf(m->b->arena, "%lld",
                                                (long long)m->book->scheme->small_n)));
    return cell;
}

void
gz_making_put_in_order(struct gz_making *m)
{
    size_t n = m->body.count, rank = gz_making_column_from(m, FROM_RANK);
    struct place *place = gz_arena_new(m->b->arena, struct place, n + 1);
    struct gz_group *group = gz_arena_new(m->b->arena, struct gz_group, n + 1);

    for (size_t i = 0; i < n; i++)
        place[i] = (struct place){ m->grid->row[i], &m->body.group[i], m,
                                   m->standing ? &m->standing[i] : NULL };
    if (n)
        qsort(place, n, sizeof *place, place_order);
    for (size_t i = 0; i < n; i++) {
        m->grid->row[i] = place[i].row;
        group[i] = *place[i].group;
        if (rank < m->columns)
            m->grid->row[i].cell[rank] = rank_cell(m, place[i].standing);
    }
    m->body.group = group;
}
