// SPDX-License-Identifier: MIT
// progress: a line on standard error about how far a long input has been read.
#ifndef GZ_APP_PROGRESS_H
#define GZ_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

// What has been done of one input. size 0: not known, as of a pipe.
struct gz_progress_now {
    const char *name;
    uint64_t bytes, size;
    uint64_t records, rejects;
};

struct gz_progress {
    enum { GZ_PROGRESS_NEVER, GZ_PROGRESS_LINE, GZ_PROGRESS_LINES } how;
    uint64_t began, last; // milliseconds
    bool shown;           // a line stands on the terminal
};

// `word`: auto (or NULL), always or never. By itself a line is shown, over and over in
// the same place, when standard error is a terminal; always writes plain lines anywhere.
enum gz_err_kind gz_progress_begin(struct gz_progress *p, const char *word,
                                   struct gz_err *err);

// Show the line if it is time: not in the first two seconds of a run, then once a second
// (always: every five).
void gz_progress_tick(struct gz_progress *p, const struct gz_progress_now *now);

// An input is through: always writes its last line, a terminal is wiped.
void gz_progress_end(struct gz_progress *p, const struct gz_progress_now *now);

#endif
