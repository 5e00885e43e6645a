// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "link/joindata.h"

bool
gz_join_is_held(struct gz_str status, struct gz_str held_at)
{
    // Adjourned means that the sitting was begun and is to go on another day.
    if (status.len)
        return gz_str_is(status, "held") || gz_str_is(status, "adjourned");
    return held_at.len > 0;
}

// ---- second pass: items, resolutions, discussions ----

// The meeting behind a link: what its own record says, else what the link says.
static bool
resolve(const struct gz_join *j, const struct gz_join_sitting_link *link,
        struct gz_join_meeting *out)
{
    if (!gz_join_meeting_known(j, link->meeting_id, out))
        *out = (struct gz_join_meeting){ link->status, link->held_at,
                                         gz_hash_fixed(link->meeting_id) };
    return link->meeting_id.len && gz_join_is_held(out->status, out->held_at);
}

static struct gz_str
date_of(struct gz_str time)
{
    return gz_str_first(time, 10);
}

static int
by_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static size_t
distinct(uint64_t *v, size_t count)
{
    size_t n = 0;

    qsort(v, count, sizeof(*v), by_u64);
    for (size_t i = 0; i < count; i++)
        n += i == 0 || v[i] != v[i - 1];
    return n;
}

static size_t
count_links(const struct gz_join_item *item)
{
    size_t n = 0;

    for (const struct gz_join_sitting_link *l = item ? item->links : NULL; l; l = l->next)
        n++;
    return n;
}

static bool
has_resolution(const struct gz_join_item *item)
{
    for (const struct gz_join_sitting_link *l = item->links; l; l = l->next)
        if (l->decision)
            return true;
    return false;
}

// Is this the word of a resolution, or, where an item has none, of a discussion that
// passed it? One that did not pass it goes on, and decides nothing.
static bool
decides(const struct gz_join_sitting_link *l, bool by_resolution)
{
    return by_resolution ? l->decision : gz_str_is(l->passed, "yes");
}

// The last decision that passed; the last of any if none did. One at a meeting that was
// not held is none.
static struct gz_str
decided_at(const struct gz_join *j, const struct gz_join_item *item, struct gz_str *how)
{
    struct gz_str best = { NULL, 0 };
    bool passed = false, by_resolution = has_resolution(item);

    for (const struct gz_join_sitting_link *l = item->links; l; l = l->next) {
        struct gz_join_meeting m;
        bool held = resolve(j, l, &m), good = gz_str_is(l->passed, "yes");
        struct gz_str at = l->at.len ? l->at : m.held_at;

        if (!decides(l, by_resolution) || (!held && (m.status.len || !by_resolution)))
            continue;
        if (good || (!how->len && l->passed.len))
            *how = good ? GZ_STR("passed") : GZ_STR("rejected");
        if (at.len == 0)
            continue;
        if ((good && !passed) || (good == passed && gz_str_cmp(at, best) > 0)) {
            best = at;
            passed = good;
        }
    }
    return best;
}

static void
item_meetings(struct gz_join *j, const struct gz_join_item *item, struct gz_splice *out)
{
    size_t links = count_links(item), held = 0, declined = 0, lists = 0;
    uint64_t *sitting = gz_arena_new(&j->scratch, uint64_t, links + 1);
    uint64_t *against = gz_arena_new(&j->scratch, uint64_t, links + 1);
    uint64_t *listed = gz_arena_new(&j->scratch, uint64_t, links + 1);
    struct gz_str first = { NULL, 0 }, last = { NULL, 0 };

    for (const struct gz_join_sitting_link *l = item ? item->links : NULL; l;
         l = l->next) {
        struct gz_join_meeting m;
        bool was_held = resolve(j, l, &m);

        if (l->meeting_id.len)
            listed[lists++] = m.sitting;
        if (!was_held)
            continue;
        sitting[held++] = m.sitting;
        if (gz_str_is(l->passed, "no"))
            against[declined++] = m.sitting;
        if (m.held_at.len && (first.len == 0 || gz_str_cmp(m.held_at, first) < 0))
            first = m.held_at;
        if (gz_str_cmp(m.held_at, last) > 0)
            last = m.held_at;
    }
    gz_splice_u64(out, GZ_F_n_meetings, distinct(sitting, held));
    gz_splice_u64(out, GZ_F_n_listed, distinct(listed, lists));
    gz_splice_text(out, GZ_F_first_met_on, date_of(first));
    gz_splice_text(out, GZ_F_last_met_on, date_of(last));
    gz_splice_u64(out, GZ_F_n_declined, distinct(against, declined));
}

