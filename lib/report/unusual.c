// SPDX-License-Identifier: MIT
// Counts that are not what the season or the months before lead one to expect, each with
// the reason in words. All is decided in whole numbers.
#include <stdlib.h>

#include "report/build.h"
#include "report/history.h"

// How many periods are compared with; gz-report(1) says so too.
enum { SEASONS = 5, SEASONS_LEAST = 2, BEFORE = 12, BEFORE_LEAST = 4, SAME_LEAST = 4 };
enum { SMALL = 10, ROWS = 40, REFERENCES = 12 };
enum { TABLE, UNIT, ROW, NOW, USUAL, LOW, HIGH, WHY, COLUMNS };

struct finding {
    const struct gz_table *table;
    const struct gz_str *key;
    gz_i128 now;
    gz_i128 twice_median;
    gz_i128 low, high;
    gz_i128 far; // how far from the median, doubled
    struct gz_str why;
    size_t at; // in order of being found
};

struct unusual {
    struct gz_build *b;
    struct gz_history h;
    gz_i128 small;
    struct finding *found;
    size_t count, cap;
    bool judged; // there was enough to compare with
};

// What one count is compared with, rising.
struct reference {
    gz_i128 value[REFERENCES];
    size_t back[REFERENCES]; // periods back, nearest first
    size_t count;
    bool season;
};

// ---- what to compare with ----

// Months and quarters have years, days have weeks.
static size_t
season_of(enum gz_period_kind kind)
{
    return kind == GZ_PERIOD_DAY ? 7 : (size_t)gz_period_per_year(kind);
}

static void
take(struct unusual *u, struct reference *r, size_t step, size_t most)
{
    size_t last = u->h.count - 1;

    r->count = 0;
    for (size_t i = 1; i <= most && i * step <= last; i++) {
        if (!u->h.counted[last - i * step])
            continue;
        r->back[r->count] = i * step;
        r->value[r->count++] = u->h.value[last - i * step];
    }
}

static bool
find_reference(struct unusual *u, struct reference *r)
{
    size_t season = season_of(u->h.kind);

    r->season = season > 1;
    if (r->season)
        take(u, r, season, SEASONS);
    if (!r->season || r->count < SEASONS_LEAST) {
        r->season = false;
        take(u, r, 1, BEFORE);
        if (r->count < BEFORE_LEAST)
            return false;
    }
    return true;
}

static int
rising(const void *a, const void *b)
{
    const gz_i128 *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

// Twice the median of `count` numbers; they are put in order.
static gz_i128
twice_median(gz_i128 *value, size_t count)
{
    qsort(value, count, sizeof *value, rising);
    return value[(count - 1) / 2] + value[count / 2];
}

static gz_i128
distance(gz_i128 a, gz_i128 b)
{
    return a > b ? a - b : b - a;
}

// Further off than three times the spread, and than three times what chance does to a
// count of this size (its square root). In quarters of squares: all figures are doubled.
static bool
is_far(gz_i128 far, gz_i128 spread, gz_i128 median)
{
    const gz_i128 normal = 14826, unit = 10000; // MAD of a normal distribution
    gz_i128 square = far * far * unit * unit;

    return square > 9 * normal * normal * spread * spread &&
           square > 9 * 2 * median * unit * unit;
}

// ---- in words ----

static struct gz_str
number(struct gz_build *b, gz_i128 n)
{
    struct gz_grid_cell cell = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(n));

    return gz_build_cell_text(b, &cell);
}

static struct gz_grid_cell
half(gz_i128 twice)
{
    return gz_build_number((struct gz_dec){ twice * 500000000 });
}

