// SPDX-License-Identifier: MIT
#include "learn/tree.h"

// The level of `label` from byte `at` on, with all that is before it.
static struct gz_str
up_to_level(struct gz_str label, size_t at)
{
    size_t end = at;

    while (end < label.len && label.ptr[end] != '/')
        end++;
    return gz_str_first(label, end);
}

static struct gz_branch *
add_branch(struct gz_tree *t, struct gz_str path, uint32_t first, struct gz_arena *arena)
{
    struct gz_branch *b;

    t->branch = gz_arena_grow(arena, t->branch, &t->branch_cap, t->branches + 1,
                              sizeof(*t->branch));
    b = &t->branch[t->branches++];
    *b = (struct gz_branch){ path, first, first + 1, UINT32_MAX };
    return b;
}

static void
add_fork(struct gz_tree *t, uint32_t first, uint32_t end, struct gz_arena *arena)
{
    t->fork = gz_arena_grow(arena, t->fork, &t->fork_cap, t->forks + 1, sizeof(*t->fork));
    t->fork[t->forks++] = (struct gz_fork){ 0, 0, first, end };
}

// Where the labels [first, end) begin to differ: the start of that level.
static size_t
common_levels(const struct gz_str *label, uint32_t first, uint32_t end)
{
    size_t at = 0;

    for (;;) {
        struct gz_str level = up_to_level(label[first], at);

        for (uint32_t i = first + 1; i < end; i++)
            if (!gz_str_eq(up_to_level(label[i], at), level))
                return at;
        if (level.len >= label[first].len)
            return at;
        at = level.len + 1;
    }
}

// Labels of one branch stand together, since '/' parts them: "A", "A b" and "A/c" sort
// with "A b" between the other two, so a branch is closed only when none is left.
static void
fork_levels(struct gz_tree *t, const struct gz_str *label, struct gz_fork *f,
            struct gz_arena *arena)
{
    size_t at = common_levels(label, f->label_first, f->label_end);

    f->first = (uint32_t)t->branches;
    for (uint32_t i = f->label_first; i < f->label_end; i++) {
        struct gz_str path = up_to_level(label[i], at);
        struct gz_branch *last = t->branches > f->first ? &t->branch[t->branches - 1] : 0;

        // A label that ends here is a branch of its own, beside those that go deeper.
        if (last && path.len < label[i].len && gz_str_eq(last->path, path) &&
            label[last->first].len > path.len)
            last->end = i + 1;
        else
            add_branch(t, path, i, arena);
    }
    f->count = (uint32_t)t->branches - f->first;
}

void
gz_tree_make(struct gz_tree *t, const struct gz_str *label, size_t count,
             enum gz_tree_form form, struct gz_arena *arena)
{
    *t = (struct gz_tree){ 0 };
    add_fork(t, 0, (uint32_t)count, arena);
    for (size_t i = 0; i < t->forks; i++) {
        struct gz_fork f = t->fork[i];

        if (form == GZ_TREE_LEVELS) {
            fork_levels(t, label, &f, arena);
        } else {
            f.first = (uint32_t)t->branches;
            for (uint32_t k = f.label_first; k < f.label_end; k++)
                add_branch(t, label[k], k, arena);
            f.count = (uint32_t)count;
        }
        t->fork[i] = f;
        for (uint32_t b = f.first; b < f.first + f.count; b++) {
            if (t->branch[b].end - t->branch[b].first == 1) {
                t->branch[b].path = label[t->branch[b].first];
                continue;
            }
            t->branch[b].node = (uint32_t)t->forks;
            add_fork(t, t->branch[b].first, t->branch[b].end, arena);
        }
    }
}
