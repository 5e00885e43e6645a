// SPDX-License-Identifier: MIT
#include "link/join.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

// A meeting as its own record tells it.
struct meeting {
    struct gz_str status, held_at;
    uint64_t sitting; // equal for the records of one joint sitting
};

// That an item was on the table at a meeting, or decided there.
struct sitting_link {
    struct sitting_link *next;
    struct gz_str meeting_id;
    struct gz_str status, held_at; // what the linking record itself says
    struct gz_str passed;          // "yes", "no" or empty
    bool decision;                 // it is a resolution
    struct gz_str at;              // of the resolution
};

struct id_list {
    struct id_list *next;
    struct gz_str id;
};

struct item {
    struct sitting_link *links;
    struct id_list *petitions;
    struct gz_str project_id;
};

struct followup {
    struct followup *next;
    struct gz_str at, id, org, valid, contacted, solved, satisfied;
    int64_t attempt;
};

struct petition {
    struct followup *followups;
    struct gz_str agenda_id, project_id, whistle_id;
    uint32_t records; // legs that have this id
};

struct reportin {
    struct reportin *next;
    struct gz_str org, arrived_at, in_time, outcome, mode;
};

struct whistle {
    struct reportin *reportins;
    struct gz_str due, direction;
};

// Records of one kind, by id.
struct table {
    struct gz_map by_id;
    void *row;
    size_t cap, size;
};

struct gz_join {
    struct gz_arena arena, scratch;
    struct table meetings, items, petitions, whistles, resolutions;
    size_t held;
    bool any_meeting, any_reportin, any_task, any_petition_fact;
};

struct gz_join *
gz_join_new(void)
{
    struct gz_join *j = gz_mem_zalloc(1, sizeof(*j));

    j->meetings.size = sizeof(struct meeting);
    j->items.size = sizeof(struct item);
    j->petitions.size = sizeof(struct petition);
    j->whistles.size = sizeof(struct whistle);
    j->resolutions.size = sizeof(uint32_t);
    return j;
}

void
gz_join_free(struct gz_join *j)
{
    struct table *all[] = { &j->meetings, &j->items, &j->petitions, &j->whistles,
                            &j->resolutions };

    for (size_t i = 0; i < GZ_COUNT(all); i++) {
        gz_map_release(&all[i]->by_id);
        free(all[i]->row);
    }
    gz_arena_free(&j->arena);
    gz_arena_free(&j->scratch);
    free(j);
}

size_t
gz_join_size(const struct gz_join *j)
{
    return j->held;
}

bool
gz_join_knows_petitions(const struct gz_join *j)
{
    return j->any_petition_fact;
}

// ---- tables ----

static void *
row_of(const struct table *t, struct gz_str id)
{
    uint32_t n = id.len ? gz_map_get(&t->by_id, id) : GZ_MAP_NONE;

    return n == GZ_MAP_NONE ? NULL : (char *)t->row + n * t->size;
}

// The row for `id`, made if need be; NULL for an empty id.
static void *
row_for(struct gz_join *j, struct table *t, struct gz_str id)
{
    bool added;
    uint32_t n;

    if (id.len == 0)
        return NULL;
    n = gz_map_put(&t->by_id, id, &added);
    if (n >= t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->row = gz_mem_realloc(t->row, t->cap, t->size);
    }
    if (added) {
        memset((char *)t->row + n * t->size, 0, t->size);
        j->held++;
    }
    return (char *)t->row + n * t->size;
}

static struct gz_str
text(struct gz_join *j, const struct gz_member *have, enum gz_link_field field)
{
    return gz_member_text(&have[field], &j->scratch);
}

static struct gz_str
keep(struct gz_join *j, const struct gz_member *have, enum gz_link_field field)
{
    struct gz_str s = text(j, have, field);

    return s.len ? gz_arena_dup(&j->arena, s) : s;
}

// Of two values that different records give for one fact, the smaller: any order of the
// records gives the same.
static void
take_smaller(struct gz_join *j, struct gz_str *have, struct gz_str s)
{
    if (s.len && (have->len == 0 || gz_str_cmp(s, *have) < 0))
        *have = gz_arena_dup(&j->arena, s);
}

