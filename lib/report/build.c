// SPDX-License-Identifier: MIT
#include "report/build.h"

#include <stdlib.h>

#include "report/chart.h"

// ---- shared small things ----

struct gz_str
gz_build_name(struct gz_build *b, struct gz_str name, const char *more)
{
    return gz_arena_printf(b->arena, GZ_STR_FMT "%s%s", GZ_STR_ARG(name), more,
                           b->book->suffix);
}

struct gz_str
gz_build_capital(struct gz_build *b, struct gz_str s)
{
    struct gz_buf text = { 0 };
    struct gz_str copy;

    if (!s.len || s.ptr[0] < 'a' || s.ptr[0] > 'z')
        return s;
    gz_buf_add(&text, s);
    text.ptr[0] = (char)(text.ptr[0] - 'a' + 'A');
    copy = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return copy;
}

struct gz_grid_cell
gz_build_number(struct gz_dec d)
{
    gz_i128 one = 1000000000, rest = d.units % one;
    unsigned places = GZ_DEC_PLACES;

    if (rest == 0)
        return gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(d.units / one));
    while (rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    return gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_dec(d, places));
}

struct gz_str
gz_build_cell_text(struct gz_build *b, const struct gz_grid_cell *cell)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    gz_grid_cell_put(&text, cell);
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

void
gz_build_check(struct gz_build *b, struct gz_check check)
{
    b->check =
        gz_arena_grow(b->arena, b->check, &b->checks_cap, b->checks + 1, sizeof check);
    b->check[b->checks++] = check;
}

void
gz_build_add_table(struct gz_build *b, struct gz_section *s, const struct gz_grid *grid)
{
    if (grid)
        gz_section_add(s, b->arena,
                       (struct gz_item){ .type = GZ_ITEM_TABLE, .table = grid });
}

// What an arrow beside a bar tells: ranks gained where the bars are merits, else the
// change of the count.
static size_t
change_of(const struct gz_grid *g, size_t value)
{
    bool merit = g->column[value].type != GZ_GRID_COUNT;
    size_t year = 0;

    for (size_t c = g->keys; c < g->columns; c++) {
        if (gz_str_is(g->column[c].key, merit ? "rank_change" : "change_previous"))
            return c;
        if (!merit && gz_str_is(g->column[c].key, "change_year"))
            year = c;
    }
    return year;
}

void
gz_build_add_chart(struct gz_build *b, struct gz_section *s, enum gz_chart_type type,
                   const struct gz_grid *grid, const char *caption,
                   const char *const *columns, size_t count)
{
    struct gz_chart *chart = gz_arena_new(b->arena, struct gz_chart, 1);
    size_t *value = gz_arena_new(b->arena, size_t, count + 1);

    *chart = (struct gz_chart){ .type = type, .table = grid, .value = value };
    for (size_t c = 0; c < grid->columns; c++) {
        if (c < grid->keys && grid->column[c].type == GZ_GRID_TEXT)
            chart->label = c;
        for (size_t i = 0; i < count; i++)
            if (gz_str_is(grid->column[c].key, columns[i]))
                value[chart->values++] = c;
    }
    chart->tiles = b->options->tiles;
    // A score is drawn in the order of ranks: those not ranked come last.
    chart->by_value = type == GZ_CHART_BARS && chart->values &&
                      grid->column[value[0]].type != GZ_GRID_SCORE;
    if (type == GZ_CHART_BARS) {
        chart->change = change_of(grid, value[0]);
        chart->limit = b->options->top ? b->options->top : 15;
        if (chart->limit < grid->rows)
            chart->about = gz_say(b->words, b->arena, "chart.first",
                                  gz_arena_printf(b->arena, "%zu", chart->limit));
    }
    chart->caption =
        gz_say(b->words, b->arena, caption, grid->caption,
               chart->values ? grid->column[value[0]].caption : grid->caption);
    if (chart->values && gz_chart_has_points(chart))
        gz_section_add(s, b->arena,
                       (struct gz_item){ .type = GZ_ITEM_CHART, .chart = chart });
}

// ---- sections ----

enum place {
    AT_TREND,
    AT_UNUSUAL,
    AT_UNITS,
    AT_VOLUME,
    AT_TIME,
    AT_ITEMS,
    AT_FOLLOW,
    AT_TALK,
    AT_WHISTLES,
    AT_PROPOSALS,
    AT_PROJECTS,
    AT_FIGURES,
    PLACES
};

