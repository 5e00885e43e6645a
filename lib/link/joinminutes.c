// SPDX-License-Identifier: MIT
// Minutes that say on one row what was talked of, what came of it and who is to do it:
// the items, discussions and tasks that are in them become records.
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "link/joindata.h"
#include "record/writer.h"

static const char MADE[] = "~m"; // ids of what is made here begin so

struct gz_join_sitting *
gz_join_sitting_row(struct gz_join *j, uint64_t sitting)
{
    return gz_join_row_for(j, &j->sittings, gz_join_sitting_key(&sitting));
}

// ---- first pass ----

static void
take_smaller(struct gz_join *j, struct gz_str *have, struct gz_str s)
{
    if (s.len && (have->len == 0 || gz_str_cmp(s, *have) < 0))
        *have = gz_arena_dup(&j->arena, s);
}

static struct gz_str
made_id(struct gz_join *j, struct gz_str key)
{
    char hex[17];

    gz_hash_hex(gz_hash_fixed(key), hex);
    return gz_arena_printf(&j->arena, "%s%s", MADE, hex);
}

// The same words about the same place are the same item, at whatever meeting.
static struct gz_join_minute_item *
item_for(struct gz_join *j, const struct gz_member *have, struct gz_str title)
{
    static const enum gz_link_field place[] = { GZ_F_community, GZ_F_subdistrict,
                                                GZ_F_district, GZ_F_forum };
    struct gz_join_minute_item *item;
    struct gz_str where = { NULL, 0 }, key;

    for (size_t i = 0; i < GZ_COUNT(place) && where.len == 0; i++)
        where = gz_join_text(j, have, place[i]);
    key = gz_arena_printf(&j->scratch, GZ_STR_FMT "\n" GZ_STR_FMT, GZ_STR_ARG(title),
                          GZ_STR_ARG(where));
    item = gz_join_row_for(j, &j->minute_items, key);
    if (item->id.len == 0) {
        item->id = made_id(j, key);
        item->title = gz_arena_dup(&j->arena, title);
    }
    return item;
}

static struct gz_join_minute *
add_minute(struct gz_join *j)
{
    if (j->minutes == j->minutes_cap) {
        j->minutes_cap = j->minutes_cap ? j->minutes_cap * 2 : 64;
        j->minute = gz_mem_realloc(j->minute, j->minutes_cap, sizeof(*j->minute));
    }
    j->held++;
    return &j->minute[j->minutes++];
}

static void
note_row(struct gz_join *j, const struct gz_member *have, struct gz_str title,
         enum gz_outcome outcome)
{
    static const enum gz_link_field part[GZ_LEVELS] = { GZ_F_district, GZ_F_subdistrict,
                                                        GZ_F_community, GZ_F_compound };
    struct gz_join_minute_item *item = item_for(j, have, title);
    struct gz_join_minute *m = add_minute(j);
    struct gz_arena *a = &j->arena;

    for (int i = 0; i < GZ_LEVELS; i++)
        take_smaller(j, &item->part[i], gz_join_text(j, have, part[i]));
    take_smaller(j, &item->forum_id, gz_join_text(j, have, GZ_F_forum_id));
    take_smaller(j, &item->tier, gz_join_text(j, have, GZ_F_tier_given));
    take_smaller(j, &item->org, gz_join_text(j, have, GZ_F_responsible_org));
    take_smaller(j, &item->due, gz_join_text(j, have, GZ_F_due_given));
    *m = (struct gz_join_minute){
        .item = item->id,
        .title = item->title,
        .meeting_id = gz_arena_dup(a, gz_join_text(j, have, GZ_F_meeting_id)),
        .outcome = gz_arena_dup(a, gz_join_text(j, have, GZ_F_outcome)),
        .decision = gz_arena_dup(a, gz_join_text(j, have, GZ_F_decision)),
        .org = gz_arena_dup(a, gz_join_text(j, have, GZ_F_responsible_org)),
        .due = gz_arena_dup(a, gz_join_text(j, have, GZ_F_due_given)),
    };
    gz_join_add_link(j, m->item, m->meeting_id)->passed = gz_outcome_passed(outcome);
}

void
gz_join_take_minute(struct gz_join *j, const struct gz_member *have,
                    struct gz_join_sitting *sat)
{
    struct gz_str title = gz_str_trim(gz_join_text(j, have, GZ_F_topic));
    enum gz_outcome outcome =
        gz_outcome_of(j->outcomes, gz_join_text(j, have, GZ_F_outcome));
    size_t count;

    if (outcome == GZ_OUTCOME_UNHELD)
        sat->unheld = true;
    else
        sat->other = true;
    // An item with an id of its own has a record of its own.
    (void)gz_member_list(&have[GZ_F_agenda_ids], &j->scratch, &count);
    if (count == 0 && title.len)
        note_row(j, have, title, outcome);
}

