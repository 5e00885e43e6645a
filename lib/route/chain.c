// SPDX-License-Identifier: MIT
#include "route/chain.h"

void
gz_names_add(struct gz_names *n, struct gz_str s)
{
    for (size_t i = 0; i < n->count; i++)
        if (gz_str_eq(n->item[i], s))
            return;
    if (s.len && n->count < GZ_CHAIN)
        n->item[n->count++] = s;
}

void
gz_chain_say(struct gz_chain *c, struct gz_str rule)
{
    struct gz_names *n = &c->out->rules;

    // Every rule is one string, made once: two that are equal are the same.
    for (size_t i = 0; i < n->count; i++)
        if (n->item[i].ptr == rule.ptr)
            return;
    if (n->count < GZ_CHAIN)
        n->item[n->count++] = rule;
}

struct gz_str
gz_chain_unit_name(const struct gz_chain *c, struct gz_str name)
{
    const struct gz_unit *u = name.len ? gz_unit_find(&c->d->units, name, c->day) : NULL;

    return u ? u->name : name;
}

struct gz_str
gz_chain_tier_of(const struct gz_chain *c, struct gz_str org)
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