struct sections {
    struct gz_build *b;
    struct gz_section *at[PLACES];
    struct gz_buf empty[PLACES]; // captions of tables without rows
};

// Sections come in a fixed order whatever the plan's: opened all, dropped when empty.
static void
open_sections(struct sections *s)
{
    static const char *const name[] = { "overview", "unusual",   "units",    "volume",
                                        "time",     "items",     "follow",   "talk",
                                        "whistles", "proposals", "projects", "figures" };

    for (size_t i = 0; i < PLACES; i++) {
        s->at[i] = gz_arena_new(s->b->arena, struct gz_section, 1);
        s->at[i]->name = gz_build_name(s->b, gz_str_of(name[i]), "");
        s->at[i]->title = gz_words_in(s->b->words, "section", gz_str_of(name[i]));
    }
}

static bool
has_spans(const struct gz_table *t)
{
    for (size_t i = 0; i < t->measure_count; i++)
        if (t->measure[i].kind == GZ_MEASURE_DURATION)
            return true;
    return false;
}

static bool
is_about_time(const struct gz_table *t)
{
    return has_spans(t) || gz_build_is_backlog(t) ||
           gz_str_starts(t->name, GZ_STR("due")) || gz_table_find(t, GZ_STR("met")) >= 0;
}

static enum place
place_of(const struct gz_table *t)
{
    static const struct {
        const char *rec;
        enum place place;
    } talk[] = {
        { "agenda_item", AT_ITEMS },  { "resolution", AT_ITEMS },
        { "task", AT_ITEMS },         { "oversight", AT_ITEMS },
        { "evaluation", AT_ITEMS },   { "topic", AT_ITEMS },
        { "whistle", AT_WHISTLES },   { "reportin", AT_WHISTLES },
        { "enrolment", AT_WHISTLES }, { "campaign", AT_PROPOSALS },
        { "proposal", AT_PROPOSALS }, { "project", AT_PROJECTS },
        { "list_item", AT_PROJECTS }, { "figure", AT_FIGURES },
    };

    for (size_t i = 0; i < GZ_COUNT(talk); i++)
        if (gz_str_is(t->rec, talk[i].rec))
            return talk[i].place;
    if (!gz_str_is(t->rec, "petition") && !gz_str_is(t->rec, "dispatch"))
        return AT_TALK;
    if (t->dim_count && gz_str_is(t->dim[0].name, "unit"))
        return AT_UNITS;
    if (t->dim_count)
        return AT_VOLUME;
    return is_about_time(t) ? AT_TIME : AT_TREND;
}

// The name of the first measure that is a count.
static const char *
lead_of(struct gz_build *b, const struct gz_table *t)
{
    for (size_t i = 0; i < t->measure_count; i++)
        if (t->measure[i].kind == GZ_MEASURE_COUNT)
            return gz_arena_cstr(b->arena, t->measure[i].name);
    return NULL;
}

static bool
has_own_order(const struct gz_table *t)
{
    return t->dim_count == 1 && (t->dim[0].part > GZ_DIM_LEVEL || t->dim[0].cases);
}

// How much, and how well: the score, else the last rate, beside the volume; and a map.
static void
add_unit_charts(struct gz_build *b, struct gz_section *at, const struct gz_grid *g,
                const char *lead)
{
    const char *map[] = { lead, NULL };
    const char *merit = NULL;

    for (size_t c = g->keys; c < g->columns; c++)
        if (g->column[c].type == GZ_GRID_PERCENT || g->column[c].type == GZ_GRID_SCORE)
            merit = gz_arena_cstr(b->arena, g->column[c].key);
    if (merit)
        gz_build_add_chart(b, at, GZ_CHART_BARS, g, "chart.bars", &merit, 1);
    if (lead)
        gz_build_add_chart(b, at, GZ_CHART_BARS, g, "chart.bars", &lead, 1);
    map[1] = merit;
    if (lead && !b->mapped)
        gz_build_add_chart(b, at, GZ_CHART_TILES, g, "chart.tiles", map, merit ? 2 : 1);
    b->mapped = true;
}

// No rows, or one that says no more than that nothing was filled in.
static bool
is_empty(const struct sections *s, const struct gz_table *t, const struct gz_grid *g)
{
    const struct gz_str absent = gz_words_get(s->b->words, "value.absent");

    if (g->rows == 0)
        return true;
    if (t->dim_count == 0 || g->rows > 1)
        return false;
    for (size_t c = 0; c < g->keys; c++)
        if (!gz_str_eq(g->row[0].cell[c].text, absent))
            return false;
    return true;
}

