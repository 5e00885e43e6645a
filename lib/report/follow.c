// SPDX-License-Identifier: MIT
// Follow-through: the complaints of a category and place before and after a decision,
// beside those of the same category elsewhere in the same periods. It tells what was
// counted, and never why.
#include "report/build.h"
#include "report/interval.h"

enum { LEVELS = 4 }; // district, sub-district, community, compound
enum { ID, TITLE, ITEM_CATEGORY, ITEM_PLACE, ITEM_KEYS = ITEM_PLACE + LEVELS };
enum { CATEGORY, PLACE, KEYS = PLACE + LEVELS };
enum {
    DECIDED,
    BEGAN,
    RAISED,
    MOMENTS
};                  // measures of the decisions, in the plan's order
enum { GUARD = 3 }; // periods left out before an item whose complaints are not linked
enum { FEW_PERIODS = 3, FEW = 10 };

// An item that was decided. Moments are periods, GZ_PERIOD_NONE where not known.
struct decision {
    const struct gz_str *key;
    int32_t at[MOMENTS];
};

struct span {
    int32_t first, last;
    struct gz_pair n[GZ_INTERVAL_PERIODS];
};

struct follow {
    struct gz_build *b;
    struct gz_groups petition; // by category, place, period
    int32_t first, last;       // periods with any petition
    bool *touched;             // by row of petitions: something was decided there
    struct decision *decision;
    size_t decisions;
    struct gz_grid *grid;
};

bool
gz_build_is_follow(const struct gz_table *t)
{
    return gz_str_starts(t->name, GZ_STR("follow_"));
}

// ---- reading the tallies ----

static int32_t
period_of(const struct gz_group *g)
{
    enum gz_period_kind kind;
    int32_t n;

    return gz_period_parse(g->key[g->keys - 1], &kind, &n) ? n : GZ_PERIOD_NONE;
}

static int64_t
count_of(const struct gz_group *g, size_t measure)
{
    gz_i128 n = gz_group_number(g, measure).units / 1000000000;

    return n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (int64_t)n;
}

static bool
same_keys(const struct gz_str *a, const struct gz_str *b, size_t keys)
{
    for (size_t i = 0; i < keys; i++)
        if (!gz_str_eq(a[i], b[i]))
            return false;
    return true;
}

// The rows of one item stand together, one a period.
static void
read_decisions(struct follow *f, const struct gz_groups *all)
{
    f->decision = gz_arena_new(f->b->arena, struct decision, all->count + 1);
    for (size_t i = 0; i < all->count; i++) {
        const struct gz_group *g = &all->group[i];
        struct decision *d = f->decisions ? &f->decision[f->decisions - 1] : NULL;

        if (!d || !same_keys(d->key, g->key, ITEM_KEYS)) {
            d = &f->decision[f->decisions++];
            *d = (struct decision){ g->key,
                                    { GZ_PERIOD_NONE, GZ_PERIOD_NONE, GZ_PERIOD_NONE } };
        }
        for (size_t m = 0; m < MOMENTS; m++)
            if (d->at[m] == GZ_PERIOD_NONE && count_of(g, m))
                d->at[m] = period_of(g);
    }
}

static bool
read_all(struct follow *f, const struct gz_table *decisions)
{
    const unsigned keep = GZ_KEEP_ALL | GZ_KEEP_PERIOD;
    const struct gz_str every = { NULL, 0 };
    const struct gz_table *t =
        gz_plan_table(f->b->book->plan, GZ_STR("follow_petitions"));
    struct gz_groups all;

    if (!t || t->dim_count != KEYS || decisions->dim_count != ITEM_KEYS ||
        decisions->measure_count != MOMENTS)
        return false; // a plan of somebody's own that has only the names
    all = gz_book_group(f->b->book, decisions, every, keep);
    f->petition = gz_book_group(f->b->book, t, every, keep);
    f->first = f->last = GZ_PERIOD_NONE;
    for (size_t i = 0; i < f->petition.count; i++) {
        int32_t p = period_of(&f->petition.group[i]);

        if (p == GZ_PERIOD_NONE)
            continue;
        f->first = f->first == GZ_PERIOD_NONE || p < f->first ? p : f->first;
        f->last = p > f->last ? p : f->last;
    }
    read_decisions(f, &all);
    return f->decisions && f->last != GZ_PERIOD_NONE;
}

