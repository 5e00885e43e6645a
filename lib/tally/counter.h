// SPDX-License-Identifier: MIT
// counter: what the files that do the counting share. Others include tally/count.h.
#ifndef GZ_TALLY_COUNTER_H
#define GZ_TALLY_COUNTER_H

#include "base/map.h"
#include "civic/cond.h"
#include "civic/slots.h"
#include "tally/count.h"

// What is found out about a record is kept until the next one: `seen` is the number of
// the record it was found out for.

struct gz_c_dim {
    const struct gz_dim *dim;
    int *slot;
    int *case_cond;     // of its cases; -1: always
    uint32_t *field_id; // interned names of the fields, for `which`
    uint64_t seen;
    uint32_t id;    // interned value
    uint32_t *many; // of a list: its distinct values
    size_t many_count;
    size_t many_cap;
    struct gz_c_value { // values met lately, by a cheap hash of the text
        struct gz_str text;
        uint32_t id;
    } * lately;         // GZ_C_LATELY of them
    struct gz_map memo; // texts to ids, where the text has to be worked on
    uint32_t *memo_id;
    uint32_t memo_cap;
    struct gz_c_day { // the same for parts of a date, by the day
        int64_t day;
        uint32_t id;
        bool known;
    } * by_day; // GZ_WINDOW_MEMO of them, or NULL
};

struct gz_c_cond {
    const struct gz_cond *cond;
    bool always;
    uint64_t must; // slots that have to be there
    uint64_t seen;
    bool holds;
};

struct gz_c_moment {
    int at;
    int or_at; // -1: none
    struct gz_window window;
    struct gz_str window_name;
    struct gz_str field;
    bool first; // of its field and kind: it keeps the counts of table "_time"
    uint64_t seen;
    struct gz_period_range range; // cut to what was asked for
    bool undated;
    uint64_t absent, vague, outside;
};

enum { GZ_C_NO_MOMENT = -1, GZ_C_LATELY = 256 };

struct gz_c_measure {
    enum gz_measure_kind kind;
    int cond; // -1: always
    int slot, slot2;
    struct gz_str name;
};

// The measures of a table that fall into the same periods.
struct gz_c_group {
    int moment;
    uint32_t first; // in the table's measures
    uint32_t end;
};

union gz_c_cell {
    uint64_t count; // eight bytes a cell: rows are what does not fit the cache
    struct gz_dec *sum;
    struct gz_durations *durations;
    struct gz_distinct *distinct;
};

// A table: rows by the ids of their key and their period.
struct gz_c_table {
    const struct gz_table *table;
    int cond; // -1: all records
    int *dim;
    size_t dim_count;
    int multi; // place of the dimension that is a list; -1: none
    struct gz_c_measure *measure;
    size_t measure_count;
    struct gz_c_group *group;
    size_t group_count;

    uint32_t *slot; // row + 1, 0 free
    uint32_t slots; // a power of two
    uint32_t *key;  // dim_count ids and the period for each row
    union gz_c_cell *cell;
    uint32_t rows;
    uint32_t cap;
};

struct gz_c_entry {
    struct gz_str *part; // order, then columns; one block of memory
};

struct gz_c_list {
    const struct gz_list *list;
    int cond;
    int moment; // GZ_C_NO_MOMENT: in every period
    int *order; // dims; the id's slot follows
    int id_slot;
    int *column;
    struct gz_c_entry *entry;
    size_t count;
    size_t cap; // 2 x limit: sorted and cut when full
    uint64_t n;
};

// A kind of record that the plan reads.
struct gz_c_kind {
    const struct gz_kind *kind;
    int where; // of the whole plan; -1: none
    struct gz_c_table *table;
    size_t table_count;
    struct gz_c_list *list;
    size_t list_count;
    int *field_slot; // of all fields that are asked for
    struct gz_str *field;
    size_t field_count;
    uint64_t *present;
    uint64_t *sources;
    uint64_t n;
};

