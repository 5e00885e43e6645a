// SPDX-License-Identifier: MIT
// entry: what is remembered of a petition: who, when, where, and signatures of its text.
#ifndef GZ_LINK_ENTRY_H
#define GZ_LINK_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "link/docfreq.h"
#include "link/minhash.h"
#include "link/vector.h"

#define GZ_NONE        UINT32_MAX
#define GZ_ENTRY_NEVER INT64_MIN

enum { GZ_ENTRY_NAMES = 24, GZ_ENTRY_MATTERS = 12 };
enum { GZ_ENTRY_TERMS = GZ_ENTRY_NAMES + GZ_ENTRY_MATTERS };

enum gz_entry_flag {
    GZ_ENTRY_HIDDEN = 1, // secret, or a report on a person: never shown as an example
    GZ_ENTRY_OLD = 2,    // from the state, not from this input
};

enum gz_place_level { GZ_DISTRICT, GZ_SUBDISTRICT, GZ_COMMUNITY, GZ_COMPOUND, GZ_LEVELS };

struct gz_entry {
    int64_t sec;         // civil seconds, or GZ_ENTRY_NEVER
    uint64_t person;     // hash of the reporter key, 0 if none
    uint64_t place;      // hash of all that says where, 0 if nothing does
    uint64_t matter;     // hash of the category given, 0 if none
    uint64_t grams;      // where the grams stand in their spool
    struct gz_str id;    // in the arena of the entries
    struct gz_str first; // id of the petition that this one repeats, empty if none
    uint64_t supports;
    uint32_t topic;                  // number of its topic, or GZ_NONE
    uint32_t part[GZ_LEVELS];        // numbers in gz_entries.places, GZ_NONE if absent
    uint32_t term[GZ_ENTRY_TERMS];   // names, then matters; each ascending by GZ_GRAM_ID
    uint16_t weight[GZ_ENTRY_TERMS]; // scaled to GZ_VECTOR_UNIT within names and matters
    uint16_t gram_count;
    uint8_t names, matters;
    uint8_t flags;
    struct gz_minhash hash;
};

// Ascending by (sec, id) once sorted; one entry an id.
struct gz_entries {
    struct gz_entry *entry;
    size_t count, cap;
    struct gz_map places;
    struct gz_arena arena;
    uint32_t *order; // of the records as they came: number of their entry; owned
    size_t ordered, order_cap;
};

void gz_entries_release(struct gz_entries *e);

// A new zeroed entry at the end. Pointers to others may move.
struct gz_entry *gz_entries_add(struct gz_entries *e);

// Choose the terms of an entry among its grams, and weigh them: the heaviest, those of
// the title three times as heavy.
void gz_entry_choose(struct gz_entry *entry, const uint32_t *gram, size_t count,
                     const struct gz_docfreq *df);

// Weigh the terms of an entry of the state by what is known now.
void gz_entry_weigh(struct gz_entry *entry, const struct gz_docfreq *df);

enum gz_entry_part { GZ_ENTRY_NAME, GZ_ENTRY_MATTER };

// One part as a vector in `room`, which holds GZ_ENTRY_NAMES terms.
struct gz_vector gz_entry_vector(const struct gz_entry *entry, enum gz_entry_part part,
                                 struct gz_weighted *room);

// The cosine of one part of two entries that are weighed, in thousandths.
unsigned gz_entry_likeness(const struct gz_entry *a, const struct gz_entry *b,
                           enum gz_entry_part part);

// Sort by (sec, id) and drop what has the same id: its legs are one petition. Entries of
// the state win over those of the input only in what they were told before (topic,
// first). Fills order[]: e->order[n] is the entry of the n-th record added after the
// state was loaded.
void gz_entries_sort(struct gz_entries *e);

#endif
