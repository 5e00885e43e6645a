// SPDX-License-Identifier: MIT
// Within a period: the points that units have lost, and those they can still win, if all
// that is not followed up yet comes out well, or badly.
#include "report/making.h"

enum { UNIT, SCORE, PENDING, WORST, BEST, LOST, TO_WIN, COLUMNS };

struct stake {
    struct gz_making *m;
    size_t pending; // measure
    struct gz_grid *grid;
};

static bool
is_in(const struct gz_term *term, size_t count, struct gz_str measure)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_eq(term[i].measure, measure))
            return true;
    return false;
}

// The heaviest term of a numerator: what a rate is best made of.
static const struct gz_term *
heaviest(const struct gz_rate *r)
{
    const struct gz_term *best = &r->num[0];

    for (size_t i = 1; i < r->num_count; i++)
        if (r->num[i].weight.units > best->weight.units)
            best = &r->num[i];
    return best;
}

// The unit's counts as they would be with what is pending in every denominator of the
// score, and in its numerators or in none.
static struct gz_group
suppose(const struct stake *s, const struct gz_group *g, bool well)
{
    const struct gz_table *t = s->m->table;
    const struct gz_scheme *scheme = s->m->book->scheme;
    gz_i128 more = gz_group_number(g, s->pending).units;
    struct gz_group out = *g;

    out.cell = gz_arena_new(s->m->b->arena, struct gz_cell, t->measure_count + 1);
    for (size_t i = 0; i < t->measure_count; i++) {
        bool counts = false;

        out.cell[i] = g->cell[i];
        for (size_t k = 0; k < scheme->score_count && !counts; k++) {
            const struct gz_rate *r = gz_scheme_rate(scheme, scheme->score[k].rate);

            counts = is_in(r->den, r->den_count, t->measure[i].name) ||
                     (well && gz_str_eq(heaviest(r)->measure, t->measure[i].name));
        }
        if (counts && out.cell[i].type == GZ_CELL_NUMBER)
            out.cell[i].number.units += more;
    }
    return out;
}

static struct gz_figure
score_of(const struct stake *s, const struct gz_group *g)
{
    struct gz_ratio r;

    if (gz_making_find_score(s->m, g, &r) != GZ_RATE_KNOWN)
        return (struct gz_figure){ 0 };
    return gz_making_round_score(s->m->book->scheme, r);
}

// The difference of what is printed, so that readers can check it.
static struct gz_grid_cell
difference(struct gz_figure a, struct gz_figure b)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_SCORE };

    if (a.known && b.known)
        cell.figure = (struct gz_figure){ a.value - b.value, a.places, true };
    return cell;
}

static void
fill_row(struct stake *s, struct gz_grid_cell *cell, const struct gz_group *g)
{
    struct gz_group good = suppose(s, g, true), bad = suppose(s, g, false);
    const struct gz_scheme *scheme = s->m->book->scheme;
    struct gz_figure now = score_of(s, g), best = score_of(s, &good);
    struct gz_figure full =
        gz_figure_dec(scheme->score_scale, (unsigned)scheme->score_decimals);

    cell[UNIT] = gz_grid_cell_text(
        gz_book_value(s->m->book, &s->m->table->dim[0], s->m->table->rec, g->key[0]));
    cell[SCORE] = gz_grid_cell_figure(GZ_GRID_SCORE, now);
    cell[PENDING] = gz_build_number(gz_group_number(g, s->pending));
    cell[WORST] = gz_grid_cell_figure(GZ_GRID_SCORE, score_of(s, &bad));
    cell[BEST] = gz_grid_cell_figure(GZ_GRID_SCORE, best);
    cell[LOST] = difference(full, now);
    cell[TO_WIN] = difference(best, now);
}

static const struct gz_grid_column *
columns_of(struct gz_build *b)
{
    static const struct {
        const char *key;
        enum gz_grid_type type;
    } all[COLUMNS] = { { "unit", GZ_GRID_TEXT },     { "score", GZ_GRID_SCORE },
                       { "pending", GZ_GRID_COUNT }, { "worst", GZ_GRID_SCORE },
                       { "best", GZ_GRID_SCORE },    { "lost", GZ_GRID_SCORE },
                       { "to_win", GZ_GRID_SCORE } };
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, COLUMNS);

    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(all[i].key),
            .caption = gz_words_in(b->words, "stake", gz_str_of(all[i].key)),
            .type = all[i].type,
        };
    return column;
}

const struct gz_grid *
gz_making_stake(struct gz_making *m, struct gz_str name)
{
    int pending = gz_table_find(m->table, GZ_STR("pending"));
    struct stake s = { .m = m };
    gz_i128 all = 0;

    if (pending < 0 || !m->units || m->mixed || m->missing[pending] ||
        !gz_making_has_score(m))
        return NULL;
    s.pending = (size_t)pending;
    for (size_t i = 0; i < m->body.count; i++)
        all += gz_group_number(&m->body.group[i], s.pending).units;
    if (all == 0)
        return NULL;
    s.grid = gz_grid_new(m->b->arena, name, columns_of(m->b), COLUMNS, m->body.count);
    s.grid->keys = 1;
    s.grid->multi = true;
    s.grid->caption = gz_words_get(m->b->words, "stake.caption");
    s.grid->about = gz_words_get(m->b->words, "stake.about");
    m->grid = s.grid;
    for (size_t i = 0; i < m->body.count; i++)
        fill_row(&s, s.grid->row[i].cell, &m->body.group[i]);
    return s.grid;
}
