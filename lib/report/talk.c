// SPDX-License-Identifier: MIT
// What a plan of deliberation has beside plain tables.
#include "report/build.h"
#include "report/spans.h"

// ---- the five steps ----

enum { STEP, COUNT, OF_ALL, OF_LAST, MEDIAN_DAYS, FUNNEL };

bool
gz_build_is_funnel(const struct gz_table *t)
{
    return gz_str_is(t->name, "funnel") && t->dim_count == 0;
}

static void
funnel_columns(struct gz_build *b, struct gz_grid_column *column)
{
    static const struct {
        const char *key;
        enum gz_grid_type type;
    } all[FUNNEL] = { { "step", GZ_GRID_TEXT },
                      { "items", GZ_GRID_COUNT },
                      { "of_all", GZ_GRID_PERCENT },
                      { "of_last", GZ_GRID_PERCENT },
                      { "median_days", GZ_GRID_DAYS } };

    for (size_t i = 0; i < FUNNEL; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(all[i].key),
            .caption = gz_words_in(b->words, "funnel", gz_str_of(all[i].key)),
            .type = all[i].type,
        };
}

// The median of the time that led to this step: of moments, else of days.
static struct gz_grid_cell
median_of(struct gz_build *b, const struct gz_table *t, const struct gz_group *g,
          const struct gz_measure *step)
{
    struct gz_str name =
        gz_arena_printf(b->arena, "to_" GZ_STR_FMT, GZ_STR_ARG(step->name));
    struct gz_grid_cell cell = { .type = GZ_GRID_DAYS };
    int at = gz_table_find(t, name);

    if (at < 0 || gz_book_missing_field(b->book, t, &t->measure[at]).len ||
        g->cell[at].type != GZ_CELL_DURATION)
        return cell;
    return gz_spans_cell(&g->cell[at], gz_spans_median(&g->cell[at]));
}

static struct gz_grid_cell
share_of(struct gz_build *b, struct gz_dec part, struct gz_dec whole)
{
    return gz_grid_cell_figure(GZ_GRID_PERCENT,
                               gz_figure_rate(part, whole, 100,
                                              (unsigned)b->book->scheme->decimals,
                                              b->book->scheme->rounding));
}

static uint8_t
funnel_note(struct gz_build *b, struct gz_grid *g, const char *key)
{
    return gz_grid_note(g, b->arena, gz_words_get(b->words, key));
}

static void
fill_funnel(struct gz_build *b, const struct gz_table *t, const struct gz_group *group,
            struct gz_grid *g)
{
    struct gz_dec first = { 0 }, last = { 0 };

    for (size_t i = 0; i < t->measure_count; i++) {
        const struct gz_measure *m = &t->measure[i];
        struct gz_grid_cell *cell = g->row[g->rows].cell;
        struct gz_dec n = gz_group_number(group, i);

        if (m->kind != GZ_MEASURE_COUNT)
            continue;
        cell[STEP] = gz_grid_cell_text(
            gz_build_capital(b, gz_book_caption(b->book, m->zh, m->en, m->name)));
        cell[COUNT] = gz_build_number(n);
        cell[OF_ALL].type = cell[OF_LAST].type = GZ_GRID_PERCENT;
        if (g->rows == 0) {
            first = n;
        } else if (n.units == 0) {
            cell[OF_ALL].note = cell[OF_LAST].note = funnel_note(b, g, "funnel.none");
        } else {
            cell[OF_ALL] = share_of(b, n, first);
            cell[OF_LAST] = share_of(b, n, last);
            if (gz_dec_cmp(n, last) > 0)
                cell[OF_LAST] =
                    (struct gz_grid_cell){ .type = GZ_GRID_PERCENT,
                                           .note = funnel_note(b, g, "funnel.more") };
        }
        cell[MEDIAN_DAYS] = median_of(b, t, group, m);
        last = n;
        g->rows++;
    }
}

void
gz_build_funnel(struct gz_build *b, const struct gz_table *t, struct gz_section *s)
{
    static const char *const bar[] = { "items" };
    struct gz_grid_column *column = gz_arena_new(b->arena, struct gz_grid_column, FUNNEL);
    struct gz_groups all = gz_book_group(b->book, t, b->book->period, 0);
    struct gz_grid *g;

    if (all.count == 0 || gz_group_number(&all.group[0], 0).units == 0)
        return;
    funnel_columns(b, column);
    g = gz_grid_new(b->arena, gz_build_name(b, t->name, ""), column, FUNNEL,
                    t->measure_count);
    g->keys = 1;
    g->rows = 0;
    g->caption = gz_build_capital(b, gz_book_caption(b->book, t->zh, t->en, t->name));
    g->about = gz_words_get(b->words, "funnel.about");
    fill_funnel(b, t, &all.group[0], g);
    b->funnel = g;
    gz_build_add_chart(b, s, GZ_CHART_STEPS, g, "chart.plain", bar, 1);
    gz_build_add_table(b, s, g);
}