// Where merging ends: at an item that goes nowhere else, or where it began.
static struct gz_str
merge_end(const struct gz_join *j, struct gz_str id, const struct gz_join_item *item)
{
    const struct gz_join_item *slow = item;
    struct gz_str at = { NULL, 0 };

    for (bool odd = false; item && item->merged_into.len; odd = !odd) {
        at = item->merged_into;
        if (gz_str_eq(at, id))
            return id;
        item = gz_join_row(&j->items, at);
        if (odd)
            slow = gz_join_row(&j->items, slow->merged_into);
        if (item && item == slow)
            return at; // round and round, without this one
    }
    return at;
}

void
gz_join_item(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    struct gz_str id = gz_join_text(j, have, GZ_F_agenda_id), how = { NULL, 0 };
    struct gz_join_item *item = gz_join_row(&j->items, id);
    size_t n = 0;
    uint64_t *ids;

    if (j->any_meeting)
        item_meetings(j, item, out);
    if (!item)
        return;
    gz_splice_text(out, GZ_F_decided_at, decided_at(j, item, &how));
    gz_splice_text(out, GZ_F_decision, how);
    gz_splice_text(out, GZ_F_merge_end, merge_end(j, id, item));
    gz_splice_text(out, GZ_F_supervised_at, item->supervised_at);
    gz_splice_text(out, GZ_F_evaluated_at, item->evaluated_at);
    if (item->written++)
        gz_splice_text(out, GZ_F_copy, GZ_STR("yes"));
    if (item->rework)
        gz_splice_text(out, GZ_F_rework, GZ_STR("yes"));
    for (const struct gz_join_id_list *p = item->petitions; p; p = p->next)
        n++;
    ids = gz_arena_new(&j->scratch, uint64_t, n + 1);
    n = 0;
    for (const struct gz_join_id_list *p = item->petitions; p; p = p->next)
        ids[n++] = gz_hash_fixed(p->id);
    if (n)
        gz_splice_u64(out, GZ_F_n_petitions, distinct(ids, n));
    gz_splice_text(out, GZ_F_project_id, item->project_id);
    gz_join_matter(j, item, have, out);
}

void
gz_join_resolution(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const uint32_t *tasks =
        gz_join_row(&j->resolutions, gz_join_text(j, have, GZ_F_resolution_id));

    if (j->any_task)
        gz_splice_u64(out, GZ_F_n_tasks, tasks ? *tasks : 0);
}

bool
gz_join_meeting_known(const struct gz_join *j, struct gz_str id,
                      struct gz_join_meeting *out)
{
    const struct gz_join_meeting *m = gz_join_row(&j->meetings, id);
    const struct gz_join_sitting *sat;

    if (!m)
        return false;
    *out = *m;
    sat = gz_join_row(&j->sittings, gz_join_sitting_key(&m->sitting));
    if (out->status.len == 0 && sat && sat->unheld && !sat->other)
        out->status = GZ_STR("deferred");
    return true;
}

