// SPDX-License-Identifier: MIT
// lines: a block of whole lines, walked one by one. What a reader hands to a worker.
#ifndef GZ_RECORD_LINES_H
#define GZ_RECORD_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct gz_lines {
    struct gz_str text;  // whole lines; the last one may lack its end
    size_t at;           // of the next line in `text`
    const char *source;  // for messages
    uint64_t line;       // number of the line that was handed out last
    size_t max_record;   // bytes
    bool checked, clean; // `text` was looked at; all of it is UTF-8
};

enum gz_lines_next { GZ_LINES_LINE, GZ_LINES_BAD, GZ_LINES_END };

// The next line that is not blank, without its line end (LF or CRLF). UTF-8 is checked
// once for the block, and by the line only where the block is not clean.
enum gz_lines_next gz_lines_next(struct gz_lines *l, struct gz_str *line,
                                 struct gz_err *err);

#endif
