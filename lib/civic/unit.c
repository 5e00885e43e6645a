// SPDX-License-Identifier: MIT
#include "civic/unit.h"

static void
add(struct gz_unit_index *x, struct gz_str name, uint32_t unit, struct gz_arena *arena)
{
    bool added;
    uint32_t n = gz_map_put(&x->name, name, &added), entry = (uint32_t)x->entries++;
    uint32_t *link;

    x->first = gz_arena_grow(arena, x->first, &x->first_cap, n + 1u, sizeof(*x->first));
    x->next = gz_arena_grow(arena, x->next, &x->next_cap, x->entries, sizeof(*x->next));
    x->unit = gz_arena_grow(arena, x->unit, &x->unit_cap, x->entries, sizeof(*x->unit));
    x->next[entry] = UINT32_MAX;
    x->unit[entry] = unit;
    if (added)
        x->first[n] = UINT32_MAX;
    for (link = &x->first[n]; *link != UINT32_MAX; link = &x->next[*link])
        ;
    *link = entry;
}

void
gz_unit_index_init(struct gz_unit_index *x, const struct gz_pack *pack,
                   struct gz_arena *arena)
{
    size_t count = gz_pack_rows(pack, GZ_SHEET_UNITS);

    *x = (struct gz_unit_index){ .pack = pack };
    for (uint32_t i = 0; i < count; i++)
        add(x, pack->unit[i].name, i, arena);
    for (uint32_t i = 0; i < count; i++)
        for (size_t j = 0; j < pack->unit[i].aliases.count; j++)
            add(x, pack->unit[i].aliases.item[j], i, arena);
}

void
gz_unit_index_release(struct gz_unit_index *x)
{
    gz_map_release(&x->name);
}

const struct gz_unit *
gz_unit_find(const struct gz_unit_index *x, struct gz_str name, int64_t day)
{
    uint32_t n = gz_map_get(&x->name, name);

    if (n == GZ_MAP_NONE)
        return NULL;
    for (uint32_t e = x->first[n]; e != UINT32_MAX; e = x->next[e])
        if (gz_valid_on(x->pack->unit[x->unit[e]].valid, day))
            return &x->pack->unit[x->unit[e]];
    return NULL;
}

struct gz_str
gz_unit_tier(const struct gz_unit_index *x, struct gz_str name, int64_t day)
{
    static const struct {
        struct gz_str end, tier;
    } ends[] = {
#define END(end, tier)                                                                   \
    {                                                                                    \
        { end, sizeof(end) - 1 },                                                        \
        {                                                                                \
            tier, sizeof(tier) - 1                                                       \
        }                                                                                \
    }
        END("社区", "community"),     END("居委会", "community"),
        END("村委会", "community"),   END("村", "community"),
        END("街道", "subdistrict"),   END("办事处", "subdistrict"),
        END("镇", "subdistrict"),     END("乡", "subdistrict"),
        END("镇政府", "subdistrict"), END("乡政府", "subdistrict"),
        END("地区", "subdistrict"),   END("区", "district"),
        END("县", "district"),        END("区政府", "district"),
#undef END
    };
    const struct gz_unit *u = gz_unit_find(x, name, day);

    if (u && u->tier.len)
        return u->tier;
    if (name.len == 0 || (unsigned char)name.ptr[name.len - 1] < 0x80)
        return (struct gz_str){ NULL, 0 }; // no name of ours ends so
    for (size_t i = 0; i < GZ_COUNT(ends); i++)
        if (gz_str_ends(name, ends[i].end))
            return ends[i].tier;
    return (struct gz_str){ NULL, 0 };
}

static size_t
found(struct gz_str text, struct gz_str name)
{
    return name.len && gz_str_find(text, name) != (size_t)-1 ? name.len : 0;
}

// The rung with the longest name in `text`, and how long that is.
static const struct gz_rung *
longest_name(const struct gz_pack *pack, struct gz_str text, size_t *longest)
{
    const struct gz_rung *best = NULL;

    *longest = 0;
    for (size_t i = 0; i < gz_pack_rows(pack, GZ_SHEET_LADDERS); i++) {
        const struct gz_rung *r = &pack->rung[i];
        size_t n = gz_str_eq_nocase(text, r->tier) ? text.len : found(text, r->zh);

        for (size_t j = 0; j < r->names.count; j++) {
            size_t m = found(text, r->names.item[j]);

            n = m > n ? m : n;
        }
        if (n > *longest) {
            *longest = n;
            best = r;
        }
    }
    return best;
}

const struct gz_rung *
gz_rung_find(const struct gz_pack *pack, struct gz_str text)
{
    size_t longest;

    return longest_name(pack, text, &longest);
}

const struct gz_rung *
gz_rung_of_tier(const struct gz_pack *p, struct gz_str tier)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_LADDERS); i++)
        if (gz_str_eq(p->rung[i].tier, tier))
            return &p->rung[i];
    return NULL;
}

const struct gz_rung *
gz_rung_at(const struct gz_pack *p, struct gz_str text, struct gz_str tier)
{
    struct gz_str ladder = { NULL, 0 };
    size_t longest;
    const struct gz_rung *best = longest_name(p, text, &longest);

    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_LADDERS); i++)
        for (size_t j = 0; j < p->rung[i].whole.count; j++)
            if (found(text, p->rung[i].whole.item[j]) > longest) {
                longest = p->rung[i].whole.item[j].len;
                ladder = p->rung[i].ladder;
            }
    for (size_t i = 0; ladder.len && i < gz_pack_rows(p, GZ_SHEET_LADDERS); i++)
        if (gz_str_eq(p->rung[i].ladder, ladder) && gz_str_eq(p->rung[i].tier, tier))
            return &p->rung[i];
    return best;
}
