// SPDX-License-Identifier: MIT
// A small document with hostile words in every place, through every renderer; wrapping;
// and labels in both languages.
#include "base/utf8.h"
#include "io/json.h"
#include "pack/sheet.h"
#include "report/markup.h"
#include "report/render.h"
#include "tap.h"

#define HOSTILE "<script>alert(\"1\")</script>&' \x01|`*_[x](y)\xe5\x8d\x97"

static bool
has(struct gz_buf *b, const char *what)
{
    return gz_str_find(gz_buf_str(b), gz_str_of(what)) != (size_t)-1;
}

static struct gz_grid *
hostile_grid(struct gz_arena *arena)
{
    struct gz_grid_column *c = gz_arena_new(arena, struct gz_grid_column, 3);
    struct gz_grid *g;

    c[0] = (struct gz_grid_column){ GZ_STR("unit"), GZ_STR(HOSTILE), GZ_STR(HOSTILE),
                                    GZ_GRID_TEXT };
    c[1] = (struct gz_grid_column){ GZ_STR("n"), GZ_STR("n"), GZ_STR(""), GZ_GRID_COUNT };
    c[2] = (struct gz_grid_column){ GZ_STR("rate"), GZ_STR("rate"), GZ_STR(""),
                                    GZ_GRID_PERCENT };
    g = gz_grid_new(arena, GZ_STR("units\"><x"), c, 3, 3);
    g->keys = 1;
    g->caption = GZ_STR(HOSTILE);
    g->about = GZ_STR(HOSTILE);
    g->row[0].cell[0] = gz_grid_cell_text(GZ_STR(HOSTILE));
    g->row[0].cell[1] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(1234));
    g->row[0].cell[2].type = GZ_GRID_PERCENT;
    g->row[0].cell[2].note = gz_grid_note(g, arena, GZ_STR(HOSTILE));
    g->row[1].cell[0] = gz_grid_cell_text(GZ_STR("=1+1"));
    g->row[1].cell[1] = gz_grid_cell_figure(GZ_GRID_COUNT, gz_figure_count(-5));
    g->row[1].cell[2] =
        gz_grid_cell_figure(GZ_GRID_PERCENT, (struct gz_figure){ 325, 1, true });
    g->row[2].role = GZ_ROLE_TOTAL;
    g->row[2].cell[0] = gz_grid_cell_text(GZ_STR("all"));
    return g;
}

static void
hostile_doc(struct gz_doc *doc, struct gz_arena *arena)
{
    struct gz_grid *g = hostile_grid(arena);
    struct gz_section *s;
    struct gz_chart *chart = gz_arena_new(arena, struct gz_chart, 3);
    struct gz_check *check = gz_arena_new(arena, struct gz_check, 1);
    size_t *value = gz_arena_new(arena, size_t, 1);

    doc->title = GZ_STR(HOSTILE);
    doc->period = GZ_STR(HOSTILE);
    doc->scheme = GZ_STR(HOSTILE);
    doc->missing = gz_arena_new(arena, struct gz_str, 1);
    doc->missing[doc->missings++] = GZ_STR(HOSTILE);
    s = gz_doc_section(doc, arena, GZ_STR("s\" onload=\"x"), GZ_STR(HOSTILE));
    gz_section_add(s, arena, (struct gz_item){ .type = GZ_ITEM_TABLE, .table = g });
    *value = 1;
    for (int i = 0; i < 3; i++) {
        chart[i] = (struct gz_chart){ .type = i == 0   ? GZ_CHART_LINES
                                              : i == 1 ? GZ_CHART_BARS
                                                       : GZ_CHART_BINS,
                                      .caption = GZ_STR(HOSTILE),
                                      .table = g,
                                      .value = value,
                                      .values = 1 };
        gz_section_add(s, arena,
                       (struct gz_item){ .type = GZ_ITEM_CHART, .chart = &chart[i] });
    }
    check[0] = (struct gz_check){ GZ_STR(HOSTILE), GZ_STR("1"), GZ_STR("2"),
                                  GZ_CHECK_WRONG, GZ_STR(HOSTILE) };
    gz_section_add(
        s, arena, (struct gz_item){ .type = GZ_ITEM_CHECKS, .check = check, .count = 1 });
}

static void
test_html(const struct gz_doc *doc)
{
    const struct gz_render how = { 0 };
    struct gz_buf b = { 0 };

    gz_render_html(doc, &how, &b);
    ok(!has(&b, "<script") && !has(&b, "onload=\""), "no markup comes from data");
    ok(has(&b, "&lt;script&gt;alert(&quot;1&quot;)"), "it is shown as text");
    ok(!has(&b, "\x01"), "controls are replaced");
    ok(has(&b, "id=\"t-units.22.3e.3cx\""), "names are made safe as anchors");
    ok(!has(&b, "http:") && !has(&b, "https:") && !has(&b, "url(") && !has(&b, "@import"),
       "nothing is fetched");
    ok(has(&b, "Content-Security-Policy") && has(&b, "default-src &#39;none&#39;"),
       "the page forbids it, too");
    ok(has(&b, "scope=\"col\"") && has(&b, "scope=\"row\"") && has(&b, "<caption"),
       "tables have captions and scopes");
    ok(has(&b, "role=\"img\"") && has(&b, "<title id=\"c1wt\">") && has(&b, "<desc"),
       "drawings have titles and descriptions");
    gz_buf_release(&b);
}