// ---- first pass: meetings and items ----

static bool
is_held(struct gz_str status, struct gz_str held_at)
{
    // Adjourned means that the sitting was begun and is to go on another day.
    if (status.len)
        return gz_str_is(status, "held") || gz_str_is(status, "adjourned");
    return held_at.len > 0;
}

static int
by_text(const void *a, const void *b)
{
    return gz_str_cmp(*(const struct gz_str *)a, *(const struct gz_str *)b);
}

// Two forums that sit together may each keep a record: the same moment and the same set
// of forums are one sitting.
static uint64_t
sitting_of(struct gz_join *j, const struct gz_member *have)
{
    size_t count, n = 0;
    struct gz_str *joint = gz_member_list(&have[GZ_F_joint_forums], &j->scratch, &count);
    struct gz_str own = text(j, have, GZ_F_forum), *all;
    uint64_t h;

    if (count == 0)
        return gz_hash_fixed(text(j, have, GZ_F_meeting_id));
    if (own.len == 0)
        own = text(j, have, GZ_F_forum_id);
    all = gz_arena_new(&j->scratch, struct gz_str, count + 1);
    for (size_t i = 0; i < count; i++)
        all[n++] = joint[i];
    if (own.len)
        all[n++] = own;
    qsort(all, n, sizeof(*all), by_text);
    h = gz_hash_fixed(text(j, have, GZ_F_held_at));
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !gz_str_eq(all[i], all[i - 1]))
            h = (h ^ gz_hash_fixed(all[i])) * 0x9e3779b97f4a7c15u;
    return h;
}

static struct sitting_link *
add_link(struct gz_join *j, struct gz_str agenda_id, struct gz_str meeting_id)
{
    struct item *item = row_for(j, &j->items, agenda_id);
    struct sitting_link *link = gz_arena_new(&j->arena, struct sitting_link, 1);

    if (!item)
        return link; // belongs to nothing
    link->meeting_id = gz_arena_dup(&j->arena, meeting_id);
    link->next = item->links;
    item->links = link;
    j->held++;
    return link;
}

static void
take_meeting(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = text(j, have, GZ_F_meeting_id);
    struct meeting *m = row_for(j, &j->meetings, id);
    uint64_t sitting;
    size_t count;
    struct gz_str *items;

    j->any_meeting = true;
    if (!m)
        return;
    take_smaller(j, &m->status, text(j, have, GZ_F_status));
    take_smaller(j, &m->held_at, text(j, have, GZ_F_held_at));
    sitting = sitting_of(j, have);
    if (m->sitting == 0 || sitting < m->sitting)
        m->sitting = sitting;
    items = gz_member_list(&have[GZ_F_agenda_ids], &j->scratch, &count);
    for (size_t i = 0; i < count; i++)
        add_link(j, items[i], id);
}

static void
take_discussion(struct gz_join *j, const struct gz_member *have)
{
    struct sitting_link *link =
        add_link(j, text(j, have, GZ_F_agenda_id), text(j, have, GZ_F_meeting_id));

    j->any_meeting = true;
    link->status = keep(j, have, GZ_F_meeting_status);
    link->held_at = keep(j, have, GZ_F_held_at);
    link->passed = keep(j, have, GZ_F_passed);
}

static void
take_resolution(struct gz_join *j, const struct gz_member *have)
{
    struct sitting_link *link =
        add_link(j, text(j, have, GZ_F_agenda_id), text(j, have, GZ_F_meeting_id));

    link->decision = true;
    link->passed = keep(j, have, GZ_F_passed);
    link->at = keep(j, have, GZ_F_at);
}

static void
add_petition(struct gz_join *j, struct gz_str agenda_id, struct gz_str petition_id)
{
    struct item *item = row_for(j, &j->items, agenda_id);
    struct id_list *node;

    if (!item || petition_id.len == 0)
        return;
    node = gz_arena_new(&j->arena, struct id_list, 1);
    node->id = gz_arena_dup(&j->arena, petition_id);
    node->next = item->petitions;
    item->petitions = node;
    j->held++;
}

