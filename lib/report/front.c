// SPDX-License-Identifier: MIT
// The front of a report: title, headlines, and the month in plain words. Every figure in
// a sentence is a cell of the table that the sentence names.
#include <stdio.h>

#include "report/build.h"

enum { TILES = 6, SENTENCES = 8 };

struct front {
    struct gz_build *b;
    struct gz_headline *tile;
    size_t tiles;
    struct gz_sentence *sentence;
    size_t sentences;
};

static size_t
column_named(const struct gz_grid *g, const char *key)
{
    for (size_t c = 0; c < g->columns; c++)
        if (gz_str_is(g->column[c].key, key))
            return c;
    return g->columns;
}

// The row that stands for all: summed up, or the only one.
static const struct gz_grid_row *
whole_row(const struct gz_grid *g)
{
    for (size_t r = 0; r < g->rows; r++)
        if (g->row[r].role == GZ_ROLE_POOLED || g->row[r].role == GZ_ROLE_TOTAL)
            return &g->row[r];
    return g->rows == 1 ? &g->row[0] : NULL;
}

static struct gz_str
text_of(struct front *f, const struct gz_grid_cell *cell)
{
    return gz_build_cell_text(f->b, cell);
}

static void
sentence(struct front *f, struct gz_str text, struct gz_str table)
{
    if (f->sentences < SENTENCES)
        f->sentence[f->sentences++] = (struct gz_sentence){ text, table };
}

// ", up 12.3 % on February 2026 (1,234)": one piece a base that is there.
static struct gz_str
change_text(struct front *f, const struct gz_grid *g, const struct gz_grid_row *row,
            bool short_form)
{
    const struct gz_book *book = f->b->book;
    struct gz_buf out = { 0 };
    struct gz_str s;

    for (size_t i = 0; i < book->bases; i++) {
        char key[32];
        size_t base, change;
        struct gz_grid_cell figure;
        const char *say;

        snprintf(key, sizeof key, "base_%s", book->base[i].name);
        base = column_named(g, key);
        snprintf(key, sizeof key, "change_%s", book->base[i].name);
        change = column_named(g, key);
        if (base == g->columns || change == g->columns)
            continue;
        figure = row->cell[change];
        say = !figure.figure.known      ? "sum.base_zero"
              : figure.figure.value > 0 ? "sum.up"
              : figure.figure.value < 0 ? "sum.down"
                                        : "sum.same";
        if (figure.figure.value < 0 && !short_form)
            figure.figure.value = -figure.figure.value;
        figure.type = short_form ? GZ_GRID_CHANGE : GZ_GRID_PERCENT;
        if (short_form && out.len)
            gz_buf_lit(&out, " · ");
        gz_words_fill(
            f->b->words, &out, short_form && figure.figure.known ? "tile.change" : say,
            (const struct gz_str[]){
                text_of(f, &figure), gz_book_period(f->b->book, book->base[i].period),
                text_of(f, &row->cell[base]),
                gz_words_in(f->b->words, "base", gz_str_of(book->base[i].name)) },
            4);
    }
    s = gz_arena_dup(f->b->arena, gz_buf_str(&out));
    gz_buf_release(&out);
    return s;
}

static void
tile(struct front *f, const struct gz_grid *g, const struct gz_grid_row *row, size_t c,
     struct gz_str name, struct gz_str unit, struct gz_str change)
{
    if (f->tiles == TILES || c >= g->columns || !row->cell[c].figure.known)
        return;
    f->tile[f->tiles] = (struct gz_headline){ .name = name,
                                              .cell = row->cell[c],
                                              .unit = unit,
                                              .change = change,
                                              .table = g->name };
    f->tile[f->tiles++].cell.note = 0;
}

