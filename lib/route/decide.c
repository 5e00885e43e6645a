// SPDX-License-Identifier: MIT
#include "route/decide.h"

#include "base/num.h"
#include "base/time.h"
#include "civic/deadline.h"
#include "record/writer.h"

struct gz_decider {
    const struct gz_pack *pack;
    struct gz_decider_options options;
    struct gz_category_index categories;
    struct gz_unit_index units;
    struct gz_place_index *places;
    // What the chain says, made once: "R5:" and the id, and so on.
    struct gz_str *rule, *referral, *dispatch, *deadline, *breadth, *place, *answer;
    // The rows of the catalogue that are for each category, in order; the last list is
    // for records without one.
    uint32_t **rows;
    size_t *n_rows;
};

// One record on its way through the steps.
struct chain {
    struct gz_decider *d;
    const struct gz_facts *f;
    const struct gz_findings *found;
    struct gz_arena *arena;
    struct gz_decision *out;
    int64_t day;
    struct gz_str community, subdistrict, district, lead; // by their names of the day
    const struct gz_dispatch *row;                        // of the catalogue
    bool done; // an outcome was reached: the rest is passed over
};

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

// ---- what steps share ----

static void
add(struct gz_names *n, struct gz_str s)
{
    for (size_t i = 0; i < n->count; i++)
        if (gz_str_eq(n->item[i], s))
            return;
    if (s.len && n->count < GZ_CHAIN)
        n->item[n->count++] = s;
}

static void
say(struct chain *c, struct gz_str rule)
{
    struct gz_names *n = &c->out->rules;

    for (size_t i = 0; i < n->count; i++)
        if (n->item[i].ptr == rule.ptr)
            return;
    if (n->count < GZ_CHAIN)
        n->item[n->count++] = rule;
}

#define SAY(c, lit) say((c), GZ_STR("\"" lit "\""))

// The name of a unit on the day of the record.
static struct gz_str
unit_name(const struct chain *c, struct gz_str name)
{
    const struct gz_unit *u = name.len ? gz_unit_find(&c->d->units, name, c->day) : NULL;

    return u ? u->name : name;
}

// What a cell of the catalogue names for this record: nothing if its place is unknown.
static struct gz_str
resolve(const struct chain *c, struct gz_str cell)
{
    const struct gz_str mark = GZ_STR("{district}");
    size_t at;

    if (gz_str_is(cell, "@community"))
        return c->community;
    if (gz_str_is(cell, "@subdistrict"))
        return c->subdistrict;
    if (gz_str_is(cell, "@district"))
        return c->district;
    at = gz_str_find(cell, mark);
    if (at != (size_t)-1) {
        size_t len = cell.len - mark.len + c->district.len;
        char *to = gz_arena_alloc(c->arena, len + 1, 1, 1);

        memcpy(to, cell.ptr, at);
        if (c->district.len)
            memcpy(to + at, c->district.ptr, c->district.len);
        memcpy(to + at + c->district.len, cell.ptr + at + mark.len,
               cell.len - at - mark.len);
        cell = (struct gz_str){ to, len };
    }
    return unit_name(c, cell);
}

static void
resolve_all(const struct chain *c, struct gz_words cells, struct gz_names *out)
{
    for (size_t i = 0; i < cells.count; i++) {
        struct gz_str name = resolve(c, cells.item[i]);

        if (!gz_str_eq(name, c->out->to_org))
            add(out, name);
    }
}

// Of the record's own places the tier is known; of others their row or name says.
static struct gz_str
tier_of(const struct chain *c, struct gz_str org)
{
    if (org.len == 0)
        return org;
    if (gz_str_eq(org, c->community) || gz_str_eq(org, c->f->community))
        return GZ_STR("community");
    if (gz_str_eq(org, c->subdistrict) || gz_str_eq(org, c->f->subdistrict))
        return GZ_STR("subdistrict");
    if (gz_str_eq(org, c->district) || gz_str_eq(org, c->f->district))
        return GZ_STR("district");
    // "甲区住建部门" is the 住建部门 of the district, where no row names it.
    if (c->district.len && org.len > c->district.len && gz_str_starts(org, c->district) &&
        !gz_unit_find(&c->d->units, org, c->day))
        org = gz_str_from(org, c->district.len);
    return gz_unit_tier(&c->d->units, org, c->day);
}

