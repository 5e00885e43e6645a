// SPDX-License-Identifier: MIT
#include "civic/progress.h"

#include "base/time.h"
#include "civic/unit.h"

static const char *const STEP[GZ_STEPS] = { "集", "议", "办", "督", "评" };

struct check {
    const struct gz_machines *all;
    const struct gz_machine *m;
    const struct gz_whole *v;
    struct gz_codes *codes;
    int now; // the state it is said to be in, GZ_NO_STATE
};

static struct gz_str
text(const struct check *c, const char *field)
{
    return gz_whole_text(c->v, gz_str_of(field));
}

// The first of a state's fields that is there.
static struct gz_str
evidence_of(const struct check *c, int state)
{
    const struct gz_words *w = &c->m->state[state].row->fields;

    for (size_t i = 0; i < w->count; i++) {
        struct gz_str s = gz_whole_text(c->v, w->item[i]);

        if (s.len)
            return s;
    }
    return (struct gz_str){ NULL, 0 };
}

// ---- contradictions ----

// What a field proves must lead to where the record says it is. A field that stands for
// several states (decided_at: passed or rejected) proves any of them.
static bool
agrees(const struct check *c, int proven)
{
    const struct gz_words *field = &c->m->state[proven].row->fields;

    for (int s = 0; s < c->m->count; s++) {
        const struct gz_words *other = &c->m->state[s].row->fields;

        if (other->count && gz_str_eq(other->item[0], field->item[0]) &&
            gz_state_leads(c->m, s, c->now))
            return true;
    }
    return false;
}

static void
check_order(struct check *c)
{
    for (int s = 0; s < c->m->count && c->now != GZ_NO_STATE; s++) {
        if (!evidence_of(c, s).len || agrees(c, s))
            continue;
        if (s > c->now)
            gz_codes_fault(c->codes, "BACK");
        else
            gz_codes_fault(c->codes, "SKIP");
    }
}

// a later than b, in days where either is only a date.
static bool
is_later(struct gz_str a, struct gz_str b)
{
    struct gz_time ta, tb;
    int64_t sec;
    bool days;

    return gz_time_parse(a, &ta) && gz_time_parse(b, &tb) &&
           gz_time_between(ta, tb, &sec, &days) && sec < 0;
}

// Work that was sent back may be done, supervised and evaluated again in any order.
static bool
is_again(const struct check *c)
{
    struct gz_str state =
        c->now == GZ_NO_STATE ? (struct gz_str){ NULL, 0 } : c->m->state[c->now].name;

    return gz_str_is(text(c, "rework"), "yes") || gz_str_is(state, "reopened") ||
           gz_str_is(state, "stalled") || gz_str_is(state, "suspended");
}

static void
check_times(struct check *c)
{
    struct gz_str last = { NULL, 0 };
    bool again = is_again(c);

    for (int s = 0; s < c->m->count; s++) {
        struct gz_str at = evidence_of(c, s);
        struct gz_time t;

        if (!gz_time_parse(at, &t))
            continue;
        if (again && gz_str_is(c->m->state[s].step, STEP[2]))
            break;
        if (last.len && is_later(last, at))
            gz_codes_fault(c->codes, "TIME");
        last = at;
    }
    if (is_later(text(c, "collected_at"), text(c, "last_met_on")))
        gz_codes_fault(c->codes, "NOMEET"); // every meeting was before it was raised
}

static void
check_merge(struct check *c, struct gz_str id)
{
    if (id.len &&
        (gz_str_eq(text(c, "merged_into"), id) || gz_str_eq(text(c, "merge_end"), id)))
        gz_codes_fault(c->codes, "CYCLE");
}

static bool
on_ladder(const struct gz_pack *p, struct gz_str ladder, struct gz_str tier)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_LADDERS); i++)
        if (gz_str_eq(p->rung[i].ladder, ladder) && gz_str_eq(p->rung[i].tier, tier))
            return true;
    return false;
}