static void
note_empty(struct sections *s, enum place at, const struct gz_grid *g)
{
    if (s->empty[at].len) {
        gz_buf_add(&s->empty[at], gz_words_get(s->b->words, "sum.and"));
        gz_words_gap(s->b->words, &s->empty[at]);
    }
    gz_buf_add(&s->empty[at], g->caption);
}

static void
add_plain(struct sections *s, struct gz_section *at, const struct gz_table *t)
{
    struct gz_build *b = s->b;
    const struct gz_grid *g = gz_build_table(b, t);
    const char *lead = lead_of(b, t);
    const char *column[] = { lead, "share" };

    if (is_empty(s, t, g)) {
        note_empty(s, place_of(t), g);
        return;
    }
    if (!b->units && place_of(t) == AT_UNITS)
        b->units = g;
    if (!b->category && place_of(t) == AT_VOLUME && t->dim_count &&
        gz_str_starts(t->dim[0].name, GZ_STR("category")))
        b->category = g;
    if (!b->spans && place_of(t) < AT_ITEMS && has_spans(t))
        b->spans = g;
    if (t->dim_count && g->rows > 1 && lead && has_own_order(t))
        gz_build_add_chart(b, at, GZ_CHART_BINS, g, "chart.bars", &lead, 1);
    else if (t->dim_count && g->rows > 2 && place_of(t) == AT_UNITS)
        add_unit_charts(b, at, g, lead);
    else if (t->dim_count && g->rows > 2 && lead)
        gz_build_add_chart(b, at, GZ_CHART_BARS, g, "chart.bars", column, 2);
    gz_build_add_table(b, at, g);
    gz_build_add_table(b, at, gz_build_stake(b, t));
    gz_build_add_table(b, at, gz_build_rest(b, t));
}

static void
add_backlog(struct sections *s, const struct gz_table *t)
{
    static const char *const flows[] = { "opened", "closed" };
    static const char *const since[] = { "since" };
    const struct gz_grid *g = gz_build_backlog(s->b, t);

    if (!g)
        return;
    if (g->rows > 1) {
        gz_build_add_chart(s->b, s->at[AT_TIME], GZ_CHART_FLOWS, g, "chart.flows", flows,
                           2);
        gz_build_add_chart(s->b, s->at[AT_TIME], GZ_CHART_LINES, g, "chart.since", since,
                           1);
    }
    gz_build_add_table(s->b, s->at[AT_TIME], g);
}

static void
add_bins(struct sections *s, const struct gz_table *t, bool *done)
{
    static const char *const n[] = { "n" };

    for (size_t m = 0; m < t->measure_count && !*done; m++) {
        const struct gz_grid *g;

        if (t->measure[m].kind != GZ_MEASURE_DURATION)
            continue;
        g = gz_build_bins(s->b, t, m);
        if (!g)
            continue;
        gz_build_add_chart(s->b, s->at[AT_TIME], GZ_CHART_BINS, g, "chart.plain", n, 1);
        gz_build_add_table(s->b, s->at[AT_TIME], g);
        *done = true;
    }
}

static void
add_trend(struct sections *s)
{
    static const char *const line[] = { "received", "closed" };
    const struct gz_plan *p = s->b->book->plan;

    for (size_t i = 0; i < p->table_count && !s->b->trend; i++) {
        const struct gz_table *t = &p->table[i];
        const char *lead = lead_of(s->b, t);

        if (!t->periods || gz_build_is_backlog(t) || gz_build_is_follow(t) || !lead ||
            place_of(t) > AT_TIME)
            continue;
        s->b->trend = gz_build_trend(s->b, t);
        if (!s->b->trend)
            continue;
        if (gz_table_find(t, GZ_STR("received")) >= 0)
            gz_build_add_chart(s->b, s->at[AT_TREND], GZ_CHART_LINES, s->b->trend,
                               "chart.trend", line, 2);
        else
            gz_build_add_chart(s->b, s->at[AT_TREND], GZ_CHART_LINES, s->b->trend,
                               "chart.trend", &lead, 1);
        gz_build_add_table(s->b, s->at[AT_TREND], s->b->trend);
        gz_build_add_table(s->b, s->at[AT_TREND], gz_build_rolling(s->b, t));
    }
}