static void
test_json(const struct gz_doc *doc)
{
    struct gz_buf b = { 0 };
    struct gz_err err = { 0 };
    struct gz_json_doc *json;
    const gz_json *table, *row;

    gz_render_json(doc, &b);
    json = gz_json_parse(gz_buf_str(&b), "report", &err);
    ok(json != NULL, "the JSON is JSON (%s)", err.text);
    if (!json)
        return;
    table = gz_json_at(gz_json_get(gz_json_root(json), "tables"), 0);
    row = gz_json_at(gz_json_get(table, "rows"), 1);
    ok(gz_str_is(gz_json_string(gz_json_get(table, "caption")), HOSTILE),
       "text survives");
    is_str(gz_json_raw(gz_json_at(gz_json_get(row, "cells"), 2)), "32.5",
           "figures are numbers as printed");
    row = gz_json_at(gz_json_get(table, "rows"), 0);
    ok(gz_json_type(gz_json_at(gz_json_get(row, "cells"), 2)) == GZ_JSON_NULL &&
           gz_json_int(gz_json_get(gz_json_get(row, "notes"), "rate"), 0) == 1,
       "an unknown figure is null with its note");
    gz_json_free(json);
    gz_buf_release(&b);
}

static void
test_others(const struct gz_doc *doc)
{
    struct gz_render how = { .width = 40, .excel = true };
    struct gz_buf b = { 0 };
    struct gz_str rest, line;
    size_t wide = 0;

    gz_render_csv(gz_doc_table_at(doc, 0), &how, &b);
    ok(has(&b, "\xef\xbb\xbfunit,n,rate,row\r\n"),
       "CSV for a spreadsheet begins as such");
    ok(has(&b, "\r\n'=1+1,-5,32.5,body\r\n"), "formulas are guarded, numbers are not");
    b.len = 0;
    gz_render_text(doc, &how, &b);
    ok(!has(&b, "\x01") && !has(&b, "\033"), "text has no controls");
    for (rest = gz_buf_str(&b); rest.len;) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));
        size_t w = gz_utf8_width(cut.head);

        wide = w > wide ? w : wide;
        rest = cut.tail;
    }
    ok(wide <= 40, "no line of text is wider than asked (%zu)", wide);
    b.len = 0;
    gz_render_markdown(doc, &how, &b);
    ok(!has(&b, "<script") && !has(&b, "[x](y)"), "Markdown takes no markup from data");
    rest = GZ_STR("\xe8\xaf\x89\xe6\xb1\x82\xe3\x80\x82\xe5\x8a\x9e"); // 诉求。办
    line = gz_render_wrap(&rest, 4);
    is_str(line, "\xe8\xaf\x89", "a full stop takes its character to the next line");
    gz_buf_release(&b);
}

// Every label has both languages, and the same places to fill in.
static void
test_labels(void)
{
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_sheet *s = gz_sheet_builtin("labels.csv", &arena, &err);
    size_t uneven = 0;

    ok(s != NULL, "labels can be read (%s)", err.text);
    for (size_t i = 0; s && i < s->rows; i++) {
        struct gz_str en = gz_sheet_cell(&s->row[i], gz_sheet_column(s, "en"));
        struct gz_str zh = gz_sheet_cell(&s->row[i], gz_sheet_column(s, "zh"));
        bool pair = zh.len > 0;

        for (char n = '1'; n <= '5'; n++) {
            char place[] = { '{', n, '}', '\0' };

            pair = pair && (gz_str_find(en, gz_str_of(place)) == (size_t)-1) ==
                               (gz_str_find(zh, gz_str_of(place)) == (size_t)-1);
        }
        // Periods and shares of a page are told differently, on purpose.
        if (!pair && !gz_str_starts(s->row[i].cell[0], GZ_STR("period.")))
            printf("# %.*s\n", GZ_STR_ARG(s->row[i].cell[0])), uneven++;
    }
    is_u64(uneven, 0, "every label has both languages with the same places");
    gz_arena_free(&arena);
}

int
main(void)
{
    struct gz_arena arena = { 0 };
    struct gz_words words = { 0 };
    struct gz_err err = { 0 };
    struct gz_doc doc = { .words = &words, .tool = GZ_STR("test") };

    ok(gz_words_load(&words, GZ_LANG_EN, &arena, &err) == GZ_OK, "words load");
    hostile_doc(&doc, &arena);
    test_html(&doc);
    test_json(&doc);
    test_others(&doc);
    test_labels();
    gz_words_release(&words);
    gz_arena_free(&arena);
    return done_testing();
}
