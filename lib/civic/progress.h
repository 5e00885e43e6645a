// SPDX-License-Identifier: MIT
// progress: how far a record has come through its machine, which of the five steps
// 集议办督评 are recorded, and what contradicts what.
#ifndef GZ_CIVIC_PROGRESS_H
#define GZ_CIVIC_PROGRESS_H

#include "civic/codes.h"
#include "civic/machine.h"
#include "civic/whole.h"

enum { GZ_STEPS = 5 };

struct gz_progress {
    struct gz_str step;             // the furthest; empty if none is known
    struct gz_str done[GZ_STEPS];   // those that are recorded, in order
    struct gz_str absent[GZ_STEPS]; // those that must have been, and are not
    size_t dones, absents;
};

// Check a record of the machine's kind; `state_field` is where its state stands, `id`
// its id. Adds to `codes`: SKIP, BACK, TIME, TIER, CYCLE and the needs of states.csv.
void gz_progress_check(const struct gz_machines *m, const struct gz_machine *machine,
                       const struct gz_whole *v, struct gz_str state_field,
                       struct gz_str id, struct gz_progress *out, struct gz_codes *codes);

// Check an event: is from_state → to_state a legal step of its subject?
void gz_progress_event(const struct gz_machines *m, const struct gz_whole *v,
                       struct gz_codes *codes);

#endif
