// SPDX-License-Identifier: MIT
// checker: which checks a record of which kind goes through; all of them look at one
// record alone.
#ifndef GZ_CIVIC_CHECKER_H
#define GZ_CIVIC_CHECKER_H

#include "base/buf.h"
#include "civic/codes.h"
#include "civic/machine.h"
#include "civic/progress.h"

struct gz_checker {
    const struct gz_pack *pack;
    struct gz_machines machines;
};

// In `arena`; the pack must outlive it.
void gz_checker_make(struct gz_checker *c, const struct gz_pack *pack,
                     struct gz_arena *arena);

struct gz_checked {
    struct gz_progress progress;
    struct gz_codes codes;
};

// Check the record `line` of this kind. Strings live in `arena`, the pack or the line.
// False for kinds that are not checked.
bool gz_checker_check(const struct gz_checker *c, struct gz_str kind, struct gz_str line,
                      struct gz_arena *arena, struct gz_checked *out);

// Append the member `key` (step, steps, unrecorded or checks) to a record, if there is
// anything to say.
void gz_checked_put(const struct gz_checked *c, const char *key, struct gz_buf *out);

#endif
