// SPDX-License-Identifier: MIT
// One self-contained page: no script, no style from outside, nothing fetched.
#include "pack/data.h"
#include "report/chart.h"
#include "report/markup.h"
#include "report/render.h"

enum { SHORT = 18, MANY = 12, LONG = 60, DATE = 19 }; // rows, columns, bytes

struct html {
    const struct gz_doc *doc;
    const struct gz_render *how;
    struct gz_markup m;
    struct gz_arena scratch;
    unsigned serial;
};

static void
leaf(struct html *h, struct gz_markup_lit name, struct gz_markup_lit class,
     struct gz_str text)
{
    gz_markup_open(&h->m, name);
    gz_markup_attr_lit(&h->m, GZ_LIT("class"), class);
    gz_markup_text(&h->m, text);
    gz_markup_close(&h->m);
}

static void
open(struct html *h, struct gz_markup_lit name, struct gz_markup_lit class)
{
    gz_markup_open(&h->m, name);
    gz_markup_attr_lit(&h->m, GZ_LIT("class"), class);
}

static struct gz_str
anchor(struct html *h, const char *before, struct gz_str name)
{
    struct gz_buf b = { 0 };
    struct gz_str s;

    gz_buf_cstr(&b, before);
    gz_markup_anchor(&b, name);
    s = gz_arena_dup(&h->scratch, gz_buf_str(&b));
    gz_buf_release(&b);
    return s;
}

static struct gz_str
say(struct html *h, const char *key)
{
    return gz_words_get(h->doc->words, key);
}

// ---- tables ----

// How dark a cell of a shaded table is: 0 (nothing) to 9, by its part of the largest; the
// sum of what is not named does not set the scale.
static unsigned
shade(const struct gz_grid *t, const struct gz_grid_cell *cell)
{
    gz_i128 most = 0;

    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = t->keys; c < t->columns; c++)
            if (t->row[r].role == GZ_ROLE_BODY && !gz_str_is(t->column[c].key, "other") &&
                t->row[r].cell[c].figure.value > most)
                most = t->row[r].cell[c].figure.value;
    if (!cell->figure.known || cell->figure.value <= 0 || most <= 0)
        return 0;
    if (cell->figure.value > most)
        return 9;
    return (unsigned)((cell->figure.value * 9 + most - 1) / most);
}

static bool
is_signed(const struct gz_grid_cell *cell)
{
    return cell->type == GZ_GRID_CHANGE || cell->type == GZ_GRID_STEP;
}

// Empty: none. A long text may break anywhere, a short one only between words.
static const char *
class_of(const struct gz_grid *t, const struct gz_grid_row *row, size_t c)
{
    static const char heat[10][6] = { "n",    "n h1", "n h2", "n h3", "n h4",
                                      "n h5", "n h6", "n h7", "n h8", "n h9" };
    const struct gz_grid_cell *cell = &row->cell[c];
    bool figure = gz_grid_cell_is_figure(t->column[c].type);

    if (cell->text.len > LONG)
        return "t";
    if (!figure && cell->text.len <= DATE && cell->text.len && cell->text.ptr[0] >= '0' &&
        cell->text.ptr[0] <= '9')
        return "d";
    if (!figure)
        return "";
    if (t->heat && row->role == GZ_ROLE_BODY)
        return heat[shade(t, cell)];
    if (cell->type != GZ_GRID_EMPTY && !cell->figure.known)
        return "n dash";
    if (is_signed(cell) && cell->figure.value)
        return cell->figure.value > 0 ? "n up" : "n down";
    return "n";
}

static void
put_cell(struct html *h, const struct gz_grid *t, const struct gz_grid_row *row, size_t c)
{
    const struct gz_grid_cell *cell = &row->cell[c];
    bool head = c < t->keys && !gz_grid_cell_is_figure(t->column[c].type);
    const char *class = class_of(t, row, c);
    struct gz_buf b = { 0 };

    gz_markup_open(&h->m, head ? GZ_LIT("th") : GZ_LIT("td"));
    if (head)
        gz_markup_attr_lit(&h->m, GZ_LIT("scope"), GZ_LIT("row"));
    if (*class)
        gz_markup_attr(&h->m, GZ_LIT("class"), gz_str_of(class));
    gz_grid_cell_put(&b, cell);
    gz_markup_text(&h->m, gz_buf_str(&b));
    if (cell->note)
        gz_markup_leaf(&h->m, GZ_LIT("sup"),
                       gz_arena_printf(&h->scratch, "%u", cell->note));
    gz_markup_close(&h->m);
    gz_buf_release(&b);
}

