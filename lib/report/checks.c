// SPDX-License-Identifier: MIT
// 勾稽: sums that must agree, each printed with both sides.
#include "report/build.h"

enum { SPELLED = 8 }; // parts written out one by one

static struct gz_str
number(struct gz_build *b, gz_i128 n)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    gz_figure_put(&text, gz_figure_count(n), ',');
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

static void
compare(struct gz_build *b, struct gz_str name, struct gz_str left, gz_i128 a, gz_i128 z,
        struct gz_str note)
{
    gz_build_check(b, (struct gz_check){ .name = name,
                                         .left = left,
                                         .right = number(b, z),
                                         .state = a == z ? GZ_CHECK_OK : GZ_CHECK_WRONG,
                                         .note = note });
}

// ---- sources ----

// "9 used + 1 rejected + 0 skipped" and their sum.
static struct gz_str
source_parts(struct gz_build *b, const struct gz_tally *t, const struct gz_row *r,
             gz_i128 *sum)
{
    static const char *const part[] = { "used", "rejected", "skipped", "superseded" };
    struct gz_buf text = { 0 };
    struct gz_str s;

    *sum = 0;
    for (size_t i = 0; i < GZ_COUNT(part); i++) {
        gz_i128 n = gz_tally_number(t, r, part[i]);

        if (i == 3 && n == 0)
            continue;
        gz_buf_cstr(&text, i ? " + " : "");
        gz_figure_put(&text, gz_figure_count(n), ',');
        gz_buf_char(&text, ' ');
        gz_buf_add(&text, gz_words_in(b->words, "name", gz_str_of(part[i])));
        *sum += n;
    }
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

// A brief account says only whether the identity holds; a full one has its terms.
static void
check_source(struct gz_build *b, const struct gz_tally *t, const struct gz_row *r)
{
    struct gz_str name = gz_say(b->words, b->arena, "check.source", r->key[0]);
    gz_i128 sum, left = gz_tally_number(t, r, "unaccounted");
    struct gz_str parts = source_parts(b, t, r, &sum);

    if (b->book->plan->full_account)
        compare(b, name, parts, sum, gz_tally_number(t, r, "rows"),
                (struct gz_str){ NULL, 0 });
    else
        compare(b, name,
                gz_say(b->words, b->arena, "check.source.brief", number(b, left)), left,
                0, (struct gz_str){ NULL, 0 });
}

static void
check_sources(struct gz_build *b)
{
    const struct gz_tally *t = b->book->tally[0];
    size_t first, end;

    gz_tally_table(t, GZ_STR("_source"), &first, &end);
    for (size_t i = first; i < end; i++) {
        const struct gz_row *r = &t->row[i];

        if (gz_tally_number(t, r, "begun") == gz_tally_number(t, r, "ended"))
            check_source(b, t, r); // else it is said at the top already
    }
}

// ---- parts and whole ----

// The whole that parts are held against: a count over all records of a kind.
struct whole {
    const struct gz_table *table;
    size_t measure;
    gz_i128 sum;
};

static gz_i128
sum_of(struct gz_build *b, const struct gz_groups *g, size_t measure, struct gz_str *text)
{
    struct gz_buf parts = { 0 };
    gz_i128 sum = 0;

    for (size_t i = 0; i < g->count; i++) {
        gz_i128 n = gz_group_number(&g->group[i], measure).units / 1000000000;

        if (g->count <= SPELLED) {
            gz_buf_cstr(&parts, i ? " + " : "");
            gz_figure_put(&parts, gz_figure_count(n), ',');
        }
        sum += n;
    }
    if (g->count > SPELLED)
        gz_words_fill(b->words, &parts, "check.sum",
                      (const struct gz_str[]){ gz_arena_printf(b->arena, "%zu", g->count),
                                               number(b, sum) },
                      2);
    if (g->count == 0)
        gz_buf_char(&parts, '0');
    *text = gz_arena_dup(b->arena, gz_buf_str(&parts));
    gz_buf_release(&parts);
    return sum;
}

static bool
overlaps_rows(const struct gz_table *t)
{
    for (size_t i = 0; i < t->dim_count; i++)
        if (t->dim[i].multi)
            return true;
    return t->apart;
}

// Do two measures count the same thing, so that their sums must agree?
static bool
same_count(const struct gz_table *t, size_t i, const struct gz_table *u, size_t k)
{
    const struct gz_measure *x = &t->measure[i], *y = &u->measure[k];
    const gz_json *pair[2][2] = { { x->where, y->where }, { t->where, u->where } };

    for (size_t p = 0; p < 2; p++) {
        struct gz_str a = pair[p][0] ? gz_json_raw(pair[p][0]) : GZ_STR("");
        struct gz_str z = pair[p][1] ? gz_json_raw(pair[p][1]) : GZ_STR("");

        if (!gz_str_eq(a, z))
            return false;
    }
    return x->kind == GZ_MEASURE_COUNT && y->kind == GZ_MEASURE_COUNT &&
           gz_str_eq(t->rec, u->rec) && gz_str_eq(x->name, y->name) &&
           gz_str_eq(x->at, y->at) && gz_str_eq(x->or_at, y->or_at) &&
           gz_str_eq(x->window, y->window) && t->periods == u->periods;
}

static void
check_table(struct gz_build *b, size_t number_of_table)
{
    const struct gz_plan *p = b->book->plan;
    const struct gz_table *t = &p->table[number_of_table];
    struct gz_groups mine = gz_book_group(b->book, t, b->book->period, GZ_KEEP_ALL);

    for (size_t m = 0; m < t->measure_count; m++) {
        bool done = gz_book_missing_field(b->book, t, &t->measure[m]).len > 0;

        for (size_t i = 0; i < number_of_table && !done; i++) {
            const struct gz_table *u = &p->table[i];

            for (size_t k = 0; k < u->measure_count && !done; k++) {
                struct gz_groups whole;
                struct gz_str text, ignored;
                gz_i128 sum;

                if (overlaps_rows(u) || !same_count(t, m, u, k))
                    continue;
                done = true;
                whole = gz_book_group(b->book, u, b->book->period, 0);
                sum = sum_of(b, &mine, m, &text);
                if (sum == 0 && sum_of(b, &whole, k, &ignored) == 0)
                    continue; // nothing to be held against nothing
                compare(b,
                        gz_say(b->words, b->arena, "check.parts",
                               gz_book_caption(b->book, t->zh, t->en, t->name),
                               gz_book_caption(b->book, t->measure[m].zh,
                                               t->measure[m].en, t->measure[m].name),
                               gz_book_caption(b->book, u->zh, u->en, u->name)),
                        text, sum, sum_of(b, &whole, k, &ignored),
                        (struct gz_str){ NULL, 0 });
            }
        }
    }
}

// ---- shares and what is open ----

static void
check_shares(struct gz_build *b, const struct gz_grid *g)
{
    gz_i128 sum = 0, whole = 100;
    struct gz_buf text = { 0 };
    size_t share = g->columns, n = 0;
    uint8_t places = 0;

    for (size_t c = 0; c < g->columns; c++)
        if (gz_str_is(g->column[c].key, "share"))
            share = c;
    for (size_t r = 0; share < g->columns && r < g->rows; r++)
        if (g->row[r].role == GZ_ROLE_BODY && g->row[r].cell[share].figure.known) {
            sum += g->row[r].cell[share].figure.value;
            places = g->row[r].cell[share].figure.places;
            n++;
        }
    if (n < 2)
        return;
    for (unsigned i = 0; i < places; i++)
        whole *= 10;
    gz_figure_put(&text, (struct gz_figure){ whole, places, true }, 0);
    gz_build_check(
        b, (struct gz_check){
               .name = gz_say(b->words, b->arena, "check.shares", g->caption),
               .left = gz_say(
                   b->words, b->arena, "check.sum", gz_arena_printf(b->arena, "%zu", n),
                   gz_build_cell_text(
                       b, &(struct gz_grid_cell){ .type = GZ_GRID_PERCENT,
                                                  .figure = { sum, places, true } })),
               .right = gz_arena_dup(b->arena, gz_buf_str(&text)),
               .state = sum == whole ? GZ_CHECK_OK : GZ_CHECK_WRONG,
           });
    gz_buf_release(&text);
}

static void
check_backlog(struct gz_build *b, const struct gz_grid *g)
{
    gz_i128 in = 0, out = 0, last;

    if (g->rows == 0)
        return;
    for (size_t r = 0; r < g->rows; r++) {
        in += g->row[r].cell[1].figure.value;
        out += g->row[r].cell[2].figure.value;
    }
    last = g->row[g->rows - 1].cell[4].figure.value;
    compare(b, gz_words_get(b->words, "check.flows"),
            gz_say(b->words, b->arena, "check.flows.left", number(b, in), number(b, out)),
            in - out, last, (struct gz_str){ NULL, 0 });
    gz_build_check(b, (struct gz_check){
                          .name = gz_words_get(b->words, "check.backlog"),
                          .left = gz_say(b->words, b->arena, "check.backlog.left",
                                         number(b, in), number(b, out)),
                          .right = gz_words_get(b->words, "check.backlog.right"),
                          .state = GZ_CHECK_OPEN,
                          .note = gz_words_get(b->words, "check.backlog.note"),
                      });
}

void
gz_build_checks(struct gz_build *b)
{
    const struct gz_grid *g;

    check_sources(b);
    for (size_t i = 1; i < b->book->plan->table_count; i++)
        check_table(b, i);
    for (size_t i = 0; (g = gz_doc_table_at(b->doc, i)); i++) {
        check_shares(b, g);
        if (g->columns == 5 && gz_str_is(g->column[4].key, "since"))
            check_backlog(b, g);
    }
}
