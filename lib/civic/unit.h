// SPDX-License-Identifier: MIT
// unit: units by name and alias on a day, and the tiers and ladders they stand on.
#ifndef GZ_CIVIC_UNIT_H
#define GZ_CIVIC_UNIT_H

#include "base/arena.h"
#include "base/map.h"
#include "pack/pack.h"

struct gz_unit_index {
    const struct gz_pack *pack;
    struct gz_map name; // names and aliases
    uint32_t *first;    // the first unit of that name, others follow in next[]
    uint32_t *next;     // by entry; UINT32_MAX ends
    uint32_t *unit;     // by entry
    size_t first_cap, next_cap, unit_cap, entries;
};

void gz_unit_index_init(struct gz_unit_index *x, const struct gz_pack *pack,
                        struct gz_arena *arena);
void gz_unit_index_release(struct gz_unit_index *x);

// The unit that has this name or alias on `day`; NULL if none.
const struct gz_unit *gz_unit_find(const struct gz_unit_index *x, struct gz_str name,
                                   int64_t day);

// The tier of a unit: by its row, else by how its name ends (社区, 村委会: community;
// 街道, 镇, 乡: subdistrict; 区, 县: district). Empty when neither says.
struct gz_str gz_unit_tier(const struct gz_unit_index *x, struct gz_str name,
                           int64_t day);

// The rung whose name (or code, or label) stands in `text`: the longest name wins, then
// the first row. NULL if none does.
const struct gz_rung *gz_rung_find(const struct gz_pack *pack, struct gz_str text);

// The same for the matter of a place: where the longest name is that of a whole ladder
// (两会两厅), its rung of `tier`, which is that of the place.
const struct gz_rung *gz_rung_at(const struct gz_pack *pack, struct gz_str text,
                                 struct gz_str tier);

// The first ladder of the pack that has this tier; NULL if none.
const struct gz_rung *gz_rung_of_tier(const struct gz_pack *pack, struct gz_str tier);

#endif
