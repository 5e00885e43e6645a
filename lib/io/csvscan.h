// SPDX-License-Identifier: MIT
// csvscan: where the separators of a delimited text lie: 64 bytes at a time as bit masks
// where the processor allows, byte by byte elsewhere. Cuts no rows; io/csv.h does.
#ifndef GZ_IO_CSVSCAN_H
#define GZ_IO_CSVSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/csv.h"

#define GZ_CSVSCAN_NONE SIZE_MAX

// Positions are bytes from the `text` given, in ascending order. A scan appends to `sep`,
// `odd` and `row`: the caller gives each GZ_CSVSCAN_SLACK more elements than bytes
// scanned.
struct gz_csvscan {
    unsigned char delimiter;
    unsigned char eol; // '\n' or '\r'
    bool quotes;

    uint32_t *sep; // delimiters and line ends outside quotes
    size_t seps;
    uint32_t *odd; // inside quotes: line ends, and the second of two doubled quotes
    size_t odds;
    uint32_t
        *row;    // of each line end outside quotes: its place in `sep`, times two, and 1
    size_t rows; // if its row may hold bytes that are no ASCII
    size_t flag; // a quote that opens after data or closes before some, or
                 // GZ_CSVSCAN_NONE

    bool inside;  // the next byte is inside quotes
    bool fresh;   // the byte before it was a separator or a quote, or there was none
    bool closed;  // it was a closing quote
    bool closing; // it was CR behind a closing quote, so LF has to follow
    bool high;    // bytes that are no ASCII came since the last row's end
};

enum { GZ_CSVSCAN_SLACK = 64 };

// Scan text[from, to) and return where the scan stopped: `to`, or less when it met a
// quote it cannot judge: then `flag` is set and nothing from there on is in the lists.
// A text that was scanned up to `from` before is gone on with. Reads no byte at or after
// `to` + 64; those from `to` on may be anything.
typedef size_t gz_csvscan_fn(struct gz_csvscan *s, const char *text, size_t from,
                             size_t to);

// The fastest for this processor, or the one asked for if it has it, else the plain one.
gz_csvscan_fn *gz_csvscan_get(enum gz_csv_engine engine);

// Start at the start of a record.
static inline void
gz_csvscan_restart(struct gz_csvscan *s)
{
    s->seps = 0;
    s->odds = 0;
    s->rows = 0;
    s->flag = GZ_CSVSCAN_NONE;
    s->inside = s->closed = s->closing = s->high = false;
    s->fresh = true;
}

#endif
