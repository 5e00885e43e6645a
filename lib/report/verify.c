// SPDX-License-Identifier: MIT
#include "report/verify.h"

#include <string.h>

#include "base/tr.h"
#include "record/cursor.h"

struct verifying {
    const struct gz_verify *v;
    const struct gz_words *w;
    struct gz_arena *arena;
    struct gz_check *check;
    size_t checks;
    size_t cap;
    size_t wrong;
};

// ---- reading ----

static unsigned
places_of(struct gz_str token)
{
    size_t dot = gz_str_find(token, GZ_STR("."));

    return dot == (size_t)-1 || token.len - dot - 1 > GZ_DEC_PLACES
               ? 0
               : (unsigned)(token.len - dot - 1);
}

enum gz_err_kind
gz_verify_read(struct gz_verify *v, struct gz_str line, struct gz_err *err)
{
    struct gz_printed p = { .id = { NULL, 0 } };
    struct {
        const char *key;
        struct gz_str *to;
    } const text[] = {
        { "figure_id", &p.id },  { "what", &p.what },     { "n_op", &p.op },
        { "unit", &p.unit },     { "as_of", &p.as_of },   { "part_of", &p.part_of },
        { "by", &p.by },         { "num", &p.num },       { "of", &p.of },
        { "change", &p.change }, { "source", &p.source },
    };
    struct gz_cursor c;
    struct gz_member m;
    bool known = false;

    gz_cursor_open(&c, line, v->arena);
    while (gz_cursor_next(&c, &m, err) == GZ_CURSOR_MEMBER) {
        struct gz_str value = gz_arena_dup(v->arena, gz_member_text(&m, v->arena));

        for (size_t i = 0; i < GZ_COUNT(text); i++)
            if (gz_str_is(m.key, text[i].key))
                *text[i].to = value;
        if (gz_str_is(m.key, "n")) {
            known = gz_dec_parse(value, &p.n);
            p.places = places_of(value);
        }
    }
    if (err->kind)
        return err->kind;
    if (!known || !p.what.len)
        return gz_err_set(err, GZ_ERR_DATA, _("a figure has 'what' and a number 'n'"));
    v->row = gz_arena_grow(v->arena, v->row, &v->cap, v->rows + 1, sizeof *v->row);
    v->row[v->rows++] = p;
    return GZ_OK;
}

// ---- words ----

