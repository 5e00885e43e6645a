// SPDX-License-Identifier: MIT
#include "link/join.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "link/joindata.h"

struct gz_join *
gz_join_new(const struct gz_outcomes *outcomes)
{
    struct gz_join *j = gz_mem_zalloc(1, sizeof(*j));

    j->meetings.size = sizeof(struct gz_join_meeting);
    j->items.size = sizeof(struct gz_join_item);
    j->petitions.size = sizeof(struct gz_join_petition);
    j->whistles.size = sizeof(struct gz_join_whistle);
    j->resolutions.size = sizeof(uint32_t);
    j->forums.size = sizeof(struct gz_join_forum);
    j->sittings.size = sizeof(struct gz_join_sitting);
    j->minute_items.size = sizeof(struct gz_join_minute_item);
    j->outcomes = outcomes;
    return j;
}

void
gz_join_free(struct gz_join *j)
{
    struct gz_join_table *all[] = { &j->meetings, &j->items,       &j->petitions,
                                    &j->whistles, &j->resolutions, &j->forums,
                                    &j->sittings, &j->minute_items };

    for (size_t i = 0; i < GZ_COUNT(all); i++) {
        gz_map_release(&all[i]->by_id);
        free(all[i]->row);
    }
    free(j->minute);
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

bool
gz_join_knows_items(const struct gz_join *j)
{
    return j->items.by_id.count > 0;
}

// ---- tables ----

// The row for `id`, made if need be; NULL for an empty id.
void *
gz_join_row_for(struct gz_join *j, struct gz_join_table *t, struct gz_str id)
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
keep(struct gz_join *j, const struct gz_member *have, enum gz_link_field field)
{
    struct gz_str s = gz_join_text(j, have, field);

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

static int
by_text(const void *a, const void *b)
{
    return gz_str_cmp(*(const struct gz_str *)a, *(const struct gz_str *)b);
}

// Minutes often have a row for each item and no number for the meeting: the same day and
// place are one sitting.
static uint64_t
sitting_of_row(struct gz_join *j, const struct gz_member *have)
{
    static const enum gz_link_field field[] = { GZ_F_held_at,     GZ_F_forum_id,
                                                GZ_F_forum,       GZ_F_district,
                                                GZ_F_subdistrict, GZ_F_community,
                                                GZ_F_venue };
    uint64_t h = 0x6d696e75;

    for (size_t i = 0; i < GZ_COUNT(field); i++)
        h = (h ^ gz_hash_fixed(gz_join_text(j, have, field[i]))) * 0x9e3779b97f4a7c15u;
    return h;
}

// Two forums that sit together may each keep a record: the same moment and the same set
// of forums are one sitting.
static uint64_t
sitting_of(struct gz_join *j, const struct gz_member *have)
{
    size_t count, n = 0;
    struct gz_str *joint = gz_member_list(&have[GZ_F_joint_forums], &j->scratch, &count);
    struct gz_str own = gz_join_text(j, have, GZ_F_forum), *all;
    uint64_t h;

    if (count == 0 && have[GZ_F_id_src].type != GZ_VALUE_NONE &&
        gz_join_text(j, have, GZ_F_held_at).len)
        return sitting_of_row(j, have);
    if (count == 0)
        return gz_hash_fixed(gz_join_text(j, have, GZ_F_meeting_id));
    if (own.len == 0)
        own = gz_join_text(j, have, GZ_F_forum_id);
    all = gz_arena_new(&j->scratch, struct gz_str, count + 1);
    for (size_t i = 0; i < count; i++)
        all[n++] = joint[i];
    if (own.len)
        all[n++] = own;
    qsort(all, n, sizeof(*all), by_text);
    h = gz_hash_fixed(gz_join_text(j, have, GZ_F_held_at));
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !gz_str_eq(all[i], all[i - 1]))
            h = (h ^ gz_hash_fixed(all[i])) * 0x9e3779b97f4a7c15u;
    return h;
}

struct gz_join_sitting_link *
gz_join_add_link(struct gz_join *j, struct gz_str agenda_id, struct gz_str meeting_id)
{
    struct gz_join_item *item = gz_join_row_for(j, &j->items, agenda_id);
    struct gz_join_sitting_link *link =
        gz_arena_new(&j->arena, struct gz_join_sitting_link, 1);

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
    struct gz_str id = gz_join_text(j, have, GZ_F_meeting_id);
    struct gz_join_meeting *m = gz_join_row_for(j, &j->meetings, id);
    struct gz_join_sitting *sat;
    uint64_t sitting;
    size_t count;
    struct gz_str *items;

    j->any_meeting = true;
    if (!m)
        return;
    take_smaller(j, &m->status, gz_join_text(j, have, GZ_F_status));
    take_smaller(j, &m->held_at, gz_join_text(j, have, GZ_F_held_at));
    sitting = sitting_of(j, have);
    if (m->sitting == 0 || sitting < m->sitting)
        m->sitting = sitting;
    sat = gz_join_sitting_row(j, sitting);
    take_smaller(j, &sat->meeting_id, id);
    gz_join_take_minute(j, have, sat);
    gz_join_take_sitting(j, have, sitting);
    items = gz_member_list(&have[GZ_F_agenda_ids], &j->scratch, &count);
    for (size_t i = 0; i < count; i++)
        gz_join_add_link(j, items[i], id);
}

static void
take_discussion(struct gz_join *j, const struct gz_member *have)
{
    struct gz_join_sitting_link *link = gz_join_add_link(
        j, gz_join_text(j, have, GZ_F_agenda_id), gz_join_text(j, have, GZ_F_meeting_id));

    j->any_meeting = true;
    link->status = keep(j, have, GZ_F_meeting_status);
    link->held_at = keep(j, have, GZ_F_held_at);
    link->passed = keep(j, have, GZ_F_passed);
}

static void
take_resolution(struct gz_join *j, const struct gz_member *have)
{
    struct gz_join_sitting_link *link = gz_join_add_link(
        j, gz_join_text(j, have, GZ_F_agenda_id), gz_join_text(j, have, GZ_F_meeting_id));

    link->decision = true;
    link->passed = keep(j, have, GZ_F_passed);
    link->at = keep(j, have, GZ_F_at);
}

static void
add_petition(struct gz_join *j, struct gz_str agenda_id, struct gz_str petition_id)
{
    struct gz_join_item *item = gz_join_row_for(j, &j->items, agenda_id);
    struct gz_join_id_list *node;

    if (!item || petition_id.len == 0)
        return;
    node = gz_arena_new(&j->arena, struct gz_join_id_list, 1);
    node->id = gz_arena_dup(&j->arena, petition_id);
    node->next = item->petitions;
    item->petitions = node;
    j->held++;
}

static void
tell_petition(struct gz_join *j, struct gz_str petition_id, size_t offset,
              struct gz_str value)
{
    struct gz_join_petition *p = gz_join_row_for(j, &j->petitions, petition_id);

    if (!p || value.len == 0)
        return;
    take_smaller(j, (struct gz_str *)((char *)p + offset), value);
    j->any_petition_fact = true;
}

static void
take_item(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = gz_join_text(j, have, GZ_F_agenda_id);
    size_t count;
    struct gz_str *list = gz_member_list(&have[GZ_F_petition_ids], &j->scratch, &count);
    struct gz_str into = gz_join_text(j, have, GZ_F_merged_into);
    struct gz_join_item *item = gz_join_row_for(j, &j->items, id);

    if (item && into.len)
        take_smaller(j, &item->merged_into, into);
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            add_petition(j, id, list[i]);
            tell_petition(j, list[i], offsetof(struct gz_join_petition, agenda_id), id);
        }
        if (pass == 0 && !gz_str_is(gz_join_text(j, have, GZ_F_source), "petition"))
            break;
        list = gz_member_list(&have[GZ_F_source_ids], &j->scratch, &count);
    }
}

