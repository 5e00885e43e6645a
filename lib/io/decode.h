// SPDX-License-Identifier: MIT
// decode: a stream of bytes in a named encoding, to UTF-8, a block at a time.
#ifndef GZ_IO_DECODE_H
#define GZ_IO_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct gz_decode;

// Any name that iconv knows; "GB18030" uses io/gb18030.h. NULL and GZ_ERR_USAGE when the
// name is not known.
struct gz_decode *gz_decode_new(const char *encoding, struct gz_err *err);
void gz_decode_free(struct gz_decode *d);

// What stands in `out` for a byte that is no character: it is in no text, so that the
// reader finds it and its place, and the delimiter behind it is not swallowed.
#define GZ_DECODE_BAD '\xFF'

// Append `raw` to `out` as UTF-8 and return the bytes taken: what is left is a character
// cut off by the end and is to be given again with more after it. `last` says that
// nothing comes after.
size_t gz_decode_run(struct gz_decode *d, struct gz_str raw, bool last,
                     struct gz_buf *out);

#endif
