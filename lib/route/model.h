// SPDX-License-Identifier: MIT
// model: a learned classifier in one read-only file: its form, opening and checking.
#ifndef GZ_ROUTE_MODEL_H
#define GZ_ROUTE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "route/features.h"

// ---- the file ----
//
// Little-endian; every part begins at a multiple of 8 bytes from the start:
//   struct gz_model_head
//   struct gz_model_node  x nodes     one classifier for each place where a path forks
//   struct gz_model_class x classes   the branches of the nodes, node by node
//   names                             UTF-8, without ends
//   for each node: an index of 2^bits bits, in struct gz_model_slot of 32 bits each, and
//   `rows` rows of `stride` bytes, each
//     uint16 mark    bits 32-47 of the hash: not every n-gram that meets a set bit is
//                    the one that was learned
//     uint16 gain    weight of the n-gram, steps of 1/2048
//     int8   weight  one a branch, steps of class.scale; then zeros up to `stride`
// The row of an n-gram is the number of bits set before the bit of its hash.

enum { GZ_MODEL_VERSION = 1, GZ_MODEL_GAIN = 2048 };
#define GZ_MODEL_MAGIC "gzmodel\n"

struct gz_model_head {
    char magic[8];
    uint32_t version;
    uint32_t nodes;
    uint32_t classes;
    uint32_t names;    // bytes
    uint64_t size;     // of the whole file
    uint64_t checksum; // XXH3 of everything after this field
    uint64_t examples; // texts it learned from
    struct gz_gram_rules rules;
    uint32_t leaves; // paths that can be the answer
    uint32_t folded; // 1: traditional characters were folded in training
};

struct gz_model_slot {
    uint32_t set;    // bits
    uint32_t before; // how many bits are set in the slots before
};

struct gz_model_node {
    uint64_t index; // offsets from the start of the file
    uint64_t row;
    uint32_t bits;
    uint32_t rows;
    uint32_t stride;
    uint32_t class_first;
    uint32_t class_count;
    uint32_t spare;
    double heat; // calibration: probabilities are softmax(heat * margin + class.shift)
};

struct gz_model_class {
    double scale;
    double bias;
    double shift;
    uint64_t examples;
    uint32_t name; // the whole path; offset within names
    uint32_t name_len;
    uint32_t node; // that decides further, or GZ_MODEL_LEAF
    uint32_t spare;
};
#define GZ_MODEL_LEAF UINT32_MAX

// ---- reading ----

struct gz_model;

// Map the file. Every count, offset and name is checked before it is used, so that a
// broken or hostile file is refused: GZ_ERR_USAGE. NULL on failure.
struct gz_model *gz_model_open(const char *path, struct gz_err *err);

// The same over bytes in memory, aligned to 8, which stay the caller's.
struct gz_model *gz_model_from(struct gz_str bytes, const char *name, struct gz_err *err);
void gz_model_close(struct gz_model *m);

// The file from its first byte.
const unsigned char *gz_model_bytes(const struct gz_model *m);

const struct gz_model_head *gz_model_head(const struct gz_model *m);
const struct gz_model_node *gz_model_node(const struct gz_model *m, uint32_t node);
const struct gz_model_class *gz_model_class(const struct gz_model *m, uint32_t class);
struct gz_str gz_model_path(const struct gz_model *m, uint32_t class);

// The row that the bit of `hash` stands for, or GZ_MODEL_NO_ROW. Its mark is to be
// compared still.
#define GZ_MODEL_NO_ROW UINT32_MAX
const struct gz_model_slot *gz_model_index(const struct gz_model *m, uint32_t node);

static inline __attribute__((always_inline)) uint32_t
gz_model_row_number(const struct gz_model_slot *slot, uint32_t bits, uint64_t hash)
{
    uint32_t bit = (uint32_t)(hash & (((uint64_t)1 << bits) - 1));
    uint32_t below;

    slot += bit / 32;
    bit %= 32;
    if (!(slot->set >> bit & 1))
        return GZ_MODEL_NO_ROW;
    below = slot->set & (((uint32_t)1 << bit) - 1);
    return slot->before + (uint32_t)__builtin_popcount(below);
}

// The weights of an n-gram in a node, or NULL if it has none.
const unsigned char *gz_model_row(const struct gz_model *m, uint32_t node, uint64_t hash);

// ---- writing ----

// Give a complete image its size and checksum.
void gz_model_seal(struct gz_buf *image);

#endif
