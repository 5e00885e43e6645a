// SPDX-License-Identifier: MIT
// The forms of dates of a proposal, and what tells the day from the month.
#include <string.h>

#include "base/tr.h"
#include "ingest/propose.h"

static const char *const forms[GZ_DATE_FORMS] = { "ymd",        "mdy",     "dmy",
                                                  "month-name", "compact", "excel",
                                                  "epoch",      "epoch-ms" };

// Either reading fits as well as the other.
static bool
is_unsure(const struct gz_evidence *e)
{
    enum gz_evidence_date form = gz_propose_form(e);

    return (form == GZ_DATE_MDY || form == GZ_DATE_DMY) &&
           e->hits[GZ_DATE_MDY] == e->hits[GZ_DATE_DMY];
}

// A column of dates that can be read in one way only; NULL when there is none.
static const struct gz_propose_column *
sure_column(const struct gz_proposal *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct gz_evidence *e = p->column[i].e;
        enum gz_evidence_date form = gz_propose_form(e);

        if ((form == GZ_DATE_MDY || form == GZ_DATE_DMY) && !is_unsure(e) &&
            gz_evidence_most(e, e->hits[form], 90))
            return &p->column[i];
    }
    return NULL;
}

// Exports stand in the order of a date: the reading in which this column does is right.
// 0 for month first, 1 for day first, -1 when it does not tell.
static int
by_order(const struct gz_evidence *e)
{
    size_t pairs = e->hits[GZ_DATE_MDY], in_order[2];

    if (pairs < 6)
        return -1;
    pairs--;
    for (int r = 0; r < 2; r++)
        in_order[r] =
            e->ascending[r] > e->descending[r] ? e->ascending[r] : e->descending[r];
    for (int r = 0; r < 2; r++)
        if (in_order[r] * 100 >= pairs * 97 && in_order[1 - r] * 100 <= pairs * 85)
            return r;
    return -1;
}

static size_t
bits(uint32_t set)
{
    size_t n = 0;

    for (; set; set &= set - 1)
        n++;
    return n;
}

// Exports are of some weeks or months: what has few values is the month, where the other
// reading would put everything on the same few days of many months.
static int
by_spread(const struct gz_evidence *e)
{
    size_t first = bits(e->firsts), second = bits(e->seconds);

    if (e->hits[GZ_DATE_MDY] < 20)
        return -1;
    return second >= 2 && first * 4 <= second + 2  ? 0
           : first >= 2 && second * 4 <= first + 2 ? 1
                                                   : -1;
}

static const struct gz_propose_column *
ordered_column(const struct gz_proposal *p, int *reading)
{
    for (size_t i = 0; i < p->count; i++)
        if (is_unsure(p->column[i].e) && ((*reading = by_order(p->column[i].e)) >= 0 ||
                                          (*reading = by_spread(p->column[i].e)) >= 0))
            return &p->column[i];
    return NULL;
}

// Where the places of the table lie: in America the month is written first, elsewhere
// the day. 0, 1, or -1 when there are no coordinates.
static int
by_place(const struct gz_proposal *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct gz_propose_column *c = &p->column[i];

        if (c->role == GZ_PROPOSE_FIELD && gz_str_is(c->field->name, "lon") &&
            gz_evidence_most(c->e, c->e->longitudes, 80))
            return gz_evidence_most(c->e, c->e->west, 80) ? 0 : 1;
    }
    return -1;
}

static void
choose_unsure(struct gz_proposal *p, struct gz_propose_column *c)
{
    const struct gz_propose_column *other = sure_column(p);
    int reading = -1;

    if (other) {
        c->date[0] = forms[gz_propose_form(other->e)];
        c->why =
            gz_arena_printf(p->arena,
                            _(GZ_STR_FMT "; day or month first is unsure here, and like "
                                         "'" GZ_STR_FMT "', which has days above 12"),
                            GZ_STR_ARG(c->why), GZ_STR_ARG(other->column->name));
        return;
    }
    other = ordered_column(p, &reading);
    if (other) {
        c->date[0] = forms[GZ_DATE_MDY + reading];
        c->why = gz_arena_printf(
            p->arena,
            _(GZ_STR_FMT "; no day is above 12, but as %s the days of "
                         "'" GZ_STR_FMT "' follow one another"),
            GZ_STR_ARG(c->why), c->date[0], GZ_STR_ARG(other->column->name));
        return;
    }
    reading = by_place(p);
    if (reading >= 0) {
        c->date[0] = forms[GZ_DATE_MDY + reading];
        c->why =
            gz_arena_printf(p->arena,
                            _(GZ_STR_FMT "; CHECK: no day is above 12; %s because of "
                                         "where the longitudes lie"),
                            GZ_STR_ARG(c->why), c->date[0]);
        return;
    }
    c->date[0] = "mdy";
    c->date[1] = "dmy";
    c->why = gz_arena_printf(p->arena,
                             _(GZ_STR_FMT
                               "; CHECK: nothing tells whether the day or the month "
                               "comes first: keep mdy or dmy"),
                             GZ_STR_ARG(c->why));
}

// The form of most dates of the table, for columns that are empty yet.
static const char *
usual_form(const struct gz_proposal *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->column[i].field && p->column[i].field->type == GZ_FIELD_TIME &&
            p->column[i].date[0] && !p->column[i].date[1])
            return p->column[i].date[0];
    return NULL;
}

void
gz_propose_dates(struct gz_proposal *p)
{
    const char *usual;

    for (size_t i = 0; i < p->count; i++) {
        struct gz_propose_column *c = &p->column[i];
        enum gz_evidence_date form = gz_propose_form(c->e);

        if (c->role != GZ_PROPOSE_FIELD || c->field->type != GZ_FIELD_TIME || c->joined ||
            form == GZ_DATE_FORMS)
            continue;
        c->lenient = c->e->hits[form] < c->e->filled;
        if (is_unsure(c->e))
            choose_unsure(p, c);
        else
            c->date[0] = forms[form];
    }
    usual = usual_form(p);
    for (size_t i = 0; i < p->count; i++) {
        struct gz_propose_column *c = &p->column[i];

        if (c->role == GZ_PROPOSE_FIELD && c->field->type == GZ_FIELD_TIME &&
            !c->joined && !c->date[0]) {
            c->date[0] = usual;
            c->lenient = true;
        }
    }
}
