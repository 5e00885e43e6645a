// SPDX-License-Identifier: MIT
// chain: what the steps of a decision share; the steps that stand in files of their own.
#ifndef GZ_ROUTE_CHAIN_H
#define GZ_ROUTE_CHAIN_H

#include "route/decide.h"

struct gz_decider {
    const struct gz_pack *pack;
    struct gz_decider_options options;
    struct gz_category_index categories;
    struct gz_unit_index units;
    struct gz_place_index *places;
    // What the chain says, made once: "R5:" and the id, and so on.
    struct gz_str *rule, *referral, *dispatch, *deadline, *breadth, *place, *answer,
        *field;
    // The rows of the catalogue that are for each category, in order; the last list is
    // for records without one.
    uint32_t **rows;
    size_t *n_rows;
};

// One record on its way through the steps.
struct gz_chain {
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

// Add a name that is not in the list yet; an empty one, or one too many, is left out.
void gz_names_add(struct gz_names *n, struct gz_str s);

// Put a rule, a string of JSON, into the chain, once.
void gz_chain_say(struct gz_chain *c, struct gz_str rule);
#define GZ_SAY(c, lit) gz_chain_say((c), GZ_STR("\"" lit "\""))

// The name of a unit on the day of the record.
struct gz_str gz_chain_unit_name(const struct gz_chain *c, struct gz_str name);

// Of the record's own places the tier is known; of others their row or name says.
struct gz_str gz_chain_tier_of(const struct gz_chain *c, struct gz_str org);

// ---- who deals with it: route/assign.c ----

void gz_chain_catalogue(struct gz_chain *c);      // R6
void gz_chain_duty(struct gz_chain *c);           // R7
void gz_chain_ban(struct gz_chain *c);            // R8
void gz_chain_first_receiver(struct gz_chain *c); // R10
void gz_chain_copy_district(struct gz_chain *c);

// ---- how wide it is, until when, at which tier: route/extent.c ----

void gz_chain_breadth(struct gz_chain *c);  // R9
void gz_chain_owner(struct gz_chain *c);    // R10
void gz_chain_deadline(struct gz_chain *c); // R11
void gz_chain_forum_tier(struct gz_chain *c);
void gz_chain_field(struct gz_chain *c);
void gz_chain_finish(struct gz_chain *c);

#endif
