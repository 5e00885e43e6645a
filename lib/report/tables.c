// SPDX-License-Identifier: MIT
// A table of the plan with everything that is derived from its counts. Each column knows
// where its cells come from; a row is filled by asking every column.
#include <stdlib.h>

#include "report/build.h"
#include "report/spans.h"

enum origin {
    FROM_RANK,
    FROM_KEY,
    FROM_NUMBER, // count, sum
    FROM_DISTINCT,
    FROM_SPANS, // durations: gz_spans_cell()
    FROM_SHARE,
    FROM_RATE,
    FROM_SCORE,
    FROM_BASE,
    FROM_CHANGE,
};

struct source {
    enum origin origin;
    size_t index;  // of the dimension, measure, rate or base
    unsigned part; // of durations
};

struct making {
    struct gz_build *b;
    struct gz_book *book;
    const struct gz_table *table;
    struct gz_groups body;
    struct gz_groups whole;          // one group, or none
    struct gz_groups base[GZ_BASES]; // by key
    struct gz_groups base_whole[GZ_BASES];
    struct gz_grid_column *column;
    struct source *source;
    size_t columns;
    size_t columns_cap;
    size_t sources_cap;
    bool *missing; // by measure: a field that it needs is nowhere
    bool units;    // rows are units: ranked, summed up twice
    int lead;      // measure that shares and changes are of; -1: none
    struct gz_grid *grid;
};

static void
add_column(struct making *m, enum origin origin, size_t index, unsigned part,
           struct gz_grid_column column)
{
    m->column = gz_arena_grow(m->b->arena, m->column, &m->columns_cap, m->columns + 1,
                              sizeof *m->column);
    m->source = gz_arena_grow(m->b->arena, m->source, &m->sources_cap, m->columns + 1,
                              sizeof *m->source);
    m->column[m->columns] = column;
    m->source[m->columns++] = (struct source){ origin, index, part };
}

// ---- rates ----

// Sum of weight x count. False when one of the counts is not in the table.
static bool
sum_terms(const struct making *m, const struct gz_group *g, const struct gz_term *term,
          size_t count, struct gz_dec *sum)
{
    const gz_i128 one = 1000000000;

    *sum = (struct gz_dec){ 0 };
    for (size_t i = 0; i < count; i++) {
        int at = gz_table_find(m->table, term[i].measure);

        if (at < 0)
            return false;
        sum->units += term[i].weight.units * gz_group_number(g, (size_t)at).units / one;
    }
    return true;
}

static bool
rate_applies(const struct making *m, const struct gz_rate *rate)
{
    for (size_t i = 0; i < rate->num_count; i++)
        if (gz_table_find(m->table, rate->num[i].measure) < 0)
            return false;
    for (size_t i = 0; i < rate->den_count; i++)
        if (gz_table_find(m->table, rate->den[i].measure) < 0)
            return false;
    return rate->den_count > 0;
}

// The field for want of which a rate is not known; {NULL, 0} when it is.
static struct gz_str
rate_missing(const struct making *m, const struct gz_rate *rate)
{
    for (int side = 0; side < 2; side++) {
        const struct gz_term *term = side ? rate->num : rate->den;
        size_t count = side ? rate->num_count : rate->den_count;

        for (size_t i = 0; i < count; i++) {
            int at = gz_table_find(m->table, term[i].measure);

            if (at >= 0 && m->missing[at])
                return gz_book_missing_field(m->book, m->table, &m->table->measure[at]);
        }
    }
    return (struct gz_str){ NULL, 0 };
}

enum rate_state { RATE_KNOWN, RATE_ZERO, RATE_MISSING };

static enum rate_state
find_rate(const struct making *m, const struct gz_group *g, const struct gz_rate *rate,
          struct gz_ratio *out, struct gz_dec *den)
{
    struct gz_dec num;

