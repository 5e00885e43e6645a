// SPDX-License-Identifier: MIT
// Rates, scores and the notes that stand where there is none.
#include "report/making.h"

// Rates that need no scheme: what was on time, of that which can be told. Not made
// where `not_with` is in the table, for then a better one is.
static const struct builtin {
    const char *name;
    const char *num;
    const char *den[2];
    const char *not_with;
    bool always; // a dash is said too
} BUILTIN[] = {
    { "on_time_rate", "on_time", { "due_printed", NULL }, NULL, false },
    { "on_time_share", "on_time", { "on_time", "late" }, "due_printed", false },
    { "on_time_given_rate",
      "on_time_given",
      { "on_time_given", "late_given" },
      NULL,
      false },
    { "on_time_computed_rate",
      "on_time_computed",
      { "due_computed", NULL },
      NULL,
      false },
    { "met_rate", "met", { "due", NULL }, NULL, false },
    { "done_rate", "done", { "received", NULL }, NULL, false },
    { "arrived_rate", "arrived", { "called", NULL }, NULL, false },
    { "in_time_rate", "in_time", { "in_time", "not_in_time" }, NULL, true },
    { "held_rate", "held_of", { "expected", NULL }, NULL, false },
    { "proactive_rate", "proactive", { "petitions", NULL }, NULL, false },
    { "passed_rate", "passed", { "passed", "not_passed" }, NULL, false },
    { "valid_rate", "valid_proposals", { "valid_proposals", "invalid" }, NULL, false },
};

// Sum of weight x count. False when one of the counts is not in the table.
static bool
sum_terms(const struct gz_making *m, const struct gz_group *g, const struct gz_term *term,
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
rate_applies(const struct gz_making *m, const struct gz_rate *rate)
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
struct gz_str
gz_making_rate_missing(const struct gz_making *m, const struct gz_rate *rate)
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

enum gz_rate_state
gz_making_find_rate(const struct gz_making *m, const struct gz_group *g,
                    const struct gz_rate *rate, struct gz_ratio *out, struct gz_dec *den)
{
    struct gz_dec num;

    if (gz_making_rate_missing(m, rate).len ||
        !sum_terms(m, g, rate->num, rate->num_count, &num) ||
        !sum_terms(m, g, rate->den, rate->den_count, den))
        return GZ_RATE_MISSING;
    if (gz_ratio_make(num, *den, out))
        return GZ_RATE_KNOWN;
    if (m->book->scheme->zero_den == GZ_ZERO_DASH)
        return GZ_RATE_ZERO;
    *out = gz_ratio_whole(m->book->scheme->zero_den == GZ_ZERO_HUNDRED);
    return GZ_RATE_KNOWN;
}

enum gz_rate_state
gz_making_find_score(const struct gz_making *m, const struct gz_group *g,
                     struct gz_ratio *out)
{
    const struct gz_scheme *s = m->book->scheme;
    const gz_i128 one = 1000000000;

    *out = gz_ratio_whole(0);
    for (size_t i = 0; i < s->score_count; i++) {
        const struct gz_rate *rate = gz_scheme_rate(s, s->score[i].rate);
        struct gz_ratio r, weight;
        struct gz_dec den;
        enum gz_rate_state state =
            rate ? gz_making_find_rate(m, g, rate, &r, &den) : GZ_RATE_MISSING;

        if (state != GZ_RATE_KNOWN)
            return state;
        gz_ratio_make(s->score[i].weight, (struct gz_dec){ one }, &weight);
        *out = gz_ratio_add(*out, gz_ratio_mul(weight, r));
    }
    return GZ_RATE_KNOWN;
}

// score_scale is a decimal; as a ratio it multiplies the score before rounding.
struct gz_figure
gz_making_round_score(const struct gz_scheme *s, struct gz_ratio r)
{
    struct gz_ratio scale;

    gz_ratio_make(s->score_scale, (struct gz_dec){ 1000000000 }, &scale);
    return gz_figure_round(gz_ratio_mul(r, scale), 1, (unsigned)s->score_decimals,
                           s->rounding);
}

struct gz_figure
gz_making_round_rate(const struct gz_scheme *s, struct gz_ratio r)
{
    return gz_figure_round(r, 100, (unsigned)s->decimals, s->rounding);
}

uint8_t
gz_making_missing_note(struct gz_making *m, struct gz_str field)
{
    const struct gz_scheme *s = m->book->scheme;
    struct gz_str name = gz_book_field(m->book, m->table->rec, field);
    bool without =
        gz_str_eq(field, s->without_field) && !gz_str_eq(s->name, s->without_take);

    return gz_grid_note(m->grid, m->b->arena,
                        gz_say(m->b->words, m->b->arena,
                               without ? "note.without" : "note.missing", name, field,
                               s->without_take));
}

uint8_t
gz_making_plain_note(struct gz_making *m, const char *key)
{
    return gz_grid_note(m->grid, m->b->arena, gz_words_get(m->b->words, key));
}

struct gz_grid_cell
gz_making_rate_cell(struct gz_making *m, const struct gz_group *g,
                    const struct gz_rate *rate)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_PERCENT };
    struct gz_ratio r;
    struct gz_dec den;
    int64_t small = m->book->scheme->small_n;

    switch (gz_making_find_rate(m, g, rate, &r, &den)) {
    case GZ_RATE_KNOWN:
        cell.figure = gz_making_round_rate(m->book->scheme, r);
        if (small > 0 && den.units < (gz_i128)small * 1000000000)
            cell.note = gz_grid_note(
                m->grid, m->b->arena,
                gz_say(m->b->words, m->b->arena, "note.small",
                       gz_arena_printf(m->b->arena, "%lld", (long long)small)));
        break;
    case GZ_RATE_ZERO:
        cell.note = gz_making_plain_note(m, "note.zero");
        break;
    case GZ_RATE_MISSING:
        cell.note = gz_making_missing_note(m, gz_making_rate_missing(m, rate));
        break;
    }
    return cell;
}