void
gz_join_meeting(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    struct gz_str outcome = gz_join_text(j, have, GZ_F_outcome);
    struct gz_str id = gz_join_text(j, have, GZ_F_meeting_id);
    struct gz_join_meeting m;
    struct gz_join_sitting *sat;

    if (outcome.len)
        gz_splice_text(out, GZ_F_outcome_class,
                       gz_outcome_class(gz_outcome_of(j->outcomes, outcome)));
    if (!gz_join_meeting_known(j, id, &m))
        return;
    gz_splice_text(out, GZ_F_status, m.status);
    sat = gz_join_sitting_row(j, m.sitting);
    // One record stands for the sitting, whichever came first.
    if (!gz_str_eq(id, sat->meeting_id) || sat->written++)
        gz_splice_text(out, GZ_F_copy, GZ_STR("yes"));
}

void
gz_join_discussion(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    struct gz_join_meeting m;

    if (!gz_join_meeting_known(j, gz_join_text(j, have, GZ_F_meeting_id), &m))
        return;
    gz_splice_text(out, GZ_F_meeting_status,
                   m.status.len ? m.status : gz_str_of(m.held_at.len ? "held" : ""));
    gz_splice_text(out, GZ_F_held_at, m.held_at);
}

// ---- second pass: whistles ----

// Is `arrived` not after `due`, to the day when either is a date? -1 if unknown.
static int
within(struct gz_str arrived, struct gz_str due)
{
    struct gz_time a, d;
    int64_t sec;
    bool days;

    if (!gz_time_parse(arrived, &a) || !gz_time_parse(due, &d) ||
        !gz_time_between(a, d, &sec, &days))
        return -1;
    return sec >= 0;
}

static bool
came(const struct gz_join_reportin *r)
{
    // Who refused may have come all the same, if that is on record.
    return !gz_str_is(r->outcome, "no_show") &&
           (r->arrived_at.len || r->mode.len || r->in_time.len ||
            (r->outcome.len && !gz_str_is(r->outcome, "refused")));
}

// 1 in time, 0 late, -1 not known.
static int
punctual(const struct gz_join_reportin *r, struct gz_str due)
{
    if (r->in_time.len)
        return gz_str_is(r->in_time, "yes");
    return within(r->arrived_at, due);
}

static int
by_org(const void *a, const void *b)
{
    const struct gz_join_reportin *x = *(const struct gz_join_reportin *const *)a;
    const struct gz_join_reportin *y = *(const struct gz_join_reportin *const *)b;

    return gz_str_cmp(x->org, y->org);
}

// A unit that reported twice came once, and in time if it was in time at all.
static void
count_arrivals(struct gz_join *j, const struct gz_join_whistle *w, struct gz_splice *out)
{
    const struct gz_join_reportin **all;
    struct gz_str first = { NULL, 0 };
    size_t n = 0, arrived = 0, in_time = 0, unknown = 0;

    for (const struct gz_join_reportin *r = w ? w->reportins : NULL; r; r = r->next)
        n++;
    all = gz_arena_new(&j->scratch, const struct gz_join_reportin *, n + 1);
    n = 0;
    for (const struct gz_join_reportin *r = w ? w->reportins : NULL; r; r = r->next)
        if (came(r))
            all[n++] = r;
    qsort(all, n, sizeof(struct gz_join_reportin *), by_org);
    for (size_t i = 0; i < n;) {
        int best = -2;
        size_t k = i;

        do {
            int p = punctual(all[k], w->due);

            best = p == 1 || best == -2 || (best == 0 && p == -1) ? p : best;
            if (all[k]->arrived_at.len &&
                (first.len == 0 || gz_str_cmp(all[k]->arrived_at, first) < 0))
                first = all[k]->arrived_at;
            k++;
        } while (k < n && all[i]->org.len && gz_str_eq(all[k]->org, all[i]->org));
        arrived++;
        in_time += best == 1;
        unknown += best == -1;
        i = k;
    }
    gz_splice_u64(out, GZ_F_n_arrived, arrived);
    // One unknown time makes the number unknown, not smaller.
    if (!unknown)
        gz_splice_u64(out, GZ_F_n_in_time, in_time);
    gz_splice_text(out, GZ_F_first_arrived_at, first);
}