// ---- where and what ----

// Is `path` the category, or below it?
static bool
is_within(struct gz_str path, struct gz_str category)
{
    return gz_str_starts(path, category) &&
           (path.len == category.len || path.ptr[category.len] == '/');
}

enum where { HERE, ELSEWHERE, UNKNOWN };

// Where one place lies in regard to another: down to the finest level that `of` names.
// What does not say enough is neither here nor elsewhere.
static enum where
compare_places(const struct gz_str *place, const struct gz_str *of)
{
    bool silent = false;

    for (int i = 0; i < LEVELS; i++) {
        if (of[i].len == 0)
            continue;
        if (place[i].len == 0)
            silent = true;
        else if (!gz_str_eq(place[i], of[i]))
            return ELSEWHERE;
        else
            silent = false; // who names the estate need not name the district
    }
    return silent ? UNKNOWN : HERE;
}

static bool
has_place(const struct decision *d)
{
    for (int i = 0; i < LEVELS; i++)
        if (d->key[ITEM_PLACE + i].len)
            return true;
    return false;
}

// Was anything decided there about this category or one above it, so that it is no place
// to compare with?
static bool
is_touched(const struct follow *f, const struct gz_str *petition)
{
    for (size_t i = 0; i < f->decisions; i++) {
        const struct gz_str *key = f->decision[i].key;

        if (key[ITEM_CATEGORY].len && has_place(&f->decision[i]) &&
            is_within(petition[CATEGORY], key[ITEM_CATEGORY]) &&
            compare_places(petition + PLACE, key + ITEM_PLACE) == HERE)
            return true;
    }
    return false;
}

static void
find_touched(struct follow *f)
{
    f->touched = gz_arena_new(f->b->arena, bool, f->petition.count + 1);
    for (size_t i = 0; i < f->petition.count; i++) {
        const struct gz_str *key = f->petition.group[i].key;

        // One answer for all the periods of a category and place.
        f->touched[i] = i && same_keys(key, f->petition.group[i - 1].key, KEYS)
                            ? f->touched[i - 1]
                            : is_touched(f, key);
    }
}

// ---- before and after ----

static void
choose_spans(const struct follow *f, const struct decision *d, struct span *before,
             struct span *after)
{
    int32_t from = d->at[DECIDED];

    if (d->at[RAISED] != GZ_PERIOD_NONE && d->at[RAISED] < from)
        from = d->at[RAISED];
    // The complaints that led to the decision are its occasion, not what was before it.
    if (d->at[BEGAN] != GZ_PERIOD_NONE)
        from = d->at[BEGAN] < from ? d->at[BEGAN] : from;
    else
        from -= GUARD;
    *before = (struct span){ .first = from - GZ_INTERVAL_PERIODS, .last = from - 1 };
    *after = (struct span){ .first = d->at[DECIDED] + 1,
                            .last = d->at[DECIDED] + GZ_INTERVAL_PERIODS };
    before->first = before->first < f->first ? f->first : before->first;
    after->last = after->last > f->last ? f->last : after->last;
}

static size_t
length_of(const struct span *s)
{
    return s->last < s->first ? 0 : (size_t)(s->last - s->first) + 1;
}

static void
add_to(struct span *s, int32_t period, enum where where, int64_t n)
{
    struct gz_pair *p;

    if (period < s->first || period > s->last)
        return;
    p = &s->n[period - s->first];
    *(where == HERE ? &p->here : &p->other) += n;
}

