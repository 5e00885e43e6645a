// SPDX-License-Identifier: MIT
// outcome: what became of an item at a meeting, from the words of the minutes.
#ifndef GZ_LINK_OUTCOME_H
#define GZ_LINK_OUTCOME_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum gz_outcome {
    GZ_OUTCOME_UNKNOWN,
    GZ_OUTCOME_PASSED,
    GZ_OUTCOME_REJECTED,
    GZ_OUTCOME_DEFERRED, // goes on
    GZ_OUTCOME_NONE,     // was talked of, nothing more
    GZ_OUTCOME_UNHELD,   // the meeting did not take place
};

struct gz_outcomes;

// The sheet link/outcomes.csv. NULL on a fault in it.
struct gz_outcomes *gz_outcomes_load(struct gz_arena *arena, struct gz_err *err);

enum gz_outcome gz_outcome_of(const struct gz_outcomes *all, struct gz_str text);

// As the field outcome_class has it; empty when it is none of its values.
struct gz_str gz_outcome_class(enum gz_outcome o);

// "yes" and "no" for what passed and what did not, else empty.
struct gz_str gz_outcome_passed(enum gz_outcome o);

#endif