    if (rate_missing(m, rate).len || !sum_terms(m, g, rate->num, rate->num_count, &num) ||
        !sum_terms(m, g, rate->den, rate->den_count, den))
        return RATE_MISSING;
    if (gz_ratio_make(num, *den, out))
        return RATE_KNOWN;
    if (m->book->scheme->zero_den == GZ_ZERO_DASH)
        return RATE_ZERO;
    *out = gz_ratio_whole(m->book->scheme->zero_den == GZ_ZERO_HUNDRED);
    return RATE_KNOWN;
}

static enum rate_state
find_score(const struct making *m, const struct gz_group *g, struct gz_ratio *out)
{
    const struct gz_scheme *s = m->book->scheme;
    const gz_i128 one = 1000000000;

    *out = gz_ratio_whole(0);
    for (size_t i = 0; i < s->score_count; i++) {
        const struct gz_rate *rate = gz_scheme_rate(s, s->score[i].rate);
        struct gz_ratio r, weight;
        struct gz_dec den;
        enum rate_state state = rate ? find_rate(m, g, rate, &r, &den) : RATE_MISSING;

        if (state != RATE_KNOWN)
            return state;
        gz_ratio_make(s->score[i].weight, (struct gz_dec){ one }, &weight);
        *out = gz_ratio_add(*out, gz_ratio_mul(weight, r));
    }
    return RATE_KNOWN;
}

// score_scale is a decimal; as a ratio it multiplies the score before rounding.
static struct gz_figure
round_score(const struct gz_scheme *s, struct gz_ratio r)
{
    struct gz_ratio scale;

    gz_ratio_make(s->score_scale, (struct gz_dec){ 1000000000 }, &scale);
    return gz_figure_round(gz_ratio_mul(r, scale), 1, (unsigned)s->score_decimals,
                           s->rounding);
}

static struct gz_figure
round_rate(const struct gz_scheme *s, struct gz_ratio r)
{
    return gz_figure_round(r, 100, (unsigned)s->decimals, s->rounding);
}

static uint8_t
missing_note(struct making *m, struct gz_str field)
{
    return gz_grid_note(m->grid, m->b->arena,
                        gz_say(m->b->words, m->b->arena, "note.missing",
                               gz_book_field(m->book, m->table->rec, field), field));
}

static uint8_t
plain_note(struct making *m, const char *key)
{
    return gz_grid_note(m->grid, m->b->arena, gz_words_get(m->b->words, key));
}

static struct gz_grid_cell
rate_cell(struct making *m, const struct gz_group *g, const struct gz_rate *rate)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_PERCENT };
    struct gz_ratio r;
    struct gz_dec den;
    int64_t small = m->book->scheme->small_n;

    switch (find_rate(m, g, rate, &r, &den)) {
    case RATE_KNOWN:
        cell.figure = round_rate(m->book->scheme, r);
        if (small > 0 && den.units < (gz_i128)small * 1000000000)
            cell.note = gz_grid_note(
                m->grid, m->b->arena,
                gz_say(m->b->words, m->b->arena, "note.small",
                       gz_arena_printf(m->b->arena, "%lld", (long long)small)));
        break;
    case RATE_ZERO:
        cell.note = plain_note(m, "note.zero");
        break;
    case RATE_MISSING:
        cell.note = missing_note(m, rate_missing(m, rate));
        break;
    }
    return cell;
}

static struct gz_grid_cell
score_cell(struct making *m, const struct gz_group *g)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_SCORE };
    struct gz_ratio r;

    switch (find_score(m, g, &r)) {
    case RATE_KNOWN:
        cell.figure = round_score(m->book->scheme, r);
        break;
    case RATE_ZERO:
        cell.note = plain_note(m, "note.zero");
        break;
    case RATE_MISSING:
        cell.note = plain_note(m, "note.score");
        break;
    }
    return cell;
}

// ---- cells ----

