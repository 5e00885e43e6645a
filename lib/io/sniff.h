// SPDX-License-Identifier: MIT
// sniff: which encoding a sample of a file is in.
#ifndef GZ_IO_SNIFF_H
#define GZ_IO_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct gz_sniff {
    const char *encoding; // a constant: "UTF-8", "GB18030", "UTF-16LE" ...
    size_t bom;           // bytes of the byte order mark; 0 for none
};

// Only the byte order mark. `encoding` is NULL when there is none.
struct gz_sniff gz_sniff_bom(struct gz_str sample);

// In this order: byte order mark, the zero bytes of UTF-16 and UTF-32, strict UTF-8,
// Big5 where it cannot be meant for GB18030, GB18030, and of the two Unicode and Chinese
// the one that all lines but a few are in. `whole` says that the sample is all of the
// file; if not, a character may be cut off at its end. What is none of these, and what is
// no table of text (XLSX, XLS, HTML under the name of one, gzip, PDF), is refused with
// GZ_ERR_FORMAT and the place of the first bad byte.
enum gz_err_kind gz_sniff_encoding(struct gz_str sample, bool whole, struct gz_sniff *out,
                                   struct gz_err *err);

#endif