static void
put_row(struct html *h, const struct gz_grid *t, const struct gz_grid_row *row)
{
    gz_markup_open(&h->m, GZ_LIT("tr"));
    for (size_t c = 0; c < t->columns; c++)
        put_cell(h, t, row, c);
    gz_markup_close(&h->m);
    gz_markup_text_lit(&h->m, GZ_LIT("\n"));
}

static void
put_head(struct html *h, const struct gz_grid *t)
{
    gz_markup_open(&h->m, GZ_LIT("thead"));
    gz_markup_open(&h->m, GZ_LIT("tr"));
    for (size_t c = 0; c < t->columns; c++) {
        gz_markup_open(&h->m, GZ_LIT("th"));
        gz_markup_attr_lit(&h->m, GZ_LIT("scope"), GZ_LIT("col"));
        if (gz_grid_cell_is_figure(t->column[c].type))
            gz_markup_attr_lit(&h->m, GZ_LIT("class"), GZ_LIT("n"));
        if (t->column[c].about.len)
            gz_markup_attr(&h->m, GZ_LIT("title"), t->column[c].about);
        gz_markup_text(&h->m, t->column[c].caption);
        gz_markup_close(&h->m);
    }
    gz_markup_close(&h->m);
    gz_markup_close(&h->m);
}

static void
put_rows(struct html *h, const struct gz_grid *t)
{
    size_t body = 0, feet = 0;

    gz_markup_open(&h->m, GZ_LIT("tbody"));
    for (size_t r = 0; r < t->rows; r++) {
        if (t->row[r].role != GZ_ROLE_BODY)
            feet++;
        else if (gz_render_shows(t, h->how, body++))
            put_row(h, t, &t->row[r]);
    }
    gz_markup_close(&h->m);
    if (!feet)
        return;
    gz_markup_open(&h->m, GZ_LIT("tfoot"));
    for (size_t r = 0; r < t->rows; r++)
        if (t->row[r].role != GZ_ROLE_BODY)
            put_row(h, t, &t->row[r]);
    gz_markup_close(&h->m);
}

static void
put_notes(struct html *h, const struct gz_grid *t)
{
    static const struct gz_render all = { 0 };
    size_t hidden = gz_render_shown(t, &all) - gz_render_shown(t, h->how);

    if (t->notes + hidden == 0)
        return;
    open(h, GZ_LIT("ul"), GZ_LIT("notes"));
    if (hidden)
        gz_markup_leaf(&h->m, GZ_LIT("li"),
                       gz_say(h->doc->words, &h->scratch, "table.more",
                              gz_arena_printf(&h->scratch, "%zu", hidden), t->name));
    for (size_t i = 0; i < t->notes; i++) {
        gz_markup_open(&h->m, GZ_LIT("li"));
        gz_markup_leaf(&h->m, GZ_LIT("b"), gz_arena_printf(&h->scratch, "%zu", i + 1));
        gz_markup_text(&h->m, t->note[i]);
        gz_markup_close(&h->m);
    }
    gz_markup_close(&h->m);
}

static void
put_table(struct html *h, const struct gz_grid *t)
{
    static const struct gz_render all = { 0 };
    struct gz_str id = anchor(h, "t-", t->name);

    // A short table is not cut at the end of a sheet.
    open(h, GZ_LIT("div"), t->rows <= SHORT ? GZ_LIT("table short") : GZ_LIT("table"));
    gz_markup_attr(&h->m, GZ_LIT("id"), id);
    gz_markup_leaf(&h->m, GZ_LIT("h3"), t->caption);
    if (t->about.len)
        leaf(h, GZ_LIT("p"), GZ_LIT("about"), t->about);
    if (gz_render_shown(t, &all) == 0) {
        leaf(h, GZ_LIT("p"), GZ_LIT("about"), say(h, "table.empty"));
    } else {
        open(h, GZ_LIT("div"), GZ_LIT("scroll"));
        gz_markup_attr_lit(&h->m, GZ_LIT("tabindex"), GZ_LIT("0"));
        gz_markup_attr_lit(&h->m, GZ_LIT("role"), GZ_LIT("region"));
        gz_markup_attr(&h->m, GZ_LIT("aria-label"), t->caption);
        gz_markup_open(&h->m, GZ_LIT("table"));
        if (t->heat)
            gz_markup_attr_lit(&h->m, GZ_LIT("class"), GZ_LIT("heat"));
        else if (t->columns >= MANY)
            gz_markup_attr_lit(&h->m, GZ_LIT("class"), GZ_LIT("many"));
        leaf(h, GZ_LIT("caption"), GZ_LIT("vh"), t->caption);
        put_head(h, t);
        put_rows(h, t);
        gz_markup_close(&h->m);
        gz_markup_close(&h->m);
    }
    put_notes(h, t);
    gz_markup_close(&h->m);
}