// The first row of petitions whose category does not sort before this one.
static size_t
first_row(const struct follow *f, struct gz_str category)
{
    size_t low = 0, high = f->petition.count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (gz_str_cmp(f->petition.group[mid].key[CATEGORY], category) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void
count_spans(const struct follow *f, const struct decision *d, struct span *before,
            struct span *after)
{
    struct gz_str category = d->key[ITEM_CATEGORY];

    for (size_t i = first_row(f, category); i < f->petition.count; i++) {
        const struct gz_group *g = &f->petition.group[i];
        enum where where;

        if (!gz_str_starts(g->key[CATEGORY], category))
            break;
        where = compare_places(g->key + PLACE, d->key + ITEM_PLACE);
        if (where == UNKNOWN || !is_within(g->key[CATEGORY], category))
            continue;
        if (where == ELSEWHERE && f->touched[i])
            continue;
        add_to(before, period_of(g), where, count_of(g, 0));
        add_to(after, period_of(g), where, count_of(g, 0));
    }
}

static struct gz_pair
sum_of(const struct span *s)
{
    struct gz_pair sum = { 0, 0 };

    for (size_t i = 0; i < length_of(s); i++) {
        sum.here += s->n[i].here;
        sum.other += s->n[i].other;
    }
    return sum;
}

// ---- the table ----

enum {
    C_ITEM,
    C_CATEGORY,
    C_PLACE,
    C_DECIDED,
    C_PERIODS,
    C_HERE_BEFORE,
    C_HERE_AFTER,
    C_OTHER_BEFORE,
    C_OTHER_AFTER,
    C_HERE,
    C_OTHER,
    C_RATIO,
    C_LOW,
    C_HIGH,
    C_READING,
    COLUMNS
};

static const struct gz_grid_column *
make_columns(struct gz_build *b)
{
    static const struct {
        const char *key;
        enum gz_grid_type type;
    } all[COLUMNS] = {
        { "item", GZ_GRID_TEXT },
        { "category", GZ_GRID_TEXT },
        { "place", GZ_GRID_TEXT },
        { "decided", GZ_GRID_TEXT },
        { "periods", GZ_GRID_TEXT },
        { "here_before", GZ_GRID_COUNT },
        { "here_after", GZ_GRID_COUNT },
        { "other_before", GZ_GRID_COUNT },
        { "other_after", GZ_GRID_COUNT },
        { "here_change", GZ_GRID_PERCENT },
        { "other_change", GZ_GRID_PERCENT },
        { "ratio", GZ_GRID_SCORE },
        { "low", GZ_GRID_SCORE },
        { "high", GZ_GRID_SCORE },
        { "reading", GZ_GRID_TEXT },
    };
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, COLUMNS);

    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(all[i].key),
            .caption = gz_words_in(b->words, "follow", gz_str_of(all[i].key)),
            .type = all[i].type,
        };
    return column;
}

// "甲街道 · 乙社区", from the coarse to the fine.
static struct gz_str
place_name(struct gz_build *b, const struct gz_str *part)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    for (int i = 0; i < LEVELS; i++) {
        if (text.len && part[i].len)
            gz_buf_lit(&text, " · ");
        gz_buf_add(&text, part[i]);
    }
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

