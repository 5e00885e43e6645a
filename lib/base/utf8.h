// SPDX-License-Identifier: MIT
// utf8: validate, decode, count, and print safely.
#ifndef GZ_BASE_UTF8_H
#define GZ_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

// The length of the longest valid prefix of `s`: s.len when all of it is UTF-8 (RFC
// 3629: no surrogates, nothing over U+10FFFF, no overlong forms). A character cut off
// by the end counts as invalid. Vectorised where the processor allows.
size_t gz_utf8_valid_prefix(struct gz_str s);

// The same in plain portable C: the twin that tests hold against the one above.
size_t gz_utf8_valid_prefix_plain(struct gz_str s);

static inline bool
gz_utf8_valid(struct gz_str s)
{
    return gz_utf8_valid_prefix(s) == s.len;
}

// Decode the character at *at of valid UTF-8 and step over it. At the end: 0 and no step.
uint32_t gz_utf8_next(struct gz_str s, size_t *at);

// Append one code point (a surrogate or anything over U+10FFFF becomes U+FFFD).
void gz_utf8_put(struct gz_buf *out, uint32_t c);

// Code points in valid UTF-8.
size_t gz_utf8_count(struct gz_str s);

// Columns that valid UTF-8 takes on a terminal: East Asian wide characters are 2,
// combining marks and controls 0. From a table, so no locale is asked.
size_t gz_utf8_width(struct gz_str s);

// The longest prefix that takes at most `cols` columns.
struct gz_str gz_utf8_fit(struct gz_str s, size_t cols);

// Append `s` with control characters and invalid bytes shown as '?', for messages.
void gz_utf8_printable(struct gz_str s, struct gz_buf *out);

// Is the code point a Han character (unified ideographs and their extensions)?
bool gz_utf8_is_han(uint32_t c);

#endif