static struct gz_str
number(struct verifying *f, struct gz_dec d, unsigned places)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    gz_figure_put(&text, gz_figure_dec(d, places), ',');
    s = gz_arena_dup(f->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

static struct gz_str
figure(struct verifying *f, struct gz_figure n)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    gz_figure_put(&text, n, ',');
    s = gz_arena_dup(f->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

static void
add(struct verifying *f, struct gz_check check)
{
    f->check = gz_arena_grow(f->arena, f->check, &f->cap, f->checks + 1, sizeof check);
    f->check[f->checks++] = check;
    f->wrong += check.state == GZ_CHECK_WRONG;
}

static const struct gz_printed *
find(const struct verifying *f, struct gz_str id)
{
    for (size_t i = 0; i < f->v->rows && id.len; i++)
        if (gz_str_eq(f->v->row[i].id, id))
            return &f->v->row[i];
    return NULL;
}

// What a sentence calls a grouping: its name, else nothing.
static struct gz_str
grouping(struct verifying *f, struct gz_str what, struct gz_str by)
{
    return by.len ? gz_say(f->w, f->arena, "fact.named", what, by) : what;
}

// ---- parts ----

struct parts {
    gz_i128 sum;
    unsigned places;
    bool open; // a part is a bound, or in another unit
    struct gz_buf text;
};

static void
add_part(struct verifying *f, struct parts *p, const struct gz_printed *part,
         struct gz_str unit)
{
    if (p->text.len)
        gz_buf_lit(&p->text, " + ");
    gz_buf_add(&p->text, number(f, part->n, part->places));
    p->sum += part->n.units;
    p->places = part->places > p->places ? part->places : p->places;
    p->open |= part->op.len || !gz_str_eq(part->unit, unit);
}

static bool
is_first_part(const struct verifying *f, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (gz_str_eq(f->v->row[i].part_of, f->v->row[at].part_of) &&
            gz_str_eq(f->v->row[i].by, f->v->row[at].by))
            return false;
    return true;
}

static void
check_parts(struct verifying *f, size_t at)
{
    const struct gz_printed *first = &f->v->row[at], *whole = find(f, first->part_of);
    struct parts p = { 0 };
    struct gz_check c = { .state = GZ_CHECK_OPEN };

    if (!first->part_of.len || !is_first_part(f, at))
        return;
    for (size_t i = at; i < f->v->rows; i++)
        if (gz_str_eq(f->v->row[i].part_of, first->part_of) &&
            gz_str_eq(f->v->row[i].by, first->by))
            add_part(f, &p, &f->v->row[i], whole ? whole->unit : first->unit);
    c.name = gz_say(f->w, f->arena, "verify.parts",
                    grouping(f, whole ? whole->what : first->part_of, first->by));
    c.left =
        gz_say(f->w, f->arena, "verify.sum", gz_arena_dup(f->arena, gz_buf_str(&p.text)),
               number(f, (struct gz_dec){ p.sum }, p.places));
    if (!whole) {
        c.note = gz_say(f->w, f->arena, "verify.no_figure", first->part_of);
    } else {
        c.right = number(f, whole->n, whole->places);
        if (p.open || whole->op.len)
            c.note = gz_words_get(f->w, "verify.bound");
        else
            c.state = p.sum == whole->n.units ? GZ_CHECK_OK : GZ_CHECK_WRONG;
        if (c.state == GZ_CHECK_WRONG)
            c.note = gz_say(
                f->w, f->arena, p.sum > whole->n.units ? "verify.more" : "verify.less",
                number(f,
                       (struct gz_dec){ p.sum > whole->n.units ? p.sum - whole->n.units
                                                               : whole->n.units - p.sum },
                       p.places > whole->places ? p.places : whole->places));
    }
    add(f, c);
    gz_buf_release(&p.text);
}

// ---- shares and rates ----

static bool
is_rate(const struct gz_printed *p)
{
    return p->of.len && p->num.len && !p->change.len;
}

static void
check_rate(struct verifying *f, const struct gz_printed *p)
{
    const struct gz_printed *num = find(f, p->num), *of = find(f, p->of);
    struct gz_check c = { .name = p->what, .state = GZ_CHECK_OPEN };
    struct gz_figure want;

    c.right = gz_say(f->w, f->arena, "verify.percent", number(f, p->n, p->places));
    if (!num || !of) {
        c.note = gz_say(f->w, f->arena, "verify.no_figure", num ? p->of : p->num);
        add(f, c);
        return;
    }
    want = gz_figure_rate(num->n, of->n, 100, p->places, GZ_ROUND_HALF_UP);
    c.left = gz_say(f->w, f->arena, "verify.rate", number(f, num->n, num->places),
                    number(f, of->n, of->places), figure(f, want));
    if (num->op.len || of->op.len || !want.known)
        c.note = gz_words_get(f->w, "verify.bound");
    else
        c.state = want.value == gz_figure_dec(p->n, p->places).value ? GZ_CHECK_OK
                                                                     : GZ_CHECK_WRONG;
    add(f, c);
}

// Shares of one whole, of parts that are all of it, add up to 100.
static void
check_shares(struct verifying *f, size_t at)
{
    const struct gz_printed *first = &f->v->row[at], *whole = find(f, first->of);
    gz_i128 shares = 0, parts = 0;
    struct gz_buf text = { 0 };
    struct gz_check c;

    if (!is_rate(first) || !whole)
        return;
    for (size_t i = 0; i < f->v->rows; i++) {
        const struct gz_printed *p = &f->v->row[i], *num = find(f, p->num);

        if (!is_rate(p) || !num || !gz_str_eq(p->of, first->of) ||
            !gz_str_eq(p->by, first->by))
            continue;
        if (i < at) {
            gz_buf_release(&text);
            return;
        }
        gz_buf_cstr(&text, text.len ? " + " : "");
        gz_buf_add(&text, number(f, p->n, p->places));
        shares += p->n.units;
        parts += num->n.units;
    }
    if (parts == whole->n.units) {
        c = (struct gz_check){
            .name = gz_say(f->w, f->arena, "verify.shares",
                           grouping(f, whole->what, first->by)),
            .left = gz_say(f->w, f->arena, "verify.sum",
                           gz_arena_dup(f->arena, gz_buf_str(&text)),
                           number(f, (struct gz_dec){ shares }, first->places)),
            .right = GZ_STR("100"),
            .state = shares == (gz_i128)100 * 1000000000 ? GZ_CHECK_OK : GZ_CHECK_WRONG,
        };
        if (c.state == GZ_CHECK_WRONG)
            c.note = gz_words_get(f->w, "verify.largest");
        add(f, c);
    }
    gz_buf_release(&text);
}

// ---- changes ----

// now / (1 + change): the base that a printed change comes from.
static struct gz_str
base_said(struct verifying *f, const struct gz_printed *now, const struct gz_printed *p)
{
    const gz_i128 hundred = (gz_i128)100 * 1000000000;
    struct gz_dec den = { hundred + p->n.units };
    struct gz_figure base;

    if (den.units <= 0)
        return GZ_STR("—");
    base =
        gz_figure_rate(now->n, den, 100, now->places ? now->places : 0, GZ_ROUND_HALF_UP);
    return figure(f, base);
}

// "2019" and "2020", "2022-04" and "2023-04": a year lies between.
static bool
is_year_apart(struct gz_str now, struct gz_str base)
{
    uint64_t a, b;

    return now.len >= 4 && now.len == base.len && gz_num_u64(gz_str_first(now, 4), &a) &&
           gz_num_u64(gz_str_first(base, 4), &b) && a == b + 1 &&
           gz_str_eq(gz_str_from(now, 4), gz_str_from(base, 4));
}

static void
check_word(struct verifying *f, const struct gz_printed *p, const struct gz_printed *now,
           const struct gz_printed *base)
{
    bool year;

    if (!now->as_of.len || !base->as_of.len || !p->change.len)
        return;
    year = is_year_apart(now->as_of, base->as_of);
    if (year == gz_str_is(p->change, "同比"))
        return;
    add(f,
        (struct gz_check){ .name = gz_say(f->w, f->arena, "verify.word", p->what),
                           .left = p->change,
                           .right = year ? GZ_STR("同比") : GZ_STR("环比"),
                           .state = GZ_CHECK_WRONG,
                           .note = gz_say(f->w, f->arena,
                                          year ? "verify.is_year" : "verify.is_previous",
                                          now->as_of, base->as_of) });
}

static void
check_change(struct verifying *f, const struct gz_printed *p)
{
    const struct gz_printed *now = find(f, p->num), *base = find(f, p->of);
    struct gz_check c = { .name = p->what, .state = GZ_CHECK_OPEN };
    struct gz_figure want;
    struct gz_dec diff;

    if (!p->change.len)
        return;
    c.right = gz_say(f->w, f->arena, "verify.percent", number(f, p->n, p->places));
    if (!now || !base) {
        c.left = GZ_STR("—");
        c.note = now ? gz_say(f->w, f->arena, "verify.no_base", base_said(f, now, p))
                     : gz_say(f->w, f->arena, "verify.no_figure", p->num);
        add(f, c);
        return;
    }
    diff.units = now->n.units - base->n.units;
    want = gz_figure_rate(diff, base->n, 100, p->places, GZ_ROUND_HALF_UP);
    c.left = gz_say(f->w, f->arena, "verify.change", number(f, now->n, now->places),
                    number(f, base->n, base->places), figure(f, want));
    if (now->op.len || base->op.len || !want.known)
        c.note = gz_words_get(f->w, "verify.bound");
    else
        c.state = want.value == gz_figure_dec(p->n, p->places).value ? GZ_CHECK_OK
                                                                     : GZ_CHECK_WRONG;
    if (c.state == GZ_CHECK_WRONG)
        c.note = gz_say(f->w, f->arena, "verify.other_base", base_said(f, now, p));
    add(f, c);
    check_word(f, p, now, base);
}

size_t
gz_verify_build(struct gz_verify *v, const struct gz_words *words, struct gz_doc *doc)
{
    struct verifying f = { .v = v, .w = words, .arena = v->arena };
    struct gz_section *s;

    for (size_t i = 0; i < v->rows; i++)
        check_parts(&f, i);
    for (size_t i = 0; i < v->rows; i++) {
        if (is_rate(&v->row[i]))
            check_rate(&f, &v->row[i]);
        check_shares(&f, i);
        check_change(&f, &v->row[i]);
    }
    doc->words = words;
    doc->tool = GZ_STR("gz-report " GZ_VERSION);
    doc->title = gz_words_get(words, "verify.title");
    doc->period = v->rows ? v->row[0].as_of : (struct gz_str){ NULL, 0 };
    doc->scheme = v->rows ? v->row[0].source : (struct gz_str){ NULL, 0 };
    s = gz_doc_section(doc, v->arena, GZ_STR("checks"),
                       gz_words_get(words, "section.checks"));
    gz_section_add(
        s, v->arena,
        (struct gz_item){ .type = GZ_ITEM_NOTE,
                          .note = gz_say(words, v->arena, "verify.result",
                                         gz_arena_printf(v->arena, "%zu", f.checks),
                                         gz_arena_printf(v->arena, "%zu", f.wrong)) });
    if (f.checks)
        gz_section_add(s, v->arena,
                       (struct gz_item){
                           .type = GZ_ITEM_CHECKS, .check = f.check, .count = f.checks });
    return f.wrong;
}