// ---- the other items ----

static void
put_checks(struct html *h, const struct gz_check *check, size_t count)
{
    static const struct {
        struct gz_markup_lit class, mark, sign;
    } look[] = { { GZ_LIT_INIT("ok"), GZ_LIT_INIT("✓"), GZ_LIT_INIT(" = ") },
                 { GZ_LIT_INIT("wrong"), GZ_LIT_INIT("✗"), GZ_LIT_INIT(" ≠ ") },
                 { GZ_LIT_INIT("open"), GZ_LIT_INIT("?"), GZ_LIT_INIT(" ? ") } };

    open(h, GZ_LIT("div"), GZ_LIT("table"));
    open(h, GZ_LIT("ul"), GZ_LIT("checks"));
    for (size_t i = 0; i < count; i++) {
        open(h, GZ_LIT("li"), look[check[i].state].class);
        leaf(h, GZ_LIT("span"), GZ_LIT("mark"),
             gz_str_of(look[check[i].state].mark.text));
        gz_markup_open(&h->m, GZ_LIT("div"));
        leaf(h, GZ_LIT("div"), GZ_LIT("what"), check[i].name);
        open(h, GZ_LIT("div"), GZ_LIT("sides"));
        gz_markup_text(&h->m, check[i].left);
        gz_markup_text_lit(&h->m, look[check[i].state].sign);
        gz_markup_text(&h->m, check[i].right);
        gz_markup_close(&h->m);
        if (check[i].note.len)
            leaf(h, GZ_LIT("div"), GZ_LIT("what"), check[i].note);
        gz_markup_close(&h->m);
        gz_markup_close(&h->m);
    }
    gz_markup_close(&h->m);
    gz_markup_close(&h->m);
}

static void
put_facts(struct html *h, const struct gz_fact *fact, size_t count)
{
    open(h, GZ_LIT("div"), GZ_LIT("table"));
    open(h, GZ_LIT("dl"), GZ_LIT("facts"));
    for (size_t i = 0; i < count; i++) {
        gz_markup_leaf(&h->m, GZ_LIT("dt"), fact[i].name);
        gz_markup_leaf(&h->m, GZ_LIT("dd"), fact[i].text);
    }
    gz_markup_close(&h->m);
    gz_markup_close(&h->m);
}

static void
put_item(struct html *h, const struct gz_item *item)
{
    switch (item->type) {
    case GZ_ITEM_TABLE:
        put_table(h, item->table);
        break;
    case GZ_ITEM_CHART:
        gz_chart_put(&h->m, item->chart, h->doc->words, ++h->serial);
        break;
    case GZ_ITEM_CHECKS:
        put_checks(h, item->check, item->count);
        break;
    case GZ_ITEM_FACTS:
        put_facts(h, item->fact, item->count);
        break;
    case GZ_ITEM_NOTE:
        leaf(h, GZ_LIT("p"), GZ_LIT("about"), item->note);
        break;
    }
}

// Two charts, a chart and a narrow table, or two narrow tables share a row where the page
// is wide.
static bool
is_half(const struct gz_item *item)
{
    if (item->type == GZ_ITEM_CHART)
        return item->chart->type != GZ_CHART_TILES;
    return item->type == GZ_ITEM_TABLE && item->table->columns <= 5 &&
           item->table->rows <= SHORT && !item->table->heat;
}

