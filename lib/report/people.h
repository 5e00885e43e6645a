// SPDX-License-Identifier: MIT
// people: how many residents a unit or an area has, from when to when, and who says so.
#ifndef GZ_REPORT_PEOPLE_H
#define GZ_REPORT_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

struct gz_people_row {
    struct gz_str name;
    struct gz_str parent; // empty: any
    int64_t population;
    struct gz_str from; // ISO dates; empty: always
    struct gz_str to;
    struct gz_str source;
    size_t next; // row of the same name plus 1; 0 at the end
};

// Everything lives in the arena but the map: gz_people_release().
struct gz_people {
    struct gz_arena *arena;
    struct gz_map name; // number: the first row of that name
    size_t *first;
    struct gz_people_row *row;
    size_t rows;
    size_t cap;
    size_t first_cap;
};

// Add the rows of a sheet: columns unit and population, and as wanted parent, valid_from,
// valid_to and source (单位 人口 上级 起始日期 截止日期 来源). GZ_ERR_USAGE with file,
// line and column when it is wrong.
enum gz_err_kind gz_people_load(struct gz_people *p, const char *path,
                                struct gz_err *err);
void gz_people_add(struct gz_people *p, struct gz_people_row row);
void gz_people_release(struct gz_people *p);

// Who it is on `day` (an ISO date; empty: the row that begins last). NULL: not known.
const struct gz_people_row *gz_people_find(const struct gz_people *p, struct gz_str name,
                                           struct gz_str parent, struct gz_str day);

#endif
