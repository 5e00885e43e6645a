// SPDX-License-Identifier: MIT
#include "report/spans.h"

enum part { HOW_MANY, MEDIAN, P90, LONGEST, PER_KIND, NEGATIVE = 2 * PER_KIND };

static const char *const KEY[PER_KIND] = { "n", "median", "p90", "longest" };

static struct gz_hist *
hist_of(const struct gz_cell *cell, unsigned part)
{
    if (!cell || cell->type != GZ_CELL_DURATION)
        return NULL;
    return part < PER_KIND ? &cell->durations->sec : &cell->durations->days;
}

bool
gz_spans_wanted(const struct gz_cell *whole, unsigned part)
{
    struct gz_hist *h = hist_of(whole, part);

    if (!h)
        return part == MEDIAN;
    if (part == NEGATIVE)
        return whole->durations->negative > 0;
    return h->count > 0;
}

struct gz_grid_column
gz_spans_column(const struct gz_words *words, struct gz_arena *arena, struct gz_str name,
                struct gz_str caption, unsigned part)
{
    const char *key = part == NEGATIVE ? "negative" : KEY[part % PER_KIND];
    bool days = part >= PER_KIND && part != NEGATIVE;
    struct gz_str say = gz_arena_printf(arena, "span.%s%s", key, days ? "_days" : "");

    return (struct gz_grid_column){
        .key = gz_arena_printf(arena, GZ_STR_FMT "_%s%s", GZ_STR_ARG(name), key,
                               days ? "_days" : ""),
        .caption = gz_say(words, arena, gz_arena_cstr(arena, say), caption),
        .about = gz_words_get(words, "about.span"),
        .type = part == NEGATIVE || part % PER_KIND == HOW_MANY ? GZ_GRID_COUNT
                                                                : GZ_GRID_DAYS,
    };
}

// Days with one decimal from seconds, half-up; whole days as they are.
static struct gz_figure
in_days(int64_t value, bool days)
{
    if (days)
        return gz_figure_count(value);
    return gz_figure_round((struct gz_ratio){ value, 86400, true }, 1, 1,
                           GZ_ROUND_HALF_UP);
}

struct gz_grid_cell
gz_spans_cell(const struct gz_cell *cell, unsigned part)
{
    struct gz_hist *h = hist_of(cell, part);
    struct gz_grid_cell out = { .type = GZ_GRID_DAYS };
    bool days = part >= PER_KIND;

    if (part == NEGATIVE || part % PER_KIND == HOW_MANY) {
        out.type = GZ_GRID_COUNT;
        out.figure =
            gz_figure_count(!h                 ? 0
                            : part == NEGATIVE ? (gz_i128)cell->durations->negative
                                               : (gz_i128)h->count);
        return out;
    }
    if (!h || h->count == 0)
        return out;
    gz_hist_settle(h);
    out.approx = h->folded;
    if (part % PER_KIND == LONGEST)
        out.figure = in_days(gz_hist_max(h), days);
    else
        out.figure = in_days(gz_hist_quantile(h, part % PER_KIND == MEDIAN ? 1 : 9,
                                              part % PER_KIND == MEDIAN ? 2 : 10),
                             days);
    return out;
}

unsigned
gz_spans_median(const struct gz_cell *cell)
{
    return hist_of(cell, MEDIAN)->count ? MEDIAN : MEDIAN + PER_KIND;
}
