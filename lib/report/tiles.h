// SPDX-License-Identifier: MIT
// tiles: where the tile of each unit lies: a map for those who have no geometry.
#ifndef GZ_REPORT_TILES_H
#define GZ_REPORT_TILES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

enum { GZ_TILES_MOST = 60 }; // rows and columns

struct gz_tile {
    unsigned row; // from 1
    unsigned column;
};

// Zero-initialise; tiles live in the arena.
struct gz_tiles {
    struct gz_map name;
    struct gz_tile *tile; // by number of the name
    unsigned columns;
};

// A sheet with columns unit, row, column (单位 行 列). GZ_ERR_USAGE with the place when a
// number is none, or two units lie on one place.
enum gz_err_kind gz_tiles_load(struct gz_tiles *t, const char *path,
                               struct gz_arena *arena, struct gz_err *err);
void gz_tiles_release(struct gz_tiles *t);

// NULL when the sheet has no such unit.
const struct gz_tile *gz_tiles_find(const struct gz_tiles *t, struct gz_str unit);

#endif
