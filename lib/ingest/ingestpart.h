// SPDX-License-Identifier: MIT
// ingestpart: blocks of rows mapped by workers at once, and put together in the order of
// the input: the same bytes, counts and messages as one worker makes.
#ifndef GZ_INGEST_INGESTPART_H
#define GZ_INGEST_INGESTPART_H

#include "ingest/ingest.h"

struct gz_ingest_part;

// The state of one worker for the table `g`, which has been opened. What the worker reads
// of `g` does not change while it runs.
struct gz_ingest_part *gz_ingest_part_new(struct gz_ingest *g);
void gz_ingest_part_free(struct gz_ingest_part *p);

// Fetch the next rows; by one worker at a time, in order. False at the end, or with *err
// set.
bool gz_ingest_part_take(struct gz_ingest *g, struct gz_ingest_part *p,
                         struct gz_err *err);

// Map them; by all workers at once.
enum gz_err_kind gz_ingest_part_work(struct gz_ingest_part *p, struct gz_err *err);

// Hand on what they became to the output, the hooks and the account of `g`; by one at a
// time, in order.
enum gz_err_kind gz_ingest_part_give(struct gz_ingest *g, struct gz_ingest_part *p,
                                     struct gz_err *err);

#endif
