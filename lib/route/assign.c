// SPDX-License-Identifier: MIT
#include "route/chain.h"

// What a cell of the catalogue names for this record: nothing if its place is unknown.
static struct gz_str
resolve(const struct gz_chain *c, struct gz_str cell)
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
    return gz_chain_unit_name(c, cell);
}

static void
resolve_all(const struct gz_chain *c, struct gz_words cells, struct gz_names *out)
{
    for (size_t i = 0; i < cells.count; i++) {
        struct gz_str name = resolve(c, cells.item[i]);

        if (!gz_str_eq(name, c->out->to_org))
            gz_names_add(out, name);
    }
}

static bool
row_fits(const struct gz_chain *c, const struct gz_dispatch *r)
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
void
gz_chain_catalogue(struct gz_chain *c)
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
        gz_chain_say(c, c->d->dispatch[i]);
        resolve_all(c, r->co, &c->out->co);
        resolve_all(c, r->copy, &c->out->copy);
        resolve_all(c, r->call, &c->out->call);
        return;
    }
    if (c->f->lead_org.len) {
        c->out->to_org = c->lead;
        GZ_SAY(c, "R6:as-given");
    } else if (c->out->category != GZ_NO_CATEGORY && c->subdistrict.len) {
        c->out->to_org = c->subdistrict;
        GZ_SAY(c, "R6:subdistrict");
    } else if (c->out->category != GZ_NO_CATEGORY && c->district.len) {
        c->out->to_org = c->district;
        GZ_SAY(c, "R6:district");
    }
}

static void
set_tier(struct gz_chain *c)
{
    struct gz_decision *o = c->out;

    o->tier = gz_chain_tier_of(c, o->to_org);
    if (o->tier.len == 0 && c->row && c->row->tier.len)
        o->tier = c->row->tier;
}

// R7: who leads follows from whose the matter is (四管).
void
gz_chain_duty(struct gz_chain *c)
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
        GZ_SAY(c, "R7:field");
    else if (gz_str_is(o->duty, "area"))
        GZ_SAY(c, "R7:area");
    else if (gz_str_is(o->duty, "delivery"))
        GZ_SAY(c, "R7:delivery");
    else if (gz_str_is(o->duty, "coordination"))
        GZ_SAY(c, "R7:coordination");
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
void
gz_chain_ban(struct gz_chain *c)
{
    struct gz_decision *o = c->out;
    bool named = gz_str_is(gz_chain_tier_of(c, c->f->lead_org), "community") &&
                 (c->f->role.len == 0 || gz_str_is(c->f->role, "lead"));
    bool chosen = gz_str_is(o->tier, "community");
    struct gz_str community = o->to_org;

    if (!c->f->petition || c->done || (!named && !chosen) ||
        gz_category_community_leads(c->d->pack, c->out->category, c->day))
        return;
    if (named)
        GZ_SAY(c, "R8:E-BAN");
    if (!chosen || !c->row)
        return;
    GZ_SAY(c, "R8:ban");
    o->to_org = c->subdistrict.len ? c->subdistrict : c->district;
    o->tier = gz_chain_tier_of(c, o->to_org);
    o->duty = o->to_org.len ? GZ_STR("area") : (struct gz_str){ NULL, 0 };
    gz_names_add(&o->co, community);
    drop(&o->co, o->to_org);
    drop(&o->copy, o->to_org);
}

// Article 12: what goes straight to a sub-district is copied to its district.
void
gz_chain_copy_district(struct gz_chain *c)
{
    if (c->f->petition && !c->done && gz_str_is(c->out->tier, "subdistrict") &&
        c->district.len)
        gz_names_add(&c->out->copy, c->district);
}

// R10: who received first keeps it (article 14).
void
gz_chain_first_receiver(struct gz_chain *c)
{
    if (!c->f->petition || c->done || c->d->options.mode == GZ_ROUTE_AUDIT ||
        c->f->lead_org.len == 0 || (c->f->role.len && !gz_str_is(c->f->role, "lead")))
        return;
    if (gz_str_eq(c->lead, c->out->to_org))
        return;
    GZ_SAY(c, "R10:first-receiver");
    c->out->to_org = c->lead;
    set_tier(c);
}
