// SPDX-License-Identifier: MIT
#include "route/compare.h"

#include <string.h>

#include "base/tr.h"
#include "record/keyset.h"

// What is compared; the id of the record and the rules come first.
static const char *const fields[] = {
    "rules",      "category",  "breadth",   "tier",        "duty",   "to_org",
    "to_co_orgs", "copy_orgs", "call_orgs", "agenda_tier", "due_at", "route_outcome",
};
static const char *const ids[] = { "petition_id", "meeting_id",    "agenda_id",
                                   "proposal_id", "whistle_id",    "project_id",
                                   "election_id", "resolution_id", "forum_id",
                                   "event_id" };

enum { FIELDS = GZ_COUNT(fields), IDS = GZ_COUNT(ids), KEYS = FIELDS + IDS };

struct gz_comparer {
    struct gz_router *before, *now;
    struct gz_keyset keys;
    struct gz_arena record;
    struct gz_buf was, is;
    struct gz_member old[KEYS], new[KEYS];
    size_t records, moved, by_field[FIELDS];
};

struct gz_comparer *
gz_comparer_new(struct gz_router *before, struct gz_router *now, struct gz_arena *arena)
{
    struct gz_comparer *c = gz_arena_new(arena, struct gz_comparer, 1);

    c->before = before;
    c->now = now;
    gz_keyset_init(&c->keys, arena);
    for (int i = 0; i < FIELDS; i++)
        gz_keyset_add(&c->keys, gz_str_of(fields[i]));
    for (int i = 0; i < IDS; i++)
        gz_keyset_add(&c->keys, gz_str_of(ids[i]));
    return c;
}

void
gz_comparer_free(struct gz_comparer *c)
{
    if (!c)
        return;
    gz_arena_free(&c->record);
    gz_buf_release(&c->was);
    gz_buf_release(&c->is);
}

static bool
differs(const struct gz_comparer *c, int i)
{
    bool was = c->old[i].type != GZ_VALUE_NONE, is = c->new[i].type != GZ_VALUE_NONE;

    return was != is || (was && !gz_str_eq(c->old[i].raw, c->new[i].raw));
}

static void
put_value(struct gz_buf *out, const struct gz_member *m)
{
    if (m->type == GZ_VALUE_NONE)
        gz_buf_char(out, '-');
    else
        gz_buf_add(out, m->raw);
}

static void
put_change(const struct gz_comparer *c, int i, struct gz_buf *out)
{
    put_value(out, &c->old[i]);
    gz_buf_lit(out, " → ");
    put_value(out, &c->new[i]);
}

static void
put_id(struct gz_comparer *c, struct gz_buf *out)
{
    for (int i = FIELDS; i < KEYS; i++)
        if (c->new[i].type != GZ_VALUE_NONE) {
            gz_buf_add(out, gz_member_text(&c->new[i], &c->record));
            return;
        }
    gz_buf_char(out, '-');
}

static bool
read_routed(struct gz_comparer *c, struct gz_router *r, struct gz_str line,
            struct gz_buf *buf, struct gz_member *m, struct gz_err *err)
{
    struct gz_str s;

    buf->len = 0;
    if (gz_route_line(r, line, buf, err))
        return false;
    s = gz_buf_str(buf);
    return gz_keyset_read(&c->keys, gz_str_first(s, s.len - 1), &c->record, m, err);
}

enum gz_err_kind
gz_comparer_line(struct gz_comparer *c, struct gz_str line, struct gz_buf *out,
                 struct gz_err *err)
{
    bool any = false;

    gz_arena_reset(&c->record);
    if (!read_routed(c, c->before, line, &c->was, c->old, err) ||
        !read_routed(c, c->now, line, &c->is, c->new, err))
        return err->kind;
    c->records++;
    for (int i = 1; i < FIELDS; i++) {
        if (!differs(c, i))
            continue;
        if (!any)
            put_id(c, out);
        gz_buf_cstr(out, any ? "; " : ": ");
        gz_buf_cstr(out, fields[i]);
        gz_buf_char(out, ' ');
        put_change(c, i, out);
        c->by_field[i]++;
        any = true;
    }
    if (!any)
        return GZ_OK;
    c->moved++;
    gz_buf_lit(out, " [");
    put_change(c, 0, out);
    gz_buf_lit(out, "]\n");
    return GZ_OK;
}

void
gz_comparer_totals(struct gz_comparer *const *c, size_t count, struct gz_buf *out)
{
    size_t records = 0, moved = 0;

    for (size_t i = 0; i < count; i++) {
        records += c[i]->records;
        moved += c[i]->moved;
    }
    gz_buf_printf(out, _("%zu of %zu records move\n"), moved, records);
    for (int f = 1; f < FIELDS; f++) {
        size_t n = 0;

        for (size_t i = 0; i < count; i++)
            n += c[i]->by_field[f];
        if (n)
            gz_buf_printf(out, "%s %zu\n", fields[f], n);
    }
}
