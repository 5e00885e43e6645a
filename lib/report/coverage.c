// SPDX-License-Identifier: MIT
// Hall coverage: of the communities that a sub-district had, how many have a hall in use.
// How many it had stands in the sheet of residents, whose rows are dated, as communities
// are split and merged.
#include "report/build.h"
#include "tally/distinct.h"

enum { MOST = 10000 }; // rows of a sheet that are gone through
enum { C_AREA, C_UNITS, C_COVERED, C_SHARE, C_OTHER, COLUMNS };

bool
gz_build_is_coverage(const struct gz_table *t)
{
    return gz_str_is(t->name, "forum_areas") && t->dim_count == 2 &&
           gz_table_find(t, GZ_STR("communities")) >= 0;
}

static bool
is_valid(const struct gz_people_row *r, struct gz_str day)
{
    if (day.len == 0)
        return r->to.len == 0; // no day is asked for: what there is now
    return (r->from.len == 0 || gz_str_cmp(r->from, day) <= 0) &&
           (r->to.len == 0 || gz_str_cmp(r->to, day) >= 0);
}

// The names of the units of one sub-district, each once.
static void
units_of(const struct gz_book *book, struct gz_str area, struct gz_distinct *out)
{
    for (size_t i = 0; i < book->people->rows; i++) {
        const struct gz_people_row *r = &book->people->row[i];

        if (r->parent.len && gz_str_eq(r->parent, area) && is_valid(r, book->last_day))
            gz_distinct_add(out, r->name);
    }
}

// What both hold, from the sizes of each and of both together.
static int64_t
in_both(struct gz_distinct *units, struct gz_distinct *halls, int64_t *a, int64_t *b)
{
    struct gz_distinct all = { 0 };
    bool approx;
    int64_t n;

    gz_distinct_merge(&all, units);
    gz_distinct_merge(&all, halls);
    *a = (int64_t)gz_distinct_count(units, &approx);
    *b = (int64_t)gz_distinct_count(halls, &approx);
    n = *a + *b - (int64_t)gz_distinct_count(&all, &approx);
    gz_distinct_release(&all);
    return n < 0 ? 0 : n;
}

static struct gz_dec
whole(int64_t n)
{
    return (struct gz_dec){ (gz_i128)n * 1000000000 };
}

static void
put_row(struct gz_build *b, struct gz_grid *g, struct gz_str name, const int64_t *n)
{
    struct gz_grid_cell *cell = g->row[g->rows++].cell;

    cell[C_AREA] = gz_grid_cell_text(name);
    cell[C_UNITS] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(n[0]));
    cell[C_COVERED] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(n[1]));
    cell[C_SHARE] = gz_grid_cell_figure(
        GZ_GRID_PERCENT,
        gz_figure_rate(whole(n[1]), whole(n[0]), 100, (unsigned)b->book->scheme->decimals,
                       b->book->scheme->rounding));
    cell[C_OTHER] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(n[2]));
}

static const struct gz_grid_column *
make_columns(struct gz_build *b)
{
    static const struct {
        const char *key;
        enum gz_grid_type type;
    } all[COLUMNS] = { { "area", GZ_GRID_TEXT },
                       { "units", GZ_GRID_COUNT },
                       { "covered", GZ_GRID_COUNT },
                       { "share", GZ_GRID_PERCENT },
                       { "other", GZ_GRID_COUNT } };
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, COLUMNS);

    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = (struct gz_grid_column){
            .key = gz_str_of(all[i].key),
            .caption = gz_words_in(b->words, "coverage", gz_str_of(all[i].key)),
            .type = all[i].type,
        };
    return column;
}

// Is it the parent of any row that is valid? Then it is an area, not a community.
static bool
is_area(const struct gz_book *book, struct gz_str name)
{
    for (size_t i = 0; i < book->people->rows; i++)
        if (gz_str_eq(book->people->row[i].parent, name) &&
            is_valid(&book->people->row[i], book->last_day))
            return true;
    return false;
}

// The parents of communities, each at its first row: those whose units have none below.
static bool
begins_area(const struct gz_book *book, size_t row)
{
    const struct gz_people *p = book->people;
    struct gz_str name = p->row[row].parent;

    if (name.len == 0 || !is_valid(&p->row[row], book->last_day))
        return false;
    for (size_t i = 0; i < p->rows; i++) {
        bool mine =
            gz_str_eq(p->row[i].parent, name) && is_valid(&p->row[i], book->last_day);

        if (mine && (i < row || is_area(book, p->row[i].name)))
            return false;
    }
    return true;
}

static struct gz_distinct *
halls_of(const struct gz_groups *all, struct gz_str area, size_t measure)
{
    for (size_t i = 0; i < all->count; i++)
        if (gz_str_eq(all->group[i].key[0], area) &&
            all->group[i].cell[measure].type == GZ_CELL_DISTINCT)
            return all->group[i].cell[measure].distinct;
    return NULL;
}

void
gz_build_coverage(struct gz_build *b, const struct gz_table *t, struct gz_section *s)
{
    size_t measure = (size_t)gz_table_find(t, GZ_STR("communities")), matched = 0;
    const struct gz_people *p = b->book->people;
    struct gz_groups all;
    struct gz_grid *g;
    int64_t sum[3] = { 0 };

    if (!p || p->rows == 0 || p->rows > MOST)
        return;
    all = gz_book_group(b->book, t, b->book->period, 2); // by sub-district
    g = gz_grid_new(b->arena, gz_build_name(b, GZ_STR("hall_coverage"), ""),
                    make_columns(b), COLUMNS, p->rows + 1);
    g->keys = 1;
    g->rows = 0;
    g->caption = gz_words_get(b->words, "coverage.caption");
    g->about = gz_words_get(b->words, "coverage.about");
    for (size_t i = 0; i < p->rows; i++) {
        struct gz_distinct units = { 0 }, none = { 0 }, *halls;
        int64_t n[3];

        if (!begins_area(b->book, i))
            continue;
        // An area without any hall counts all the same.
        halls = halls_of(&all, p->row[i].parent, measure);
        matched += halls != NULL;
        units_of(b->book, p->row[i].parent, &units);
        n[1] = in_both(&units, halls ? halls : &none, &n[0], &n[2]);
        n[2] -= n[1];
        put_row(b, g, p->row[i].parent, n);
        for (size_t k = 0; k < GZ_COUNT(sum); k++)
            sum[k] += n[k];
        gz_distinct_release(&units);
        gz_distinct_release(&none);
    }
    if (matched == 0)
        return; // the sheet is about other places
    put_row(b, g, gz_words_get(b->words, "row.total"), sum);
    g->row[g->rows - 1].role = GZ_ROLE_TOTAL;
    gz_build_add_table(b, s, g);
}
