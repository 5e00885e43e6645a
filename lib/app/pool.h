// SPDX-License-Identifier: MIT
// pool: workers that take pieces of the input in turn and hand on their results in the
// same order, so that the output is the same for every number of them.
#ifndef GZ_APP_POOL_H
#define GZ_APP_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

// What is done with one piece. take() and give() are called by one worker at a time, in
// the order of the pieces; work() by all of them at once. `worker` is the state of one
// worker: nothing in it is shared.
struct gz_pool_ops {
    // Fetch the next piece into the worker. False at the end, or with *err set.
    bool (*take)(void *shared, void *worker, struct gz_err *err);
    enum gz_err_kind (*work)(void *shared, void *worker, struct gz_err *err);
    enum gz_err_kind (*give)(void *shared, void *worker, struct gz_err *err);
};

enum { GZ_POOL_MAX = 64 };

// Run until take() ends or something fails; the failure of the earliest piece wins, and
// nothing of a later one is given. `workers` points to `count` (at most GZ_POOL_MAX)
// states. With one worker no thread is made.
enum gz_err_kind gz_pool_run(const struct gz_pool_ops *ops, void *shared, void **workers,
                             size_t count, struct gz_err *err);

#endif
