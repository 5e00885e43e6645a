// SPDX-License-Identifier: MIT
// join: what one record says about another: meetings and items, whistles and report-ins,
// petitions and their follow-ups.
#ifndef GZ_LINK_JOIN_H
#define GZ_LINK_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "link/fields.h"
#include "record/cursor.h"

struct gz_join;
struct gz_outcomes;

// `outcomes` must outlive it.
struct gz_join *gz_join_new(const struct gz_outcomes *outcomes);
void gz_join_free(struct gz_join *j);

// First pass: take what the record tells about others. `have` are its members by enum
// gz_link_field. Returns false for kinds that take no part.
bool gz_join_take(struct gz_join *j, struct gz_str kind, const struct gz_member *have);

// How much is held, in records.
size_t gz_join_size(const struct gz_join *j);

// Does any record say something about petitions? If not, they need not be asked for.
bool gz_join_knows_petitions(const struct gz_join *j);

// Between the passes: what became of a petition, of which some record may speak. `first`
// is when it was received or, if that is earlier, its topic begun; INT64_MIN: not known.
// part[] are its places by enum gz_place_level, each may be empty.
void gz_join_tell(struct gz_join *j, struct gz_str petition_id, int64_t first,
                  const struct gz_str *part, struct gz_str topic);

// Is any item held? If not, nobody asks what became of petitions.
bool gz_join_knows_items(const struct gz_join *j);

// Second pass: the facts for this record. Independent of the order of the first pass.
void gz_join_facts(struct gz_join *j, struct gz_str kind, const struct gz_member *have,
                   struct gz_splice *out);

// After the second pass: append the next record that rows of minutes make, an item, a
// discussion or a task. False at the end.
bool gz_join_next_made(struct gz_join *j, struct gz_splice *splice, struct gz_buf *out);

// Was this record made so by an earlier run? `kind` is its rec.
bool gz_join_is_made(struct gz_str kind, const struct gz_member *have);

#endif
