// SPDX-License-Identifier: MIT
// The order of rows, and ranks.
#include <stdlib.h>

#include "report/making.h"

// One row, and what it is sorted by.
struct place {
    struct gz_grid_row row;
    const struct gz_group *group;
    const struct gz_making *m;
    bool ranked;
};

static size_t
column_named(const struct gz_making *m, struct gz_str key)
{
    for (size_t c = 0; c < m->columns; c++)
        if (gz_str_eq(m->column[c].key, key) && gz_grid_cell_is_figure(m->column[c].type))
            return c;
    return m->columns;
}

// Ranks are of rates and scores: the largest caller is not the first in merit.
bool
gz_making_is_ranked(const struct gz_making *m)
{
    const struct gz_scheme *s = m->book->scheme;
    const struct gz_rate *by;

    if (!m->units || s->rank_count == 0 || m->body.count < 2)
        return false;
    by = gz_scheme_rate(s, s->rank[0].by);
    if (gz_str_is(s->rank[0].by, "score")) {
        for (size_t k = 0; k < s->score_count; k++) {
            const struct gz_rate *part = gz_scheme_rate(s, s->score[k].rate);

            if (!part || gz_making_rate_missing(m, part).len)
                return false;
        }
        return gz_making_has_score(m);
    }
    return by && !gz_making_rate_missing(m, by).len;
}

// By the printed figures of the scheme's keys. 0: a tie.
static int
by_scheme(const struct place *a, const struct place *b)
{
    const struct gz_scheme *s = a->m->book->scheme;

    for (size_t i = 0; i < s->rank_count; i++) {
        size_t c = column_named(a->m, s->rank[i].by);
        gz_i128 x, y;

        if (c == a->m->columns)
            continue;
        x = a->row.cell[c].figure.value;
        y = b->row.cell[c].figure.value;
        if (x != y)
            return (x < y) == s->rank[i].descending ? 1 : -1;
    }
    return 0;
}

static int
by_keys(const struct place *a, const struct place *b)
{
    for (size_t i = 0; i < a->group->keys; i++) {
        // Rows without a name come last.
        bool left = a->group->key[i].len == 0, right = b->group->key[i].len == 0;
        int c =
            left != right ? left - right : gz_str_cmp(a->group->key[i], b->group->key[i]);

        if (c)
            return c;
    }
    return 0;
}

// Time dimensions keep their own order; everything else goes by size.
static bool
goes_by_size(const struct gz_making *m)
{
    return m->lead >= 0 && m->table->dim_count > 0 &&
           m->table->dim[0].part <= GZ_DIM_LEVEL;
}

static int
place_order(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int c = 0;

    if (a->m->mixed && !gz_str_eq(a->group->key[1], b->group->key[1]))
        return gz_str_cmp(a->group->key[1], b->group->key[1]);
    if (a->ranked != b->ranked)
        return a->ranked ? -1 : 1;
    if (a->ranked)
        c = by_scheme(a, b);
    else if (a->m->form == GZ_MAKING_PERIODS)
        c = 0;
    else if (goes_by_size(a->m)) {
        gz_i128 x = gz_group_number(a->group, (size_t)a->m->lead).units;
        gz_i128 y = gz_group_number(b->group, (size_t)b->m->lead).units;

        c = (x < y) - (x > y);
    }
    return c ? c : by_keys(a, b);
}

// Every figure that the ranking looks at is there.
static bool
can_rank(const struct gz_making *m, const struct gz_grid_row *row)
{
    const struct gz_scheme *s = m->book->scheme;

    for (size_t i = 0; i < s->rank_count; i++) {
        size_t c = column_named(m, s->rank[i].by);

        if (c < m->columns && !row->cell[c].figure.known)
            return false;
    }
    return true;
}

void
gz_making_put_in_order(struct gz_making *m)
{
    size_t n = m->body.count, rank = gz_making_column_from(m, FROM_RANK);
    struct place *place = gz_arena_new(m->b->arena, struct place, n + 1);
    struct gz_group *group = gz_arena_new(m->b->arena, struct gz_group, n + 1);
    size_t number = 0, first = 0;

    for (size_t i = 0; i < n; i++)
        place[i] = (struct place){ m->grid->row[i], &m->body.group[i], m,
                                   rank < m->columns && can_rank(m, &m->grid->row[i]) };
    if (n)
        qsort(place, n, sizeof *place, place_order);
    for (size_t i = 0; i < n; i++) {
        m->grid->row[i] = place[i].row;
        group[i] = *place[i].group;
        if (rank == m->columns)
            continue;
        // Units of different kinds are ranked apart.
        if (i == 0 ||
            (m->mixed && !gz_str_eq(place[i - 1].group->key[1], place[i].group->key[1])))
            first = i;
        if (i == first || !place[i].ranked || by_scheme(&place[i - 1], &place[i]) != 0)
            number = i - first + 1;
        m->grid->row[i].cell[rank] = (struct gz_grid_cell){
            .type = GZ_GRID_RANK,
            .figure = { (gz_i128)number, 0, place[i].ranked },
            .note = place[i].ranked ? 0 : gz_making_plain_note(m, "note.unranked"),
        };
    }
    m->body.group = group;
}