static void
tell_petition(struct gz_join *j, struct gz_str petition_id, size_t offset,
              struct gz_str value)
{
    struct petition *p = row_for(j, &j->petitions, petition_id);

    if (!p || value.len == 0)
        return;
    take_smaller(j, (struct gz_str *)((char *)p + offset), value);
    j->any_petition_fact = true;
}

static void
take_item(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = text(j, have, GZ_F_agenda_id);
    size_t count;
    struct gz_str *list = gz_member_list(&have[GZ_F_petition_ids], &j->scratch, &count);

    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            add_petition(j, id, list[i]);
            tell_petition(j, list[i], offsetof(struct petition, agenda_id), id);
        }
        if (pass == 0 && !gz_str_is(text(j, have, GZ_F_source), "petition"))
            break;
        list = gz_member_list(&have[GZ_F_source_ids], &j->scratch, &count);
    }
}

static void
take_project(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = text(j, have, GZ_F_project_id);
    struct item *item = row_for(j, &j->items, text(j, have, GZ_F_agenda_id));
    size_t count;
    struct gz_str *list = gz_member_list(&have[GZ_F_petition_ids], &j->scratch, &count);

    if (item)
        take_smaller(j, &item->project_id, id);
    for (size_t i = 0; i < count; i++)
        tell_petition(j, list[i], offsetof(struct petition, project_id), id);
}

static void
take_task(struct gz_join *j, const struct gz_member *have)
{
    uint32_t *tasks = row_for(j, &j->resolutions, text(j, have, GZ_F_resolution_id));

    j->any_task = true;
    if (tasks)
        ++*tasks;
}

// ---- first pass: whistles, petitions, follow-ups ----

static void
take_whistle(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = text(j, have, GZ_F_whistle_id);
    struct whistle *w = row_for(j, &j->whistles, id);

    tell_petition(j, text(j, have, GZ_F_petition_id),
                  offsetof(struct petition, whistle_id), id);
    if (!w)
        return;
    take_smaller(j, &w->due, text(j, have, GZ_F_due_given));
    take_smaller(j, &w->direction, text(j, have, GZ_F_direction));
}

static void
take_reportin(struct gz_join *j, const struct gz_member *have)
{
    struct whistle *w = row_for(j, &j->whistles, text(j, have, GZ_F_whistle_id));
    struct reportin *r;

    j->any_reportin = true;
    if (!w)
        return;
    r = gz_arena_new(&j->arena, struct reportin, 1);
    r->org = keep(j, have, GZ_F_org);
    r->arrived_at = keep(j, have, GZ_F_arrived_at);
    r->in_time = keep(j, have, GZ_F_in_time);
    r->outcome = keep(j, have, GZ_F_outcome);
    r->mode = keep(j, have, GZ_F_mode);
    r->next = w->reportins;
    w->reportins = r;
    j->held++;
}

static void
take_petition(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str item = text(j, have, GZ_F_agenda_id);
    struct gz_str id = text(j, have, GZ_F_petition_id);

    if (item.len)
        add_petition(j, item, id);
}

static void
take_followup(struct gz_join *j, const struct gz_member *have)
{
    struct petition *p = row_for(j, &j->petitions, text(j, have, GZ_F_petition_id));
    struct followup *f;

    if (!p)
        return;
    j->any_petition_fact = true;
    f = gz_arena_new(&j->arena, struct followup, 1);
    f->at = keep(j, have, GZ_F_at);
    f->id = keep(j, have, GZ_F_followup_id);
    f->org = keep(j, have, GZ_F_lead_org);
    f->valid = keep(j, have, GZ_F_fu_valid);
    f->contacted = keep(j, have, GZ_F_fu_contacted);
    f->solved = keep(j, have, GZ_F_fu_solved);
    f->satisfied = keep(j, have, GZ_F_fu_satisfied);
    if (!gz_num_i64(text(j, have, GZ_F_attempt_no), &f->attempt))
        f->attempt = 0;
    f->next = p->followups;
    p->followups = f;
    j->held++;
}

struct taker {
    const char *kind;
    void (*take)(struct gz_join *j, const struct gz_member *have);
    void (*facts)(struct gz_join *j, const struct gz_member *have, struct gz_splice *out);
};