// ---- published figures ----

enum { PLACE, WHAT, AS_OF, PRINTED, BOUND, UNIT, SOURCE, KEYS };

bool
gz_build_is_reading(const struct gz_table *t)
{
    return gz_str_is(t->name, "figure_wholes");
}

static void
note(struct gz_build *b, struct gz_section *s, const char *key, const struct gz_str *x,
     const struct gz_str *y)
{
    gz_section_add(
        s, b->arena,
        (struct gz_item){ .type = GZ_ITEM_NOTE,
                          .note = gz_say(b->words, b->arena, key, x[WHAT], x[PLACE],
                                         x[AS_OF], x[PRINTED], x[SOURCE], y[AS_OF],
                                         y[PRINTED], y[SOURCE]) });
}

// Rows come by place, what and date, so that what is to be compared stands together.
static void
compare_figures(struct gz_build *b, const struct gz_table *t, struct gz_section *s)
{
    struct gz_groups all = gz_book_group(b->book, t, b->book->period, GZ_KEEP_ALL);

    for (size_t i = 1; i < all.count; i++) {
        const struct gz_str *x = all.group[i - 1].key, *y = all.group[i].key;
        bool same = gz_str_eq(x[PRINTED], y[PRINTED]);

        if (!gz_str_eq(x[PLACE], y[PLACE]) || !gz_str_eq(x[WHAT], y[WHAT]))
            continue;
        if (gz_str_eq(x[AS_OF], y[AS_OF])) {
            if (!same)
                note(b, s, "figures.differ", x, y);
        } else if (same && !x[BOUND].len) {
            note(b, s, "figures.stale", x, y);
        }
    }
}

static struct gz_str
plain(struct gz_build *b, struct gz_dec d)
{
    struct gz_grid_cell cell = gz_build_number(d);

    return gz_build_cell_text(b, &cell);
}

// The parts of a figure make the whole, where all are exact.
static void
check_parts(struct gz_build *b, const struct gz_table *parts)
{
    const struct gz_table *wholes = gz_plan_table(b->book->plan, GZ_STR("figure_wholes"));
    struct gz_groups all = gz_book_group(b->book, parts, b->book->period, GZ_KEEP_ALL);
    int sum = gz_table_find(parts, GZ_STR("parts_sum"));
    int hedged = gz_table_find(parts, GZ_STR("hedged")), whole;
    struct gz_groups ids;

    if (!wholes || sum < 0 || hedged < 0)
        return;
    whole = gz_table_find(wholes, GZ_STR("whole_sum"));
    ids = gz_book_group(b->book, wholes, b->book->period, GZ_KEEP_ALL);
    for (size_t i = 0; whole >= 0 && i < all.count; i++)
        for (size_t k = 0; k < ids.count; k++) {
            struct gz_dec left = gz_group_number(&all.group[i], (size_t)sum);
            struct gz_dec right = gz_group_number(&ids.group[k], (size_t)whole);
            bool open = gz_group_number(&all.group[i], (size_t)hedged).units != 0;

            if (!gz_str_eq(all.group[i].key[0], ids.group[k].key[0]))
                continue;
            gz_build_check(b,
                           (struct gz_check){
                               .name = gz_say(b->words, b->arena, "figures.parts",
                                              all.group[i].key[0]),
                               .left = plain(b, left),
                               .right = plain(b, right),
                               .state = open                           ? GZ_CHECK_OPEN
                                        : gz_dec_cmp(left, right) == 0 ? GZ_CHECK_OK
                                                                       : GZ_CHECK_WRONG,
                               .note = open ? gz_words_get(b->words, "figures.hedged")
                                            : (struct gz_str){ NULL, 0 } });
        }
}

void
gz_build_figures(struct gz_build *b, const struct gz_table *t, struct gz_section *s)
{
    if (gz_str_is(t->name, "figures") && t->dim_count == KEYS)
        compare_figures(b, t, s);
    else if (gz_str_is(t->name, "figure_parts"))
        check_parts(b, t);
}
