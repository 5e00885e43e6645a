// SPDX-License-Identifier: MIT
// tree: labels that are paths, as the nodes at which a classifier has to decide.
#ifndef GZ_LEARN_TREE_H
#define GZ_LEARN_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

// Labels [first, end) of the sorted list lie below a branch.
struct gz_branch {
    struct gz_str path;
    uint32_t first;
    uint32_t end;
    uint32_t node; // that decides between them, or UINT32_MAX: there is one only
};

// A node's branches are branch[first .. first + count); a node comes after the one it
// hangs on.
struct gz_fork {
    uint32_t first;
    uint32_t count;
    uint32_t label_first;
    uint32_t label_end;
};

struct gz_tree {
    struct gz_branch *branch;
    size_t branches;
    size_t branch_cap;
    struct gz_fork *fork;
    size_t forks;
    size_t fork_cap;
};

enum gz_tree_form { GZ_TREE_FLAT, GZ_TREE_LEVELS };

// `label` is sorted by bytes, without repeats, two at least. With GZ_TREE_LEVELS the
// levels of paths ('/' between them) become nodes; a level with one branch is passed
// over.
void gz_tree_make(struct gz_tree *t, const struct gz_str *label, size_t count,
                  enum gz_tree_form form, struct gz_arena *arena);

#endif
