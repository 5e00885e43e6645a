// SPDX-License-Identifier: MIT
// sets: union-find over numbers; each set is known by its smallest member.
#ifndef GZ_LINK_SETS_H
#define GZ_LINK_SETS_H

#include <stddef.h>
#include <stdint.h>

// parent[0 .. count). The caller's memory.
void gz_sets_init(uint32_t *parent, size_t count);

// The smallest member of the set that holds x. Shortens paths.
uint32_t gz_sets_find(uint32_t *parent, uint32_t x);

// Join two sets; returns the smallest member of both.
uint32_t gz_sets_join(uint32_t *parent, uint32_t a, uint32_t b);

#endif
