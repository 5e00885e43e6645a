// SPDX-License-Identifier: MIT
// gb18030: GB18030-2005 (and so GBK, GB2312) to UTF-8, by a table made from iconv.
#ifndef GZ_IO_GB18030_H
#define GZ_IO_GB18030_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

// Append `s` to `out` as UTF-8. Returns the bytes decoded: s.len, or the offset of the
// first byte that is no GB18030. A bad byte never swallows the ASCII byte after it.
size_t gz_gb18030_decode(struct gz_str s, struct gz_buf *out);

// How much of `s` is GB18030, without decoding it. A character cut off by the end is
// not counted.
size_t gz_gb18030_valid_prefix(struct gz_str s);

// Is all of `s` GB18030, with four characters at least beyond ASCII, two of three of them
// among those that Chinese is written with? UTF-8 read as GB18030 is valid, too, but of
// rare characters.
bool gz_gb18030_is_chinese(struct gz_str s);

// Could more bytes make a character of `tail`, what is left after a valid prefix?
bool gz_gb18030_is_cut(struct gz_str tail);

#endif
