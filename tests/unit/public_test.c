// SPDX-License-Identifier: MIT
// Somebody who reads a public report tries to get back what is hidden, by subtracting
// what is shown from every sum that is shown: of all rows, and of the rows of one
// district.
#include "report/public.h"

#include <string.h>

#include "tap.h"

enum { DISTRICTS = 4, STREETS = 5, COUNTS = 2, SMALL = 10 };

static uint64_t seed;

static int
roll(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static struct gz_grid_cell
count(int n)
{
    return gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(n));
}

static struct gz_grid_column
column(const char *key, enum gz_grid_type type)
{
    return (struct gz_grid_column){ .key = gz_str_of(key),
                                    .caption = gz_str_of(key),
                                    .type = type };
}

// One table by street, one by district, each with its total.
static void
make(struct gz_doc *doc, struct gz_arena *a)
{
    const struct gz_grid_column by_street[] = { column("district", GZ_GRID_TEXT),
                                                column("street", GZ_GRID_TEXT),
                                                column("a", GZ_GRID_COUNT),
                                                column("b", GZ_GRID_COUNT) };
    const struct gz_grid_column by_district[] = { by_street[0], by_street[2],
                                                  by_street[3] };
    struct gz_grid_column *street = gz_arena_new(a, struct gz_grid_column, 4);
    struct gz_grid_column *district = gz_arena_new(a, struct gz_grid_column, 3);
    struct gz_section *s = gz_doc_section(doc, a, GZ_STR("volume"), GZ_STR("v"));
    struct gz_grid *t =
        gz_grid_new(a, GZ_STR("streets"), street, 4, DISTRICTS * STREETS + 1);
    struct gz_grid *u = gz_grid_new(a, GZ_STR("districts"), district, 3, DISTRICTS + 1);
    int all[COUNTS] = { 0 };
    int spread = 12 + roll(60);

    memcpy(street, by_street, sizeof by_street);
    memcpy(district, by_district, sizeof by_district);
    t->keys = 2;
    u->keys = 1;
    for (int d = 0; d < DISTRICTS; d++) {
        struct gz_str name = gz_arena_printf(a, "d%d", d);
        int sum[COUNTS] = { 0 };

        for (int i = 0; i < STREETS; i++) {
            struct gz_grid_cell *cell = t->row[d * STREETS + i].cell;

            cell[0] = gz_grid_cell_text(name);
            cell[1] = gz_grid_cell_text(gz_arena_printf(a, "s%d", i));
            for (int c = 0; c < COUNTS; c++) {
                int n = roll(3) ? SMALL + roll(spread) : roll(spread);

                cell[2 + c] = count(n);
                sum[c] += n;
                all[c] += n;
            }
        }
        u->row[d].cell[0] = gz_grid_cell_text(name);
        for (int c = 0; c < COUNTS; c++)
            u->row[d].cell[1 + c] = count(sum[c]);
    }
    t->row[DISTRICTS * STREETS].role = u->row[DISTRICTS].role = GZ_ROLE_TOTAL;
    for (int c = 0; c < COUNTS; c++) {
        t->row[DISTRICTS * STREETS].cell[2 + c] = count(all[c]);
        u->row[DISTRICTS].cell[1 + c] = count(all[c]);
    }
    gz_section_add(s, a, (struct gz_item){ .type = GZ_ITEM_TABLE, .table = t });
    gz_section_add(s, a, (struct gz_item){ .type = GZ_ITEM_TABLE, .table = u });
}

// What is left of a sum after what is shown: one cell, or so little that it bounds them.
// The rows of one district, or all.
static bool
gives_away(const struct gz_grid *t, const char *district, size_t c,
           const struct gz_grid_cell *sum)
{
    gz_i128 rest = sum->figure.value;
    size_t hidden = 0;

    if (!sum->figure.known)
        return false;
    for (size_t r = 0; t->row[r].role == GZ_ROLE_BODY; r++) {
        if (district && !gz_str_is(t->row[r].cell[0].text, district))
            continue;
        hidden += !t->row[r].cell[c].figure.known;
        if (t->row[r].cell[c].figure.known)
            rest -= t->row[r].cell[c].figure.value;
    }
    return hidden == 1 || (hidden && rest > 0 && rest < SMALL);
}

// Rows that hide something come last, so a district is found by its name.
static const struct gz_grid_row *
row_of(const struct gz_grid *t, const char *name)
{
    size_t r = 0;

    while (!gz_str_is(t->row[r].cell[0].text, name))
        r++;
    return &t->row[r];
}

static bool
is_safe(const struct gz_doc *doc)
{
    static const char *const name[DISTRICTS] = { "d0", "d1", "d2", "d3" };
    const struct gz_grid *t = gz_doc_table(doc, GZ_STR("streets"));
    const struct gz_grid *u = gz_doc_table(doc, GZ_STR("districts"));

    for (size_t c = 0; c < COUNTS; c++) {
        const size_t n = DISTRICTS * STREETS;

        if (gives_away(t, NULL, 2 + c, &t->row[n].cell[2 + c]) ||
            gives_away(u, NULL, 1 + c, &u->row[DISTRICTS].cell[1 + c]))
            return false;
        for (size_t d = 0; d < DISTRICTS; d++)
            if (gives_away(t, name[d], 2 + c, &row_of(u, name[d])->cell[1 + c]))
                return false;
        for (size_t r = 0; r < n; r++)
            if (t->row[r].cell[2 + c].figure.known &&
                t->row[r].cell[2 + c].figure.value > 0 &&
                t->row[r].cell[2 + c].figure.value < SMALL)
                return false;
    }
    return true;
}

static size_t
shown(const struct gz_doc *doc)
{
    const struct gz_grid *t = gz_doc_table(doc, GZ_STR("streets"));
    size_t n = 0;

    for (size_t r = 0; r < t->rows; r++)
        n += t->row[r].cell[2].figure.known;
    return n;
}

int
main(void)
{
    struct gz_arena setup = { 0 };
    struct gz_words words = { 0 };
    struct gz_err err = { 0 };
    size_t safe = 0, before = 0, rows = 0;

    gz_words_load(&words, GZ_LANG_EN, &setup, &err);
    for (int i = 0; i < 300; i++) {
        struct gz_arena a = { 0 };
        struct gz_doc doc = { .words = &words };

        seed = (uint64_t)i;
        make(&doc, &a);
        before += is_safe(&doc);
        gz_doc_publish(&doc, &a, SMALL);
        safe += is_safe(&doc);
        rows += shown(&doc);
        gz_arena_free(&a);
    }
    ok(safe == 300, "nothing hidden comes back by subtraction");
    ok(before < 300, "without hiding, small counts are there");
    ok(rows > 300, "rows that need not be hidden are shown");
    gz_words_release(&words);
    gz_arena_free(&setup);
    return done_testing();
}