static struct gz_grid_cell
number_cell(struct making *m, const struct gz_group *g, size_t measure)
{
    const struct gz_measure *def = &m->table->measure[measure];
    struct gz_grid_cell cell = { .type = GZ_GRID_COUNT };

    if (m->missing[measure]) {
        cell.note = missing_note(m, gz_book_missing_field(m->book, m->table, def));
    } else if (def->needs_as_of && !m->book->tally[0]->as_of.len) {
        cell.note = plain_note(m, "note.as_of");
    } else if (!m->book->period.len && gz_book_overlaps(m->book, def)) {
        cell.note = plain_note(m, "note.overlap");
    } else {
        cell = gz_build_number(gz_group_number(g, measure));
    }
    return cell;
}

static struct gz_grid_cell
distinct_cell(struct making *m, const struct gz_group *g, size_t measure)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_COUNT };
    struct gz_cell *c = &g->cell[measure];

    if (m->missing[measure])
        cell.note = missing_note(
            m, gz_book_missing_field(m->book, m->table, &m->table->measure[measure]));
    else
        cell.figure =
            gz_figure_count(c->type == GZ_CELL_DISTINCT
                                ? (gz_i128)gz_distinct_count(c->distinct, &cell.approx)
                                : 0);
    return cell;
}

static const struct gz_group *
find_group(const struct gz_groups *all, const struct gz_group *like)
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
base_number(const struct making *m, size_t base, const struct gz_group *g)
{
    const struct gz_groups *all = g->keys ? &m->base[base] : &m->base_whole[base];
    const struct gz_group *then = find_group(all, g);

    return then ? gz_group_number(then, (size_t)m->lead).units : 0;
}

static struct gz_grid_cell
change_cell(struct making *m, const struct gz_group *g, size_t base)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_CHANGE };
    gz_i128 now = gz_group_number(g, (size_t)m->lead).units;

    cell.figure =
        gz_figure_change(now, base_number(m, base, g),
                         (unsigned)m->book->scheme->decimals, m->book->scheme->rounding);
    if (!cell.figure.known)
        cell.note = plain_note(m, "note.base_zero");
    return cell;
}

static struct gz_grid_cell
cell_from(struct making *m, const struct gz_group *g, const struct source *s)
{
    const struct gz_measure *def = &m->table->measure[s->index];

    switch (s->origin) {
    case FROM_KEY:
        return gz_grid_cell_text(gz_book_value(m->book, &m->table->dim[s->index],
                                               m->table->rec, g->key[s->index]));
    case FROM_NUMBER:
        return number_cell(m, g, s->index);
    case FROM_DISTINCT:
        return distinct_cell(m, g, s->index);
    case FROM_SPANS:
        if (m->missing[s->index]) {
            struct gz_grid_cell cell = { .type = GZ_GRID_DAYS };

            cell.note = missing_note(m, gz_book_missing_field(m->book, m->table, def));
            return cell;
        }
        return gz_spans_cell(&g->cell[s->index], s->part);
    case FROM_RATE:
        return rate_cell(m, g, &m->book->scheme->rate[s->index]);
    case FROM_SCORE:
        return score_cell(m, g);
    case FROM_BASE:
        return gz_build_number((struct gz_dec){ base_number(m, s->index, g) });
    case FROM_CHANGE:
        return change_cell(m, g, s->index);
    case FROM_RANK:
    case FROM_SHARE:
        break;
    }
    return (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
}

// ---- columns ----

static void
key_columns(struct making *m)
{
    for (size_t i = 0; i < m->table->dim_count; i++) {
        const struct gz_dim *d = &m->table->dim[i];

        add_column(m, FROM_KEY, i, 0,
                   (struct gz_grid_column){
                       .key = d->name,
                       .caption = gz_book_caption(m->book, d->zh, d->en, d->name),
                       .type = GZ_GRID_TEXT });
    }
}

static void
measure_column(struct making *m, size_t i)
{
    const struct gz_measure *def = &m->table->measure[i];
    struct gz_str caption = gz_book_caption(m->book, def->zh, def->en, def->name);
    struct gz_str about = def->at.len
                              ? gz_say(m->b->words, m->b->arena, "about.at",
                                       gz_book_field(m->book, m->table->rec, def->at))
                              : (struct gz_str){ NULL, 0 };

    if (def->kind != GZ_MEASURE_DURATION) {
        add_column(m, def->kind == GZ_MEASURE_DISTINCT ? FROM_DISTINCT : FROM_NUMBER, i,
                   0,
                   (struct gz_grid_column){ def->name, caption, about, GZ_GRID_COUNT });
        return;
    }
    for (unsigned part = 0; part < GZ_SPANS_PARTS; part++)
        if (m->whole.count &&
            gz_spans_wanted(m->missing[i] ? NULL : &m->whole.group[0].cell[i], part))
            add_column(
                m, FROM_SPANS, i, part,
                gz_spans_column(m->b->words, m->b->arena, def->name, caption, part));
}

// "(satisfied + 0.9 x basic) / valid"
static void
put_terms(struct making *m, struct gz_buf *out, const struct gz_term *term, size_t count)
{
    if (count > 1)
        gz_buf_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        int at = gz_table_find(m->table, term[i].measure);
        const struct gz_measure *def = &m->table->measure[at];

        if (i)
            gz_buf_lit(out, " + ");
        if (term[i].weight.units != 1000000000) {
            gz_dec_format(term[i].weight, out);
            gz_buf_lit(out, " × ");
        }
        gz_buf_add(out, gz_book_caption(m->book, def->zh, def->en, def->name));
    }
    if (count > 1)
        gz_buf_char(out, ')');
}