struct gz_counter {
    struct gz_arena *arena;
    const struct gz_plan *plan;
    struct gz_scheme *scheme;
    const struct gz_schema *schema;
    struct gz_store *store;
    struct gz_buf *tallies; // lines of tallies go here instead of the store; or NULL
    struct gz_str id;
    struct gz_slots slots;
    int rec_slot;
    uint64_t record;  // number of the one in `slots`, from 1
    uint64_t present; // which of its first 64 slots are there, of those of its kind

    struct gz_period_range asked; // last < first: every period
    int64_t as_of;
    uint64_t max_rows;
    uint64_t rows;
    uint64_t memory;
    uint64_t cells;  // bytes of durations and sets
    uint32_t uneyed; // records since the memory was looked at

    struct gz_map text; // interned values; 0 is the empty one
    struct gz_c_dim *dim;
    size_t dim_count, dim_cap;
    struct gz_c_cond *cond;
    size_t cond_count, cond_cap;
    struct gz_map cond_index;
    struct gz_c_moment *moment;
    size_t moment_count, moment_cap;
    const struct gz_cond **exclusion;
    struct gz_c_term {
        struct gz_str name;
        const struct gz_cond *cond;
    } * term; // what the scheme's rates are made of, each once; only where it is asked
              // for
    size_t term_count;
    struct gz_c_kind *kind;
    size_t kind_count;

    struct gz_err where_err; // why the plan's filter does not fit a kind
    size_t where_failed;     // kinds it does not fit

    struct gz_keyset meta; // fields of source, source_end and reject
    struct gz_arena scratch;
};

// count.c: does the record fall into one of the periods asked for?
bool gz_counter_is_asked(struct gz_counter *c, int moment);

// compile.c
bool gz_counter_compile(struct gz_counter *c, struct gz_err *err);

// dim.c: the interned names of fields, for dimensions that say which field it was.
void gz_counter_intern_fields(struct gz_counter *c, struct gz_c_dim *d);

// Forget all values that were interned.
void gz_counter_forget_values(struct gz_counter *c);

// dim.c: the interned value of a dimension for this record, or its distinct values.
uint32_t gz_counter_dim(struct gz_counter *c, struct gz_c_dim *d);
void gz_counter_many(struct gz_counter *c, struct gz_c_dim *d);

// The value of a dimension as text that is good for this record; not interned where that
// can be helped, for lists show ids.
struct gz_str gz_counter_text(struct gz_counter *c, struct gz_c_dim *d);

// The N-th level of a path such as "a->b->c"; empty if it has fewer.
struct gz_str gz_path_level(struct gz_str path, int32_t level);

// pour.c: put the rows of a kind's tables into the store, and empty the tables.
enum gz_err_kind gz_counter_pour(struct gz_counter *c, struct gz_c_kind *k,
                                 struct gz_err *err);

// After a record: when the rows take too much, they go to the store, which knows how to
// do without memory, and counting begins anew.
enum gz_err_kind gz_counter_mind_memory(struct gz_counter *c, struct gz_err *err);
void gz_c_table_free(struct gz_c_table *t);

// meta.c: source, source_end, reject.
bool gz_counter_takes_meta(struct gz_str rec);
enum gz_err_kind gz_counter_meta(struct gz_counter *c, struct gz_str rec,
                                 struct gz_str line, struct gz_err *err);
enum gz_err_kind gz_counter_note(struct gz_counter *c, const char *table,
                                 const struct gz_str *key, size_t keys,
                                 const char *measure, uint64_t n, struct gz_err *err);
enum gz_err_kind gz_counter_finish_meta(struct gz_counter *c, struct gz_err *err);

// listing.c
void gz_counter_list(struct gz_counter *c, struct gz_c_list *l);
enum gz_err_kind gz_counter_finish_list(struct gz_counter *c, struct gz_c_list *l,
                                        struct gz_err *err);
void gz_counter_free_list(struct gz_c_list *l);

static inline bool
gz_counter_holds(struct gz_counter *c, int number)
{
    struct gz_c_cond *k;

    if (number < 0)
        return true;
    k = &c->cond[number];
    if (k->must & ~c->present)
        return false;
    if (k->seen != c->record) {
        k->holds = gz_cond_holds(k->cond, &c->slots, c->as_of);
        k->seen = c->record;
    }
    return k->holds;
}

#endif
