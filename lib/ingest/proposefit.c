// SPDX-License-Identifier: MIT
// How well the values of a column suit a field.
#include <string.h>

#include "ingest/propose.h"

enum { NEVER = -1000 };

static size_t
mean_chars(const struct gz_evidence *e)
{
    return e->filled ? e->chars / e->filled : 0;
}

static bool
is_one_of(const struct gz_field *f, const char *const *name, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_is(f->name, name[i]))
            return true;
    return false;
}

enum gz_evidence_date
gz_propose_form(const struct gz_evidence *e)
{
    enum gz_evidence_date best = GZ_DATE_FORMS;

    for (size_t i = 0; i < GZ_DATE_FORMS; i++)
        if (e->hits[i] && (best == GZ_DATE_FORMS || e->hits[i] > e->hits[best]))
            best = (enum gz_evidence_date)i;
    return best;
}

size_t
gz_propose_known(const struct gz_proposal *p, const struct gz_propose_column *c,
                 const struct gz_field *f)
{
    size_t known = 0;

    // A column of codes has few; a long list of texts need not be looked up.
    if (!c->e->filled || c->e->values.count > 200)
        return 0;
    for (uint32_t i = 0; i < c->e->values.count; i++)
        if (gz_vocab_value(p->vocab, f, c->e->values.keys[i]).ptr)
            known += c->e->times[i];
    return known * 100 / c->e->filled;
}

// ---- by the type of the field ----

static int
suits_time(const struct gz_evidence *e, int named)
{
    enum gz_evidence_date form = gz_propose_form(e);

    if (!e->filled)
        return named >= 70 ? -20 : NEVER;
    if (form == GZ_DATE_FORMS || !gz_evidence_most(e, e->hits[form], 60) ||
        gz_evidence_most(e, e->clocks, 50))
        return NEVER;
    if (form >= GZ_DATE_COMPACT && named < 45)
        return NEVER; // any number may look like one
    return gz_evidence_most(e, e->hits[form], 98) ? 15 : 5;
}

static int
suits_number(const struct gz_evidence *e, const struct gz_field *f, int named)
{
    if (!e->filled)
        return named >= 70 ? -20 : NEVER;
    if (!gz_evidence_most(e, e->numbers, 90))
        return NEVER;
    if (gz_str_is(f->name, "lat"))
        return gz_evidence_most(e, e->latitudes, 80) ? 20 : named >= 90 ? 0 : NEVER;
    if (gz_str_is(f->name, "lon"))
        return gz_evidence_most(e, e->longitudes, 80) ? 20 : named >= 90 ? 0 : NEVER;
    return 10;
}

static int
suits_id(const struct gz_evidence *e, const struct gz_field *f, int named)
{
    bool own = f->index == 0;

    if (!e->filled)
        return named >= 85 && !own ? -20 : NEVER;
    if (e->longest > 80 || !gz_evidence_most(e, own ? e->codes : e->single, 80))
        return NEVER;
    if (own && e->filled * 2 < e->rows)
        return NEVER;
    if (own && (e->values.count * 100 < e->filled * 60 ||
                (gz_evidence_most(e, e->numbers, 90) && e->wholes * 2 < e->filled)))
        return NEVER;
    // 1, 2, 3 ... numbers the rows of this file, not the orders.
    if (own && gz_evidence_most(e, e->counting, 95) && e->filled > 3)
        return -30;
    return own && e->values.count * 100 >= e->filled * 97 ? 15 : 0;
}

static int
suits_words(const struct gz_proposal *p, const struct gz_propose_column *c,
            const struct gz_field *f, int named)
{
    size_t known = gz_propose_known(p, c, f);
    const struct gz_evidence *e = c->e;

    if (!e->filled)
        return named >= 75 ? -20 : NEVER;
    if (known >= 60)
        return 20;
    if (gz_str_is(f->name, "status") && e->values.count <= 60 && mean_chars(e) <= 20 &&
        !gz_evidence_most(e, e->numbers, 90))
        return known ? 0 : -10;
    return known >= 30 && !gz_str_is(f->name, "kind") ? 0 : NEVER;
}

// ---- texts ----

static int
suits_long_text(const struct gz_evidence *e, const struct gz_field *f)
{
    size_t mean = mean_chars(e);
    int bonus = (int)(mean / 10 > 20 ? 20 : mean / 10);

    if (gz_str_is(f->name, "title"))
        return mean < 3                          ? NEVER
               : mean > 80                       ? -15
               : e->values.count * 3 < e->filled ? -15
                                                 : 5;
    if (mean < 4)
        return NEVER;
    if (gz_str_is(f->name, "text"))
        return bonus + (e->values.count * 2 < e->filled ? -30 : 5);
    return bonus;
}