static void
rate_columns(struct making *m)
{
    const struct gz_scheme *s = m->book->scheme;
    size_t scored = 0;

    for (size_t i = 0; i < s->rate_count; i++) {
        const struct gz_rate *r = &s->rate[i];
        struct gz_buf b = { 0 };

        if (!rate_applies(m, r))
            continue;
        put_terms(m, &b, r->num, r->num_count);
        gz_buf_lit(&b, " ÷ ");
        put_terms(m, &b, r->den, r->den_count);
        add_column(m, FROM_RATE, i, 0,
                   (struct gz_grid_column){
                       .key = r->name,
                       .caption = gz_say(m->b->words, m->b->arena, "col.percent",
                                         gz_book_caption(m->book, r->zh, r->en, r->name)),
                       .about = gz_arena_dup(m->b->arena, gz_buf_str(&b)),
                       .type = GZ_GRID_PERCENT });
        gz_buf_release(&b);
        for (size_t k = 0; k < s->score_count; k++)
            scored += gz_str_eq(s->score[k].rate, r->name);
    }
    if (s->score_count && scored == s->score_count)
        add_column(
            m, FROM_SCORE, 0, 0,
            (struct gz_grid_column){ .key = GZ_STR("score"),
                                     .caption = gz_words_get(m->b->words, "col.score"),
                                     .type = GZ_GRID_SCORE });
}

static void
base_columns(struct making *m)
{
    for (size_t i = 0; i < m->book->bases; i++) {
        const struct gz_base *base = &m->book->base[i];
        struct gz_str when = gz_book_period(m->book, base->period);
        struct gz_str key = gz_str_of(base->name);

        if (!base->present || m->lead < 0 || m->missing[m->lead])
            continue;
        m->base[i] = gz_book_group(m->book, m->table, base->period, GZ_KEEP_ALL);
        m->base_whole[i] = gz_book_group(m->book, m->table, base->period, 0);
        add_column(
            m, FROM_BASE, i, 0,
            (struct gz_grid_column){
                .key = gz_arena_printf(m->b->arena, "base_" GZ_STR_FMT, GZ_STR_ARG(key)),
                .caption = gz_say(m->b->words, m->b->arena, "col.base", when),
                .type = GZ_GRID_COUNT });
        add_column(m, FROM_CHANGE, i, 0,
                   (struct gz_grid_column){
                       .key = gz_arena_printf(m->b->arena, "change_" GZ_STR_FMT,
                                              GZ_STR_ARG(key)),
                       .caption = gz_words_in(m->b->words, "col.change", key),
                       .about = gz_say(m->b->words, m->b->arena, "about.change", when),
                       .type = GZ_GRID_CHANGE });
    }
}

