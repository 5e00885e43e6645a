// SPDX-License-Identifier: MIT
// docfreq: in how many records each gram stands, and what that makes it worth.
#ifndef GZ_LINK_DOCFREQ_H
#define GZ_LINK_DOCFREQ_H

#include <stddef.h>
#include <stdint.h>

// A table of fixed size; grams that share a cell are counted together, which makes both
// look a little commoner than they are.
enum { GZ_DOCFREQ_CELLS = 1 << 20 };

// As though so many other records had been read, without any of these grams: in a small
// input a matter that half of it is about is rare all the same.
enum { GZ_DOCFREQ_PRIOR = 1000 };

struct gz_docfreq {
    uint32_t *count; // GZ_DOCFREQ_CELLS; owned
    uint32_t records;
    uint32_t all;       // gz_log2_q8() of records and prior, see gz_docfreq_settle()
    uint16_t log[4096]; // gz_log2_q8() of small numbers
};

void gz_docfreq_init(struct gz_docfreq *d);
void gz_docfreq_release(struct gz_docfreq *d);

static inline size_t
gz_docfreq_cell(uint32_t gram)
{
    return (gram ^ (gram & 0x40000000u ? 0x55555u : 0)) & (GZ_DOCFREQ_CELLS - 1);
}

// Count the distinct grams of one more record.
void gz_docfreq_add(struct gz_docfreq *d, const uint32_t *gram, size_t count);

// Ask for the cells of some grams, so that the weights come without waiting.
void gz_docfreq_prefetch(const struct gz_docfreq *d, const uint32_t *gram, size_t count);

// All was counted: weights may be asked for until the next gz_docfreq_add().
void gz_docfreq_settle(struct gz_docfreq *d);

// log2((records + prior) / records with the gram) in steps of 1/256; 0 for a gram that
// stands in one record only, which can join nothing.
uint32_t gz_docfreq_weight(const struct gz_docfreq *d, uint32_t gram);

// log2(n) in steps of 1/256, in whole numbers, the same on every machine. n > 0.
uint32_t gz_log2_q8(uint32_t n);

#endif
