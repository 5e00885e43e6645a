// SPDX-License-Identifier: MIT
#include "route/decide.h"

#include "base/time.h"
#include "civic/deadline.h"
#include "record/writer.h"
#include "route/chain.h"

// As a string of JSON, quotes and all: the chain is written into every record.
static struct gz_str
prefixed(struct gz_arena *a, const char *step, struct gz_str id)
{
    struct gz_buf b = { 0 };
    struct gz_str s = gz_arena_printf(a, "%s:" GZ_STR_FMT, step, GZ_STR_ARG(id));

    gz_write_string(&b, s);
    s = gz_arena_dup(a, gz_buf_str(&b));
    gz_buf_release(&b);
    return s;
}

#define NAME_ROWS(d, member, sheet, step, field)                                         \
    do {                                                                                 \
        size_t n_ = gz_pack_rows((d)->pack, sheet);                                      \
        (d)->member = gz_arena_new(arena, struct gz_str, n_ + 1);                        \
        for (size_t i_ = 0; i_ < n_; i_++)                                               \
            (d)->member[i_] = prefixed(arena, step, (d)->pack->member[i_].field);        \
    } while (0)

static bool
row_is_for(const struct gz_pack *p, const struct gz_dispatch *r, size_t category)
{
    if (r->category == GZ_ANY_CATEGORY)
        return true;
    return category < gz_pack_rows(p, GZ_SHEET_CATEGORIES) &&
           (r->category == category || r->category == p->category[category].top);
}

static void
sort_rows(struct gz_decider *d, struct gz_arena *arena)
{
    const struct gz_pack *p = d->pack;
    size_t categories = gz_pack_rows(p, GZ_SHEET_CATEGORIES);
    size_t rows = gz_pack_rows(p, GZ_SHEET_DISPATCH);

    d->rows = gz_arena_new(arena, uint32_t *, categories + 1);
    d->n_rows = gz_arena_new(arena, size_t, categories + 1);
    for (size_t c = 0; c <= categories; c++) {
        size_t cap = 0;

        for (uint32_t i = 0; i < rows; i++)
            if (row_is_for(p, &p->dispatch[i], c)) {
                d->rows[c] = gz_arena_grow(arena, d->rows[c], &cap, d->n_rows[c] + 1,
                                           sizeof(**d->rows));
                d->rows[c][d->n_rows[c]++] = i;
            }
    }
}

struct gz_decider *
gz_decider_new(const struct gz_pack *pack, const struct gz_decider_options *options,
               struct gz_arena *arena)
{
    struct gz_decider *d = gz_arena_new(arena, struct gz_decider, 1);
    size_t referrals = gz_pack_rows(pack, GZ_SHEET_REFERRALS);

    d->pack = pack;
    d->options = *options;
    gz_category_index_init(&d->categories, pack, arena);
    gz_unit_index_init(&d->units, pack, arena);
    d->places = gz_place_index_new(pack, arena);
    NAME_ROWS(d, rule, GZ_SHEET_RULES, "R5", id);
    NAME_ROWS(d, dispatch, GZ_SHEET_DISPATCH, "R6", id);
    NAME_ROWS(d, breadth, GZ_SHEET_BREADTH, "R9", name);
    NAME_ROWS(d, place, GZ_SHEET_PLACES, "R4", id);
    NAME_ROWS(d, field, GZ_SHEET_FIELDS, "T", name);
    NAME_ROWS(d, answer, GZ_SHEET_ANSWERS, "R3", id);
    NAME_ROWS(d, deadline, GZ_SHEET_DEADLINES, "R11", name);
    sort_rows(d, arena);
    d->referral = gz_arena_new(arena, struct gz_str, referrals + 1);
    for (size_t i = 0; i < referrals; i++)
        d->referral[i] =
            prefixed(arena, gz_str_is(pack->referral[i].step, "R0") ? "R0" : "R1",
                     pack->referral[i].id);
    return d;
}

void
gz_decider_free(struct gz_decider *d)
{
    if (!d)
        return;
    gz_category_index_release(&d->categories);
    gz_unit_index_release(&d->units);
    gz_place_index_free(d->places);
}

