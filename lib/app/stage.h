// SPDX-License-Identifier: MIT
// stage: the loop of a program that handles records one by one, with one worker or
// several. Output, messages and counts come in the order of the input in any case.
#ifndef GZ_APP_STAGE_H
#define GZ_APP_STAGE_H

#include <stdint.h>

#include "app/app.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/reader.h"

// Where a worker leaves what it has to say of one line.
struct gz_stage_turn {
    struct gz_buf *out; // records to pass on; taken by ops->give()
    struct gz_buf
        *notes; // warnings, each ended by a newline; the place is put before them
};

struct gz_stage_ops {
    // Handle one line with the state of one worker. GZ_ERR_DATA: the line is a reject,
    // and what was appended to `out` for it is dropped. Anything else stops the program.
    enum gz_err_kind (*line)(void *worker, struct gz_str line, struct gz_stage_turn *turn,
                             struct gz_err *err);
    // Put what stands for a rejected line into `out`, or count it; `why` has its place.
    enum gz_err_kind (*reject)(void *worker, const struct gz_err *why,
                               struct gz_stage_turn *turn, struct gz_err *err);
    // Take the output of a block: one at a time, in order.
    enum gz_err_kind (*give)(void *shared, struct gz_str out, struct gz_err *err);
};

// Run all of `reader` through `count` workers' states. Counts records and rejects in the
// app, and prints rejects and notes (at most ten of each, unless --quiet for rejects).
enum gz_err_kind gz_stage_run(struct gz_app *app, struct gz_reader *reader,
                              const struct gz_stage_ops *ops, void *shared,
                              void *const *workers, size_t count, struct gz_err *err);

// How many workers -j asks for: 1 when it was not given, the processors for 0. False and
// *err when it is more than GZ_POOL_MAX.
bool gz_stage_jobs(uint64_t asked, size_t *count, struct gz_err *err);

// The row of -j in an option table; `value` is a uint64_t *, 1 at first.
#define GZ_STAGE_JOBS_OPTION(value)                                                      \
    {                                                                                    \
        GZ_OPT_UINT, 'j', "jobs", "N", N_("work with N threads (1); 0: as processors"),  \
            (value), NULL                                                                \
    }

#endif