static const struct gz_item *
put_group(struct html *h, const struct gz_item *item)
{
    const struct gz_item *second = item->next;

    if (is_half(item) && second && is_half(second)) {
        open(h, GZ_LIT("div"), GZ_LIT("grid half"));
        put_item(h, item);
        put_item(h, second);
        gz_markup_close(&h->m);
        return second->next;
    }
    put_item(h, item);
    return second;
}

static void
put_section(struct html *h, const struct gz_section *s, unsigned number)
{
    struct gz_str id = anchor(h, "s-", s->name);

    gz_markup_open(&h->m, GZ_LIT("section"));
    gz_markup_attr(&h->m, GZ_LIT("id"), id);
    gz_markup_open(&h->m, GZ_LIT("h2"));
    leaf(h, GZ_LIT("span"), GZ_LIT("no"), gz_arena_printf(&h->scratch, "%u", number));
    gz_markup_text(&h->m, s->title);
    gz_markup_close(&h->m);
    open(h, GZ_LIT("div"), GZ_LIT("grid"));
    for (const struct gz_item *i = s->first; i;)
        i = put_group(h, i);
    gz_markup_close(&h->m);
    gz_markup_close(&h->m);
    gz_markup_text_lit(&h->m, GZ_LIT("\n"));
}

// ---- the front ----

static void
put_link(struct html *h, const char *before, struct gz_str name, struct gz_str text)
{
    gz_markup_open(&h->m, GZ_LIT("a"));
    gz_markup_attr(&h->m, GZ_LIT("href"), anchor(h, before, name));
    gz_markup_text(&h->m, text);
    gz_markup_close(&h->m);
}

static void
put_tiles(struct html *h)
{
    if (!h->doc->headlines)
        return;
    open(h, GZ_LIT("dl"), GZ_LIT("tiles"));
    for (size_t i = 0; i < h->doc->headlines; i++) {
        const struct gz_headline *line = &h->doc->headline[i];
        struct gz_buf b = { 0 };

        gz_grid_cell_put(&b, &line->cell);
        gz_markup_open(&h->m, GZ_LIT("div"));
        gz_markup_leaf(&h->m, GZ_LIT("dt"), line->name);
        open(h, GZ_LIT("dd"), GZ_LIT("num"));
        gz_markup_text(&h->m, gz_buf_str(&b));
        if (line->unit.len && line->cell.figure.known)
            gz_markup_leaf(&h->m, GZ_LIT("small"), line->unit);
        gz_markup_close(&h->m);
        if (line->change.len)
            leaf(h, GZ_LIT("dd"), GZ_LIT("delta"), line->change);
        gz_markup_close(&h->m);
        gz_buf_release(&b);
    }
    gz_markup_close(&h->m);
}

static void
put_alerts(struct html *h)
{
    for (size_t i = 0; i < h->doc->missings; i++) {
        open(h, GZ_LIT("p"), GZ_LIT("alert"));
        gz_markup_attr_lit(&h->m, GZ_LIT("role"), GZ_LIT("alert"));
        gz_markup_leaf(&h->m, GZ_LIT("strong"), h->doc->missing[i]);
        gz_markup_close(&h->m);
    }
    for (size_t i = 0; i < h->doc->warnings; i++)
        leaf(h, GZ_LIT("p"), GZ_LIT("warn"), h->doc->warning[i]);
}

static void
put_summary(struct html *h)
{
    if (!h->doc->sentences)
        return;
    open(h, GZ_LIT("div"), GZ_LIT("lead"));
    for (size_t i = 0; i < h->doc->sentences; i++) {
        gz_markup_open(&h->m, GZ_LIT("p"));
        gz_markup_text(&h->m, h->doc->sentence[i].text);
        if (h->doc->sentence[i].table.len) {
            gz_markup_text_lit(&h->m, GZ_LIT(" "));
            put_link(h, "#t-", h->doc->sentence[i].table, say(h, "page.see"));
        }
        gz_markup_close(&h->m);
    }
    gz_markup_close(&h->m);
}

static void
put_contents(struct html *h)
{
    gz_markup_open(&h->m, GZ_LIT("nav"));
    gz_markup_attr(&h->m, GZ_LIT("aria-label"), say(h, "page.contents"));
    gz_markup_open(&h->m, GZ_LIT("ol"));
    for (const struct gz_section *s = h->doc->first; s; s = s->next) {
        gz_markup_open(&h->m, GZ_LIT("li"));
        put_link(h, "#s-", s->name, s->title);
        gz_markup_close(&h->m);
    }
    gz_markup_close(&h->m);
    gz_markup_close(&h->m);
}

