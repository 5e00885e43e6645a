// SPDX-License-Identifier: MIT
#include "ingest/propose.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"

// A choice needs so many points; a name that is known to a layout has more than KNOWN.
enum { ENOUGH = 40, KNOWN = 76 };

// ---- which fields a source can fill ----

static bool
is_sources(const struct gz_proposal *p, const struct gz_field *f)
{
    static const char *const made[] = {
        "id_src",        "received_src", "kind_raw", "status_raw", "dq",
        "src",           "ext",          "linked",   "damage",     "sensitive",
        "channel_class", "checks",       "type",     "note",       "reporter_key",
        "submitter_key", "repeat_of",    "topic_id", "agenda_id",  "project_id",
        "whistle_id",
    };
    const struct gz_field *ext = gz_kind_field(p->kind, GZ_STR("ext"));

    for (size_t i = 0; i < GZ_COUNT(made); i++)
        if (gz_str_is(f->name, made[i]))
            return false;
    return !ext || f->index < ext->index; // what stands behind is written by later tools
}

static int
points_of(const struct gz_proposal *p, const struct gz_propose_column *c,
          const struct gz_kind *kind, const struct gz_field *f, struct gz_str *why)
{
    return gz_vocab_points(p->vocab, kind, f, c->column->name, why);
}

// How many columns a kind's own names explain.
static size_t
columns_of_kind(const struct gz_proposal *p, const struct gz_kind *kind)
{
    size_t n = 0;

    for (size_t c = 0; c < p->count; c++) {
        bool found = false;

        for (size_t i = 0; i < kind->count && !found; i++) {
            struct gz_str why;

            found = is_sources(p, &kind->field[i]) &&
                    points_of(p, &p->column[c], kind, &kind->field[i], &why) >=
                        (kind == p->vocab->petition ? 65 : KNOWN);
        }
        n += found;
    }
    return n;
}

static void
choose_kind(struct gz_proposal *p)
{
    const struct gz_schema *s = p->vocab->schema;
    size_t best;

    p->kind = p->vocab->petition;
    best = columns_of_kind(p, p->kind);
    for (size_t i = 0; i < s->count; i++) {
        size_t n = columns_of_kind(p, &s->kind[i]);

        if (n >= 3 && n > best) {
            best = n;
            p->kind = &s->kind[i];
        }
    }
}

// ---- who is calling ----

// Does a layout or the schema know the column as a field?
static bool
is_known_field(const struct gz_proposal *p, const struct gz_propose_column *c)
{
    struct gz_str why;

    for (size_t i = 0; i < p->kind->count; i++)
        if (is_sources(p, &p->kind->field[i]) &&
            points_of(p, c, p->kind, &p->kind->field[i], &why) >= KNOWN)
            return true;
    return false;
}

static void
mark_contact(struct gz_proposal *p, struct gz_propose_column *c)
{
    const struct gz_evidence *e = c->e;
    bool known = is_known_field(p, c), key = false;
    bool named = gz_vocab_person(p->vocab, c->column->name, &key);
    bool brief = e->filled && e->chars / e->filled <= 30;

    if (named && (key || !known)) {
        c->why = gz_str_of(_("the name says that it names a person"));
    } else if (gz_evidence_most(e, e->contacts, 30) ||
               (brief && !known && gz_evidence_most(e, e->contacts, 3))) {
        c->why = gz_arena_printf(
            p->arena, _("%zu of %zu values are numbers or addresses of people"),
            e->contacts, e->filled);
        key = gz_evidence_most(e, e->contacts, 30);
    } else if (!known && e->filled >= 3 && gz_evidence_most(e, e->persons, 85) &&
               e->values.count * 2 > e->filled) {
        c->why =
            gz_arena_printf(p->arena, _("%zu of %zu values look like names of people"),
                            e->persons, e->filled);
    } else {
        return;
    }
    c->role = GZ_PROPOSE_CONTACT;
    c->key = key || gz_evidence_most(e, e->contacts, 50);
}

// ---- one column for each field ----

struct candidate {
    size_t column;
    const struct gz_field *field;
    int score;
    struct gz_str why;
};

static int
better_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->score != y->score)
        return y->score - x->score;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return (int)x->field->index - (int)y->field->index;
}

static bool
weigh(struct gz_proposal *p, size_t column, const struct gz_field *f,
      struct candidate *out)
{
    const struct gz_propose_column *c = &p->column[column];
    struct gz_str why = { NULL, 0 };
    int named = points_of(p, c, p->kind, f, &why);
    int suits = gz_propose_suits(p, c, f, named);
    int alone = p->kind == p->vocab->petition ? gz_propose_by_values(p, c, f) : 0;