static void
add_lists(struct sections *s, struct gz_section *at)
{
    const struct gz_plan *p = s->b->book->plan;

    for (size_t i = 0; i < p->list_count; i++) {
        const struct gz_grid *g = gz_build_list(s->b, &p->list[i]);
        struct gz_str key[] = { p->list[i].name };

        gz_build_add_table(s->b, at, g);
        if (!s->b->overdue && g->rows && !p->list[i].at.len &&
            gz_str_is(p->list[i].rec, "petition")) {
            s->b->overdue = g;
            s->b->overdue_count = gz_book_meta(s->b->book, "_list", key, 1, "n");
        }
    }
}

static void
close_sections(struct sections *s)
{
    for (size_t i = 0; i < PLACES; i++) {
        struct gz_section *copy;

        if (s->empty[i].len && s->at[i]->first)
            gz_section_add(
                s->at[i], s->b->arena,
                (struct gz_item){ .type = GZ_ITEM_NOTE,
                                  .note = gz_say(s->b->words, s->b->arena, "note.empty",
                                                 gz_buf_str(&s->empty[i])) });
        gz_buf_release(&s->empty[i]);
        if (!s->at[i]->first)
            continue;
        copy = gz_doc_section(s->b->doc, s->b->arena, s->at[i]->name, s->at[i]->title);
        copy->first = s->at[i]->first;
        copy->last = s->at[i]->last;
    }
}

static void
build_sections(struct gz_build *b)
{
    struct sections s = { .b = b };
    const struct gz_plan *p = b->book->plan;
    struct gz_section lists = { 0 }, *at;
    bool bins = false;

    open_sections(&s);
    add_trend(&s);
    b->unusual = gz_build_unusual(b);
    gz_build_add_table(b, s.at[AT_UNUSUAL], b->unusual);
    for (size_t i = 0; i < p->table_count; i++) {
        const struct gz_table *t = &p->table[i];

        if (gz_build_is_reading(t))
            continue; // for checks alone
        if (gz_build_is_follow(t)) {
            gz_build_follow(b, t, s.at[AT_FOLLOW]);
            continue;
        }
        if (gz_build_is_funnel(t))
            gz_build_funnel(b, t, s.at[place_of(t)]);
        else if (gz_build_is_backlog(t))
            add_backlog(&s, t);
        else if (gz_build_pivots(t))
            gz_build_add_table(b, s.at[place_of(t)], gz_build_pivot(b, t));
        else
            add_plain(&s, s.at[place_of(t)], t);
        if (place_of(t) < AT_ITEMS)
            add_bins(&s, t, &bins);
        if (gz_build_is_coverage(t))
            gz_build_coverage(b, t, s.at[place_of(t)]);
        gz_build_figures(b, t, s.at[place_of(t)]);
    }
    close_sections(&s);
    add_lists(&s, &lists);
    if (lists.first) {
        at = gz_doc_section(b->doc, b->arena, gz_build_name(b, GZ_STR("lists"), ""),
                            gz_words_get(b->words, "section.lists"));
        at->first = lists.first;
        at->last = lists.last;
    }
}

// ---- books ----

// A period that was asked for sorts above those before it, none above all.
static int
tally_order(const void *left, const void *right)
{
    struct gz_tally *const *a = left, *const *b = right;
    int c = gz_str_cmp((*a)->plan, (*b)->plan);

    if (c == 0)
        c = gz_str_cmp((*a)->scheme, (*b)->scheme);
    if (c == 0 && ((*a)->period.len == 0) != ((*b)->period.len == 0))
        return (*a)->period.len == 0 ? -1 : 1;
    if (c == 0)
        c = -gz_str_cmp((*a)->period, (*b)->period);
    return c ? c : gz_str_cmp((*a)->id, (*b)->id);
}

static size_t
share_out(struct gz_store *store, struct gz_arena *arena, struct gz_book *book)
{
    struct gz_tally **t = gz_arena_new(arena, struct gz_tally *, store->count + 1);
    size_t books = 0, n = 0;

    for (size_t i = 0; i < store->kept; i++)
        if (store->tally[i]->has_head)
            t[n++] = store->tally[i];
    if (n)
        qsort(t, n, sizeof(struct gz_tally *), tally_order);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !gz_str_eq(t[i]->plan, t[i - 1]->plan) ||
            !gz_str_eq(t[i]->scheme, t[i - 1]->scheme))
            book[books++].tally = &t[i];
        book[books - 1].tallies++;
    }
    return books;
}

