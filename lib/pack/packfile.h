// SPDX-License-Identifier: MIT
// packfile: where a sheet of a pack is found, and how a pack is written out.
#ifndef GZ_PACK_PACKFILE_H
#define GZ_PACK_PACKFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

// A sheet as it stands: its bytes, and what to call it in messages.
struct gz_pack_file {
    struct gz_str text;
    const char *name;
};

// Find `base` ("rules.csv") in `dir` (NULL: none), below the XDG directories, or built
// in. GZ_ERR_USAGE when one is there but cannot be read.
enum gz_err_kind gz_pack_file_find(const char *dir, const char *base,
                                   struct gz_arena *arena, struct gz_pack_file *out,
                                   struct gz_err *err);

// In which column of physical line `line` of a sheet its cell number `cell` begins, in
// characters from 1; 0 when it is not there.
uint64_t gz_pack_cell_column(struct gz_str text, uint64_t line, int cell);

#endif
