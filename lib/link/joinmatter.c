// SPDX-License-Identifier: MIT
// What the petitions behind an agenda item tell of it: when people began to complain,
// where, and which topic it is.
#include <stdlib.h>

#include "base/time.h"
#include "link/joindata.h"

void
gz_join_tell(struct gz_join *j, struct gz_str petition_id, int64_t first,
             const struct gz_str *part, struct gz_str topic)
{
    struct gz_join_petition *p = gz_join_row(&j->petitions, petition_id);

    if (!p)
        return;
    p->known = true;
    p->first = first;
    p->topic = topic;
    for (int i = 0; i < GZ_LEVELS; i++)
        p->part[i] = part[i];
}

// The next petition of the list that there is a record of.
static const struct gz_join_petition *
next_known(const struct gz_join *j, const struct gz_join_id_list **list)
{
    while (*list) {
        const struct gz_join_petition *p = gz_join_row(&j->petitions, (*list)->id);

        *list = (*list)->next;
        if (p && p->known)
            return p;
    }
    return NULL;
}

static int
by_text(const void *a, const void *b)
{
    return gz_str_cmp(*(const struct gz_str *)a, *(const struct gz_str *)b);
}

// The topic that most of them belong to; of two, the one that sorts first.
static struct gz_str
topic_of(struct gz_join *j, const struct gz_join_id_list *list, size_t count)
{
    struct gz_str *all = gz_arena_new(&j->scratch, struct gz_str, count + 1);
    struct gz_str best = { NULL, 0 };
    const struct gz_join_petition *p;
    size_t n = 0, most = 0;

    while ((p = next_known(j, &list)))
        if (p->topic.len)
            all[n++] = p->topic;
    qsort(all, n, sizeof(*all), by_text);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && gz_str_eq(all[k], all[i]); k++)
            ;
        if (k - i > most) {
            most = k - i;
            best = all[i];
        }
    }
    return best;
}

// The one unit of this level that all of them name; empty when they name several, or one
// of them none.
static struct gz_str
common_part(const struct gz_join *j, const struct gz_join_id_list *list, int level)
{
    const struct gz_join_petition *p = next_known(j, &list);
    struct gz_str part = p ? p->part[level] : (struct gz_str){ NULL, 0 };

    while (part.len && (p = next_known(j, &list)))
        if (!gz_str_eq(p->part[level], part))
            return (struct gz_str){ NULL, 0 };
    return part;
}

static void
put_places(const struct gz_join *j, const struct gz_join_id_list *list,
           const struct gz_member *have, struct gz_splice *out)
{
    static const enum gz_link_field field[GZ_LEVELS] = { GZ_F_district, GZ_F_subdistrict,
                                                         GZ_F_community, GZ_F_compound };

    // An item that says where it belongs is not told otherwise.
    for (int i = 0; i < GZ_LEVELS; i++)
        if (have[field[i]].type != GZ_VALUE_NONE)
            return;
    for (int i = 0; i < GZ_LEVELS; i++)
        gz_splice_text(out, field[i], common_part(j, list, i));
}

void
gz_join_matter(struct gz_join *j, const struct gz_join_item *item,
               const struct gz_member *have, struct gz_splice *out)
{
    const struct gz_join_id_list *list = item->petitions;
    const struct gz_join_petition *p;
    struct gz_time first = { INT64_MIN, GZ_NO_OFFSET, GZ_PREC_DAY };
    size_t count = 0;

    while ((p = next_known(j, &list))) {
        count++;
        if (p->first != INT64_MIN && (first.sec == INT64_MIN || p->first < first.sec))
            first.sec = p->first;
    }
    if (count == 0)
        return;
    if (first.sec != INT64_MIN) {
        char text[32];

        gz_splice_text(out, GZ_F_burst_from,
                       (struct gz_str){ text, gz_time_format(first, text) });
    }
    gz_splice_text(out, GZ_F_topic_id, topic_of(j, item->petitions, count));
    put_places(j, item->petitions, have, out);
}