// ---- the steps ----

// R0 and R1: what belongs elsewhere. In audit mode the chain says so and nothing else
// changes.
static void
emergencies_and_referrals(struct chain *c)
{
    for (size_t i = 0; i < c->found->alarms && c->f->petition; i++) {
        const struct gz_alarm *a = &c->found->alarm[i];
        const struct gz_referral *r = &c->d->pack->referral[a->referral];
        const struct gz_deadline *two_hours;

        if (a->guard.len || a->form)
            continue;
        say(c, c->d->referral[a->referral]);
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
repeats(struct chain *c)
{
    if (!c->f->petition || c->f->repeat_of.len == 0 || c->done)
        return;
    if (gz_str_is(c->f->fu_solved, "no")) {
        SAY(c, "R2:unsolved");
        return;
    }
    SAY(c, "R2:repeat");
    if (c->d->options.mode == GZ_ROUTE_DISPATCH) {
        c->done = true;
        c->out->outcome = GZ_STR("not_redispatched");
    }
}

// R3: a question whose answer is known needs nobody. In audit mode the chain says so.
static void
answer(struct chain *c)
{
    if (!c->f->petition || c->done || !c->found->has_answer ||
        !gz_str_is(c->f->kind, "咨询"))
        return;
    c->out->answered = &c->d->pack->answer[c->found->answered.answer];
    say(c, c->d->answer[c->found->answered.answer]);
    if (c->d->options.mode == GZ_ROUTE_DISPATCH) {
        c->done = true;
        c->out->outcome = GZ_STR("answered");
    }
}

// R4: where it is, by what the record says and the gazetteer of its day.
static void
find_place(struct chain *c)
{
    const struct gz_facts *f = c->f;
    struct gz_place_facts facts = { f->district, f->subdistrict, f->community,
                                    f->compound, f->building,    f->address };
    struct gz_place_found *at = &c->out->place;

    gz_place_resolve(c->d->places, &facts, c->day, c->arena, at);
    c->community = unit_name(c, at->community);
    c->subdistrict = unit_name(c, at->subdistrict);
    c->district = unit_name(c, at->district);
    c->lead = unit_name(c, f->lead_org);
}

// What was done to find it, and the smallest place that is known.
static void
area(struct chain *c)
{
    const struct gz_place_found *at = &c->out->place;

    if (!c->f->petition)
        return;
    if (at->at)
        say(c, c->d->place[at->at - c->d->pack->place]);
    if (at->glued)
        SAY(c, "R4:glued");
    if (at->renamed)
        SAY(c, "R4:renamed");
    if (at->split)
        SAY(c, "R4:split");
    if (at->ambiguous)
        SAY(c, "R4:ambiguous");
    if (c->community.len)
        SAY(c, "R4:community");
    else if (c->subdistrict.len)
        SAY(c, "R4:subdistrict");
    else if (c->district.len)
        SAY(c, "R4:district");
}

// A model decides where it is sure enough and no rules overrule it. Its labels are the
// user's: what the pack knows by that name, or as a synonym, is the category.
static bool
learned_category(struct chain *c)
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
    SAY(c, "R5:model");
    return true;
}

// R5: the category that the source gives, if the pack knows it; else what a model says;
// else that of the rules.
static void
category(struct chain *c)
{
    const struct gz_findings *f = c->found;

    c->out->category = c->f->given_is;
    if (c->out->category != GZ_NO_CATEGORY) {
        c->out->category_src = "given";
        SAY(c, "R5:given");
        return;
    }
    if (learned_category(c))
        return;
    if (f->candidates == 0 || f->best[0].score < c->d->options.threshold) {
        SAY(c, "R5:unclassified");
        return;
    }
    c->out->category = f->best[0].category;
    c->out->category_src = "rule";
    c->out->score = f->best[0].score;
    c->out->has_score = true;
    for (size_t i = 0; i < f->evidences; i++)
        if (c->d->pack->rule[f->evidence[i].rule].category == c->out->category)
            say(c, c->d->rule[f->evidence[i].rule]);
}

// The other matters of the text. What the source gave is taken to be the one.
static void
matters(struct chain *c)
{
    struct gz_decision *o = c->out;

    if (o->category != GZ_NO_CATEGORY && !gz_str_is(gz_str_of(o->category_src), "given"))
        o->matters = gz_matters_find(c->d->pack, c->found, o->category,
                                     2 * c->d->options.threshold, o->matter);
}

static bool
row_fits(const struct chain *c, const struct gz_dispatch *r)
{
    if (!gz_valid_on(r->valid, c->day))
        return false;
    if (r->kind.len && !gz_str_eq(r->kind, c->f->kind))
        return false;
    return r->area.len == 0 || gz_str_eq(r->area, c->f->district) ||
           gz_str_eq(r->area, c->f->subdistrict) || gz_str_eq(r->area, c->f->community) ||
           gz_str_eq(r->area, c->district) || gz_str_eq(r->area, c->subdistrict) ||
           gz_str_eq(r->area, c->community);
}

// R6: the catalogue; else the unit that the source names; else the place.
static void
catalogue(struct chain *c)
{
    const struct gz_pack *p = c->d->pack;
    size_t mine = c->out->category == GZ_NO_CATEGORY
                      ? gz_pack_rows(p, GZ_SHEET_CATEGORIES)
                      : c->out->category;

    if (!c->f->petition || c->done)
        return;
    for (size_t n = 0; n < c->d->n_rows[mine]; n++) {
        uint32_t i = c->d->rows[mine][n];
        const struct gz_dispatch *r = &p->dispatch[i];

        if (!row_fits(c, r))
            continue;
        for (size_t j = 0; j < r->lead.count && c->out->to_org.len == 0; j++)
            c->out->to_org = resolve(c, r->lead.item[j]);
        if (c->out->to_org.len == 0)
            continue;
        c->row = r;
        say(c, c->d->dispatch[i]);
        resolve_all(c, r->co, &c->out->co);
        resolve_all(c, r->copy, &c->out->copy);
        resolve_all(c, r->call, &c->out->call);
        return;
    }
    if (c->f->lead_org.len) {
        c->out->to_org = c->lead;
        SAY(c, "R6:as-given");
    } else if (c->out->category != GZ_NO_CATEGORY && c->subdistrict.len) {
        c->out->to_org = c->subdistrict;
        SAY(c, "R6:subdistrict");
    } else if (c->out->category != GZ_NO_CATEGORY && c->district.len) {
        c->out->to_org = c->district;
        SAY(c, "R6:district");
    }
}

static void
set_tier(struct chain *c)
{
    struct gz_decision *o = c->out;

    o->tier = tier_of(c, o->to_org);
    if (o->tier.len == 0 && c->row && c->row->tier.len)
        o->tier = c->row->tier;
}

// R7: who leads follows from whose the matter is (四管).
static void
duty(struct chain *c)
{
    struct gz_decision *o = c->out;

    if (!c->f->petition || c->done || o->to_org.len == 0)
        return;
    set_tier(c);
    if (gz_str_is(o->tier, "community"))
        o->duty = GZ_STR("delivery");
    else if (gz_str_is(o->tier, "subdistrict"))
        o->duty = GZ_STR("area");
    else if (c->row && gz_str_is(c->row->duty, "coordination"))
        o->duty = GZ_STR("coordination");
    else if (c->row)
        o->duty = GZ_STR("field"); // a department, or the district itself
    else if (o->category != GZ_NO_CATEGORY)
        o->duty = c->d->pack->category[o->category].duty;
    if (gz_str_is(o->duty, "field"))
        SAY(c, "R7:field");
    else if (gz_str_is(o->duty, "area"))
        SAY(c, "R7:area");
    else if (gz_str_is(o->duty, "delivery"))
        SAY(c, "R7:delivery");
    else if (gz_str_is(o->duty, "coordination"))
        SAY(c, "R7:coordination");
}

static void
drop(struct gz_names *n, struct gz_str s)
{
    size_t kept = 0;

    for (size_t i = 0; i < n->count; i++)
        if (!gz_str_eq(n->item[i], s))
            n->item[kept++] = n->item[i];
    n->count = kept;
}

// R8: a community leads nothing that its duty list does not hold (article 17). A lead
// that we chose is raised to the sub-district; one that the source names is a fact: it
// stays and is flagged.
static void
ban(struct chain *c)
{
    struct gz_decision *o = c->out;
    bool named = gz_str_is(tier_of(c, c->f->lead_org), "community") &&
                 (c->f->role.len == 0 || gz_str_is(c->f->role, "lead"));
    bool chosen = gz_str_is(o->tier, "community");
    struct gz_str community = o->to_org;

    if (!c->f->petition || c->done || (!named && !chosen) ||
        gz_category_community_leads(c->d->pack, c->out->category, c->day))
        return;
    if (named)
        SAY(c, "R8:E-BAN");
    if (!chosen || !c->row)
        return;
    SAY(c, "R8:ban");
    o->to_org = c->subdistrict.len ? c->subdistrict : c->district;
    o->tier = tier_of(c, o->to_org);
    o->duty = o->to_org.len ? GZ_STR("area") : (struct gz_str){ NULL, 0 };
    add(&o->co, community);
    drop(&o->co, o->to_org);
    drop(&o->copy, o->to_org);
}

// Article 12: what goes straight to a sub-district is copied to its district.
static void
copy_district(struct chain *c)
{
    if (c->f->petition && !c->done && gz_str_is(c->out->tier, "subdistrict") &&
        c->district.len)
        add(&c->out->copy, c->district);
}

static void
set_breadth(struct chain *c, const struct gz_breadth *b)
{
    c->out->breadth = b->name;
    c->out->resource_pool = b->pool;
    c->out->agenda_tier = b->tier;
    say(c, c->d->breadth[b - c->d->pack->breadth]);
}

// The widest class, the last of the sheet, whose thresholds gz-link's counts reach.
static void
breadth_by_counts(struct chain *c)
{
    const struct gz_pack *p = c->d->pack;
    int64_t linked[GZ_LINKED];
    bool any = false;

    for (int i = 0; i < GZ_LINKED; i++) {
        if (!gz_num_i64(c->f->linked[i], &linked[i]))
            linked[i] = -1;
        any = any || linked[i] >= 0;
    }
    for (size_t i = gz_pack_rows(p, GZ_SHEET_BREADTH); any && i-- > 0;)
        if (gz_category_breadth_reached(&p->breadth[i], linked)) {
            SAY(c, "R9:linked");
            set_breadth(c, &p->breadth[i]);
            return;
        }
}

// R9: how wide the matter is: as the source says; else as gz-link counted; else unknown.
static void
breadth(struct chain *c)
{
    const struct gz_pack *p = c->d->pack;

    if (c->done)
        return;
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_BREADTH); i++)
        if (c->f->breadth_given.len &&
            gz_category_breadth_is(&p->breadth[i], c->f->breadth_given)) {
            set_breadth(c, &p->breadth[i]);
            return;
        }
    if (c->f->petition && c->f->breadth_given.len == 0)
        breadth_by_counts(c);
}