struct gz_grid_cell
gz_making_score_cell(struct gz_making *m, const struct gz_group *g)
{
    struct gz_grid_cell cell = { .type = GZ_GRID_SCORE };
    struct gz_ratio r;

    switch (gz_making_find_score(m, g, &r)) {
    case GZ_RATE_KNOWN:
        cell.figure = gz_making_round_score(m->book->scheme, r);
        break;
    case GZ_RATE_ZERO:
        cell.note = gz_making_plain_note(m, "note.zero");
        break;
    case GZ_RATE_MISSING:
        cell.note = gz_making_plain_note(m, "note.score");
        break;
    }
    return cell;
}

static struct gz_rate *
make_builtin(struct gz_making *m, const struct builtin *def)
{
    struct gz_rate *r = gz_arena_new(m->b->arena, struct gz_rate, 1);
    struct gz_term *term = gz_arena_new(m->b->arena, struct gz_term, 3);
    const struct gz_dec one = { 1000000000 };

    term[0] = (struct gz_term){ gz_str_of(def->num), one };
    term[1] = (struct gz_term){ gz_str_of(def->den[0]), one };
    term[2] = (struct gz_term){ gz_str_of(def->den[1]), one };
    *r = (struct gz_rate){ .name = gz_str_of(def->name),
                           .num = term,
                           .num_count = 1,
                           .den = term + 1,
                           .den_count = def->den[1] ? 2 : 1 };
    return r;
}

static bool
has_denominator(const struct gz_making *m, const struct gz_rate *r)
{
    struct gz_dec den;

    return m->whole.count &&
           sum_terms(m, &m->whole.group[0], r->den, r->den_count, &den) && den.units != 0;
}

// Of rates that no scheme asks for, those that would be all dashes are left out.
static void
add_rate(struct gz_making *m, const struct gz_rate *r, bool always)
{
    if (!rate_applies(m, r) || m->rates == GZ_MAKING_RATES)
        return;
    if (!always && (gz_making_rate_missing(m, r).len || !has_denominator(m, r)))
        return;
    m->rate[m->rates++] = r;
    for (int side = 0; side < 2; side++) {
        const struct gz_term *term = side ? r->num : r->den;
        size_t count = side ? r->num_count : r->den_count;

        for (size_t i = 0; i < count; i++)
            if (term[i].weight.units) {
                m->main[gz_table_find(m->table, term[i].measure)] = true;
                m->rated[gz_table_find(m->table, term[i].measure)] |= always;
            }
    }
}

void
gz_making_find_rates(struct gz_making *m)
{
    const struct gz_scheme *s = m->book->scheme;
    int closed = gz_table_find(m->table, GZ_STR("closed"));

    for (size_t i = 0; i < s->rate_count; i++)
        add_rate(m, &s->rate[i], m->form != GZ_MAKING_PERIODS);
    for (size_t i = 0; i < GZ_COUNT(BUILTIN); i++)
        if (!BUILTIN[i].not_with ||
            gz_table_find(m->table, gz_str_of(BUILTIN[i].not_with)) < 0)
            add_rate(m, make_builtin(m, &BUILTIN[i]), BUILTIN[i].always);
    if (m->lead >= 0)
        m->main[m->lead] = true;
    if (closed >= 0)
        m->main[closed] = true;
    for (size_t i = 0; i < m->table->measure_count; i++)
        if (m->table->measure[i].kind != GZ_MEASURE_COUNT)
            m->main[i] = true;
}

struct gz_str
gz_making_rate_name(const struct gz_making *m, const struct gz_rate *rate)
{
    if (rate->zh.len || rate->en.len)
        return gz_book_caption(m->book, rate->zh, rate->en, rate->name);
    return gz_words_in(m->b->words, "rate", rate->name);
}

// Every part of the score has its rate here.
bool
gz_making_has_score(const struct gz_making *m)
{
    const struct gz_scheme *s = m->book->scheme;

    for (size_t i = 0; i < s->score_count; i++) {
        const struct gz_rate *r = gz_scheme_rate(s, s->score[i].rate);

        if (!r || !rate_applies(m, r))
            return false;
    }
    return s->score_count > 0;
}