// "Received" within a sentence.
static struct gz_str
small(struct front *f, struct gz_str s)
{
    struct gz_str copy;
    struct gz_buf text = { 0 };

    if (s.len < 2 || s.ptr[0] < 'A' || s.ptr[0] > 'Z' || s.ptr[1] < 'a' || s.ptr[1] > 'z')
        return s;
    gz_buf_add(&text, s);
    text.ptr[0] = (char)(text.ptr[0] - 'A' + 'a');
    copy = gz_arena_dup(f->b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return copy;
}

static void
put_and(const struct gz_words *w, struct gz_buf *out)
{
    gz_buf_add(out, gz_words_get(w, "sum.and"));
    gz_words_gap(w, out);
}

// Received and the rest of what the table counts, in one sentence.
static void
say_volume(struct front *f, const struct gz_grid *g)
{
    const struct gz_grid_row *row = whole_row(g);
    struct gz_build *b = f->b;
    size_t lead = g->keys, closed = column_named(g, "closed");
    struct gz_str also = { NULL, 0 };

    while (lead < g->columns && g->column[lead].type != GZ_GRID_COUNT)
        lead++;
    if (!row || lead == g->columns || !row->cell[lead].figure.known)
        return;
    if (closed < g->columns && closed != lead && row->cell[closed].figure.known)
        also = gz_say(b->words, b->arena, "sum.closed", text_of(f, &row->cell[closed]),
                      small(f, g->column[closed].caption));
    sentence(f,
             gz_say(b->words, b->arena, "sum.volume", b->doc->period,
                    text_of(f, &row->cell[lead]), small(f, g->column[lead].caption),
                    change_text(f, g, row, false), also),
             g->name);
    tile(f, g, row, lead, g->column[lead].caption, gz_words_get(b->words, "unit.orders"),
         change_text(f, g, row, true));
    tile(f, g, row, closed, g->column[closed < g->columns ? closed : lead].caption,
         gz_words_get(b->words, "unit.orders"), (struct gz_str){ NULL, 0 });
}

static void
say_rates(struct front *f, const struct gz_grid *g)
{
    const struct gz_grid_row *row = whole_row(g);
    const struct gz_scheme *s = f->b->book->scheme;
    struct gz_build *b = f->b;
    struct gz_buf list = { 0 };

    for (size_t i = 0; row && i < s->rate_count; i++) {
        size_t c = column_named(g, gz_arena_cstr(b->arena, s->rate[i].name));
        struct gz_str name =
            gz_book_caption(b->book, s->rate[i].zh, s->rate[i].en, s->rate[i].name);

        if (c == g->columns || !row->cell[c].figure.known)
            continue;
        if (list.len)
            put_and(b->words, &list);
        gz_words_fill(b->words, &list, "sum.rate",
                      (const struct gz_str[]){ name, text_of(f, &row->cell[c]) }, 2);
        tile(f, g, row, c, gz_build_capital(b, name), GZ_STR("%"),
             gz_words_get(b->words, "tile.pooled"));
    }
    if (list.len)
        sentence(f, gz_say(b->words, b->arena, "sum.rates", gz_buf_str(&list)), g->name);
    gz_buf_release(&list);
}

// First and last of the ranking.
static void
say_ranks(struct front *f, const struct gz_grid *g)
{
    size_t rank = column_named(g, "rank"), score = column_named(g, "score"), key = 1;
    const struct gz_grid_row *first = NULL, *last = NULL;
    struct gz_build *b = f->b;

    if (rank == g->columns || score == g->columns)
        return;
    for (size_t r = 0; r < g->rows; r++)
        if (g->row[r].role == GZ_ROLE_BODY && g->row[r].cell[rank].figure.known) {
            first = first ? first : &g->row[r];
            last = &g->row[r];
        }
    if (!first || first == last)
        return;
    sentence(f,
             gz_say(b->words, b->arena, "sum.ranks", first->cell[key].text,
                    text_of(f, &first->cell[score]), last->cell[key].text,
                    text_of(f, &last->cell[score])),
             g->name);
}

// What most of it was about.
static void
say_category(struct front *f, const struct gz_grid *g)
{
    size_t share = column_named(g, "share"), n = 0, lead = g->keys;
    struct gz_build *b = f->b;
    struct gz_buf list = { 0 };

    for (size_t r = 0; r < g->rows && n < 3 && share < g->columns; r++) {
        const struct gz_grid_row *row = &g->row[r];

        struct gz_str absent = gz_words_get(b->words, "value.absent");
        size_t key = g->keys - 1;

        // The deepest level that is given.
        while (key > 0 && gz_str_eq(row->cell[key].text, absent))
            key--;
        if (row->role != GZ_ROLE_BODY || gz_str_eq(row->cell[key].text, absent))
            continue;
        if (n++)
            put_and(b->words, &list);
        gz_words_fill(b->words, &list, "sum.part",
                      (const struct gz_str[]){ row->cell[key].text,
                                               text_of(f, &row->cell[lead]),
                                               text_of(f, &row->cell[share]) },
                      3);
    }
    if (n > 1)
        sentence(f, gz_say(b->words, b->arena, "sum.category", gz_buf_str(&list)),
                 g->name);
    gz_buf_release(&list);
}

static void
say_spans(struct front *f, const struct gz_grid *g)
{
    const struct gz_grid_row *row = whole_row(g);
    struct gz_build *b = f->b;

    for (size_t c = 0; row && c + 1 < g->columns; c++) {
        if (g->column[c].type != GZ_GRID_DAYS || !row->cell[c].figure.known ||
            g->column[c + 1].type != GZ_GRID_DAYS)
            continue;
        sentence(f,
                 gz_say(b->words, b->arena, "sum.spans", text_of(f, &row->cell[c]),
                        text_of(f, &row->cell[c + 1])),
                 g->name);
        tile(f, g, row, c, gz_words_get(b->words, "tile.median"),
             gz_words_get(b->words, "unit.days"),
             gz_say(b->words, b->arena, "tile.p90", text_of(f, &row->cell[c + 1])));
        return;
    }
}

// How many counts are unusual, and the one that is most so.
static void
say_unusual(struct front *f, const struct gz_grid *g)
{
    struct gz_build *b = f->b;
    size_t why = column_named(g, "why");
    struct gz_buf name = { 0 };

    if (g->rows == 0)
        return;
    for (size_t c = 0; c < g->keys; c++) {
        if (!g->row[0].cell[c].text.len)
            continue;
        gz_buf_cstr(&name, name.len ? " · " : "");
        gz_buf_add(&name, g->row[0].cell[c].text);
    }
    sentence(f,
             gz_say(b->words, b->arena, "sum.unusual",
                    gz_arena_printf(b->arena, "%zu", g->rows), gz_buf_str(&name),
                    g->row[0].cell[why].text),
             g->name);
    gz_buf_release(&name);
}

static void
say_overdue(struct front *f)
{
    struct gz_build *b = f->b;

    if (b->overdue && b->overdue_count)
        sentence(f,
                 gz_say(b->words, b->arena, "sum.overdue", b->overdue->caption,
                        gz_arena_printf(b->arena, "%llu",
                                        (unsigned long long)b->overdue_count)),
                 b->overdue->name);
}

// "5 agenda items; 3 deliberated; 3 decided." All rows of the funnel that have records.
static void
say_funnel(struct front *f, const struct gz_grid *g)
{
    struct gz_build *b = f->b;
    struct gz_buf list = { 0 };

    for (size_t r = 0; r < g->rows; r++) {
        const struct gz_grid_cell *cell = g->row[r].cell;

        if (!cell[1].figure.known || cell[1].figure.value == 0)
            continue;
        if (list.len)
            put_and(b->words, &list);
        gz_words_fill(
            b->words, &list, "sum.step",
            (const struct gz_str[]){ small(f, cell[0].text), text_of(f, &cell[1]) }, 2);
        tile(f, g, &g->row[r], 1, cell[0].text, (struct gz_str){ NULL, 0 },
             (struct gz_str){ NULL, 0 });
    }
    if (list.len)
        sentence(f, gz_say(b->words, b->arena, "sum.funnel", gz_buf_str(&list)), g->name);
    gz_buf_release(&list);
}

void
gz_build_front(struct gz_build *b)
{
    struct front f = { .b = b,
                       .tile = gz_arena_new(b->arena, struct gz_headline, TILES),
                       .sentence =
                           gz_arena_new(b->arena, struct gz_sentence, SENTENCES) };

    if (b->units) {
        say_volume(&f, b->units);
        say_rates(&f, b->units);
        say_ranks(&f, b->units);
    }
    if (b->category)
        say_category(&f, b->category);
    if (b->spans)
        say_spans(&f, b->spans);
    if (b->unusual)
        say_unusual(&f, b->unusual);
    say_overdue(&f);
    if (b->funnel)
        say_funnel(&f, b->funnel);
    b->doc->headline = f.tile;
    b->doc->headlines = f.tiles;
    b->doc->sentence = f.sentence;
    b->doc->sentences = f.sentences;
}