// Up, and on one ladder.
static void
check_tiers(struct check *c)
{
    const struct gz_pack *p = c->all->pack;
    struct gz_str from = text(c, "escalated_from"), to = text(c, "escalated_to");
    const struct gz_rung *a, *b;
    bool common = false;

    if (!from.len)
        from = text(c, "tier_given");
    a = from.len ? gz_rung_find(p, from) : NULL;
    b = to.len ? gz_rung_find(p, to) : NULL;
    if (!a || !b)
        return;
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_LADDERS); i++)
        common = common || (on_ladder(p, p->rung[i].ladder, a->tier) &&
                            on_ladder(p, p->rung[i].ladder, b->tier));
    if (b->order <= a->order || !common)
        gz_codes_fault(c->codes, "TIER");
}

// ---- what a state needs ----

static bool
says_none(struct gz_str s)
{
    static const char *const none[] = { "0", "no", "无", "未定", "待定", "未明确" };

    for (size_t i = 0; i < GZ_COUNT(none); i++)
        if (gz_str_is(s, none[i]))
            return true;
    return false;
}

// gz-link found no meeting, and the item was on no list of one: nothing is known, for
// the minutes may be in another file.
static bool
is_unknown(const struct check *c, struct gz_str field, struct gz_str value)
{
    struct gz_str listed = text(c, "n_listed");

    return gz_str_is(value, "0") && gz_whole_has(c->v, GZ_STR("linked"), field) &&
           (!listed.len || gz_str_is(listed, "0"));
}

static void
check_need(struct check *c, struct gz_str need, struct gz_str code)
{
    struct gz_cut cut = gz_str_cut(need, GZ_STR("="));
    struct gz_str value = gz_whole_text(c->v, cut.head);

    if (!value.len || is_unknown(c, cut.head, value))
        gz_codes_add(c->codes, 'W', code);
    else if (cut.found ? !gz_str_eq(value, cut.tail) : says_none(value))
        gz_codes_add(c->codes, 'E', code);
}

// One field may prove either of two states (decided_at: passed or rejected). A state that
// wants another value than the record has is not the one meant.
static bool
is_ruled_out(const struct check *c, int state)
{
    const struct gz_words *needs = &c->m->state[state].row->needs;

    for (size_t i = 0; i < needs->count; i++) {
        struct gz_cut cut = gz_str_cut(needs->item[i], GZ_STR("="));
        struct gz_str value = gz_whole_text(c->v, cut.head);

        if (cut.found && value.len && !gz_str_eq(value, cut.tail))
            return true;
    }
    return false;
}

// The state whose needs hold: what it says, else the furthest that a field proves. Work
// on what was rejected is a contradiction, so only states of one field are ruled out.
static int
furthest(const struct check *c)
{
    int best = c->now;

    for (int s = 0; s < c->m->count && c->now == GZ_NO_STATE; s++) {
        struct gz_str at = evidence_of(c, s);
        bool shared = best != GZ_NO_STATE && at.len && at.ptr == evidence_of(c, best).ptr;

        if (at.len && !(shared && is_ruled_out(c, s)))
            best = s;
    }
    return best;
}

// ---- steps ----

static int
step_number(struct gz_str step)
{
    for (int i = 0; i < GZ_STEPS; i++)
        if (gz_str_is(step, STEP[i]))
            return i;
    return -1;
}

static const struct gz_step_word *
vocabulary_of(const struct check *c)
{
    const struct gz_pack *p = c->all->pack;
    struct gz_str name = text(c, "step_vocab");

    for (size_t i = 0; name.len && i < gz_pack_rows(p, GZ_SHEET_STEPS); i++)
        if (gz_str_eq(p->step[i].vocabulary, name))
            return &p->step[i];
    return NULL;
}

// Does this item's procedure have the step at all?
static bool
is_asked_for(const struct check *c, int step)
{
    const struct gz_step_word *w = vocabulary_of(c);

    if (!w)
        return true;
    return (step != 3 || w->supervise) && (step != 4 || w->evaluate);
}

