// SPDX-License-Identifier: MIT
// decide: the chain of decisions about one record, each step with the rule that made it.
#ifndef GZ_ROUTE_DECIDE_H
#define GZ_ROUTE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "civic/category.h"
#include "civic/unit.h"
#include "pack/pack.h"
#include "route/classify.h"
#include "route/matter.h"
#include "route/place.h"

// What a model says of a record. An empty path: there is none, or it says nothing.
struct gz_learned {
    struct gz_str path; // as the model's labels have it
    int32_t score;      // probability, steps of 1/10000
};

// What is known about a record; what is absent is empty.
struct gz_facts {
    struct gz_learned learned;
    bool petition; // else only category, breadth and the tier of deliberation are decided
    bool forum_kind; // a meeting or an agenda item: its tier is that of its forum
    struct gz_str title, text, category_given, kind;
    uint32_t given_is; // what category_given means: gz_decider_given()
    struct gz_str district, subdistrict, community, compound, building, door, address;
    struct gz_str channel, channel_class, case_owner;
    struct gz_str linked[GZ_LINKED]; // counts of gz-link, as text
    struct gz_str lead_org, role, forum, tier_given;
    struct gz_str received_at, assigned_at, due_given, deadline_class, breadth_given;
    struct gz_str repeat_of, fu_solved;
};

enum { GZ_CHAIN = 40, GZ_UNITS = 12 };

struct gz_names {
    struct gz_str item[GZ_CHAIN];
    size_t count;
};

// What was decided; what is empty is not written.
struct gz_decision {
    uint32_t category; // GZ_NO_CATEGORY: none, or a label that the pack does not know
    uint32_t matter[GZ_MATTERS]; // categories, the decided one first; none where given
    size_t matters;
    struct gz_str label; // of the model, as learned, where it decided; else empty
    const char *category_src;
    int32_t score;
    bool has_score;
    struct gz_str breadth, resource_pool, ladder, tier, duty, to_org, owner, agenda_tier,
        field;
    struct gz_place_found place;      // where it is
    const struct gz_answer *answered; // the answer that is known, or NULL
    struct gz_str due_at, due_src, outcome;
    struct gz_names co, copy, call;
    struct gz_names rules; // strings of JSON, quotes and all
};

enum gz_route_mode {
    GZ_ROUTE_AUDIT,    // of orders dispatched already: R0 to R2 advise and change nothing
    GZ_ROUTE_DISPATCH, // of new ones: they decide
};

struct gz_decider_options {
    enum gz_route_mode mode;
    int32_t threshold; // a category whose score is less is not taken
    int32_t overrule;  // rules with this score or more decide against a model
    int32_t least;     // a model that is less sure is not heard; steps of 1/10000
};

struct gz_decider;

// Everything in `arena`, which must outlive it, but for the maps.
struct gz_decider *gz_decider_new(const struct gz_pack *pack,
                                  const struct gz_decider_options *options,
                                  struct gz_arena *arena);
void gz_decider_free(struct gz_decider *d);

// The category that a source means by `given`; GZ_NO_CATEGORY if the pack knows none.
uint32_t gz_decider_given(struct gz_decider *d, struct gz_str given);

// Go through R0 to R11 (gz-route(1), RULES) on the record's day (gz_facts_day). `found`
// is what gz_classify() found in this record. Strings of the decision live in the pack,
// the facts or `arena`.
void gz_decide(struct gz_decider *d, const struct gz_facts *facts, int64_t day,
               const struct gz_findings *found, struct gz_arena *arena,
               struct gz_decision *out);

// The day that dated rows are looked up by: of the record, or GZ_UNDATED.
int64_t gz_facts_day(const struct gz_facts *facts);

#endif