void
gz_join_whistle(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    size_t count;

    (void)gz_member_list(&have[GZ_F_called_orgs], &j->scratch, &count);
    if (count)
        gz_splice_u64(out, GZ_F_n_called, count);
    if (j->any_reportin)
        count_arrivals(
            j, gz_join_row(&j->whistles, gz_join_text(j, have, GZ_F_whistle_id)), out);
}

void
gz_join_reportin(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct gz_join_whistle *w =
        gz_join_row(&j->whistles, gz_join_text(j, have, GZ_F_whistle_id));
    int in_time;

    if (!w)
        return;
    in_time = within(gz_join_text(j, have, GZ_F_arrived_at), w->due);
    if (in_time >= 0)
        gz_splice_text(out, GZ_F_in_time, gz_str_of(in_time ? "yes" : "no"));
    gz_splice_text(out, GZ_F_direction, w->direction);
}

// ---- second pass: petitions ----

// A total order: time, attempt, id, then what was answered.
static int
followup_cmp(const struct gz_join_followup *a, const struct gz_join_followup *b)
{
    int c = gz_str_cmp(a->at, b->at);

    if (c == 0)
        c = (a->attempt > b->attempt) - (a->attempt < b->attempt);
    if (c == 0)
        c = gz_str_cmp(a->id, b->id);
    if (c == 0)
        c = gz_str_cmp(a->solved, b->solved);
    if (c == 0)
        c = gz_str_cmp(a->satisfied, b->satisfied);
    if (c == 0)
        c = gz_str_cmp(a->contacted, b->contacted);
    return c ? c : gz_str_cmp(a->valid, b->valid);
}

// Does a follow-up of `org` speak of the leg of `lead`? Where only one of them is named,
// or none, it does.
static bool
same_unit(struct gz_str org, struct gz_str lead)
{
    return org.len == 0 || lead.len == 0 || gz_str_eq(org, lead);
}

// Has the record any answer of its own, from `first` (fu_valid or fu1_valid) on? Answers
// of two follow-ups must not be mixed.
static bool
answered(const struct gz_member *have, enum gz_link_field first)
{
    for (int i = 0; i < 4; i++)
        if (have[(int)first + i].type != GZ_VALUE_NONE)
            return true;
    return false;
}

void
gz_join_petition(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct gz_join_petition *p =
        gz_join_row(&j->petitions, gz_join_text(j, have, GZ_F_petition_id));
    struct gz_str lead = gz_join_text(j, have, GZ_F_lead_org);
    const struct gz_join_followup *first = NULL, *last = NULL;

    if (!p)
        return;
    gz_splice_text(out, GZ_F_agenda_id, p->agenda_id);
    gz_splice_text(out, GZ_F_project_id, p->project_id);
    gz_splice_text(out, GZ_F_whistle_id, p->whistle_id);
    for (const struct gz_join_followup *f = p->followups; f; f = f->next) {
        if (!same_unit(f->org, lead))
            continue;
        if (!first || followup_cmp(f, first) < 0)
            first = f;
        if (!last || followup_cmp(f, last) > 0)
            last = f;
    }
    if (!first)
        return;
    if (answered(have, GZ_F_fu_valid) || answered(have, GZ_F_fu1_valid))
        return;
    gz_splice_text(out, GZ_F_fu_valid, last->valid);
    gz_splice_text(out, GZ_F_fu_contacted, last->contacted);
    gz_splice_text(out, GZ_F_fu_solved, last->solved);
    gz_splice_text(out, GZ_F_fu_satisfied, last->satisfied);
    gz_splice_text(out, GZ_F_fu_at, last->at);
    gz_splice_text(out, GZ_F_fu1_valid, first->valid);
    gz_splice_text(out, GZ_F_fu1_contacted, first->contacted);
    gz_splice_text(out, GZ_F_fu1_solved, first->solved);
    gz_splice_text(out, GZ_F_fu1_satisfied, first->satisfied);
}
