// SPDX-License-Identifier: MIT
#include "civic/machine.h"

static int
by_name(const struct gz_machine *m, struct gz_str name)
{
    for (int i = 0; i < m->count; i++)
        if (gz_str_eq(m->state[i].name, name))
            return i;
    return GZ_NO_STATE;
}

static struct gz_machine *
machine_for(struct gz_machines *m, struct gz_str name)
{
    for (size_t i = 0; i < m->count; i++)
        if (gz_str_eq(m->machine[i].name, name))
            return &m->machine[i];
    m->machine[m->count].name = name;
    return &m->machine[m->count++];
}

static void
add_state(struct gz_machine *m, const struct gz_transition *t)
{
    if (by_name(m, t->to) != GZ_NO_STATE || m->count == GZ_STATES)
        return;
    m->state[m->count++] = (struct gz_state){
        .name = t->to, .step = t->step, .row = t, .terminal = t->terminal
    };
}

static void
close_over(struct gz_machine *m)
{
    for (int i = 0; i < m->count; i++)
        m->state[i].later = m->state[i].next;
    for (int via = 0; via < m->count; via++)
        for (int i = 0; i < m->count; i++)
            if (m->state[i].later >> via & 1)
                m->state[i].later |= m->state[via].later;
}

void
gz_machines_make(struct gz_machines *m, const struct gz_pack *pack,
                 struct gz_arena *arena)
{
    size_t rows = gz_pack_rows(pack, GZ_SHEET_STATES);

    *m = (struct gz_machines){ .pack = pack };
    m->machine = gz_arena_new(arena, struct gz_machine, rows + 1);
    for (size_t i = 0; i < rows; i++)
        add_state(machine_for(m, pack->transition[i].machine), &pack->transition[i]);
    for (size_t i = 0; i < rows; i++) {
        const struct gz_transition *t = &pack->transition[i];
        struct gz_machine *machine = machine_for(m, t->machine);
        int from = by_name(machine, t->from), to = by_name(machine, t->to);

        if (from != GZ_NO_STATE && to != GZ_NO_STATE)
            machine->state[from].next |= (uint64_t)1 << to;
    }
    for (size_t i = 0; i < m->count; i++)
        close_over(&m->machine[i]);
}

const struct gz_machine *
gz_machine_find(const struct gz_machines *m, struct gz_str name)
{
    for (size_t i = 0; i < m->count; i++)
        if (gz_str_eq(m->machine[i].name, name))
            return &m->machine[i];
    return NULL;
}

int
gz_machine_state(const struct gz_machines *m, const struct gz_machine *machine,
                 struct gz_str word, struct gz_str vocabulary)
{
    int state = by_name(machine, word);

    for (size_t i = 0; state == GZ_NO_STATE && i < gz_pack_rows(m->pack, GZ_SHEET_STEPS);
         i++) {
        const struct gz_step_word *w = &m->pack->step[i];

        if (!gz_str_eq(w->machine, machine->name) ||
            (vocabulary.len && !gz_str_eq(w->vocabulary, vocabulary)))
            continue;
        for (size_t j = 0; j < w->words.count; j++)
            if (gz_str_eq(w->words.item[j], word))
                state = by_name(machine, w->state);
    }
    return state;
}
