// SPDX-License-Identifier: MIT
// state: what one run remembers for the next: signatures and ids, no texts but those of
// the topics' examples.
#ifndef GZ_LINK_STATE_H
#define GZ_LINK_STATE_H

#include <stdint.h>

#include "base/err.h"
#include "link/docfreq.h"
#include "link/entry.h"
#include "link/topic.h"

struct gz_state {
    struct gz_str key_id; // of the reporter keys in it; empty if there are none
    struct gz_old_topic *topic;
    size_t topics;
};

// Read `path` into `entries` and `df`, which are empty. The file begins with its version
// and ends with a checksum; GZ_ERR_USAGE for another version, GZ_ERR_FORMAT when it is
// cut or changed. Strings live in entries->arena.
enum gz_err_kind gz_state_load(const char *path, struct gz_state *state,
                               struct gz_entries *entries, struct gz_docfreq *df,
                               struct gz_err *err);

// Write a new file: whole or not at all, readable by its owner only. Entries older than
// `since` are left out unless a topic holds them that has a younger member.
enum gz_err_kind gz_state_save(const char *path, struct gz_str key_id,
                               const struct gz_entries *entries,
                               const struct gz_topics *topics,
                               const struct gz_docfreq *df, int64_t since,
                               struct gz_err *err);

#endif
