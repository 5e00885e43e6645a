// SPDX-License-Identifier: MIT
// topic: a cluster that is large enough to be a matter of its own.
#ifndef GZ_LINK_TOPIC_H
#define GZ_LINK_TOPIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "link/cluster.h"
#include "link/entry.h"
#include "link/gram.h"

struct gz_topic {
    struct gz_str id;          // "~t" and 16 hex digits
    struct gz_str title, text; // of the example; empty if none may be shown
    struct gz_str keywords;    // apart by '|'
    uint32_t *member;          // entries, ascending
    size_t members;
    size_t people;    // 0: not known
    size_t places;    // different ones that members name
    int64_t days;     // from the first member to the last
    uint32_t example; // entry whose title and text are wanted, or GZ_NONE
    uint32_t root;
};

struct gz_topics {
    struct gz_topic *topic; // by (first member's time, its id)
    size_t count, cap;
    struct gz_arena arena;
};

// What the state knew of a topic.
struct gz_old_topic {
    struct gz_str id, title, text, keywords;
};

// Clusters of at least `min` petitions from two people and more become topics; what was
// a topic stays one as long as it has a member. Sets entry.topic of all entries.
void gz_topics_make(struct gz_topics *t, struct gz_entries *e, struct gz_clusters *c,
                    size_t min, const struct gz_old_topic *old);
void gz_topics_release(struct gz_topics *t);

// The example of topic `n` was read: keep its words.
void gz_topics_example(struct gz_topics *t, size_t n, const struct gz_clusters *c,
                       const struct gz_gram_words *words, struct gz_str title,
                       struct gz_str text);

// Append the topic as a record.
void gz_topics_write(const struct gz_topics *t, size_t n, const struct gz_entries *e,
                     struct gz_buf *out);

#endif