static void
put_front(struct html *h)
{
    const struct gz_doc *doc = h->doc;

    gz_markup_open(&h->m, GZ_LIT("header"));
    leaf(h, GZ_LIT("p"), GZ_LIT("eyebrow"), say(h, "page.eyebrow"));
    gz_markup_leaf(&h->m, GZ_LIT("h1"), doc->title);
    open(h, GZ_LIT("p"), GZ_LIT("meta"));
    if (gz_str_find(doc->title, doc->period) == (size_t)-1)
        gz_markup_leaf(&h->m, GZ_LIT("span"), doc->period);
    gz_markup_leaf(&h->m, GZ_LIT("span"), doc->scheme);
    if (doc->example)
        leaf(h, GZ_LIT("span"), GZ_LIT("badge"), say(h, "scheme.example"));
    gz_markup_close(&h->m);
    put_alerts(h);
    put_tiles(h);
    put_summary(h);
    put_contents(h);
    gz_markup_close(&h->m);
    gz_markup_text_lit(&h->m, GZ_LIT("\n"));
}

static void
put_meta(struct html *h, struct gz_markup_lit name, struct gz_markup_lit value)
{
    gz_markup_open(&h->m, GZ_LIT("meta"));
    gz_markup_attr_lit(&h->m, GZ_LIT("name"), name);
    gz_markup_attr_lit(&h->m, GZ_LIT("content"), value);
    gz_markup_void(&h->m);
}

static void
put_document_head(struct html *h)
{
    const struct gz_data *style = gz_data_find(GZ_STR("report/style.css"));

    gz_markup_open(&h->m, GZ_LIT("head"));
    gz_markup_open(&h->m, GZ_LIT("meta"));
    gz_markup_attr_lit(&h->m, GZ_LIT("charset"), GZ_LIT("utf-8"));
    gz_markup_void(&h->m);
    gz_markup_open(&h->m, GZ_LIT("meta"));
    gz_markup_attr_lit(&h->m, GZ_LIT("http-equiv"), GZ_LIT("Content-Security-Policy"));
    gz_markup_attr_lit(&h->m, GZ_LIT("content"),
                       GZ_LIT("default-src 'none'; style-src 'unsafe-inline'; "
                              "base-uri 'none'; form-action 'none'"));
    gz_markup_void(&h->m);
    put_meta(h, GZ_LIT("viewport"), GZ_LIT("width=device-width, initial-scale=1"));
    put_meta(h, GZ_LIT("color-scheme"), GZ_LIT("light dark"));
    put_meta(h, GZ_LIT("referrer"), GZ_LIT("no-referrer"));
    gz_markup_leaf(&h->m, GZ_LIT("title"), h->doc->title);
    gz_markup_open(&h->m, GZ_LIT("style"));
    if (style)
        gz_markup_builtin(&h->m, style);
    gz_markup_close(&h->m);
    gz_markup_close(&h->m);
}

void
gz_render_html(const struct gz_doc *doc, const struct gz_render *how, struct gz_buf *out)
{
    struct html h = { .doc = doc, .how = how, .m = { .out = out } };
    unsigned number = 0;

    gz_markup_raw(&h.m, GZ_LIT("<!DOCTYPE html>\n"));
    gz_markup_open(&h.m, GZ_LIT("html"));
    gz_markup_attr(&h.m, GZ_LIT("lang"),
                   gz_str_of(doc->words->lang == GZ_LANG_ZH ? "zh-Hans" : "en"));
    put_document_head(&h);
    gz_markup_open(&h.m, GZ_LIT("body"));
    open(&h, GZ_LIT("div"), GZ_LIT("page"));
    put_front(&h);
    gz_markup_open(&h.m, GZ_LIT("main"));
    for (const struct gz_section *s = doc->first; s; s = s->next)
        put_section(&h, s, ++number);
    gz_markup_close(&h.m);
    gz_markup_leaf(&h.m, GZ_LIT("footer"), doc->tool);
    gz_markup_close(&h.m);
    gz_markup_close(&h.m);
    gz_markup_close(&h.m);
    gz_markup_text_lit(&h.m, GZ_LIT("\n"));
    gz_arena_free(&h.scratch);
}
