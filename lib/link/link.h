// SPDX-License-Identifier: MIT
// link: the three passes over a stream: take, settle, write.
#ifndef GZ_LINK_LINK_H
#define GZ_LINK_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct gz_link;

struct gz_link_options {
    uint64_t window_days; // petitions further apart are not compared
    uint64_t min;         // petitions that make a topic
    uint64_t similarity;  // in hundredths; see link/cluster.h
    uint64_t max_state;   // records held in memory
    const char *words;    // sheet, or NULL for what is built in
    const char *state;    // of an earlier run, or NULL
    bool no_topics;       // neither topics nor repeats
};

// NULL and *err when the words or the state cannot be read.
struct gz_link *gz_link_new(const struct gz_link_options *options, struct gz_err *err);
void gz_link_free(struct gz_link *l);

// First pass: one record, without its line end. GZ_ERR_DATA: the line is no record and
// was not taken; other kinds end the run.
enum gz_err_kind gz_link_take(struct gz_link *l, struct gz_str line, struct gz_err *err);

// A line that is to come out as it is, at this place.
enum gz_err_kind gz_link_pass(struct gz_link *l, struct gz_str line, struct gz_err *err);

// All was taken: find repeats and topics.
enum gz_err_kind gz_link_settle(struct gz_link *l, struct gz_err *err);

// Last pass: append the next record with its facts; topics come after all others. False
// at the end or on a fault.
bool gz_link_next(struct gz_link *l, struct gz_buf *out, struct gz_err *err);

// Write the state for the next run.
enum gz_err_kind gz_link_save(const struct gz_link *l, const char *path,
                              struct gz_err *err);

struct gz_link_count {
    uint64_t petitions, undated, repeats, topics, in_topics;
};
struct gz_link_count gz_link_count(const struct gz_link *l);

#endif
