// SPDX-License-Identifier: MIT
// mapstep: the program of a mapping: mapping.c makes it, maprow.c, mapquick.c and
// mapfield.c run it. Internal to these three.
#ifndef GZ_INGEST_MAPSTEP_H
#define GZ_INGEST_MAPSTEP_H

#include "base/datefmt.h"
#include "ingest/mapping.h"

enum { MEMO = 16, MEMO_TEXT = 40, MEMO_OUT = 112, MAX_DQ = 24, MAX_EXTRA = 256 };

enum gz_map_op {
    OP_TEXT,
    OP_ID,
    OP_TIME,
    OP_MAP,
    OP_LIST,
    OP_NUM,
    OP_RECORD_CELL, // a column of our own CSV
    OP_SECRECY,
    OP_REPORTER,
    OP_PLACE,    // a street, perhaps with its district before it
    OP_DAMAGE,   // how the texts of the row are damaged
    OP_REPAIRED, // text whose spelled-out characters are put right
};

// What can be done to a cell that needs no more than a look and a copy (mapquick.c).
enum gz_map_quick {
    QUICK_COPY,   // its text
    QUICK_ID,     // its text, if that is digits
    QUICK_TIME,   // a date of the usual form
    QUICK_NUM,    // a decimal number
    QUICK_MAP,    // a value that came before
    QUICK_JOIN,   // several cells, one behind the other; those above look at one
    QUICK_DAMAGE, // nothing, if all is ASCII
    QUICK_SECRET, // no column: nothing, unless the row is secret
    QUICK_NONE,   // always by gz_map_run_step()
};

// Values of a map that came before, so that few are folded and looked up.
struct gz_map_memo {
    uint8_t len; // of text + 1; 0 is free
    bool found;
    uint8_t done; // of `out`; 0: not all that there is to say of the value
    char text[MEMO_TEXT];
    struct gz_str to;
    char out[MEMO_OUT]; // the members that the value becomes
};

struct gz_map_step {
    enum gz_map_op op;
    const struct gz_layout_field *from; // NULL for those that are made
    const struct gz_field *field;
    struct gz_str prefix;     // `,"key":"`, or `,"key":` where no string follows
    struct gz_str raw_prefix; // the same of the field that gets the text as it was
    int col[GZ_LAYOUT_PARTS];
    size_t cols;
    struct gz_str *null;
    size_t nulls;
    uint64_t null_lengths; // bit n: one of them has n bytes
    struct gz_map_memo *memo;
    const char *scale; // of a number whose column is headed 万元 or 亿元: 万, 亿; or NULL
    struct gz_datefmt form;
    struct gz_datefmt id_form;
    struct gz_datevote vote;
    enum gz_map_quick quick;
    bool ascii;    // QUICK_COPY only of what is ASCII: a place, which may have a district
                   // before it, or text to be decoded
    bool optional; // nothing is written when the cell is empty
    bool asked;    // the form is by option
    uint8_t watch; // enum gz_map_watch
};

struct gz_map_ext {
    uint32_t col;
    struct gz_str prefix;       // `,"key":"`
    struct gz_str first_prefix; // the same without the comma
};

struct gz_map_extra {
    struct gz_str key;
    struct gz_str value;
};

struct gz_mapping {
    struct gz_mapping_options o;
    struct gz_arena *arena; // of setup
    struct gz_arena row;    // of one row
    struct gz_map_step *step;
    size_t steps;
    struct gz_map_ext *ext;
    size_t exts;
    uint8_t *role;
    bool *contact_name;                // columns that are contacts by layout or header
    uint32_t *seen;                    // sampled values that are not empty, by column
    uint32_t *contacts;                // those of them that look like contacts
    const struct gz_map_step *id_step; // of the record's id, or NULL
    int id_col;                        // column of petition_id, -1
    bool copy;                         // texts need no masking
    bool guard;                        // cells of ext may be contacts all the same
    size_t room;                       // of a record, but for its cells
    size_t uses;                       // most fields that one column fills
    bool by_key;                       // some column identifies reporters
    struct gz_str begin;               // `{"rec":"petition"`
    struct gz_str src;                 // `,"src":"name:`

    struct gz_mapcheck *check; // NULL: our own records

    // Of the row at hand.
    const struct gz_csv_field *cell;
    size_t count;
    struct gz_buf decoded;
    const char *bad;   // the first byte that is no GB18030
    const char *mixed; // the encoding of the row at hand, when it is not the file's
    const char *dq[MAX_DQ];
    const char *dq_of[MAX_DQ];
    size_t dqs;
    bool secret;
    bool json;                        // cells come from checked JSON
    struct gz_str misfit_key[MAX_DQ]; // values that could not be a field's: kept in ext
    struct gz_str misfit[MAX_DQ];
    size_t misfits;
    struct gz_map_extra extra[MAX_EXTRA];
    size_t extras;
    struct gz_mapping_key key; // of a clone; hash 0: none
};

// Make `cell` the row at hand. `bytes`: of all cells, where they are to be decoded.
void gz_maprow_begin(struct gz_mapping *m, const struct gz_csv_field *cell, size_t count,
                     size_t bytes);

// The cell of the row at hand: decoded, trimmed, with LF line ends.
struct gz_str gz_maprow_cell(struct gz_mapping *m, size_t column);

// The text of a step, from the row at hand; empty when it is absent.
struct gz_str gz_maprow_value(struct gz_mapping *m, const struct gz_map_step *s);

// Run one step: append its member, if it has a value. GZ_ERR_DATA rejects the row.
enum gz_err_kind gz_map_run_step(struct gz_mapping *m, const struct gz_map_step *s,
                                 struct gz_buf *out, struct gz_err *err);

// Is the text one of those that stand for nothing?
bool gz_maprow_null(const struct gz_map_step *s, struct gz_str v);

// Append the members of all steps, and of ext, of a row whose cells are padded. What
// needs more than a copy is given to gz_map_run_step().
enum gz_err_kind gz_mapquick_steps(struct gz_mapping *m, const struct gz_csv_row *row,
                                   struct gz_buf *out, struct gz_err *err);
bool gz_mapquick_ext(struct gz_mapping *m, const struct gz_csv_row *row,
                     struct gz_buf *out);

// Where a value of a map is remembered.
static inline struct gz_map_memo *
gz_map_memo_of(const struct gz_map_step *s, struct gz_str v)
{
    return &s->memo[(v.len * 5 + (unsigned char)v.ptr[0] +
                     3u * (unsigned char)v.ptr[v.len - 1]) %
                    MEMO];
}

// Append the layout's offset to a time of day that has none.
void gz_map_add_zone(const struct gz_mapping *m, char *iso, size_t *n);

// Note that something is odd: "code" or "code:of" in dq.
void gz_map_flag(struct gz_mapping *m, const char *code, const char *of);

#endif
