// SPDX-License-Identifier: MIT
// joindata: what the first pass of joining keeps for the second. Only link/join*.c.
#ifndef GZ_LINK_JOINDATA_H
#define GZ_LINK_JOINDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "link/entry.h"
#include "link/fields.h"
#include "link/join.h"
#include "link/outcome.h"

// A meeting as its own record tells it.
struct gz_join_meeting {
    struct gz_str status, held_at;
    uint64_t sitting; // equal for the records of one joint sitting
};

// That an item was on the table at a meeting, or decided there.
struct gz_join_sitting_link {
    struct gz_join_sitting_link *next;
    struct gz_str meeting_id;
    struct gz_str status, held_at; // what the linking record itself says
    struct gz_str passed;          // "yes", "no" or empty
    bool decision;                 // it is a resolution
    struct gz_str at;              // of the resolution
};

// One sitting, by its number as text: the meeting records of it.
struct gz_join_sitting {
    struct gz_str meeting_id; // the first by its bytes
    uint32_t written;         // records of it that came out
    bool unheld, other; // some record says that it did not take place; some does not
};

// A row of minutes: what was said at one sitting about an item that has no id.
struct gz_join_minute {
    struct gz_str item, meeting_id; // of the item that was made for it, and its own
    struct gz_str title, outcome, decision, org, due;
};

// An item that minutes speak of.
struct gz_join_minute_item {
    struct gz_str id, title, org, due;
    struct gz_str forum_id, tier, part[GZ_LEVELS];
};

struct gz_join_id_list {
    struct gz_join_id_list *next;
    struct gz_str id;
};

struct gz_join_item {
    struct gz_join_sitting_link *links;
    struct gz_join_id_list *petitions;
    struct gz_str project_id;
    struct gz_str supervised_at, evaluated_at; // the first
    struct gz_str merged_into;
    uint32_t written; // records of it that came out
    bool rework;      // some oversight sent the work back
};

struct gz_join_followup {
    struct gz_join_followup *next;
    struct gz_str at, id, org, valid, contacted, solved, satisfied;
    int64_t attempt;
};

struct gz_join_petition {
    struct gz_join_followup *followups;
    struct gz_str agenda_id, project_id, whistle_id;
    struct gz_str topic;           // that it is a member of, or empty
    struct gz_str part[GZ_LEVELS]; // where, each may be empty
    int64_t first;                 // when it, or its topic, was first heard of
    bool known;                    // a petition record has this id; else the last three
                                   // say nothing
};

struct gz_join_reportin {
    struct gz_join_reportin *next;
    struct gz_str org, arrived_at, in_time, outcome, mode;
};

struct gz_join_whistle {
    struct gz_join_reportin *reportins;
    struct gz_str due, direction;
};

// A sitting of a forum.
struct gz_join_sat {
    struct gz_join_sat *next;
    uint64_t sitting;
};

struct gz_join_forum {
    struct gz_join_sat *sat; // each once
};

// Records of one kind, by id.
struct gz_join_table {
    struct gz_map by_id;
    void *row;
    size_t cap, size;
};

struct gz_join {
    struct gz_arena arena, scratch;
    struct gz_join_table meetings, items, petitions, whistles, resolutions, forums;
    struct gz_join_table sittings, minute_items;
    const struct gz_outcomes *outcomes;
    struct gz_join_minute *minute;
    size_t minutes, minutes_cap;
    size_t written;              // of what minutes make: items, discussions, then tasks
    int64_t first_day, last_day; // on which any meeting was held
    size_t held;
    bool any_meeting, any_reportin, any_task, any_petition_fact, any_day;
};

// The row of `id`, or NULL.
static inline void *
gz_join_row(const struct gz_join_table *t, struct gz_str id)
{
    uint32_t n = id.len ? gz_map_get(&t->by_id, id) : GZ_MAP_NONE;

    return n == GZ_MAP_NONE ? NULL : (char *)t->row + n * t->size;
}

// The text of a member, good for this record.
static inline struct gz_str
gz_join_text(struct gz_join *j, const struct gz_member *have, enum gz_link_field field)
{
    return gz_member_text(&have[field], &j->scratch);
}

// The row of `id`, made if need be; NULL for an empty id.
void *gz_join_row_for(struct gz_join *j, struct gz_join_table *t, struct gz_str id);

// First pass, for the forums of a meeting.
void gz_join_take_sitting(struct gz_join *j, const struct gz_member *have,
                          uint64_t sitting);

// Was it held, by its status, else by its having a day?
bool gz_join_is_held(struct gz_str status, struct gz_str held_at);

// The key of a sitting in its table: its number's own bytes.
static inline struct gz_str
gz_join_sitting_key(const uint64_t *sitting)
{
    return (struct gz_str){ (const char *)sitting, sizeof(*sitting) };
}

struct gz_join_sitting *gz_join_sitting_row(struct gz_join *j, uint64_t sitting);

// The item is on the table at the meeting. The link is good until the next.
struct gz_join_sitting_link *gz_join_add_link(struct gz_join *j, struct gz_str agenda_id,
                                              struct gz_str meeting_id);

// First pass, for what a meeting record itself says of its item.
void gz_join_take_minute(struct gz_join *j, const struct gz_member *have,
                         struct gz_join_sitting *sat);

// What is known of a meeting by all records; false when no record has that id.
bool gz_join_meeting_known(const struct gz_join *j, struct gz_str id,
                           struct gz_join_meeting *out);

// The facts for one record of each kind.
void gz_join_forum(struct gz_join *j, const struct gz_member *have,
                   struct gz_splice *out);
void gz_join_petition(struct gz_join *j, const struct gz_member *have,
                      struct gz_splice *out);
void gz_join_meeting(struct gz_join *j, const struct gz_member *have,
                     struct gz_splice *out);
void gz_join_discussion(struct gz_join *j, const struct gz_member *have,
                        struct gz_splice *out);
void gz_join_item(struct gz_join *j, const struct gz_member *have, struct gz_splice *out);
// What the petitions behind an item tell of it.
void gz_join_matter(struct gz_join *j, const struct gz_join_item *item,
                    const struct gz_member *have, struct gz_splice *out);
void gz_join_resolution(struct gz_join *j, const struct gz_member *have,
                        struct gz_splice *out);
void gz_join_whistle(struct gz_join *j, const struct gz_member *have,
                     struct gz_splice *out);
void gz_join_reportin(struct gz_join *j, const struct gz_member *have,
                      struct gz_splice *out);

#endif