static bool
is_ranked(const struct making *m)
{
    const struct gz_scheme *s = m->book->scheme;

    if (!m->units || s->rank_count == 0 || m->body.count < 2)
        return false;
    for (size_t i = 0; i < s->rank_count; i++) {
        const struct gz_rate *r = gz_scheme_rate(s, s->rank[i].by);

        if (r && (!rate_applies(m, r) || rate_missing(m, r).len))
            return false;
        if (gz_str_is(s->rank[i].by, "score"))
            for (size_t k = 0; k < s->score_count; k++) {
                const struct gz_rate *part = gz_scheme_rate(s, s->score[k].rate);

                if (!part || !rate_applies(m, part) || rate_missing(m, part).len)
                    return false;
            }
    }
    return true;
}

static void
choose_columns(struct making *m)
{
    bool share = !m->units && m->lead >= 0 && m->body.count > 1 &&
                 m->table->dim_count > 0 && !m->missing[m->lead];

    for (size_t i = 0; i < m->table->dim_count; i++)
        share = share && !m->table->dim[i].multi;
    if (is_ranked(m))
        add_column(
            m, FROM_RANK, 0, 0,
            (struct gz_grid_column){ .key = GZ_STR("rank"),
                                     .caption = gz_words_get(m->b->words, "col.rank"),
                                     .type = GZ_GRID_RANK });
    key_columns(m);
    for (size_t i = 0; i < m->table->measure_count; i++) {
        measure_column(m, i);
        if (share && (int)i == m->lead)
            add_column(m, FROM_SHARE, i, 0,
                       (struct gz_grid_column){
                           .key = GZ_STR("share"),
                           .caption = gz_say(m->b->words, m->b->arena, "col.percent",
                                             gz_words_get(m->b->words, "col.share")),
                           .about = gz_words_get(m->b->words, "about.share"),
                           .type = GZ_GRID_PERCENT });
    }
    rate_columns(m);
    base_columns(m);
}

// ---- rows ----

static size_t
column_from(const struct making *m, enum origin origin)
{
    for (size_t c = 0; c < m->columns; c++)
        if (m->source[c].origin == origin)
            return c;
    return m->columns;
}

static void
fill_row(struct making *m, struct gz_grid_row *row, const struct gz_group *g,
         enum gz_grid_role role)
{
    row->role = role;
    for (size_t c = 0; c < m->columns; c++)
        if (role == GZ_ROLE_BODY || m->source[c].origin != FROM_KEY)
            row->cell[c] = cell_from(m, g, &m->source[c]);
}

static void
name_row(struct making *m, struct gz_grid_row *row, const char *key)
{
    size_t c = column_from(m, FROM_KEY);

    if (c < m->columns)
        row->cell[c] = gz_grid_cell_text(gz_words_get(m->b->words, key));
}

// Unweighted means of the rates and the score over the rows that have one.
static void
fill_mean(struct making *m, struct gz_grid_row *row)
{
    row->role = GZ_ROLE_MEAN;
    name_row(m, row, "row.mean");
    for (size_t c = 0; c < m->columns; c++) {
        const struct source *s = &m->source[c];
        struct gz_ratio sum = gz_ratio_whole(0), r;
        struct gz_dec den;
        int64_t n = 0;

        if (s->origin != FROM_RATE && s->origin != FROM_SCORE)
            continue;
        for (size_t i = 0; i < m->body.count; i++) {
            const struct gz_group *g = &m->body.group[i];
            enum rate_state state =
                s->origin == FROM_SCORE
                    ? find_score(m, g, &r)
                    : find_rate(m, g, &m->book->scheme->rate[s->index], &r, &den);

            if (state == RATE_KNOWN) {
                sum = gz_ratio_add(sum, r);
                n++;
            }
        }
        row->cell[c].type = m->column[c].type;
        if (n == 0)
            continue;
        sum = gz_ratio_div(sum, n);
        row->cell[c].figure = s->origin == FROM_SCORE ? round_score(m->book->scheme, sum)
                                                      : round_rate(m->book->scheme, sum);
        row->cell[c].note =
            gz_grid_note(m->grid, m->b->arena,
                         gz_say(m->b->words, m->b->arena, "note.mean",
                                gz_arena_printf(m->b->arena, "%lld", (long long)n)));
    }
}

