// SPDX-License-Identifier: MIT
// How often halls met, and how often they should have by their cadence.
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "link/joindata.h"

static void
note_sitting(struct gz_join *j, struct gz_str forum, uint64_t sitting)
{
    struct gz_join_forum *f = gz_join_row_for(j, &j->forums, forum);
    struct gz_join_sat *sat;

    if (!f)
        return;
    for (sat = f->sat; sat; sat = sat->next)
        if (sat->sitting == sitting)
            return;
    sat = gz_arena_new(&j->arena, struct gz_join_sat, 1);
    *sat = (struct gz_join_sat){ f->sat, sitting };
    f->sat = sat;
    j->held++;
}

void
gz_join_take_sitting(struct gz_join *j, const struct gz_member *have, uint64_t sitting)
{
    struct gz_str status = gz_join_text(j, have, GZ_F_status), *joint;
    struct gz_str at = gz_join_text(j, have, GZ_F_held_at);
    struct gz_time t;
    size_t count;

    if (!gz_join_is_held(status, at) ||
        (status.len == 0 &&
         gz_outcome_of(j->outcomes, gz_join_text(j, have, GZ_F_outcome)) ==
             GZ_OUTCOME_UNHELD))
        return;
    if (gz_time_parse(at, &t) && t.prec >= GZ_PREC_DAY) {
        int64_t day = gz_time_day(t);

        if (!j->any_day || day < j->first_day)
            j->first_day = day;
        if (!j->any_day || day > j->last_day)
            j->last_day = day;
        j->any_day = true;
    }
    note_sitting(j, gz_join_text(j, have, GZ_F_forum_id), sitting);
    note_sitting(j, gz_join_text(j, have, GZ_F_forum), sitting);
    joint = gz_member_list(&have[GZ_F_joint_forums], &j->scratch, &count);
    for (size_t i = 0; i < count; i++)
        note_sitting(j, joint[i], sitting);
}

static int64_t
months_between(int64_t from, int64_t to)
{
    struct gz_date a = gz_days_to_date(from), b = gz_days_to_date(to);

    return (b.year - a.year) * 12 + b.month - a.month + 1;
}

// Spans of the cadence that are begun between two days, both included; 0: no cadence.
static int64_t
expected(struct gz_str cadence, int64_t from, int64_t to)
{
    int64_t days = to - from + 1, months = months_between(from, to);

    return gz_str_is(cadence, "daily")       ? days
           : gz_str_is(cadence, "weekly")    ? (days + 6) / 7
           : gz_str_is(cadence, "biweekly")  ? (days + 13) / 14
           : gz_str_is(cadence, "monthly")   ? months
           : gz_str_is(cadence, "quarterly") ? (months + 2) / 3
           : gz_str_is(cadence, "yearly")    ? (months + 11) / 12
                                             : 0;
}

static int64_t
day_or(struct gz_join *j, const struct gz_member *have, enum gz_link_field field,
       int64_t otherwise)
{
    struct gz_time t;

    if (gz_time_parse(gz_join_text(j, have, field), &t) && t.prec >= GZ_PREC_DAY)
        return gz_time_day(t);
    return otherwise;
}

// Over the days on which any meeting of the input was held: before and after, nothing
// is known of meetings.
void
gz_join_forum(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct gz_join_forum *f =
        gz_join_row(&j->forums, gz_join_text(j, have, GZ_F_forum_id));
    struct gz_str cadence = gz_join_text(j, have, GZ_F_cadence);
    int64_t from, to, n = 0;
    uint64_t held = 0;

    if (!j->any_day)
        return;
    if (!f)
        f = gz_join_row(&j->forums, gz_join_text(j, have, GZ_F_name));
    for (const struct gz_join_sat *sat = f ? f->sat : NULL; sat; sat = sat->next)
        held++;
    gz_splice_u64(out, GZ_F_n_held, held);
    from = day_or(j, have, GZ_F_opened_on, j->first_day);
    to = day_or(j, have, GZ_F_closed_on, j->last_day);
    from = from > j->first_day ? from : j->first_day;
    to = to < j->last_day ? to : j->last_day;
    if (from <= to)
        n = expected(cadence, from, to);
    if (n > 0)
        gz_splice_u64(out, GZ_F_n_expected, (uint64_t)n);
}
