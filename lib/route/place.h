// SPDX-License-Identifier: MIT
// place: from what a record says of where it is to places of the gazetteer, on a day.
#ifndef GZ_ROUTE_PLACE_H
#define GZ_ROUTE_PLACE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/pattern.h"
#include "base/str.h"
#include "pack/pack.h"

struct gz_place_index;

// Names are folded (route/fold.h), so that they are found however they are written.
struct gz_place_index *gz_place_index_new(const struct gz_pack *pack,
                                          struct gz_arena *arena);
void gz_place_index_free(struct gz_place_index *x);

// What a record says; what it does not is empty.
struct gz_place_facts {
    struct gz_str district, subdistrict, community, compound, building, address;
};

// What follows. The strings live in the facts, the pack or `arena`.
struct gz_place_found {
    struct gz_str district, subdistrict, community; // by their names of the day
    const struct gz_place *at; // the place that filled what the record left open, or NULL
    const char *field;         // the field that named it
    struct gz_str text;        // that field, folded
    struct gz_span span;       // of the name in it, in bytes
    bool renamed;              // a name was that of an earlier or a later day
    bool split;                // of several successors none could be told from another
    bool ambiguous;            // several places fit, and nothing tells them apart
    bool glued;                // a higher place was written before a lower one
};

// A name holds on the days of its row; after them it stands for the one successor of the
// place. A place fits if nothing that the record says speaks against it. Facts win:
// only what is empty is filled.
void gz_place_resolve(struct gz_place_index *x, const struct gz_place_facts *facts,
                      int64_t day, struct gz_arena *arena, struct gz_place_found *out);

#endif