// R10: who received first keeps it (article 14).
static void
first_receiver(struct chain *c)
{
    if (!c->f->petition || c->done || c->d->options.mode == GZ_ROUTE_AUDIT ||
        c->f->lead_org.len == 0 || (c->f->role.len && !gz_str_is(c->f->role, "lead")))
        return;
    if (gz_str_eq(c->lead, c->out->to_org))
        return;
    SAY(c, "R10:first-receiver");
    c->out->to_org = c->lead;
    set_tier(c);
}

// A leader who has taken charge of a case (领导包案) answers for it; who deals with it
// stays as it is.
static void
owner(struct chain *c)
{
    if (!c->f->petition || c->done || c->f->case_owner.len == 0)
        return;
    c->out->owner = c->f->case_owner;
    SAY(c, "R10:case-owner");
}

// The time that stands on the order. A column of limits holds a class or a date: a class
// that is a date is as printed as the other.
static struct gz_str
printed_deadline(const struct chain *c)
{
    struct gz_time t;

    if (c->f->due_given.len)
        return c->f->due_given;
    if (c->f->deadline_class.len && gz_time_parse(c->f->deadline_class, &t) &&
        t.prec >= GZ_PREC_DAY)
        return c->f->deadline_class;
    return (struct gz_str){ NULL, 0 };
}

