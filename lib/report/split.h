// SPDX-License-Identifier: MIT
// split: one document for each unit, with its own rows and its place in the ranking, and
// no other unit's name.
#ifndef GZ_REPORT_SPLIT_H
#define GZ_REPORT_SPLIT_H

#include "report/doc.h"

// The units of a document: the names in the first column "unit" of its tables, each once.
const struct gz_str *gz_split_units(const struct gz_doc *doc, struct gz_arena *arena,
                                    size_t *count);

// The document of one of them.
void gz_split_doc(const struct gz_doc *doc, struct gz_str unit, struct gz_arena *arena,
                  struct gz_doc *out);

// A name for its file that is one path component on every system: no slash, no control
// character, nothing that begins with a dot or a dash, at most 120 bytes.
struct gz_str gz_split_name(struct gz_arena *arena, struct gz_str unit);

#endif