// "2025-03 12, 2024-03 14", nearest first.
static struct gz_str
list_of(struct unusual *u, const struct reference *r)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    for (size_t i = 0; i < r->count; i++) {
        if (i) {
            gz_buf_add(&text, gz_words_get(u->b->words, "unusual.and"));
            gz_words_gap(u->b->words, &text);
        }
        gz_words_fill(u->b->words, &text, "unusual.one",
                      (const struct gz_str[]){
                          gz_history_period(u->b->book, &u->h, r->back[i]),
                          number(u->b, u->h.value[u->h.count - 1 - r->back[i]]) },
                      2);
    }
    s = gz_arena_dup(u->b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

static struct gz_str
reason(struct unusual *u, const struct reference *r, const struct finding *f)
{
    struct gz_grid_cell median = half(f->twice_median);
    const char *more = f->now * 2 > f->twice_median ? "unusual.more" : "unusual.fewer";
    struct gz_str against;

    if (r->season)
        against =
            gz_say(u->b->words, u->b->arena,
                   u->h.kind == GZ_PERIOD_DAY ? "unusual.weekday" : "unusual.season",
                   list_of(u, r));
    else
        against = gz_say(u->b->words, u->b->arena, "unusual.before",
                         gz_arena_printf(u->b->arena, "%zu", r->count),
                         number(u->b, f->low), number(u->b, f->high));
    return gz_say(u->b->words, u->b->arena, more, number(u->b, f->now),
                  gz_build_cell_text(u->b, &median), against);
}

// ---- finding ----

static void
keep(struct unusual *u, struct finding f)
{
    f.at = u->count;
    u->found = gz_arena_grow(u->b->arena, u->found, &u->cap, u->count + 1, sizeof f);
    u->found[u->count++] = f;
}

// One and the same count for periods on end: a number that was copied, not counted.
static bool
find_unchanged(struct unusual *u, struct finding *f)
{
    size_t last = u->h.count - 1, same = 0;

    while (same < last && u->h.counted[last - same - 1] &&
           u->h.value[last - same - 1] == f->now)
        same++;
    if (same + 1 < SAME_LEAST || f->now < u->small)
        return false;
    f->why = gz_say(u->b->words, u->b->arena, "unusual.unchanged", number(u->b, f->now),
                    gz_history_period(u->b->book, &u->h, same),
                    gz_arena_printf(u->b->arena, "%zu", same + 1));
    return true;
}

static void
judge(struct unusual *u, const struct gz_table *t)
{
    struct finding f = { .table = t, .key = u->h.key, .now = u->h.value[u->h.count - 1] };
    struct reference r;
    gz_i128 apart[REFERENCES], sorted[REFERENCES];

    if (!find_reference(u, &r))
        return;
    u->judged = true;
    for (size_t i = 0; i < r.count; i++)
        sorted[i] = r.value[i];
    f.twice_median = twice_median(sorted, r.count);
    f.low = sorted[0];
    f.high = sorted[r.count - 1];
    for (size_t i = 0; i < r.count; i++)
        apart[i] = distance(2 * r.value[i], f.twice_median);
    f.far = distance(2 * f.now, f.twice_median);
    if (f.far >= 2 * u->small &&
        is_far(f.far, twice_median(apart, r.count) / 2, f.twice_median)) {
        f.why = reason(u, &r, &f);
        keep(u, f);
    } else if (find_unchanged(u, &f)) {
        keep(u, f);
    }
}

// Where an order stands in its handling says nothing of the season.
static bool
is_judged(const struct gz_table *t)
{
    static const char *const not [] = { "status",  "role",      "exclusion", "routing",
                                        "quality", "community", "backlog" };

    for (size_t i = 0; i < GZ_COUNT(not ); i++)
        if (gz_str_is(t->name, not [i]))
            return false;
    return t->periods && gz_str_is(t->rec, "petition") && t->measure_count &&
           t->measure[0].kind == GZ_MEASURE_COUNT && !t->measure[0].needs_as_of;
}

static void
judge_table(struct unusual *u, const struct gz_table *t)
{
    if (!is_judged(t) || gz_book_missing_field(u->b->book, t, &t->measure[0]).len ||
        !gz_history_open(&u->h, u->b->book, t, t->dim_count == 0))
        return;
    while (gz_history_next(&u->h, 0))
        judge(u, t);
}

// ---- the table ----

static int
furthest_first(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;

    if (x->far != y->far)
        return x->far > y->far ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static struct gz_grid_cell
key_text(struct gz_build *b, const struct finding *f, bool unit)
{
    struct gz_buf text = { 0 };
    struct gz_grid_cell cell = { .type = GZ_GRID_EMPTY };

    for (size_t i = 0; i < f->table->dim_count; i++) {
        const struct gz_dim *d = &f->table->dim[i];

        if (d->which || gz_str_is(d->name, "unit") != unit)
            continue;
        if (text.len)
            gz_buf_lit(&text, " · ");
        gz_buf_add(&text, gz_book_value(b->book, d, f->table->rec, f->key[i]));
    }
    if (text.len)
        cell = gz_grid_cell_text(gz_arena_dup(b->arena, gz_buf_str(&text)));
    gz_buf_release(&text);
    return cell;
}

// "Units: received".
static struct gz_str
table_text(struct gz_build *b, const struct gz_table *t)
{
    const struct gz_measure *m = &t->measure[0];

    return gz_say(b->words, b->arena, "chart.bars",
                  gz_build_capital(b, gz_book_caption(b->book, t->zh, t->en, t->name)),
                  gz_book_caption(b->book, m->zh, m->en, m->name));
}

static const struct gz_grid_column *
columns_of(struct gz_build *b)
{
    static const struct {
        const char *key;
        enum gz_grid_type type;
    } all[COLUMNS] = { { "table", GZ_GRID_TEXT },  { "unit", GZ_GRID_TEXT },
                       { "item", GZ_GRID_TEXT },   { "now", GZ_GRID_COUNT },
                       { "usual", GZ_GRID_COUNT }, { "low", GZ_GRID_COUNT },
                       { "high", GZ_GRID_COUNT },  { "why", GZ_GRID_TEXT } };
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, COLUMNS);

    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(all[i].key),
            .caption = gz_words_in(b->words, "unusual", gz_str_of(all[i].key)),
            .type = all[i].type,
        };
    return column;
}