static void
fill_shares(struct making *m)
{
    size_t c = column_from(m, FROM_SHARE), n = m->body.count;
    gz_i128 *part = gz_arena_new(m->b->arena, gz_i128, n + 1);
    struct gz_figure *share = gz_arena_new(m->b->arena, struct gz_figure, n + 1);

    if (c == m->columns)
        return;
    for (size_t i = 0; i < n; i++)
        part[i] = gz_group_number(&m->body.group[i], (size_t)m->lead).units / 1000000000;
    if (gz_figure_shares(part, n, (unsigned)m->book->scheme->decimals, share))
        for (size_t r = n; r < m->grid->rows; r++)
            m->grid->row[r].cell[c] = gz_grid_cell_figure(
                GZ_GRID_PERCENT,
                gz_figure_rate((struct gz_dec){ 1 }, (struct gz_dec){ 1 }, 100,
                               (unsigned)m->book->scheme->decimals,
                               m->book->scheme->rounding));
    for (size_t i = 0; i < n; i++)
        m->grid->row[i].cell[c] = gz_grid_cell_figure(GZ_GRID_PERCENT, share[i]);
}

// ---- order ----

// What one row is sorted by, worked out once.
struct place {
    struct gz_grid_row row;
    const struct gz_group *group;
    const struct making *m;
    bool ranked;
};

static size_t
column_named(const struct making *m, struct gz_str key)
{
    for (size_t c = 0; c < m->columns; c++)
        if (gz_str_eq(m->column[c].key, key) && gz_grid_cell_is_figure(m->column[c].type))
            return c;
    return m->columns;
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
goes_by_size(const struct making *m)
{
    return m->lead >= 0 && m->table->dim_count > 0 &&
           m->table->dim[0].part <= GZ_DIM_LEVEL;
}

static int
place_order(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int c = 0;

    if (a->ranked != b->ranked)
        return a->ranked ? -1 : 1;
    if (a->ranked)
        c = by_scheme(a, b);
    else if (goes_by_size(a->m)) {
        gz_i128 x = gz_group_number(a->group, (size_t)a->m->lead).units;
        gz_i128 y = gz_group_number(b->group, (size_t)b->m->lead).units;

        c = (x < y) - (x > y);
    }
    return c ? c : by_keys(a, b);
}

// Every figure that the ranking looks at is there.
static bool
can_rank(const struct making *m, const struct gz_grid_row *row)
{
    const struct gz_scheme *s = m->book->scheme;

    for (size_t i = 0; i < s->rank_count; i++) {
        size_t c = column_named(m, s->rank[i].by);

        if (c < m->columns && !row->cell[c].figure.known)
            return false;
    }
    return true;
}

static void
put_in_order(struct making *m)
{
    size_t n = m->body.count, rank = column_from(m, FROM_RANK);
    struct place *place = gz_arena_new(m->b->arena, struct place, n + 1);
    struct gz_group *group = gz_arena_new(m->b->arena, struct gz_group, n + 1);
    size_t number = 0;

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
        if (i == 0 || !place[i].ranked || by_scheme(&place[i - 1], &place[i]) != 0)
            number = i + 1;
        m->grid->row[i].cell[rank] = (struct gz_grid_cell){
            .type = GZ_GRID_RANK,
            .figure = { (gz_i128)number, 0, place[i].ranked },
            .note = place[i].ranked ? 0 : plain_note(m, "note.unranked"),
        };
    }
    m->body.group = group;
}

// ---- the table ----