// Oversight and evaluation: when the item was first seen to.
static void
take_seen_to(struct gz_join *j, const struct gz_member *have, size_t offset)
{
    struct gz_join_item *item =
        gz_join_row_for(j, &j->items, gz_join_text(j, have, GZ_F_agenda_id));

    if (!item)
        return;
    take_smaller(j, (struct gz_str *)((char *)item + offset),
                 gz_join_text(j, have, GZ_F_at));
    item->rework = item->rework || gz_str_is(gz_join_text(j, have, GZ_F_rework), "yes");
}

static void
take_oversight(struct gz_join *j, const struct gz_member *have)
{
    take_seen_to(j, have, offsetof(struct gz_join_item, supervised_at));
}

static void
take_evaluation(struct gz_join *j, const struct gz_member *have)
{
    take_seen_to(j, have, offsetof(struct gz_join_item, evaluated_at));
}

static void
take_project(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = gz_join_text(j, have, GZ_F_project_id);
    struct gz_join_item *item =
        gz_join_row_for(j, &j->items, gz_join_text(j, have, GZ_F_agenda_id));
    size_t count;
    struct gz_str *list = gz_member_list(&have[GZ_F_petition_ids], &j->scratch, &count);

    if (item)
        take_smaller(j, &item->project_id, id);
    for (size_t i = 0; i < count; i++)
        tell_petition(j, list[i], offsetof(struct gz_join_petition, project_id), id);
}

