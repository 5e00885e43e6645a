// SPDX-License-Identifier: MIT
// jsonsplit: a stream of JSON cut into single values: lines, or the elements of one
// top-level array (or of the array under a named member), without holding the whole.
#ifndef GZ_IO_JSONSPLIT_H
#define GZ_IO_JSONSPLIT_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "io/input.h"

struct gz_jsonsplit;

enum gz_jsonsplit_next {
    GZ_JSONSPLIT_VALUE,
    // Text that is no value: *err says where, *value is the text that is skipped, to the
    // end of the line (max_value bytes of it).
    GZ_JSONSPLIT_BAD,
    GZ_JSONSPLIT_END,
    GZ_JSONSPLIT_FAIL,
};

// `in` begins with '[' (its elements are the values; `member` must be NULL), with '{' and
// `member` given (the array under that key, as in {"requests": [...]}, is split; the
// rest is passed over), or is a sequence of values apart by white space (JSON Lines
// among them). max_value in bytes, 0 for 1 MiB. `in` must not be raw GB18030, whose
// characters may hold brackets: open it with encoding "GB18030:decode".
struct gz_jsonsplit *gz_jsonsplit_open(struct gz_input *in, const char *member,
                                       size_t max_value);
// The same of the text inside a JSON string, which begins `from` bytes into the input.
// Lines are counted in that text.
struct gz_jsonsplit *gz_jsonsplit_open_quoted(struct gz_input *in, size_t from,
                                              size_t max_value);
void gz_jsonsplit_close(struct gz_jsonsplit *s);

// The next value's text: brackets and strings are balanced, nothing more is promised.
// Good until the next call. *line is where it starts, from 1.
// What *err held is forgotten.
enum gz_jsonsplit_next gz_jsonsplit_next(struct gz_jsonsplit *s, struct gz_str *value,
                                         uint64_t *line, struct gz_err *err);

#endif