static const struct taker *taker_of(struct gz_str kind);

bool
gz_join_take(struct gz_join *j, struct gz_str kind, const struct gz_member *have)
{
    const struct taker *t = taker_of(kind);

    if (!t)
        return false;
    gz_arena_reset(&j->scratch);
    if (t->take)
        t->take(j, have);
    return true;
}

// ---- second pass: items, resolutions, discussions ----

// The meeting behind a link: what its own record says, else what the link says.
static bool
resolve(const struct gz_join *j, const struct sitting_link *link, struct meeting *out)
{
    const struct meeting *m = row_of(&j->meetings, link->meeting_id);

    if (m)
        *out = *m;
    else
        *out = (struct meeting){ link->status, link->held_at,
                                 gz_hash_fixed(link->meeting_id) };
    return link->meeting_id.len && is_held(out->status, out->held_at);
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
count_links(const struct item *item)
{
    size_t n = 0;

    for (const struct sitting_link *l = item ? item->links : NULL; l; l = l->next)
        n++;
    return n;
}

// The last decision that passed; the last of any if none did. One at a meeting that was
// not held is none.
static struct gz_str
decided_at(const struct gz_join *j, const struct item *item)
{
    struct gz_str best = { NULL, 0 };
    bool passed = false;

    for (const struct sitting_link *l = item->links; l; l = l->next) {
        struct meeting m;
        bool held = resolve(j, l, &m), good = gz_str_is(l->passed, "yes");
        struct gz_str at = l->at.len ? l->at : m.held_at;

        if (!l->decision || at.len == 0 || (!held && m.status.len))
            continue;
        if ((good && !passed) || (good == passed && gz_str_cmp(at, best) > 0)) {
            best = at;
            passed = good;
        }
    }
    return best;
}

static void
item_meetings(struct gz_join *j, const struct item *item, struct gz_splice *out)
{
    size_t links = count_links(item), held = 0, declined = 0;
    uint64_t *sitting = gz_arena_new(&j->scratch, uint64_t, links + 1);
    uint64_t *against = gz_arena_new(&j->scratch, uint64_t, links + 1);
    struct gz_str first = { NULL, 0 }, last = { NULL, 0 };

    for (const struct sitting_link *l = item ? item->links : NULL; l; l = l->next) {
        struct meeting m;

        if (!resolve(j, l, &m))
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
    gz_splice_text(out, GZ_F_first_met_on, date_of(first));
    gz_splice_text(out, GZ_F_last_met_on, date_of(last));
    if (item)
        gz_splice_text(out, GZ_F_decided_at, decided_at(j, item));
    gz_splice_u64(out, GZ_F_n_declined, distinct(against, declined));
}

static void
item_facts(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct item *item = row_of(&j->items, text(j, have, GZ_F_agenda_id));
    size_t n = 0;
    uint64_t *ids;

    if (j->any_meeting)
        item_meetings(j, item, out);
    else if (item)
        gz_splice_text(out, GZ_F_decided_at, decided_at(j, item));
    if (!item)
        return;
    for (const struct id_list *p = item->petitions; p; p = p->next)
        n++;
    ids = gz_arena_new(&j->scratch, uint64_t, n + 1);
    n = 0;
    for (const struct id_list *p = item->petitions; p; p = p->next)
        ids[n++] = gz_hash_fixed(p->id);
    if (n)
        gz_splice_u64(out, GZ_F_n_petitions, distinct(ids, n));
    gz_splice_text(out, GZ_F_project_id, item->project_id);
}

static void
resolution_facts(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const uint32_t *tasks = row_of(&j->resolutions, text(j, have, GZ_F_resolution_id));

    if (j->any_task)
        gz_splice_u64(out, GZ_F_n_tasks, tasks ? *tasks : 0);
}

static void
discussion_facts(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct meeting *m = row_of(&j->meetings, text(j, have, GZ_F_meeting_id));

    if (!m)
        return;
    gz_splice_text(out, GZ_F_meeting_status,
                   m->status.len ? m->status : gz_str_of(m->held_at.len ? "held" : ""));
    gz_splice_text(out, GZ_F_held_at, m->held_at);
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
came(const struct reportin *r)
{
    return !gz_str_is(r->outcome, "no_show") &&
           (r->arrived_at.len || r->mode.len || r->outcome.len || r->in_time.len);
}

// 1 in time, 0 late, -1 not known.
static int
punctual(const struct reportin *r, struct gz_str due)
{
    if (r->in_time.len)
        return gz_str_is(r->in_time, "yes");
    return within(r->arrived_at, due);
}

static int
by_org(const void *a, const void *b)
{
    const struct reportin *x = *(const struct reportin *const *)a;
    const struct reportin *y = *(const struct reportin *const *)b;

    return gz_str_cmp(x->org, y->org);
}

// A unit that reported twice came once, and in time if it was in time at all.
static void
count_arrivals(struct gz_join *j, const struct whistle *w, struct gz_splice *out)
{
    const struct reportin **all;
    struct gz_str first = { NULL, 0 };
    size_t n = 0, arrived = 0, in_time = 0, unknown = 0;

    for (const struct reportin *r = w ? w->reportins : NULL; r; r = r->next)
        n++;
    all = gz_arena_new(&j->scratch, const struct reportin *, n + 1);
    n = 0;
    for (const struct reportin *r = w ? w->reportins : NULL; r; r = r->next)
        if (came(r))
            all[n++] = r;
    qsort(all, n, sizeof(struct reportin *), by_org);
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

static void
whistle_facts(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    size_t count;

    (void)gz_member_list(&have[GZ_F_called_orgs], &j->scratch, &count);
    if (count)
        gz_splice_u64(out, GZ_F_n_called, count);
    if (j->any_reportin)
        count_arrivals(j, row_of(&j->whistles, text(j, have, GZ_F_whistle_id)), out);
}

static void
reportin_facts(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct whistle *w = row_of(&j->whistles, text(j, have, GZ_F_whistle_id));
    int in_time;

    if (!w)
        return;
    in_time = within(text(j, have, GZ_F_arrived_at), w->due);
    if (in_time >= 0)
        gz_splice_text(out, GZ_F_in_time, gz_str_of(in_time ? "yes" : "no"));
    gz_splice_text(out, GZ_F_direction, w->direction);
}

// ---- second pass: petitions ----

// A total order: time, attempt, id, then what was answered.
static int
followup_cmp(const struct followup *a, const struct followup *b)
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

static void
petition_facts(struct gz_join *j, const struct gz_member *have, struct gz_splice *out)
{
    const struct petition *p = row_of(&j->petitions, text(j, have, GZ_F_petition_id));
    struct gz_str lead = text(j, have, GZ_F_lead_org);
    const struct followup *first = NULL, *last = NULL;

    if (!p)
        return;
    gz_splice_text(out, GZ_F_agenda_id, p->agenda_id);
    gz_splice_text(out, GZ_F_project_id, p->project_id);
    gz_splice_text(out, GZ_F_whistle_id, p->whistle_id);
    for (const struct followup *f = p->followups; f; f = f->next) {
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

static const struct taker *
taker_of(struct gz_str kind)
{
    static const struct taker takers[] = {
        { "petition", take_petition, petition_facts },
        { "followup", take_followup, NULL },
        { "meeting", take_meeting, NULL },
        { "discussion", take_discussion, discussion_facts },
        { "agenda_item", take_item, item_facts },
        { "resolution", take_resolution, resolution_facts },
        { "task", take_task, NULL },
        { "project", take_project, NULL },
        { "whistle", take_whistle, whistle_facts },
        { "reportin", take_reportin, reportin_facts },
    };

    for (size_t i = 0; i < GZ_COUNT(takers); i++)
        if (gz_str_is(kind, takers[i].kind))
            return &takers[i];
    return NULL;
}

void
gz_join_facts(struct gz_join *j, struct gz_str kind, const struct gz_member *have,
              struct gz_splice *out)
{
    const struct taker *t = taker_of(kind);

    gz_arena_reset(&j->scratch);
    if (t && t->facts)
        t->facts(j, have, out);
}
