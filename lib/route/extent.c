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

// The tier of a meeting or an agenda item: as given, by its forum, or by its place.
void
gz_chain_forum_tier(struct gz_chain *c)
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
        GZ_SAY(c, "T:given");
    if (!r && c->f->forum.len && (r = gz_rung_find(c->d->pack, c->f->forum)))
        GZ_SAY(c, "T:forum");
    for (size_t i = 0; i < GZ_COUNT(places) && !r; i++) {
        struct gz_str place;

        memcpy(&place, (const char *)c->f + places[i].field, sizeof(place));
        if (place.len && (r = gz_rung_of_tier(c->d->pack, places[i].tier)))
            GZ_SAY(c, "T:place");
    }
    if (r) {
        c->out->ladder = r->ladder;
        c->out->tier = r->tier;
    }
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