static struct gz_str
period_name(struct gz_build *b, struct gz_str sample, int32_t number)
{
    enum gz_period_kind kind = GZ_PERIOD_MONTH;
    struct gz_buf text = { 0 };
    struct gz_str s;
    int32_t n;

    gz_period_parse(sample, &kind, &n);
    gz_period_format(kind, number, &text);
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

// After in per cent of before, by the period.
static struct gz_grid_cell
change_cell(const struct gz_build *b, int64_t before, size_t n_before, int64_t after,
            size_t n_after)
{
    gz_i128 num = (gz_i128)after * (int64_t)n_before * 1000000000;
    gz_i128 den = (gz_i128)before * (int64_t)n_after * 1000000000;

    return gz_grid_cell_figure(
        GZ_GRID_PERCENT,
        gz_figure_rate((struct gz_dec){ num }, (struct gz_dec){ den }, 100,
                       (unsigned)b->book->scheme->decimals, b->book->scheme->rounding));
}

static struct gz_grid_cell
ratio_cell(struct gz_ratio r)
{
    return gz_grid_cell_figure(GZ_GRID_SCORE, gz_figure_round(r, 1, 2, GZ_ROUND_HALF_UP));
}

// Is there enough to say anything? What would have been counted here after, had it gone
// as elsewhere, matters; what was counted may well be nothing.
static bool
is_enough(const struct gz_build *b, struct gz_pair before, struct gz_pair after)
{
    int64_t few = b->book->scheme->small_n > FEW ? b->book->scheme->small_n : FEW;

    return before.here >= few && before.other >= few && after.other >= few &&
           before.here * after.other >= few * before.other;
}

static void
judge(struct follow *f, const struct span *before, const struct span *after,
      struct gz_grid_cell *cell)
{
    const struct gz_words *w = f->b->words;
    struct gz_ratio one = gz_ratio_whole(1);
    struct gz_interval i;

    for (int c = C_RATIO; c <= C_HIGH; c++)
        cell[c].type = GZ_GRID_SCORE;
    if (length_of(before) < FEW_PERIODS || length_of(after) < FEW_PERIODS) {
        cell[C_READING] = gz_grid_cell_text(gz_words_get(w, "follow.short"));
        return;
    }
    if (!is_enough(f->b, sum_of(before), sum_of(after)) ||
        !gz_interval_make(before->n, length_of(before), after->n, length_of(after), &i)) {
        cell[C_READING] = gz_grid_cell_text(gz_words_get(w, "follow.few"));
        return;
    }
    cell[C_RATIO] = ratio_cell(i.ratio);
    cell[C_LOW] = ratio_cell(i.low);
    cell[C_HIGH] = ratio_cell(i.high);
    cell[C_READING] = gz_grid_cell_text(
        gz_words_get(w, gz_ratio_cmp(i.high, one) < 0  ? "follow.fewer"
                        : gz_ratio_cmp(i.low, one) > 0 ? "follow.more"
                                                       : "follow.same"));
}

static void
add_row(struct follow *f, const struct decision *d, const struct span *before,
        const struct span *after)
{
    struct gz_grid_cell *cell = f->grid->row[f->grid->rows++].cell;
    struct gz_pair b = sum_of(before), a = sum_of(after);
    size_t nb = length_of(before), na = length_of(after);
    struct gz_arena *arena = f->b->arena;

    cell[C_ITEM] = gz_grid_cell_text(d->key[TITLE].len ? d->key[TITLE] : d->key[ID]);
    cell[C_CATEGORY] = gz_grid_cell_text(d->key[ITEM_CATEGORY]);
    cell[C_PLACE] = gz_grid_cell_text(place_name(f->b, d->key + ITEM_PLACE));
    cell[C_DECIDED] = gz_grid_cell_text(
        period_name(f->b, f->petition.group[0].key[KEYS], d->at[DECIDED]));
    cell[C_PERIODS] = gz_grid_cell_text(gz_arena_printf(arena, "%zu / %zu", nb, na));
    cell[C_HERE_BEFORE] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(b.here));
    cell[C_HERE_AFTER] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(a.here));
    cell[C_OTHER_BEFORE] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(b.other));
    cell[C_OTHER_AFTER] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(a.other));
    cell[C_HERE] = change_cell(f->b, b.here, nb, a.here, na);
    cell[C_OTHER] = change_cell(f->b, b.other, nb, a.other, na);
    judge(f, before, after, cell);
}

static void
fill(struct follow *f, size_t *unplaced)
{
    for (size_t i = 0; i < f->decisions; i++) {
        const struct decision *d = &f->decision[i];
        struct span before, after;

        if (d->at[DECIDED] == GZ_PERIOD_NONE)
            continue;
        if (d->key[ITEM_CATEGORY].len == 0 || !has_place(d)) {
            ++*unplaced;
            continue;
        }
        choose_spans(f, d, &before, &after);
        count_spans(f, d, &before, &after);
        if (sum_of(&before).here + sum_of(&after).here)
            add_row(f, d, &before, &after);
    }
}

void
gz_build_follow(struct gz_build *b, const struct gz_table *t, struct gz_section *s)
{
    static const char *const range[] = { "ratio", "low", "high" };
    struct follow f = { .b = b };
    size_t unplaced = 0;

    if (!gz_str_is(t->name, "follow_decisions") || !read_all(&f, t))
        return;
    f.grid = gz_grid_new(b->arena, gz_build_name(b, GZ_STR("follow"), ""),
                         make_columns(b), COLUMNS, f.decisions);
    f.grid->keys = C_CATEGORY;
    f.grid->rows = 0;
    f.grid->caption =
        gz_build_capital(b, gz_book_caption(b->book, t->zh, t->en, t->name));
    f.grid->about = gz_words_get(b->words, "follow.about");
    find_touched(&f);
    fill(&f, &unplaced);
    if (f.grid->rows) {
        gz_build_add_chart(b, s, GZ_CHART_RANGES, f.grid, "chart.bars", range, 3);
        gz_build_add_table(b, s, f.grid);
    }
    if (f.grid->rows && unplaced)
        gz_section_add(s, b->arena,
                       (struct gz_item){
                           .type = GZ_ITEM_NOTE,
                           .note = gz_say(b->words, b->arena, "follow.unplaced",
                                          gz_arena_printf(b->arena, "%zu", unplaced)) });
}