static void
describe(struct making *m)
{
    const struct gz_table *t = m->table;
    struct gz_buf b = { 0 };

    for (size_t c = 0; c < m->columns; c++) {
        if (m->source[c].origin != FROM_RATE)
            continue;
        gz_words_fill(
            m->b->words, &b, "about.rate",
            (const struct gz_str[]){
                gz_book_caption(m->book, m->book->scheme->rate[m->source[c].index].zh,
                                m->book->scheme->rate[m->source[c].index].en,
                                m->column[c].key),
                m->column[c].about },
            2);
    }
    if (m->book->scheme->score_count && column_from(m, FROM_SCORE) < m->columns) {
        struct gz_buf parts = { 0 };

        for (size_t i = 0; i < m->book->scheme->score_count; i++) {
            const struct gz_score_part *p = &m->book->scheme->score[i];
            const struct gz_rate *r = gz_scheme_rate(m->book->scheme, p->rate);

            gz_buf_cstr(&parts, i ? " + " : "");
            gz_dec_format(p->weight, &parts);
            gz_buf_lit(&parts, " × ");
            gz_buf_add(&parts, gz_book_caption(m->book, r->zh, r->en, r->name));
        }
        gz_words_fill(m->b->words, &b, "about.score",
                      (const struct gz_str[]){ gz_buf_str(&parts) }, 1);
        gz_buf_release(&parts);
    }
    for (size_t i = 0; i < t->dim_count; i++)
        if (t->dim[i].multi)
            gz_buf_add(&b, gz_words_get(m->b->words, "about.multi"));
    m->grid->about = gz_str_trim(gz_arena_dup(m->b->arena, gz_buf_str(&b)));
    gz_buf_release(&b);
}

static bool
is_unit_table(const struct gz_table *t)
{
    return t->dim_count == 1 && gz_str_is(t->dim[0].name, "unit");
}

static void
gather(struct making *m)
{
    const struct gz_table *t = m->table;

    m->body = gz_book_group(m->book, t, m->book->period, GZ_KEEP_ALL);
    m->whole = gz_book_group(m->book, t, m->book->period, 0);
    m->missing = gz_arena_new(m->b->arena, bool, t->measure_count + 1);
    m->units = is_unit_table(t);
    m->lead = -1;
    for (size_t i = 0; i < t->measure_count; i++) {
        m->missing[i] = gz_book_missing_field(m->book, t, &t->measure[i]).len > 0;
        if (m->lead < 0 && t->measure[i].kind == GZ_MEASURE_COUNT)
            m->lead = (int)i;
    }
}

const struct gz_grid *
gz_build_table(struct gz_build *b, const struct gz_table *t)
{
    struct making m = { .b = b, .book = b->book, .table = t };
    size_t feet = 0, n;
    enum gz_summary summary = b->book->scheme->summary;
    bool multi = false;

    gather(&m);
    choose_columns(&m);
    for (size_t i = 0; i < t->dim_count; i++)
        multi |= t->dim[i].multi;
    if (m.body.count > 1 && t->dim_count > 0 && !multi)
        feet = m.units ? 2 : 1;
    n = m.body.count;
    m.grid = gz_grid_new(b->arena, gz_build_name(b, t->name, ""), m.column, m.columns,
                         n + feet);
    m.grid->caption = gz_book_caption(b->book, t->zh, t->en, t->name);
    m.grid->keys = t->dim_count + (column_from(&m, FROM_RANK) < m.columns);
    m.grid->multi = multi;
    m.grid->rows = n;
    for (size_t i = 0; i < n; i++)
        fill_row(&m, &m.grid->row[i], &m.body.group[i], GZ_ROLE_BODY);
    put_in_order(&m);
    if (feet && m.whole.count && !(m.units && summary == GZ_SUMMARY_MEAN)) {
        struct gz_grid_row *row = &m.grid->row[m.grid->rows++];

        fill_row(&m, row, &m.whole.group[0], m.units ? GZ_ROLE_POOLED : GZ_ROLE_TOTAL);
        name_row(&m, row, m.units ? "row.pooled" : "row.total");
    }
    if (feet == 2 && summary != GZ_SUMMARY_POOLED &&
        column_from(&m, FROM_RATE) < m.columns)
        fill_mean(&m, &m.grid->row[m.grid->rows++]);
    fill_shares(&m);
    describe(&m);
    return m.grid;
}
