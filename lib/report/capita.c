// SPDX-License-Identifier: MIT
// Orders per 10,000 residents (万人诉求量), where the residents are known.
#include "report/making.h"

static bool
is_area(struct gz_str dim)
{
    return gz_str_is(dim, "unit") || gz_str_is(dim, "district") ||
           gz_str_is(dim, "subdistrict") || gz_str_is(dim, "community");
}

// The dimension that names units or areas: the last one; for units the one before that
// which says where they come from.
static int
area_dim(const struct gz_making *m)
{
    size_t n = m->table->dim_count;

    if (n && m->table->dim[n - 1].which)
        n--;
    return n && is_area(m->table->dim[n - 1].name) ? (int)n - 1 : -1;
}

bool
gz_making_has_people(const struct gz_making *m)
{
    return m->book->people && m->book->people->rows > 0 && m->lead >= 0 &&
           !m->missing[m->lead] && m->form <= GZ_MAKING_MAIN && area_dim(m) >= 0;
}

static const struct gz_people_row *
people_of(const struct gz_making *m, const struct gz_group *g)
{
    int dim = area_dim(m);
    struct gz_str parent = dim > 0 ? g->key[dim - 1] : (struct gz_str){ NULL, 0 };

    return gz_people_find(m->book->people, g->key[dim], parent, m->book->last_day);
}

// The residents of all rows together; false when one has none, or they overlap.
static bool
people_of_all(const struct gz_making *m, int64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < m->body.count; i++) {
        const struct gz_people_row *r = people_of(m, &m->body.group[i]);

        if (!r)
            return false;
        *sum += r->population;
    }
    return !m->mixed && m->body.count > 0;
}

static uint8_t
source_note(struct gz_making *m, const struct gz_people_row *r)
{
    struct gz_str since =
        r->from.len ? r->from : gz_words_get(m->b->words, "value.absent");
    struct gz_str who =
        r->source.len ? r->source : gz_words_get(m->b->words, "value.absent");

    return gz_grid_note(m->grid, m->b->arena,
                        gz_say(m->b->words, m->b->arena, "note.people", who, since));
}

struct gz_grid_cell
gz_making_people_cell(struct gz_making *m, const struct gz_group *g, bool rate)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_COUNT };
    const struct gz_scheme *s = m->book->scheme;
    const struct gz_people_row *r = g->keys ? people_of(m, g) : NULL;
    int64_t people = r ? r->population : 0;

    if (!r && (g->keys || !people_of_all(m, &people))) {
        cell.note = gz_making_plain_note(m, "note.no_people");
        return cell;
    }
    if (rate)
        cell.figure = gz_figure_rate(gz_group_number(g, (size_t)m->lead),
                                     (struct gz_dec){ (gz_i128)people * 1000000000 },
                                     10000, (unsigned)s->decimals, s->rounding);
    else
        cell.figure = gz_figure_count(people);
    if (r && !rate)
        cell.note = source_note(m, r);
    return cell;
}