    *out = (struct candidate){ column, f, named ? named + suits : 0, why };
    if (alone > out->score && suits >= 0) {
        out->score = alone;
        out->why = (struct gz_str){ NULL, 0 };
    }
    return out->score >= ENOUGH;
}

static void
choose_fields(struct gz_proposal *p)
{
    struct candidate *list =
        gz_arena_new(p->arena, struct candidate, p->count * p->kind->count + 1);
    bool *taken = gz_arena_new(p->arena, bool, p->kind->count);
    size_t n = 0;

    for (size_t c = 0; c < p->count; c++)
        for (size_t i = 0; p->column[c].role == GZ_PROPOSE_REST && i < p->kind->count;
             i++)
            if (is_sources(p, &p->kind->field[i]))
                n += weigh(p, c, &p->kind->field[i], &list[n]);
    qsort(list, n, sizeof(*list), better_first);
    for (size_t i = 0; i < n; i++) {
        struct gz_propose_column *c = &p->column[list[i].column];

        if (c->role != GZ_PROPOSE_REST || taken[list[i].field->index])
            continue;
        c->role = GZ_PROPOSE_FIELD;
        c->field = list[i].field;
        c->score = list[i].score;
        c->why = list[i].why;
        taken[list[i].field->index] = true;
    }
}

// ---- columns that belong together ----

static int
level_of(struct gz_str name, struct gz_arena *scratch)
{
    static const struct {
        const char *word;
        int level;
    } levels[] = {
        { "一级", 1 },     { "二级", 2 },       { "三级", 3 },      { "四级", 4 },
        { "五级", 5 },     { "大类", 1 },       { "中类", 2 },      { "小类", 3 },
        { "子类", 4 },     { "细类", 4 },       { "subcat", 2 },    { "subtype", 2 },
        { "subissue", 2 }, { "descriptor", 2 }, { "level1", 1 },    { "level2", 2 },
        { "level3", 3 },   { "category1", 1 },  { "category2", 2 }, { "category3", 3 },
        { "detail", 3 },   { "category", 1 },   { "type", 1 },      { "topic", 1 },
    };
    struct gz_str fold = gz_fold_name(name, scratch);

    for (size_t i = 0; i < GZ_COUNT(levels); i++)
        if (gz_str_find(fold, gz_str_of(levels[i].word)) != (size_t)-1)
            return levels[i].level;
    return 0;
}

static struct gz_propose_column *
column_of(struct gz_proposal *p, const char *field)
{
    for (size_t c = 0; c < p->count; c++)
        if (p->column[c].role == GZ_PROPOSE_FIELD && !p->column[c].joined &&
            gz_str_is(p->column[c].field->name, field))
            return &p->column[c];
    return NULL;
}

// 一级分类, 二级分类 ...: the levels of one category.
static void
join_category(struct gz_proposal *p)
{
    struct gz_propose_column *first = column_of(p, "category_given");
    bool taken[8] = { false };

    if (!first)
        return;
    first->level = level_of(first->column->name, p->arena);
    taken[first->level] = true;
    for (size_t i = 0; i < p->count && first->level; i++) {
        struct gz_propose_column *c = &p->column[i];
        struct gz_str why;
        int named;

        if (c->role != GZ_PROPOSE_REST || !c->e->filled)
            continue;
        named = points_of(p, c, p->kind, first->field, &why);
        c->level = level_of(c->column->name, p->arena);
        // A word such as detail is a level only beside a type that it is the detail of.
        if (named < 60 || !c->level || taken[c->level] ||
            gz_propose_suits(p, c, first->field, named) < 0)
            continue;
        taken[c->level] = true;
        c->role = GZ_PROPOSE_FIELD;
        c->field = first->field;
        c->joined = true;
        c->why = gz_arena_printf(p->arena, _("level %d of the category"), c->level);
    }
}

// The first characters of two names are alike: CREATION DATE, CREATION TIME.
static bool
begin_alike(struct gz_str a, struct gz_str b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
        n++;
    return n >= 4;
}