// ---- after the second pass ----

bool
gz_join_is_made(struct gz_str kind, const struct gz_member *have)
{
    const struct gz_member *id = &have[GZ_F_agenda_id];

    return have[GZ_F_src].type == GZ_VALUE_NONE && id->type == GZ_VALUE_STRING &&
           id->raw.len > 3 && memcmp(id->raw.ptr + 1, MADE, sizeof(MADE) - 1) == 0 &&
           (gz_str_is(kind, "agenda_item") || gz_str_is(kind, "discussion") ||
            gz_str_is(kind, "task"));
}

// The facts of a record that has no members of its own but its id.
static void
put_item_facts(struct gz_join *j, struct gz_str id, struct gz_splice *splice)
{
    struct gz_member have[GZ_F_COUNT] = { 0 };
    struct gz_buf quoted = { 0 };

    gz_write_string(&quoted, id);
    have[GZ_F_agenda_id] =
        (struct gz_member){ .type = GZ_VALUE_STRING, .raw = gz_buf_str(&quoted) };
    gz_splice_begin(splice, have);
    gz_join_item(j, have, splice);
    gz_buf_release(&quoted);
}

static void
write_item(struct gz_join *j, const struct gz_join_minute_item *item,
           struct gz_splice *splice, struct gz_buf *out)
{
    static const char *const part[GZ_LEVELS] = { "district", "subdistrict", "community",
                                                 "compound" };
    struct gz_buf line = { 0 };

    gz_write_begin(&line, "agenda_item");
    gz_write_text(&line, "agenda_id", item->id);
    gz_write_text(&line, "id_src", GZ_STR("row"));
    gz_write_text(&line, "title", item->title);
    gz_write_text(&line, "forum_id", item->forum_id);
    gz_write_text(&line, "tier_given", item->tier);
    gz_write_text(&line, "lead_org", item->org);
    gz_write_text(&line, "due_given", item->due);
    for (int i = 0; i < GZ_LEVELS; i++)
        gz_write_text(&line, part[i], item->part[i]);
    gz_write_end(&line);
    put_item_facts(j, item->id, splice);
    gz_splice_write(splice, gz_str_first(gz_buf_str(&line), line.len - 1), out);
    gz_buf_release(&line);
}

static void
write_discussion(struct gz_join *j, const struct gz_join_minute *m, struct gz_buf *out)
{
    struct gz_join_meeting met = { 0 };
    const struct gz_join_sitting *sat;

    gz_join_meeting_known(j, m->meeting_id, &met);
    sat = gz_join_sitting_row(j, met.sitting);
    gz_write_begin(out, "discussion");
    gz_write_text(out, "meeting_id", sat->meeting_id);
    gz_write_text(out, "agenda_id", m->item);
    gz_write_text(out, "title", m->title);
    gz_write_text(out, "action", m->outcome);
    gz_write_text(out, "passed",
                  gz_outcome_passed(gz_outcome_of(j->outcomes, m->outcome)));
    gz_write_text(out, "meeting_status",
                  met.status.len ? met.status : gz_str_of(met.held_at.len ? "held" : ""));
    gz_write_text(out, "held_at", met.held_at);
    gz_write_end(out);
}

static void
write_task(struct gz_join *j, const struct gz_join_minute *m, struct gz_buf *out)
{
    struct gz_str key = gz_arena_printf(
        &j->scratch, GZ_STR_FMT "\n" GZ_STR_FMT "\n" GZ_STR_FMT, GZ_STR_ARG(m->item),
        GZ_STR_ARG(m->meeting_id), GZ_STR_ARG(m->decision));

    gz_write_begin(out, "task");
    gz_write_text(out, "task_id", made_id(j, key));
    gz_write_text(out, "agenda_id", m->item);
    gz_write_text(out, "org", m->org);
    gz_write_text(out, "what", m->decision);
    gz_write_text(out, "due_given", m->due);
    gz_write_end(out);
}

// A duty: something is to be done, or somebody is to do it.
static bool
is_task(const struct gz_join_minute *m)
{
    return m->decision.len || m->org.len;
}

bool
gz_join_next_made(struct gz_join *j, struct gz_splice *splice, struct gz_buf *out)
{
    size_t items = j->minute_items.by_id.count, n;

    gz_arena_reset(&j->scratch);
    if (j->written < items) {
        write_item(j, (struct gz_join_minute_item *)j->minute_items.row + j->written++,
                   splice, out);
        return true;
    }
    n = j->written - items;
    if (n < j->minutes) {
        write_discussion(j, &j->minute[n], out);
        j->written++;
        return true;
    }
    for (n -= j->minutes; n < j->minutes; n++) {
        j->written++;
        if (is_task(&j->minute[n])) {
            write_task(j, &j->minute[n], out);
            return true;
        }
    }
    return false;
}