static int
suits_group(const struct gz_evidence *e, const struct gz_field *f)
{
    static const char *const by_number[] = { "district", "subdistrict", "community",
                                             "grid",     "building",    "category_code",
                                             "urgency" };
    size_t mean = mean_chars(e), different = e->values.count;
    bool numbers = gz_evidence_most(e, e->numbers, 90);

    if (gz_str_is(f->name, "address"))
        return numbers || mean < 3 || mean > 90               ? NEVER
               : gz_evidence_most(e, e->addresses, 40)        ? 15
               : different * 10 < e->filled && e->filled > 50 ? -15
                                                              : 0;
    if (numbers && !is_one_of(f, by_number, sizeof(by_number) / sizeof(*by_number)))
        return NEVER;
    if (mean > 45 || (e->filled > 40 && different * 100 > e->filled * 80))
        return NEVER;
    if (gz_str_is(f->name, "district"))
        return gz_evidence_most(e, e->districts, 60) ? 15
               : e->streets * 2 > e->filled          ? -40
                                                     : 0;
    if (gz_str_is(f->name, "subdistrict"))
        return gz_evidence_most(e, e->streets, 60) ? 15 : 0;
    if (gz_str_is(f->name, "community"))
        return gz_evidence_most(e, e->communities, 60) ? 15 : 0;
    if (gz_str_is(f->name, "lead_org"))
        return gz_evidence_most(e, e->units, 50) ? 15 : 0;
    return e->values.count > 1 || e->filled < 20 ? 5 : -10;
}

static int
suits_text(const struct gz_evidence *e, const struct gz_field *f, int named)
{
    static const char *const longs[] = { "title", "text", "result", "reply" };
    enum gz_evidence_date form = gz_propose_form(e);

    if (!e->filled)
        return named >= 60 ? -20 : NEVER;
    if (form < GZ_DATE_COMPACT && gz_evidence_most(e, e->hits[form], 60))
        return NEVER;
    if (gz_evidence_most(e, e->clocks, 60) || gz_evidence_most(e, e->nested, 50))
        return NEVER;
    if (is_one_of(f, longs, sizeof(longs) / sizeof(*longs)))
        return gz_evidence_most(e, e->worded, 50) ? suits_long_text(e, f) : NEVER;
    return suits_group(e, f);
}

int
gz_propose_suits(const struct gz_proposal *p, const struct gz_propose_column *c,
                 const struct gz_field *f, int named)
{
    const struct gz_evidence *e = c->e;

    switch (f->type) {
    case GZ_FIELD_TIME:
        return suits_time(e, named);
    case GZ_FIELD_NUM:
        return suits_number(e, f, named);
    case GZ_FIELD_ID:
        return suits_id(e, f, named);
    case GZ_FIELD_YN:
    case GZ_FIELD_ENUM:
        return suits_words(p, c, f, named);
    case GZ_FIELD_LIST:
        return e->filled ? 0 : -20;
    case GZ_FIELD_MAP:
        return NEVER;
    default:
        return suits_text(e, f, named);
    }
}

// ---- values alone ----

int
gz_propose_by_values(const struct gz_proposal *p, const struct gz_propose_column *c,
                     const struct gz_field *f)
{
    const struct gz_evidence *e = c->e;
    enum gz_evidence_date form = gz_propose_form(e);
    size_t different = e->values.count;

    if (e->filled < 3 || e->filled * 10 < e->rows)
        return 0;
    if (gz_str_is(f->name, "received_at"))
        return form < GZ_DATE_COMPACT && gz_evidence_most(e, e->hits[form], 95) ? 42 : 0;
    if (gz_str_is(f->name, "petition_id"))
        return gz_evidence_most(e, e->codes, 98) && e->han * 2 < e->filled &&
                       different == e->filled && e->filled == e->rows &&
                       !gz_evidence_most(e, e->counting, 95) && form == GZ_DATE_FORMS &&
                       e->longest >= 5
                   ? 45
                   : 0;
    if (gz_str_is(f->name, "lat"))
        return gz_evidence_most(e, e->latitudes, 95) ? 41 : 0;
    if (gz_str_is(f->name, "lon"))
        return gz_evidence_most(e, e->longitudes, 95)
                   ? gz_evidence_most(e, e->latitudes, 50) ? 40 : 60
                   : 0;
    if (gz_str_is(f->name, "text"))
        return mean_chars(e) >= 25 && different * 10 >= e->filled * 8
                   ? 40 + (int)(mean_chars(e) > 150 ? 15 : mean_chars(e) / 10)
                   : 0;
    if (gz_str_is(f->name, "district"))
        return gz_evidence_most(e, e->districts, 90) ? 45 : 0;
    if (gz_str_is(f->name, "subdistrict"))
        return gz_evidence_most(e, e->streets, 80) ? 50 : 0;
    if (gz_str_is(f->name, "community"))
        return gz_evidence_most(e, e->communities, 80) ? 50 : 0;
    if (gz_str_is(f->name, "address"))
        return gz_evidence_most(e, e->addresses, 70) && different * 2 > e->filled ? 45
                                                                                  : 0;
    if (gz_str_is(f->name, "lead_org"))
        return gz_evidence_most(e, e->units, 70) ? 45 : 0;
    if (gz_str_is(f->name, "category_given"))
        return gz_evidence_most(e, e->paths[0] + e->paths[1] + e->paths[2], 50) ? 60
               : gz_evidence_most(e, e->worded, 95) && different >= 4 &&
                       different * 4 <= e->filled && mean_chars(e) >= 3 &&
                       mean_chars(e) <= 40
                   ? 40
                   : 0;
    if (gz_str_is(f->name, "status") || gz_str_is(f->name, "role") ||
        gz_str_is(f->name, "kind"))
        return e->longest >= 2 && different >= 2 && gz_propose_known(p, c, f) >= 85 ? 46
                                                                                    : 0;
    if (gz_str_is(f->name, "fu_satisfied")) {
        for (uint32_t i = 0; i < different && i < 20; i++)
            if (gz_str_find(e->values.keys[i], GZ_STR("满意")) != (size_t)-1 &&
                gz_propose_known(p, c, f) >= 90)
                return 60;
    }
    return 0;
}