static void
note_step(struct check *c, bool *recorded, int state)
{
    int n = step_number(c->m->state[state].step);

    // A case may be closed or reopened without anybody's evaluation on record.
    if (n >= 0 && !gz_str_is(c->m->state[state].name, "closed") &&
        !gz_str_is(c->m->state[state].name, "reopened"))
        recorded[n] = true;
}

static void
find_steps(struct check *c, struct gz_progress *out)
{
    bool recorded[GZ_STEPS] = { false };
    struct gz_str met = text(c, "n_meetings");
    int last = -1, due;

    for (int s = 0; s < c->m->count; s++)
        if (s == c->now || evidence_of(c, s).len)
            note_step(c, recorded, s);
    recorded[0] = recorded[0] || text(c, "source").len;
    recorded[1] = recorded[1] || (met.len && !gz_str_is(met, "0"));
    for (int i = 0; i < GZ_STEPS; i++)
        if (recorded[i])
            last = i;
    if (last < 0)
        return;
    out->step = gz_str_of(STEP[last]);
    if (!gz_str_is(c->m->name, "agenda_item"))
        return; // the steps of a project may well be on its agenda item
    // What is done or closed must have been supervised and evaluated, or should now be.
    due = c->now != GZ_NO_STATE && (gz_str_is(c->m->state[c->now].name, "delivered") ||
                                    gz_str_is(c->m->state[c->now].name, "closed"))
              ? GZ_STEPS - 1
              : last;
    for (int i = 0; i < GZ_STEPS; i++) {
        static const char *const gap[GZ_STEPS] = { "NOCOLLECT", "NOMEET", "NOWORK",
                                                   "NOSUPERVISE", "NOEVALUATE" };

        if (recorded[i]) {
            out->done[out->dones++] = gz_str_of(STEP[i]);
        } else if (i <= due && is_asked_for(c, i)) {
            out->absent[out->absents++] = gz_str_of(STEP[i]);
            gz_codes_add(c->codes, 'W', gz_str_of(gap[i]));
        }
    }
}

void
gz_progress_check(const struct gz_machines *m, const struct gz_machine *machine,
                  const struct gz_whole *v, struct gz_str state_field, struct gz_str id,
                  struct gz_progress *out, struct gz_codes *codes)
{
    struct check c = { m, machine, v, codes, GZ_NO_STATE };
    struct gz_str said = gz_whole_text(v, state_field);
    int state;

    *out = (struct gz_progress){ 0 };
    if (said.len)
        c.now = gz_machine_state(m, machine, said, text(&c, "step_vocab"));
    check_order(&c);
    check_times(&c);
    check_merge(&c, id);
    check_tiers(&c);
    state = furthest(&c);
    if (state != GZ_NO_STATE) {
        const struct gz_transition *t = machine->state[state].row;

        for (size_t i = 0; i < t->needs.count; i++)
            check_need(&c, t->needs.item[i], t->codes.item[i]);
    }
    find_steps(&c, out);
}

void
gz_progress_event(const struct gz_machines *m, const struct gz_whole *v,
                  struct gz_codes *codes)
{
    const struct gz_machine *machine =
        gz_machine_find(m, gz_whole_text(v, GZ_STR("subject_rec")));
    const struct gz_str none = { NULL, 0 };
    int from, to;

    if (!machine)
        return;
    from = gz_machine_state(m, machine, gz_whole_text(v, GZ_STR("from_state")), none);
    to = gz_machine_state(m, machine, gz_whole_text(v, GZ_STR("to_state")), none);
    if (from == GZ_NO_STATE || to == GZ_NO_STATE || from == to ||
        (machine->state[from].next >> to & 1))
        return;
    if (to > from || gz_state_leads(machine, from, to))
        gz_codes_fault(codes, "SKIP");
    else
        gz_codes_fault(codes, "BACK");
}
