// SPDX-License-Identifier: MIT
#include "base/num.h"
#include "base/time.h"
#include "civic/deadline.h"
#include "route/chain.h"

static void
set_breadth(struct gz_chain *c, const struct gz_breadth *b)
{
    c->out->breadth = b->name;
    c->out->resource_pool = b->pool;
    c->out->agenda_tier = b->tier;
    gz_chain_say(c, c->d->breadth[b - c->d->pack->breadth]);
}

// The widest class, the last of the sheet, whose thresholds gz-link's counts reach.
static void
breadth_by_counts(struct gz_chain *c)
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
            GZ_SAY(c, "R9:linked");
            set_breadth(c, &p->breadth[i]);
            return;
        }
}

// R9: how wide the matter is: as the source says; else as gz-link counted; else unknown.
void
gz_chain_breadth(struct gz_chain *c)
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

// A leader who has taken charge of a case (领导包案) answers for it; who deals with it
// stays as it is.
void
gz_chain_owner(struct gz_chain *c)
{
    if (!c->f->petition || c->done || c->f->case_owner.len == 0)
        return;
    c->out->owner = c->f->case_owner;
    GZ_SAY(c, "R10:case-owner");
}

// The time that stands on the order. A column of limits holds a class or a date: a class
// that is a date is as printed as the other.
static struct gz_str
printed_deadline(const struct gz_chain *c)
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
deadline_class(const struct gz_chain *c)
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
void
gz_chain_deadline(struct gz_chain *c)
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
        GZ_SAY(c, "R11:printed");
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
    gz_chain_say(c, c->d->deadline[d - c->d->pack->deadline]);
}

// The tier of the smallest place that the record names.
static struct gz_str
tier_of_place(const struct gz_chain *c)
{
    if (c->f->community.len)
        return GZ_STR("community");
    if (c->f->subdistrict.len)
        return GZ_STR("subdistrict");
    return c->f->district.len ? GZ_STR("district") : (struct gz_str){ NULL, 0 };
}

static const struct gz_rung *
rung_of(struct gz_chain *c)
{
    const struct gz_pack *p = c->d->pack;
    struct gz_str place = tier_of_place(c);
    const struct gz_rung *r;

    if (c->f->tier_given.len && (r = gz_rung_at(p, c->f->tier_given, place))) {
        GZ_SAY(c, "T:given");
        return r;
    }
    if (c->f->forum.len && (r = gz_rung_at(p, c->f->forum, place))) {
        GZ_SAY(c, "T:forum");
        return r;
    }
    r = place.len ? gz_rung_of_tier(p, place) : NULL;
    if (r)
        GZ_SAY(c, "T:place");
    return r;
}

// The tier of a meeting or an agenda item: as given, by its forum, or by its place.
void
gz_chain_forum_tier(struct gz_chain *c)
{
    const struct gz_rung *r = c->f->forum_kind ? rung_of(c) : NULL;

    if (!r)
        return;
    c->out->ladder = r->ladder;
    c->out->tier = r->tier;
}

static bool
names_field(const struct gz_committee_field *f, struct gz_str text)
{
    for (size_t i = 0; i < f->names.count; i++)
        if (f->names.item[i].len && gz_str_find(text, f->names.item[i]) != (size_t)-1)
            return true;
    return false;
}

static bool
has_category(const struct gz_chain *c, const struct gz_committee_field *f)
{
    uint32_t mine = c->out->category;

    for (size_t i = 0; mine != GZ_NO_CATEGORY && i < f->categories; i++)
        if (f->category[i] == mine || f->category[i] == c->d->pack->category[mine].top)
            return true;
    return false;
}

// Whatever the coordination committee deals with belongs to one of its fields: that which
// its forum names, else that of its category.
void
gz_chain_field(struct gz_chain *c)
{
    const struct gz_pack *p = c->d->pack;
    const struct gz_committee_field *found = NULL;

    if (!gz_str_is(c->out->ladder, "pbcc") && !gz_str_is(c->out->duty, "coordination"))
        return;
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_FIELDS) && !found; i++)
        if (names_field(&p->field[i], c->f->forum) ||
            names_field(&p->field[i], c->f->tier_given))
            found = &p->field[i];
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_FIELDS) && !found; i++)
        if (has_category(c, &p->field[i]))
            found = &p->field[i];
    if (!found)
        return;
    c->out->field = found->name;
    gz_chain_say(c, c->d->field[found - p->field]);
}

void
gz_chain_finish(struct gz_chain *c)
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
