// SPDX-License-Identifier: MIT
// deadline: when a matter is due, by the class it has.
#ifndef GZ_CIVIC_DEADLINE_H
#define GZ_CIVIC_DEADLINE_H

#include <stdbool.h>

#include "base/time.h"
#include "pack/pack.h"

// The row of the class that `name` names, by name or synonym, on `day`; NULL if none.
const struct gz_deadline *gz_deadline_find(const struct gz_pack *pack, struct gz_str name,
                                           int64_t day);

// `from` and the time that the class allows. Working days are those of the calendar
// sheet, else Monday to Friday; a matter that comes in on a day off begins on the next
// working day. Hours from a mere date are counted from its start and rounded up to
// days. False when `from` is vaguer than a day.
bool gz_deadline_due(const struct gz_pack *pack, const struct gz_deadline *d,
                     struct gz_time from, struct gz_time *due);

bool gz_calendar_works(const struct gz_pack *pack, int64_t day);

// The class that petitions of an inlet have without being told: petition letters have
// limits of their own. `channel` is what the source calls it, looked at where `inlet` is
// empty. NULL if none.
const struct gz_deadline *gz_deadline_of_inlet(const struct gz_pack *pack,
                                               struct gz_str inlet, struct gz_str channel,
                                               int64_t day);

#endif
