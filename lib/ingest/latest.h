// SPDX-License-Identifier: MIT
// latest: of records that overlapping exports bring again and again, the newest of each.
//
// Which records are versions of one another is told by their kind and id; of petitions
// also by unit and role, as each leg of an order is one of its own; of what has no id of
// its own, by what it belongs to (table `identity` in latest.c). Records without any of
// that are all kept.
#ifndef GZ_INGEST_LATEST_H
#define GZ_INGEST_LATEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/schema.h"

struct gz_latest;

// `by`: the field whose largest value is the newest; NULL: what came last is. Values of
// times are compared as moments, numbers as numbers, others by their bytes; records
// without one are the oldest; what came last wins a tie. `memory` in bytes. GZ_ERR_USAGE:
// no kind has such a field.
struct gz_latest *gz_latest_new(const struct gz_schema *schema, const char *by,
                                size_t memory, struct gz_err *err);
void gz_latest_free(struct gz_latest *l);

// Around the lines of one input.
void gz_latest_begin(struct gz_latest *l);
void gz_latest_end(struct gz_latest *l);

// Take all whole lines of `lines`, and empty it.
enum gz_err_kind gz_latest_take(struct gz_latest *l, struct gz_buf *lines,
                                struct gz_err *err);

// When all inputs are through: write what is kept, each where its first version stood;
// source_end says how many rows were superseded. `tick` is called after each record.
enum gz_err_kind gz_latest_write(struct gz_latest *l, struct gz_buf *out,
                                 enum gz_err_kind (*tick)(void *ctx, struct gz_err *err),
                                 void *ctx, struct gz_err *err);

#endif
