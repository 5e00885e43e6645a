// SPDX-License-Identifier: MIT
#include "civic/deadline.h"

static bool
has(const struct gz_deadline *d, struct gz_str name)
{
    if (gz_str_eq_nocase(d->name, name))
        return true;
    for (size_t i = 0; i < d->synonyms.count; i++)
        if (gz_str_eq_nocase(d->synonyms.item[i], name))
            return true;
    return false;
}

const struct gz_deadline *
gz_deadline_find(const struct gz_pack *pack, struct gz_str name, int64_t day)
{
    for (size_t i = 0; i < gz_pack_rows(pack, GZ_SHEET_DEADLINES); i++)
        if (gz_valid_on(pack->deadline[i].valid, day) && has(&pack->deadline[i], name))
            return &pack->deadline[i];
    return NULL;
}

bool
gz_calendar_works(const struct gz_pack *pack, int64_t day)
{
    size_t low = 0, high = gz_pack_rows(pack, GZ_SHEET_CALENDAR);

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (pack->day[mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < gz_pack_rows(pack, GZ_SHEET_CALENDAR) && pack->day[low].day == day)
        return pack->day[low].work;
    return gz_days_weekday(day) < 5;
}

static int64_t
add_working_days(const struct gz_pack *pack, int64_t day, int64_t n)
{
    while (n > 0)
        n -= gz_calendar_works(pack, ++day);
    return day;
}

bool
gz_deadline_due(const struct gz_pack *pack, const struct gz_deadline *d,
                struct gz_time from, struct gz_time *due)
{
    const int64_t a_day = 86400;
    int64_t day = gz_time_day(from);

    if (from.prec < GZ_PREC_DAY)
        return false;
    *due = from;
    if (d->hours && from.prec == GZ_PREC_DAY)
        due->sec += (d->amount + 23) / 24 * a_day;
    else if (d->hours)
        due->sec += d->amount * 3600;
    else if (!d->work)
        due->sec += d->amount * a_day;
    else
        due->sec += (add_working_days(pack, day, d->amount) - day) * a_day;
    return true;
}

static bool
comes_by(const struct gz_deadline *d, struct gz_str inlet, struct gz_str channel)
{
    for (size_t i = 0; i < d->inlets.count; i++)
        if (gz_str_eq(d->inlets.item[i], inlet))
            return true;
    for (size_t i = 0; inlet.len == 0 && i < d->channels.count; i++)
        if (gz_str_find(channel, d->channels.item[i]) != (size_t)-1)
            return true;
    return false;
}

const struct gz_deadline *
gz_deadline_of_inlet(const struct gz_pack *p, struct gz_str inlet, struct gz_str channel,
                     int64_t day)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_DEADLINES); i++)
        if (gz_valid_on(p->deadline[i].valid, day) &&
            comes_by(&p->deadline[i], inlet, channel))
            return &p->deadline[i];
    return NULL;
}