// The class that the order has; else that of its inlet; else that of its category.
static const struct gz_deadline *
deadline_class(const struct chain *c)
{
    const struct gz_pack *p = c->d->pack;
    const struct gz_deadline *d = NULL;

    if (c->f->deadline_class.len)
        d = gz_deadline_find(p, c->f->deadline_class, c->day);
    if (!d && (c->f->channel_class.len || c->f->channel.len))
        d = gz_deadline_of_inlet(p, c->f->channel_class, c->f->channel, c->day);
    if (!d && c->out->category != GZ_NO_CATEGORY &&
        p->category[c->out->category].deadline_class.len)
        d = gz_deadline_find(p, p->category[c->out->category].deadline_class, c->day);
    return d;
}

// R11: the deadline as printed; else by a class.
static void
deadline(struct chain *c)
{
    struct gz_str printed = printed_deadline(c);
    const struct gz_deadline *d;
    struct gz_time from, due;
    char text[32];

    if (!c->f->petition || c->done)
        return;
    if (printed.len) {
        c->out->due_at = printed;
        c->out->due_src = GZ_STR("printed");
        SAY(c, "R11:printed");
        return;
    }
    d = deadline_class(c);
    if (!d || (!gz_time_parse(c->f->assigned_at, &from) &&
               !gz_time_parse(c->f->received_at, &from)))
        return;
    if (!gz_deadline_due(c->d->pack, d, from, &due))
        return;
    c->out->due_at =
        gz_arena_dup(c->arena, (struct gz_str){ text, gz_time_format(due, text) });
    c->out->due_src = GZ_STR("computed");
    say(c, c->d->deadline[d - c->d->pack->deadline]);
}