static void
fill(struct unusual *u, struct gz_grid *g)
{
    struct gz_build *b = u->b;

    for (size_t i = 0; i < g->rows; i++) {
        const struct finding *f = &u->found[i];
        struct gz_grid_cell *cell = g->row[i].cell;

        cell[TABLE] = gz_grid_cell_text(table_text(b, f->table));
        cell[UNIT] = key_text(b, f, true);
        cell[ROW] = key_text(b, f, false);
        cell[NOW] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(f->now));
        cell[USUAL] = half(f->twice_median);
        cell[LOW] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(f->low));
        cell[HIGH] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(f->high));
        cell[WHY] = gz_grid_cell_text(f->why);
    }
}

const struct gz_grid *
gz_build_unusual(struct gz_build *b)
{
    struct unusual u = { .b = b, .small = b->book->scheme->small_n };
    const struct gz_plan *p = b->book->plan;
    struct gz_grid *g;

    if (u.small < SMALL)
        u.small = SMALL;
    for (size_t i = 0; i < p->table_count; i++)
        judge_table(&u, &p->table[i]);
    if (!u.judged)
        return NULL;
    if (u.count)
        qsort(u.found, u.count, sizeof *u.found, furthest_first);
    g = gz_grid_new(b->arena, gz_build_name(b, GZ_STR("unusual"), ""), columns_of(b),
                    COLUMNS, u.count < ROWS ? u.count : ROWS);
    g->keys = 3;
    g->caption = gz_words_get(b->words, "unusual.caption");
    g->about = gz_say(b->words, b->arena, "unusual.about", number(b, u.small),
                      gz_arena_printf(b->arena, "%zu", u.count),
                      gz_arena_printf(b->arena, "%zu", g->rows));
    fill(&u, g);
    return g;
}
