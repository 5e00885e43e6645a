// SPDX-License-Identifier: MIT
// mapcheck: what is odd about a row that is a record all the same: dates out of order or
// in the future, an id that came before, a district glued to a street, damaged text.
#ifndef GZ_INGEST_MAPCHECK_H
#define GZ_INGEST_MAPCHECK_H

#include "ingest/mapstep.h"

enum gz_map_watch { GZ_WATCH_NONE, GZ_WATCH_RECEIVED, GZ_WATCH_CLOSED, GZ_WATCH_FACT };

struct gz_mapcheck;

// Look over the steps of a mapping: some get another op, some are watched.
struct gz_mapcheck *gz_mapcheck_new(struct gz_mapping *m, struct gz_str district_prefix);
void gz_mapcheck_free(struct gz_mapcheck *c);

// For a clone of the mapping: leaves the key of a row to the mapping.
struct gz_mapcheck *gz_mapcheck_clone(const struct gz_mapcheck *c);

// Did the key come before? Remembers it.
bool gz_mapcheck_repeats(struct gz_mapcheck *c, uint64_t hash);

// A time of the row at hand, as it was written.
void gz_mapcheck_time(struct gz_mapping *m, const struct gz_map_step *s, const char *iso,
                      size_t len);

// When all steps have run: flag what is odd.
void gz_mapcheck_row(struct gz_mapping *m);

// The steps of OP_PLACE, OP_DAMAGE and OP_REPAIRED.
void gz_mapcheck_place(struct gz_mapping *m, const struct gz_map_step *s,
                       struct gz_buf *out);
void gz_mapcheck_damage(struct gz_mapping *m, const struct gz_map_step *s,
                        struct gz_buf *out);
void gz_mapcheck_repaired(struct gz_mapping *m, const struct gz_map_step *s,
                          struct gz_buf *out);

// How a text is damaged, "pinyin", "shift", "pinyin,shift"; NULL: it is not.
const char *gz_mapcheck_damage_of(struct gz_str text);

#endif
