// SPDX-License-Identifier: MIT
// fields: the fields that linking reads, and the lines it writes facts into.
#ifndef GZ_LINK_FIELDS_H
#define GZ_LINK_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "record/keyset.h"

// One list for the numbers and the names. clang-format does not settle on a shape for it.
// clang-format off
#define GZ_LINK_FIELDS(X) \
    X(rec) X(linked) X(src) X(key_id) X(petition_id) X(received_at) X(reporter_key) \
    X(title) X(text) X(category_given) X(supports) X(secrecy) X(kind) X(lead_org) \
    X(district) X(subdistrict) X(community) X(compound) X(building) X(door) X(address) \
    X(place_id) X(enterprise) X(agenda_id) X(project_id) X(whistle_id) X(topic_id) X(repeat_of) \
    X(fu_valid) X(fu_contacted) X(fu_solved) X(fu_satisfied) X(fu_at) X(fu1_valid) \
    X(fu1_contacted) X(fu1_solved) X(fu1_satisfied) X(at) X(attempt_no) X(followup_id) \
    X(meeting_id) X(forum_id) X(forum) X(joint_forums) X(status) X(held_at) \
    X(agenda_ids) X(meeting_status) X(passed) X(petition_ids) X(source) X(source_ids) \
    X(resolution_id) X(direction) X(called_orgs) X(due_given) X(org) X(arrived_at) \
    X(mode) X(outcome) X(in_time) X(n_meetings) X(first_met_on) X(last_met_on) \
    X(decided_at) X(n_declined) X(n_petitions) X(n_tasks) X(n_called) X(n_arrived) \
    X(n_in_time) X(first_arrived_at) X(task_id) X(tier) X(tier_given) \
    X(rework) X(merged_into) X(merge_end) X(n_listed) X(decision) X(supervised_at) \
    X(evaluated_at) X(copy) \
    X(cadence) X(opened_on) X(closed_on) X(name) X(n_held) X(n_expected) X(burst_from) X(similar_persons) \
    X(similar_places) X(similar_days) X(id_src) X(topic) X(outcome_class) \
    X(responsible_org) X(venue)
// clang-format on

#define GZ_LINK_FIELD_NAME(name) GZ_F_##name,
enum gz_link_field { GZ_LINK_FIELDS(GZ_LINK_FIELD_NAME) GZ_F_COUNT };
#undef GZ_LINK_FIELD_NAME

// A keyset whose numbers are enum gz_link_field.
void gz_fields_init(struct gz_keyset *keys, struct gz_arena *arena);

// The name of a field.
const char *gz_fields_name(enum gz_link_field field);

// What is to be appended to one line. `have` are its members.
struct gz_splice {
    const struct gz_member *have;
    struct gz_buf body;   // `,"key":value` one after another
    struct gz_buf linked; // `"key","key"`
};

void gz_splice_begin(struct gz_splice *s, const struct gz_member *have);
void gz_splice_release(struct gz_splice *s);

// Add a fact unless the record has that field itself or `value` is empty.
void gz_splice_text(struct gz_splice *s, enum gz_link_field field, struct gz_str value);
void gz_splice_u64(struct gz_splice *s, enum gz_link_field field, uint64_t value);

// Append `line` with the facts put before its last brace, and a line end.
void gz_splice_write(const struct gz_splice *s, struct gz_str line, struct gz_buf *out);

// Append `line` without the members that `linked` names and without `linked` itself:
// the record as it was before it was linked. `have` are its members; they are set to
// absent. False, and nothing appended, when the line cannot be cut in place.
bool gz_fields_strip(struct gz_str line, const struct gz_keyset *keys,
                     struct gz_member *have, struct gz_arena *arena, struct gz_buf *out);

#endif
