// SPDX-License-Identifier: MIT
// cond: conditions over the fields of a record, written as JSON. gz-scheme(5), section
// CONDITIONS, is the manual.
#ifndef GZ_CIVIC_COND_H
#define GZ_CIVIC_COND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "civic/scheme.h"
#include "civic/slots.h"
#include "io/json.h"
#include "record/schema.h"

struct gz_cond;

// What a compilation needs to know, and what it finds out.
struct gz_cond_setup {
    struct gz_arena *arena;
    struct gz_slots *slots;
    const struct gz_kind *kind;     // the fields there are; NULL: any name goes
    const struct gz_scheme *scheme; // for {"scheme":NAME}; may be NULL
    const struct gz_json_doc *doc;  // that `json` is of
    int depth;                      // of schemes naming conditions; begin with 0
    struct gz_cond_named *named;    // those compiled so far
    bool needs_as_of;               // found: it cannot be told without the as-of moment
    // Found: the fields it reads, each once.
    struct gz_str *field;
    size_t field_count;
    size_t field_cap;
};

// Always the same answer, whatever the record?
enum gz_cond_constant { GZ_COND_VARIES, GZ_COND_NEVER, GZ_COND_ALWAYS };
enum gz_cond_constant gz_cond_constant(const struct gz_cond *c);

// NULL and GZ_ERR_USAGE, with line and column, when it is wrong.
const struct gz_cond *gz_cond_compile(struct gz_cond_setup *s, const gz_json *json,
                                      struct gz_err *err);

// Slots under 64 that must be there for it to hold, as bits: a quick no.
uint64_t gz_cond_must(const struct gz_cond *c);

// Does it hold for the record in `slots`? `as_of` is the first second that is too late,
// INT64_MIN if there is none. A test of an absent field does not hold; `not` of it does.
bool gz_cond_holds(const struct gz_cond *c, struct gz_slots *slots, int64_t as_of);

// The fields without which the condition says nothing: every one of them must be known
// for a count under it to be. Where any of several alternatives will do, they are one
// entry, apart by '|': "closed_at|status". What is asked to be absent, and what stands
// under a `not`, is not needed: a field that nobody has excludes nothing.
struct gz_str *gz_cond_needs(const struct gz_cond *c, const struct gz_slots *slots,
                             struct gz_arena *arena, size_t *count);

// Compile everything that a scheme declares, to see whether it is right.
enum gz_err_kind gz_cond_check_scheme(const struct gz_scheme *scheme,
                                      const struct gz_schema *schema, struct gz_err *err);

// The JSON for the short form of an option: "role=lead|co", "role!=lead", "role",
// "!role".
struct gz_str gz_cond_from_option(struct gz_arena *arena, struct gz_str option);

// The slot of a field by its name or Chinese label. -1 and *err when `kind` has none.
int gz_cond_slot(struct gz_cond_setup *s, struct gz_str name, const gz_json *at,
                 struct gz_err *err);

#endif
