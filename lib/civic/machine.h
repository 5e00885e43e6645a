// SPDX-License-Identifier: MIT
// machine: the states of an agenda item, a work order, a whistle, a proposal or a
// project, and the legal ways between them; from the sheet states.csv.
#ifndef GZ_CIVIC_MACHINE_H
#define GZ_CIVIC_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "pack/pack.h"

enum { GZ_STATES = 64, GZ_NO_STATE = -1 };

struct gz_state {
    struct gz_str name, step;
    const struct gz_transition *row; // the first that leads here: fields, needs, codes
    bool terminal;
    uint64_t next;  // bit n: state n may follow at once
    uint64_t later; // bit n: state n may follow, over others too
};

// States are numbered in the order of the sheet, which is the usual way through them.
struct gz_machine {
    struct gz_str name;
    struct gz_state state[GZ_STATES];
    int count;
};

struct gz_machines {
    const struct gz_pack *pack;
    struct gz_machine *machine;
    size_t count;
};

// Everything in `arena`. States past GZ_STATES of one machine are left out.
void gz_machines_make(struct gz_machines *m, const struct gz_pack *pack,
                      struct gz_arena *arena);

// NULL when there is none of that name.
const struct gz_machine *gz_machine_find(const struct gz_machines *m, struct gz_str name);

// The state by its name, or by a word of steps.csv ("解题"), of `vocabulary` if that is
// not empty; GZ_NO_STATE.
int gz_machine_state(const struct gz_machines *m, const struct gz_machine *machine,
                     struct gz_str word, struct gz_str vocabulary);

static inline bool
gz_state_leads(const struct gz_machine *m, int from, int to)
{
    return from == to || (m->state[from].later >> to & 1);
}

#endif
