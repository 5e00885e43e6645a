// SPDX-License-Identifier: MIT
// fold: a copy of a text in which what people write in several ways looks one way.
#ifndef GZ_ROUTE_FOLD_H
#define GZ_ROUTE_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

// A to z in lower case; full-width letters and digits as ASCII; traditional characters
// as simplified ones, where OpenCC is built in. Each character becomes one character, so
// that offsets in characters are the same in the text and in its folded copy. The text
// itself is never changed. One folder for each thread.
struct gz_folder;

struct gz_folder *gz_folder_new(void);
void gz_folder_free(struct gz_folder *f);

enum { GZ_FOLD_PAD = 8 }; // zero bytes that can be read after a folded text

// Fold valid UTF-8 into `out`, which is emptied first. Returns the view, good until
// `out` is used again; GZ_FOLD_PAD zero bytes follow it.
struct gz_str gz_fold(struct gz_folder *f, struct gz_str s, struct gz_buf *out);

// The same for the source of a pattern: the case of ASCII letters is kept, since \S and
// \s are not one thing.
struct gz_str gz_fold_pattern(struct gz_folder *f, struct gz_str s, struct gz_buf *out);

// Can traditional characters be folded?
bool gz_fold_has_opencc(void);

#endif