// The tier of a meeting or an agenda item: as given, by its forum, or by its place.
static void
forum_tier(struct chain *c)
{
    static const struct {
        size_t field;
        struct gz_str tier;
    } places[] = {
        { offsetof(struct gz_facts, community), { "community", 9 } },
        { offsetof(struct gz_facts, subdistrict), { "subdistrict", 11 } },
        { offsetof(struct gz_facts, district), { "district", 8 } },
    };
    const struct gz_rung *r = NULL;

    if (!c->f->forum_kind)
        return;
    if (c->f->tier_given.len && (r = gz_rung_find(c->d->pack, c->f->tier_given)))
        SAY(c, "T:given");
    if (!r && c->f->forum.len && (r = gz_rung_find(c->d->pack, c->f->forum)))
        SAY(c, "T:forum");
    for (size_t i = 0; i < GZ_COUNT(places) && !r; i++) {
        struct gz_str place;

        memcpy(&place, (const char *)c->f + places[i].field, sizeof(place));
        if (place.len && (r = gz_rung_of_tier(c->d->pack, places[i].tier)))
            SAY(c, "T:place");
    }
    if (r) {
        c->out->ladder = r->ladder;
        c->out->tier = r->tier;
    }
}

static void
finish(struct chain *c)
{
    struct gz_decision *o = c->out;

    if (!c->f->petition)
        return;
    if (o->tier.len && o->ladder.len == 0) {
        const struct gz_rung *r = gz_rung_of_tier(c->d->pack, o->tier);

        if (r)
            o->ladder = r->ladder;
    }
    if (o->outcome.len == 0)
        o->outcome = o->to_org.len ? GZ_STR("routed") : GZ_STR("unrouted");
}

void
gz_decide(struct gz_decider *d, const struct gz_facts *facts, int64_t day,
          const struct gz_findings *found, struct gz_arena *arena,
          struct gz_decision *out)
{
    static void (*const steps[])(struct chain *) = {
        emergencies_and_referrals,
        repeats,
        answer,
        area,
        category,
        matters,
        catalogue,
        duty,
        ban,
        breadth,
        first_receiver,
        owner,
        copy_district,
        deadline,
        forum_tier,
        finish,
    };
    struct chain c = {
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
    out->owner = (struct gz_str){ NULL, 0 };
    out->answered = NULL;
    out->matters = 0;
    if (facts->petition)
        find_place(&c);
    for (size_t i = 0; i < GZ_COUNT(steps); i++)
        steps[i](&c);
}