int64_t
gz_facts_day(const struct gz_facts *f)
{
    struct gz_time t;

    if (gz_time_parse(f->received_at, &t) || gz_time_parse(f->assigned_at, &t))
        return t.prec >= GZ_PREC_DAY ? gz_time_day(t) : GZ_UNDATED;
    return GZ_UNDATED;
}

uint32_t
gz_decider_given(struct gz_decider *d, struct gz_str given)
{
    return given.len ? gz_category_find(&d->categories, given) : GZ_NO_CATEGORY;
}

// ---- the steps ----

// R0 and R1: what belongs elsewhere. In audit mode the chain says so and nothing else
// changes.
static void
emergencies_and_referrals(struct gz_chain *c)
{
    for (size_t i = 0; i < c->found->alarms && c->f->petition; i++) {
        const struct gz_alarm *a = &c->found->alarm[i];
        const struct gz_referral *r = &c->d->pack->referral[a->referral];
        const struct gz_deadline *two_hours;

        if (a->guard.len || a->form)
            continue;
        gz_chain_say(c, c->d->referral[a->referral]);
        if (c->d->options.mode == GZ_ROUTE_AUDIT || c->done)
            continue;
        c->done = true;
        c->out->outcome = GZ_STR("referred");
        c->out->to_org = r->target;
        two_hours = gz_str_is(r->step, "R0")
                        ? gz_deadline_find(c->d->pack, GZ_STR("2h"), c->day)
                        : NULL;
        if (two_hours) {
            struct gz_time from, due;
            char text[32];

            if (gz_time_parse(c->f->received_at, &from) &&
                gz_deadline_due(c->d->pack, two_hours, from, &due)) {
                c->out->due_at = gz_arena_dup(
                    c->arena, (struct gz_str){ text, gz_time_format(due, text) });
                c->out->due_src = GZ_STR("computed");
            }
        }
    }
}

// R2: a repeat is not sent out again, unless the first was not solved.
static void
repeats(struct gz_chain *c)
{
    if (!c->f->petition || c->f->repeat_of.len == 0 || c->done)
        return;
    if (gz_str_is(c->f->fu_solved, "no")) {
        GZ_SAY(c, "R2:unsolved");
        return;
    }
    GZ_SAY(c, "R2:repeat");
    if (c->d->options.mode == GZ_ROUTE_DISPATCH) {
        c->done = true;
        c->out->outcome = GZ_STR("not_redispatched");
    }
}

// R3: a question whose answer is known needs nobody. In audit mode the chain says so.
static void
answer(struct gz_chain *c)
{
    if (!c->f->petition || c->done || !c->found->has_answer ||
        !gz_str_is(c->f->kind, "咨询"))
        return;
    c->out->answered = &c->d->pack->answer[c->found->answered.answer];
    gz_chain_say(c, c->d->answer[c->found->answered.answer]);
    if (c->d->options.mode == GZ_ROUTE_DISPATCH) {
        c->done = true;
        c->out->outcome = GZ_STR("answered");
    }
}

// R4: where it is, by what the record says and the gazetteer of its day.
static void
find_place(struct gz_chain *c)
{
    const struct gz_facts *f = c->f;
    struct gz_place_facts facts = { f->district, f->subdistrict, f->community,
                                    f->compound, f->building,    f->address };
    struct gz_place_found *at = &c->out->place;

    gz_place_resolve(c->d->places, &facts, c->day, c->arena, at);
    c->community = gz_chain_unit_name(c, at->community);
    c->subdistrict = gz_chain_unit_name(c, at->subdistrict);
    c->district = gz_chain_unit_name(c, at->district);
    c->lead = gz_chain_unit_name(c, f->lead_org);
}

