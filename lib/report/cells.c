// SPDX-License-Identifier: MIT
// One cell of a table, from the counts of its row.
#include "report/making.h"
#include "report/spans.h"

// A sum of what stood in no record is not 0, and one of some records is not that of all.
static const char *
partly_known(const struct gz_making *m, const struct gz_group *g, size_t measure)
{
    const struct gz_measure *def = &m->table->measure[measure];
    struct gz_str name =
        gz_arena_printf(m->b->arena, GZ_STR_FMT "_known", GZ_STR_ARG(def->name));
    int known = gz_table_find(m->table, name);
    gz_i128 n;

    if (known < 0 || m->lead < 0)
        return NULL;
    n = gz_group_number(g, (size_t)known).units;
    if (n == 0)
        return "note.unstated";
    if (g->keys == 0 && n < gz_group_number(g, (size_t)m->lead).units)
        return "note.partly";
    return NULL;
}

static struct gz_grid_cell
number_cell(struct gz_making *m, const struct gz_group *g, size_t measure)
{
    const struct gz_measure *def = &m->table->measure[measure];
    struct gz_grid_cell cell = { .type = GZ_GRID_COUNT };
    const char *partly = partly_known(m, g, measure);

    if (m->missing[measure]) {
        cell.note =
            gz_making_missing_note(m, gz_book_missing_field(m->book, m->table, def));
    } else if (def->needs_as_of && !m->book->tally[0]->as_of.len) {
        cell.note = gz_making_plain_note(m, "note.as_of");
    } else if (!m->book->period.len && m->form != GZ_MAKING_PERIODS &&
               gz_book_overlaps(m->book, def)) {
        cell.note = gz_making_plain_note(m, "note.overlap");
    } else if (partly) {
        cell.note = gz_making_plain_note(m, partly);
    } else {
        cell = gz_build_number(gz_group_number(g, measure));
    }
    return cell;
}

static struct gz_grid_cell
distinct_cell(struct gz_making *m, const struct gz_group *g, size_t measure)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_COUNT };
    struct gz_cell *c = &g->cell[measure];

    if (m->missing[measure])
        cell.note = gz_making_missing_note(
            m, gz_book_missing_field(m->book, m->table, &m->table->measure[measure]));
    else
        cell.figure =
            gz_figure_count(c->type == GZ_CELL_DISTINCT
                                ? (gz_i128)gz_distinct_count(c->distinct, &cell.approx)
                                : 0);
    return cell;
}

const struct gz_group *
gz_making_find(const struct gz_groups *all, const struct gz_group *like)
{
    size_t low = 0, high = all->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = 0;

        for (size_t i = 0; i < like->keys && c == 0; i++)
            c = gz_str_cmp(all->group[mid].key[i], like->key[i]);
        if (c == 0)
            return &all->group[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static gz_i128
base_number(const struct gz_making *m, size_t base, const struct gz_group *g)
{
    const struct gz_groups *all = g->keys ? &m->base[base] : &m->base_whole[base];
    const struct gz_group *then = gz_making_find(all, g);

    return then ? gz_group_number(then, (size_t)m->lead).units : 0;
}

// The row of the period `back` before, where rows are periods; NULL when it is not there.
static const struct gz_group *
row_before(const struct gz_making *m, const struct gz_group *g, size_t base)
{
    enum gz_period_kind kind, k;
    int32_t number, n, back;

    if (!gz_period_parse(g->key[0], &kind, &number))
        return NULL;
    back = base == 0 ? 1 : gz_period_per_year(kind);
    for (size_t i = 0; i < m->body.count; i++)
        if (gz_period_parse(m->body.group[i].key[0], &k, &n) && k == kind &&
            n == number - back)
            return &m->body.group[i];
    return NULL;
}

static struct gz_grid_cell
change_cell(struct gz_making *m, const struct gz_group *g, size_t base)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_CHANGE };
    gz_i128 now = gz_group_number(g, (size_t)m->lead).units, then;

    if (m->form == GZ_MAKING_PERIODS) {
        const struct gz_group *before = row_before(m, g, base);

        if (!before) {
            cell.note = gz_making_plain_note(m, "note.no_base");
            return cell;
        }
        then = gz_group_number(before, (size_t)m->lead).units;
    } else {
        then = base_number(m, base, g);
    }
    cell.figure = gz_figure_change(now, then, (unsigned)m->book->scheme->decimals,
                                   m->book->scheme->rounding);
    if (!cell.figure.known)
        cell.note = gz_making_plain_note(m, "note.base_zero");
    return cell;
}

struct gz_grid_cell
gz_making_cell_from(struct gz_making *m, const struct gz_group *g,
                    const struct gz_source *s)
{
    switch (s->origin) {
    case FROM_KEY:
        return gz_grid_cell_text(gz_book_value(m->book, &m->table->dim[s->index],
                                               m->table->rec, g->key[s->index]));
    case FROM_PERIOD:
        return gz_grid_cell_text(g->key[0]);
    case FROM_NUMBER:
        return number_cell(m, g, s->index);
    case FROM_DISTINCT:
        return distinct_cell(m, g, s->index);
    case FROM_SPANS:
        if (m->missing[s->index]) {
            struct gz_grid_cell cell = { .type = GZ_GRID_DAYS };

            cell.note = gz_making_missing_note(
                m,
                gz_book_missing_field(m->book, m->table, &m->table->measure[s->index]));
            return cell;
        }
        return gz_spans_cell(&g->cell[s->index], s->part);
    case FROM_RATE:
        return gz_making_rate_cell(m, g, m->rate[s->index]);
    case FROM_SCORE:
        return gz_making_score_cell(m, g);
    case FROM_BASE:
        return gz_build_number((struct gz_dec){ base_number(m, s->index, g) });
    case FROM_CHANGE:
        return change_cell(m, g, s->index);
    case FROM_GROUP:
        return gz_making_group_cell(m, g);
    case FROM_RANK_STEP:
    case FROM_SCORE_STEP:
        return gz_making_step_cell(m, g, s->origin);
    case FROM_CLASS:
        return gz_making_class_cell(m, g);
    case FROM_BEHIND:
        return gz_making_behind_cell(m, g);
    case FROM_PEOPLE:
    case FROM_PER_10000:
        return gz_making_people_cell(m, g, s->origin == FROM_PER_10000);
    case FROM_RANK:
    case FROM_SHARE:
        break;
    }
    return (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
}
