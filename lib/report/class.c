// SPDX-License-Identifier: MIT
// What is said of a unit beside its rank: how far it rose, its group, its classes.
#include "report/making.h"

static const struct gz_standing *
standing_of(const struct gz_making *m, const struct gz_group *g)
{
    // Rows are asked for before they are put in order.
    return m->standing ? &m->standing[g - m->body.group] : NULL;
}

static const struct gz_standing *
standing_then(const struct gz_making *m, const struct gz_group *g)
{
    const struct gz_group *then =
        m->base_standing ? gz_making_find(&m->base[m->step_base], g) : NULL;

    return then ? &m->base_standing[then - m->base[m->step_base].group] : NULL;
}

// Ranks gained since the base period; 0 when either is not known.
static bool
ranks_gained(const struct gz_making *m, const struct gz_group *g, gz_i128 *gained)
{
    const struct gz_standing *now = standing_of(m, g), *then = standing_then(m, g);

    if (!now || !then || now->why || then->why)
        return false;
    *gained = (gz_i128)then->rank - (gz_i128)now->rank;
    return true;
}

struct gz_grid_cell
gz_making_step_cell(struct gz_making *m, const struct gz_group *g, enum gz_origin origin)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_STEP };
    const struct gz_group *then;
    struct gz_ratio a, b;

    if (!g->keys) // the row of the whole has no rank, and its score is no unit's
        return (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
    if (origin == FROM_RANK_STEP) {
        gz_i128 gained;

        if (ranks_gained(m, g, &gained))
            cell.figure = gz_figure_count(gained);
        else
            cell.note = gz_making_plain_note(m, "note.no_step");
        return cell;
    }
    then = gz_making_find(&m->base[m->step_base], g);
    if (then && gz_making_find_score(m, g, &a) == GZ_RATE_KNOWN &&
        gz_making_find_score(m, then, &b) == GZ_RATE_KNOWN) {
        // The difference of what is printed, so that readers can check it.
        struct gz_figure x = gz_making_round_score(m->book->scheme, a);
        struct gz_figure y = gz_making_round_score(m->book->scheme, b);

        cell.figure = (struct gz_figure){ x.value - y.value, x.places, true };
    } else {
        cell.note = gz_making_plain_note(m, "note.no_step");
    }
    return cell;
}

struct gz_grid_cell
gz_making_group_cell(struct gz_making *m, const struct gz_group *g)
{
    const struct gz_scheme *s = m->book->scheme;
    size_t n = gz_scheme_rank_group(s, g->key[0]);

    return gz_grid_cell_text(n < s->rank_group_count
                                 ? gz_book_caption(m->book, s->rank_group[n].zh,
                                                   s->rank_group[n].en, GZ_STR("group"))
                                 : gz_words_get(m->b->words, "row.other"));
}

// How many units of the same group gained more ranks, or had more orders.
static size_t
how_many_more(const struct gz_making *m, const struct gz_group *g, bool volume)
{
    const struct gz_standing *mine = standing_of(m, g);
    gz_i128 own = 0, n;
    size_t more = 0;

    if (volume)
        own = gz_group_number(g, (size_t)m->lead).units;
    else
        ranks_gained(m, g, &own);
    for (size_t i = 0; i < m->body.count; i++) {
        const struct gz_group *other = &m->body.group[i];

        if (standing_of(m, other)->rank_group != mine->rank_group)
            continue;
        if (volume)
            more += gz_group_number(other, (size_t)m->lead).units > own;
        else
            more += ranks_gained(m, other, &n) && n > own;
    }
    return more;
}

// Those that tie with the last one in are in.
static bool
is_in_class(const struct gz_making *m, const struct gz_group *g, const struct gz_class *c)
{
    const struct gz_standing *s = standing_of(m, g);
    gz_i128 gained = 0;

    switch (c->take) {
    case GZ_CLASS_FIRST:
        return !s->why && s->rank <= (uint64_t)c->n;
    case GZ_CLASS_LAST:
        return !s->why && s->below < (uint64_t)c->n;
    case GZ_CLASS_RISEN:
        return ranks_gained(m, g, &gained) && gained > 0 &&
               how_many_more(m, g, false) < (uint64_t)c->n;
    case GZ_CLASS_MOST:
        return gz_group_number(g, (size_t)m->lead).units > 0 &&
               how_many_more(m, g, true) < (uint64_t)c->n;
    }
    return false;
}

struct gz_grid_cell
gz_making_class_cell(struct gz_making *m, const struct gz_group *g)
{
    const struct gz_scheme *s = m->book->scheme;
    struct gz_buf text = { 0 };
    struct gz_grid_cell cell = { .type = GZ_GRID_EMPTY };

    for (size_t i = 0; i < s->class_count && g->keys; i++) {
        const struct gz_class *c = &s->classes[i];

        if (!is_in_class(m, g, c))
            continue;
        if (text.len)
            gz_buf_lit(&text, " / ");
        gz_buf_add(&text, gz_book_caption(m->book, c->zh, c->en, c->name));
    }
    if (text.len)
        cell = gz_grid_cell_text(gz_arena_dup(m->b->arena, gz_buf_str(&text)));
    gz_buf_release(&text);
    return cell;
}

// ---- falling behind ----

// Tables that count what came in and what was closed, each by its own date.
bool
gz_making_tells_behind(const struct gz_making *m)
{
    int in = gz_table_find(m->table, GZ_STR("received"));
    int out = gz_table_find(m->table, GZ_STR("closed"));

    return m->form <= GZ_MAKING_MAIN && in >= 0 && out >= 0 &&
           gz_table_find(m->table, GZ_STR("close_time")) >= 0 && !m->missing[in] &&
           !m->missing[out];
}

// At least ten more came in than were closed, and more than a tenth of them.
struct gz_grid_cell
gz_making_behind_cell(struct gz_making *m, const struct gz_group *g)
{
    const gz_i128 one = 1000000000;
    gz_i128 in =
        gz_group_number(g, (size_t)gz_table_find(m->table, GZ_STR("received"))).units;
    gz_i128 out =
        gz_group_number(g, (size_t)gz_table_find(m->table, GZ_STR("closed"))).units;

    if (!g->keys || in - out < 10 * one || (in - out) * 10 <= in)
        return (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
    return gz_grid_cell_text(gz_words_get(m->b->words, "value.behind"));
}
