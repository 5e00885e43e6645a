// SPDX-License-Identifier: MIT
// recordmask: the levels of privacy for records that are records already.
#ifndef GZ_INGEST_RECORDMASK_H
#define GZ_INGEST_RECORDMASK_H

#include "base/arena.h"
#include "base/buf.h"
#include "ingest/privacy.h"
#include "record/schema.h"

// Does this field say where exactly, or who, and so stay out of what is public?
bool gz_recordmask_hides(struct gz_str field);

// Append the record `line`, a checked JSON object, as the level allows: members that no
// field is named like and whose names say that they are contacts are left out, in ext
// too; texts are masked from `text` on; what is hidden in public is left out.
void gz_recordmask_line(struct gz_str line, enum gz_privacy level,
                        const struct gz_schema *schema, struct gz_arena *arena,
                        struct gz_buf *out);

// Append `"ext":{...}` likewise, with a comma before it; nothing when nothing is left.
// Returns whether anything was left out or masked.
bool gz_recordmask_ext(struct gz_str object, enum gz_privacy level,
                       struct gz_arena *arena, struct gz_buf *out);

#endif