// What was done to find it, and the smallest place that is known.
static void
area(struct gz_chain *c)
{
    const struct gz_place_found *at = &c->out->place;

    if (!c->f->petition)
        return;
    if (at->at)
        gz_chain_say(c, c->d->place[at->at - c->d->pack->place]);
    if (at->glued)
        GZ_SAY(c, "R4:glued");
    if (at->renamed)
        GZ_SAY(c, "R4:renamed");
    if (at->split)
        GZ_SAY(c, "R4:split");
    if (at->ambiguous)
        GZ_SAY(c, "R4:ambiguous");
    if (c->community.len)
        GZ_SAY(c, "R4:community");
    else if (c->subdistrict.len)
        GZ_SAY(c, "R4:subdistrict");
    else if (c->district.len)
        GZ_SAY(c, "R4:district");
}

// A model decides where it is sure enough and no rules overrule it. Its labels are the
// user's: what the pack knows by that name, or as a synonym, is the category.
static bool
learned_category(struct gz_chain *c)
{
    const struct gz_learned *l = &c->f->learned;
    const struct gz_findings *f = c->found;

    if (l->path.len == 0 || l->score < c->d->options.least ||
        (f->candidates && f->best[0].score >= c->d->options.overrule))
        return false;
    c->out->category = gz_category_find(&c->d->categories, l->path);
    c->out->label = l->path;
    c->out->category_src = "model";
    c->out->score = l->score;
    c->out->has_score = true;
    GZ_SAY(c, "R5:model");
    return true;
}

// R5: the category that the source gives, if the pack knows it; else what a model says;
// else that of the rules.
static void
category(struct gz_chain *c)
{
    const struct gz_findings *f = c->found;

    c->out->category = c->f->given_is;
    if (c->out->category != GZ_NO_CATEGORY) {
        c->out->category_src = "given";
        GZ_SAY(c, "R5:given");
        return;
    }
    if (learned_category(c))
        return;
    if (f->candidates == 0 || f->best[0].score < c->d->options.threshold) {
        GZ_SAY(c, "R5:unclassified");
        return;
    }
    c->out->category = f->best[0].category;
    c->out->category_src = "rule";
    c->out->score = f->best[0].score;
    c->out->has_score = true;
    for (size_t i = 0; i < f->evidences; i++)
        if (c->d->pack->rule[f->evidence[i].rule].category == c->out->category)
            gz_chain_say(c, c->d->rule[f->evidence[i].rule]);
}

// The other matters of the text. What the source gave is taken to be the one.
static void
matters(struct gz_chain *c)
{
    struct gz_decision *o = c->out;

    if (o->category != GZ_NO_CATEGORY && !gz_str_is(gz_str_of(o->category_src), "given"))
        o->matters = gz_matters_find(c->d->pack, c->found, o->category,
                                     2 * c->d->options.threshold, o->matter);
}

void
gz_decide(struct gz_decider *d, const struct gz_facts *facts, int64_t day,
          const struct gz_findings *found, struct gz_arena *arena,
          struct gz_decision *out)
{
    static void (*const steps[])(struct gz_chain *) = {
        emergencies_and_referrals,
        repeats,
        answer,
        area,
        category,
        matters,
        gz_chain_catalogue,
        gz_chain_duty,
        gz_chain_ban,
        gz_chain_breadth,
        gz_chain_first_receiver,
        gz_chain_owner,
        gz_chain_copy_district,
        gz_chain_deadline,
        gz_chain_forum_tier,
        gz_chain_field,
        gz_chain_finish,
    };
    struct gz_chain c = {
        .d = d, .f = facts, .found = found, .arena = arena, .out = out, .day = day
    };

    // Only the counts of the lists: the lists themselves are large.
    out->category = GZ_NO_CATEGORY;
    out->category_src = NULL;
    out->label = (struct gz_str){ NULL, 0 };
    out->has_score = false;
    out->breadth = out->resource_pool = out->ladder = out->tier = out->duty =
        out->to_org = out->agenda_tier = out->due_at = out->due_src = out->outcome =
            (struct gz_str){ NULL, 0 };
    out->co.count = out->copy.count = out->call.count = out->rules.count = 0;
    out->owner = out->field = (struct gz_str){ NULL, 0 };
    out->answered = NULL;
    out->matters = 0;
    if (facts->petition)
        find_place(&c);
    for (size_t i = 0; i < GZ_COUNT(steps); i++)
        steps[i](&c);
}
