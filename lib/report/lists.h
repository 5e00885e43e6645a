// SPDX-License-Identifier: MIT
// lists: what is worked out for the rows of a list.
#ifndef GZ_REPORT_LISTS_H
#define GZ_REPORT_LISTS_H

#include "report/build.h"

// points.c: points that orders cost, for lists with the column "scheme.counts".
struct gz_points {
    struct gz_build *b;
    const struct gz_table *table;
    struct gz_groups units;
    int counts; // columns of the list; -1: not there
    int unit;
    int unit_by;
};

// False: the list has no such column, or the scheme has no score.
bool gz_points_open(struct gz_points *p, struct gz_build *b, const struct gz_list *list);
struct gz_figure gz_points_of(const struct gz_points *p, const struct gz_listed *l);

#endif
