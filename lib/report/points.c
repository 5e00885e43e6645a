// SPDX-License-Identifier: MIT
// 失分单: what each order cost its unit, by the scheme's weights and the unit's own
// denominators. Summed over a unit's orders it is what the unit's score lacks.
#include "report/lists.h"

static const struct gz_rate *
rate_of(const struct gz_build *b, size_t part)
{
    return gz_scheme_rate(b->book->scheme, b->book->scheme->score[part].rate);
}

static bool
holds(struct gz_str counts, struct gz_str name)
{
    struct gz_cut cut;

    do {
        cut = gz_str_cut(counts, GZ_STR("|"));
        if (gz_str_eq(cut.head, name))
            return true;
        counts = cut.tail;
    } while (cut.found);
    return false;
}

// The table with the unit's denominators: the first by unit that counts them all.
static const struct gz_table *
unit_table(const struct gz_build *b)
{
    for (size_t i = 0; i < b->book->plan->table_count; i++) {
        const struct gz_table *t = &b->book->plan->table[i];
        bool all = t->dim_count > 0 && gz_str_is(t->dim[0].name, "unit");

        for (size_t k = 0; k < b->book->scheme->score_count && all; k++) {
            const struct gz_rate *r = rate_of(b, k);

            all = r != NULL;
            for (size_t d = 0; all && d < r->den_count; d++)
                all = gz_table_find(t, r->den[d].measure) >= 0;
        }
        if (all)
            return t;
    }
    return NULL;
}

bool
gz_points_open(struct gz_points *p, struct gz_build *b, const struct gz_list *list)
{
    *p = (struct gz_points){ .b = b, .counts = -1, .unit = -1, .unit_by = -1 };
    for (size_t i = 0; i < list->column_count; i++) {
        const struct gz_dim *d = &list->column[i];

        if (d->counts)
            p->counts = (int)i;
        else if (gz_str_is(d->name, "unit"))
            p->unit = (int)i;
        else if (gz_str_is(d->name, "unit_by"))
            p->unit_by = (int)i;
    }
    p->table = p->counts >= 0 && p->unit >= 0 && b->book->scheme->score_count
                   ? unit_table(b)
                   : NULL;
    if (p->table)
        p->units = gz_book_group(b->book, p->table, b->book->period, GZ_KEEP_ALL);
    return p->table != NULL;
}

static const struct gz_group *
unit_of(const struct gz_points *p, const struct gz_listed *l)
{
    for (size_t i = 0; i < p->units.count; i++) {
        const struct gz_group *g = &p->units.group[i];

        if (gz_str_eq(g->key[0], l->value[p->unit]) &&
            (g->keys < 2 || p->unit_by < 0 || gz_str_eq(g->key[1], l->value[p->unit_by])))
            return g;
    }
    return NULL;
}

static gz_i128
sum_units(const struct gz_points *p, const struct gz_group *g, const struct gz_term *term,
          size_t count)
{
    gz_i128 sum = 0;

    for (size_t i = 0; i < count; i++) {
        int at = gz_table_find(p->table, term[i].measure);

        sum += term[i].weight.units * gz_group_number(g, (size_t)at).units / 1000000000;
    }
    return sum;
}

// What one rate loses by this order: the most that it could have added, less what it did,
// over the unit's denominator.
static bool
loss(const struct gz_points *p, const struct gz_group *g, struct gz_str counts,
     const struct gz_rate *r, struct gz_ratio *out)
{
    struct gz_dec own = { 0 }, den = { sum_units(p, g, r->den, r->den_count) };
    gz_i128 most = 0;

    for (size_t i = 0; i < r->den_count; i++)
        if (holds(counts, r->den[i].measure))
            own.units += r->den[i].weight.units;
    for (size_t i = 0; i < r->num_count; i++)
        most = r->num[i].weight.units > most ? r->num[i].weight.units : most;
    own.units = most * own.units / 1000000000;
    for (size_t i = 0; i < r->num_count; i++)
        if (holds(counts, r->num[i].measure))
            own.units -= r->num[i].weight.units;
    return gz_ratio_make(own, den, out);
}

struct gz_figure
gz_points_of(const struct gz_points *p, const struct gz_listed *l)
{
    const struct gz_scheme *s = p->b->book->scheme;
    const struct gz_group *g = unit_of(p, l);
    struct gz_ratio sum = gz_ratio_whole(0), one, weight, scale;

    if (!g)
        return (struct gz_figure){ 0 };
    for (size_t i = 0; i < s->score_count; i++) {
        if (!loss(p, g, l->value[p->counts], rate_of(p->b, i), &one) ||
            !gz_ratio_make(s->score[i].weight, (struct gz_dec){ 1000000000 }, &weight))
            return (struct gz_figure){ 0 };
        sum = gz_ratio_add(sum, gz_ratio_mul(weight, one));
    }
    gz_ratio_make(s->score_scale, (struct gz_dec){ 1000000000 }, &scale);
    return gz_figure_round(gz_ratio_mul(sum, scale), 1, (unsigned)s->score_decimals + 2,
                           s->rounding);
}
