// SPDX-License-Identifier: MIT
// cluster: petitions about the same matter in the same place, whoever wrote them.
#ifndef GZ_LINK_CLUSTER_H
#define GZ_LINK_CLUSTER_H

#include <stdint.h>

#include "link/entry.h"
#include "link/repeat.h"

// The mean of a cluster: what its members have in common.
struct gz_centre {
    struct gz_vector part[2]; // by enum gz_entry_part
};

enum { GZ_CENTRE_TERMS = 64 };

struct gz_clusters {
    uint32_t *parent;          // of every entry, see link/sets.h; owned
    struct gz_centre **centre; // of every set of two and more, at its smallest member
    size_t count;
};

// `e` is sorted and weighed. Entries of one old topic stay together. Two clusters are
// joined, the most alike first, when their names are at least 200 alike, their matters
// 100, and 0.6 of the one and 0.4 of the other at least `similarity` thousandths; near
// texts are joined outright, unless their records name different places.
void gz_clusters_make(struct gz_clusters *c, const struct gz_entries *e,
                      const struct gz_nears *nears, int64_t window, unsigned similarity);
void gz_clusters_release(struct gz_clusters *c);

// How alike an entry and a centre are, in thousandths.
unsigned gz_centre_likeness(const struct gz_centre *c, const struct gz_entry *e);

#endif