static void
build_title(struct gz_build *b)
{
    const struct gz_scheme *s = b->book->scheme;
    struct gz_doc *doc = b->doc;
    size_t count;
    const struct gz_str *period = gz_book_periods(b->book, &count);

    if (b->book->period.len)
        doc->period = gz_book_period(b->book, b->book->period);
    else if (count > 1)
        doc->period =
            gz_say(b->words, b->arena, "period.range", gz_book_period(b->book, period[0]),
                   gz_book_period(b->book, period[count - 1]));
    else
        doc->period = count ? gz_book_period(b->book, period[0])
                            : gz_words_get(b->words, "period.all");
    doc->scheme = gz_say(b->words, b->arena, "page.scheme",
                         gz_book_caption(b->book, s->title_zh, s->title_en, s->name));
    if (b->options->title)
        doc->title = gz_str_of(b->options->title);
    else
        doc->title = gz_build_capital(
            b, gz_say(b->words, b->arena, "title",
                      gz_book_caption(b->book, b->book->plan->zh, b->book->plan->en,
                                      b->book->plan->name),
                      doc->period));
}

static void
build_book(struct gz_build *b)
{
    struct gz_doc *doc = b->doc;
    bool first = doc->first == NULL;
    struct gz_section *s;

    if (first)
        build_title(b);
    else
        gz_section_add(
            gz_doc_section(doc, b->arena, gz_build_name(b, GZ_STR("scheme"), ""),
                           gz_say(b->words, b->arena, "page.scheme",
                                  gz_book_caption(b->book, b->book->scheme->title_zh,
                                                  b->book->scheme->title_en,
                                                  b->book->scheme->name))),
            b->arena,
            (struct gz_item){ .type = GZ_ITEM_NOTE,
                              .note = gz_words_get(b->words, "page.next_scheme") });
    // A score that no authority has published is no more than an example.
    doc->example |= !b->book->scheme->official && b->book->scheme->score_count > 0;
    gz_build_missing(b);
    build_sections(b);
    if (first)
        gz_build_front(b);
    gz_build_checks(b);
    if (b->checks) {
        s = gz_doc_section(doc, b->arena, gz_build_name(b, GZ_STR("checks"), ""),
                           gz_words_get(b->words, "section.checks"));
        gz_section_add(s, b->arena,
                       (struct gz_item){ .type = GZ_ITEM_CHECKS,
                                         .check = b->check,
                                         .count = b->checks });
    }
    gz_build_origin(b);
}

// Nothing came: a report that says so.
static void
build_empty(struct gz_doc *doc, const struct gz_words *words, struct gz_arena *arena,
            const struct gz_reading *reading)
{
    doc->title = gz_words_get(words, "title.empty");
    doc->missing = gz_arena_new(arena, struct gz_str, 2);
    doc->missing[doc->missings++] =
        gz_words_get(words, reading->other ? "missing.head" : "missing.empty");
    doc->lack = gz_arena_new(arena, struct gz_lack, 1);
    doc->lack->kind = reading->other ? GZ_LACK_TALLIES : GZ_LACK_ALL;
}

enum gz_err_kind
gz_doc_build(struct gz_doc *doc, struct gz_build_all *all, struct gz_store *store,
             const struct gz_schema *schema, const struct gz_words *words,
             struct gz_arena *arena, const struct gz_build_options *options,
             const struct gz_reading *reading, struct gz_err *err)
{
    doc->words = words;
    doc->tool = GZ_STR("gz-report " GZ_VERSION);
    all->book = gz_arena_new(arena, struct gz_book, store->count + 1);
    all->books = share_out(store, arena, all->book);
    if (all->books == 0)
        build_empty(doc, words, arena, reading);
    for (size_t i = 0; i < all->books; i++) {
        struct gz_book *book = &all->book[i];
        struct gz_build b = { .book = book,
                              .doc = doc,
                              .arena = arena,
                              .words = words,
                              .options = options,
                              .reading = reading };

        book->words = words;
        book->schema = schema;
        book->arena = arena;
        book->people = options->people;
        book->suffix = i ? gz_arena_printf(arena, "-%zu", i + 1).ptr : "";
        if (gz_book_open(book, options->period, options->compare, err))
            return err->kind;
        build_book(&b);
    }
    return GZ_OK;
}

void
gz_build_close(struct gz_build_all *all)
{
    for (size_t i = 0; i < all->books; i++)
        gz_book_close(&all->book[i]);
}