static void
take_task(struct gz_join *j, const struct gz_member *have)
{
    uint32_t *tasks =
        gz_join_row_for(j, &j->resolutions, gz_join_text(j, have, GZ_F_resolution_id));

    j->any_task = true;
    if (tasks)
        ++*tasks;
}

// ---- first pass: whistles, petitions, follow-ups ----

static void
take_whistle(struct gz_join *j, const struct gz_member *have)
{
    struct gz_str id = gz_join_text(j, have, GZ_F_whistle_id);
    struct gz_join_whistle *w = gz_join_row_for(j, &j->whistles, id);

    tell_petition(j, gz_join_text(j, have, GZ_F_petition_id),
                  offsetof(struct gz_join_petition, whistle_id), id);
    if (!w)
        return;
    take_smaller(j, &w->due, gz_join_text(j, have, GZ_F_due_given));
    take_smaller(j, &w->direction, gz_join_text(j, have, GZ_F_direction));
}

static void
take_reportin(struct gz_join *j, const struct gz_member *have)
{
    struct gz_join_whistle *w =
        gz_join_row_for(j, &j->whistles, gz_join_text(j, have, GZ_F_whistle_id));
    struct gz_join_reportin *r;

    j->any_reportin = true;
    if (!w)
        return;
    r = gz_arena_new(&j->arena, struct gz_join_reportin, 1);
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
    struct gz_str item = gz_join_text(j, have, GZ_F_agenda_id);
    struct gz_str id = gz_join_text(j, have, GZ_F_petition_id);

    if (item.len) {
        add_petition(j, item, id);
        (void)gz_join_row_for(j, &j->petitions, id);
    }
}

static void
take_followup(struct gz_join *j, const struct gz_member *have)
{
    struct gz_join_petition *p =
        gz_join_row_for(j, &j->petitions, gz_join_text(j, have, GZ_F_petition_id));
    struct gz_join_followup *f;

    if (!p)
        return;
    j->any_petition_fact = true;
    f = gz_arena_new(&j->arena, struct gz_join_followup, 1);
    f->at = keep(j, have, GZ_F_at);
    f->id = keep(j, have, GZ_F_followup_id);
    f->org = keep(j, have, GZ_F_lead_org);
    f->valid = keep(j, have, GZ_F_fu_valid);
    f->contacted = keep(j, have, GZ_F_fu_contacted);
    f->solved = keep(j, have, GZ_F_fu_solved);
    f->satisfied = keep(j, have, GZ_F_fu_satisfied);
    if (!gz_num_i64(gz_join_text(j, have, GZ_F_attempt_no), &f->attempt))
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

static const struct taker *
taker_of(struct gz_str kind)
{
    static const struct taker takers[] = {
        { "petition", take_petition, gz_join_petition },
        { "followup", take_followup, NULL },
        { "meeting", take_meeting, gz_join_meeting },
        { "discussion", take_discussion, gz_join_discussion },
        { "agenda_item", take_item, gz_join_item },
        { "resolution", take_resolution, gz_join_resolution },
        { "task", take_task, NULL },
        { "forum", NULL, gz_join_forum },
        { "oversight", take_oversight, NULL },
        { "evaluation", take_evaluation, NULL },
        { "project", take_project, NULL },
        { "whistle", take_whistle, gz_join_whistle },
        { "reportin", take_reportin, gz_join_reportin },
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