static void
join_clocks(struct gz_proposal *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct gz_propose_column *c = &p->column[i], *found = NULL;

        if (c->role != GZ_PROPOSE_REST || !gz_evidence_most(c->e, c->e->clocks, 90))
            continue;
        for (size_t k = 0; k < p->count; k++) {
            struct gz_propose_column *d = &p->column[k];

            if (d->role != GZ_PROPOSE_FIELD || d->field->type != GZ_FIELD_TIME ||
                d->clock >= 0 || !d->e->filled || d->e->longest > 11)
                continue;
            if (k + 1 == i || begin_alike(d->column->fold, c->column->fold))
                found = found && found + 1 == c ? found : d;
        }
        if (!found)
            continue;
        found->clock = (int)i;
        c->role = GZ_PROPOSE_FIELD;
        c->field = found->field;
        c->joined = true;
        c->why = gz_arena_printf(p->arena, _("the time of day of '" GZ_STR_FMT "'"),
                                 GZ_STR_ARG(found->column->name));
    }
}

// 是否超时: yes is no.
static void
mark_reversed(struct gz_proposal *p)
{
    static const char *const words[] = {
        "超", "逾", "overdue", "late", "exceed", "missed"
    };
    struct gz_propose_column *c = column_of(p, "on_time_given");

    for (size_t i = 0; c && i < GZ_COUNT(words); i++)
        c->reversed |= gz_str_find(c->column->fold, gz_str_of(words[i])) != (size_t)-1;
}

// ---- reasons ----

static void
explain_rest(struct gz_proposal *p, struct gz_propose_column *c)
{
    if (!c->e->filled)
        c->why = gz_str_of(_("empty in the first rows"));
    else if (gz_evidence_most(c->e, c->e->counting, 95) && c->e->filled > 3)
        c->why = gz_str_of(_("numbers the rows of this file"));
    else
        c->why = gz_arena_printf(
            p->arena, _("neither name nor values tell a field; %u different in %zu"),
            c->e->values.count, c->e->filled);
}

static void
explain_values(struct gz_proposal *p, struct gz_propose_column *c)
{
    const struct gz_evidence *e = c->e;
    struct gz_str said = c->why.len ? c->why : gz_str_of(_("the values alone"));
    enum gz_evidence_date form = gz_propose_form(e);

    if (!e->filled)
        c->why = gz_arena_printf(p->arena, _(GZ_STR_FMT "; no values to tell by"),
                                 GZ_STR_ARG(said));
    else if (c->field->type == GZ_FIELD_TIME)
        c->why = gz_arena_printf(p->arena, _(GZ_STR_FMT "; %zu of %zu values are dates"),
                                 GZ_STR_ARG(said),
                                 form < GZ_DATE_FORMS ? e->hits[form] : 0, e->filled);
    else if (c->field->type == GZ_FIELD_ENUM || c->field->type == GZ_FIELD_YN)
        c->why = gz_arena_printf(
            p->arena, _(GZ_STR_FMT "; %u different, %zu%% of them known words"),
            GZ_STR_ARG(said), e->values.count, gz_propose_known(p, c, c->field));
    else
        c->why = gz_arena_printf(
            p->arena, _(GZ_STR_FMT "; %u different in %zu, %zu characters each"),
            GZ_STR_ARG(said), e->values.count, e->filled, e->chars / e->filled);
}

static void
explain(struct gz_proposal *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct gz_propose_column *c = &p->column[i];

        if (c->role == GZ_PROPOSE_REST)
            explain_rest(p, c);
        else if (c->role == GZ_PROPOSE_FIELD && !c->joined)
            explain_values(p, c);
    }
}

// ---- all of it ----

struct gz_proposal *
gz_propose(const struct gz_header *h, const struct gz_evidence *e, struct gz_vocab *vocab,
           struct gz_arena *arena)
{
    struct gz_proposal *p = gz_arena_new(arena, struct gz_proposal, 1);

    *p = (struct gz_proposal){ .count = h->count, .vocab = vocab, .arena = arena };
    p->column = gz_arena_new(arena, struct gz_propose_column, h->count);
    for (size_t i = 0; i < h->count; i++) {
        struct gz_propose_column *c = &p->column[i];

        *c = (struct gz_propose_column){ .column = &h->column[i],
                                         .e = &e[i],
                                         .clock = -1 };
        // A name that is empty or comes twice does not tell which column is meant.
        c->ref = !c->column->fold.len || c->column->repeated ||
                         gz_str_find(c->column->name, GZ_STR("#")) != (size_t)-1
                     ? gz_arena_printf(arena, "#%zu", i + 1)
                     : c->column->name;
    }
    choose_kind(p);
    for (size_t i = 0; i < p->count; i++)
        mark_contact(p, &p->column[i]);
    choose_fields(p);
    if (p->kind == vocab->petition)
        join_category(p);
    join_clocks(p);
    mark_reversed(p);
    explain(p);
    gz_propose_dates(p);
    return p;
}
