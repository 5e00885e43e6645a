// SPDX-License-Identifier: MIT
// hash: a fixed hash for what is written down, a seeded one for tables in memory.
#ifndef GZ_BASE_HASH_H
#define GZ_BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

// XXH3, 64 bits, seed 0: the same on every machine and for ever. For row ids, plan
// ids and sketches, which are compared across files.
uint64_t gz_hash_fixed(struct gz_str s);

// XXH3 with a random secret of this process: an attacker cannot choose keys that
// collide. For tables in memory; must never reach output.
uint64_t gz_hash_seeded(struct gz_str s);

// 16 lower-case hex digits. Returns out.
char *gz_hash_hex(uint64_t hash, char out[17]);

#endif
