// SPDX-License-Identifier: MIT
#include "civic/checker.h"

#include "civic/assembly.h"
#include "record/writer.h"

// Kinds that go through a machine, and where they say which state they are in.
static const struct machine_kind {
    const char *kind, *state, *id;
} machine_kinds[] = { { "agenda_item", "state", "agenda_id" },
                      { "whistle", "status", "whistle_id" },
                      { "proposal", "state", "proposal_id" },
                      { "project", "stage", "project_id" } };

static const struct assembly_kind {
    const char *kind;
    void (*check)(const struct gz_pack *, const struct gz_whole *, struct gz_codes *);
} assembly_kinds[] = { { "meeting", gz_assembly_meeting },
                       { "resolution", gz_assembly_vote },
                       { "election", gz_assembly_election },
                       { "forum", gz_assembly_body } };

void
gz_checker_make(struct gz_checker *c, const struct gz_pack *pack, struct gz_arena *arena)
{
    c->pack = pack;
    gz_machines_make(&c->machines, pack, arena);
}

bool
gz_checker_check(const struct gz_checker *c, struct gz_str kind, struct gz_str line,
                 struct gz_arena *arena, struct gz_checked *out)
{
    const struct machine_kind *mk = NULL;
    const struct assembly_kind *ak = NULL;
    const struct gz_machine *machine = NULL;
    bool event = gz_str_is(kind, "event");
    struct gz_whole v;

    *out = (struct gz_checked){ .codes.arena = arena };
    for (size_t i = 0; i < GZ_COUNT(machine_kinds); i++)
        if (gz_str_is(kind, machine_kinds[i].kind))
            mk = &machine_kinds[i];
    for (size_t i = 0; i < GZ_COUNT(assembly_kinds); i++)
        if (gz_str_is(kind, assembly_kinds[i].kind))
            ak = &assembly_kinds[i];
    if (mk)
        machine = gz_machine_find(&c->machines, kind);
    if (!machine && !ak && !event)
        return false;
    gz_whole_read(&v, line, arena);
    if (machine)
        gz_progress_check(&c->machines, machine, &v, gz_str_of(mk->state),
                          gz_whole_text(&v, gz_str_of(mk->id)), &out->progress,
                          &out->codes);
    else if (ak)
        ak->check(c->pack, &v, &out->codes);
    else
        gz_progress_event(&c->machines, &v, &out->codes);
    return true;
}

void
gz_checked_put(const struct gz_checked *c, const char *key, struct gz_buf *out)
{
    const struct gz_progress *p = &c->progress;
    const struct gz_str *item = c->codes.item;
    size_t count = c->codes.count;

    if (strcmp(key, "step") == 0) {
        gz_write_text(out, key, p->step);
        return;
    }
    if (strcmp(key, "steps") == 0) {
        item = p->done;
        count = p->dones;
    } else if (strcmp(key, "unrecorded") == 0) {
        item = p->absent;
        count = p->absents;
    }
    if (count)
        gz_write_list(out, key, item, count);
}
