// SPDX-License-Identifier: MIT
// Plans, schemes and conditions that strangers wrote: refused with a place, or used on a
// record without harm. The first line is the record, the rest is the document.
#include "tally/plan.h"
#include "civic/cond.h"
#include "fuzz.h"
#include "tally/count.h"
#include "tally/store.h"

static struct gz_arena setup;
static struct gz_schema *schema;
static struct gz_scheme *calendar;

static void
use(struct gz_plan *plan, struct gz_scheme *scheme, struct gz_str line,
    struct gz_arena *arena)
{
    struct gz_count_options o = { .as_of = "2026-03-31" };
    struct gz_err err = { 0 };
    struct gz_store store;
    struct gz_counter *c;

    gz_store_init(&store, 10000, 0);
    c = gz_counter_new(arena, plan, scheme, schema, &o, &store, &err);
    fuzz_must(c || err.kind);
    if (c) {
        gz_counter_line(c, line, &err);
        err = (struct gz_err){ 0 };
        gz_counter_finish(c, &err);
        gz_counter_free(c);
    }
    gz_store_release(&store);
}

static void
try_plan(struct gz_str text, struct gz_str line)
{
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_plan *plan =
        gz_plan_parse(&arena, text, "plan.json", calendar, schema, &err);

    if (!plan) {
        fuzz_must(err.kind == GZ_ERR_USAGE);
    } else {
        // What a head carries is read again as the same plan.
        struct gz_plan *again =
            gz_plan_parse(&arena, plan->text, "again", calendar, schema, &err);

        fuzz_must(again && gz_str_eq(again->text, plan->text));
        gz_plan_release(again);
        use(plan, calendar, line, &arena);
        gz_plan_release(plan);
    }
    gz_arena_free(&arena);
}

static void
try_scheme(struct gz_str text, struct gz_str line)
{
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_scheme *scheme = gz_scheme_parse(&arena, text, "scheme.json", &err);

    if (!scheme) {
        fuzz_must(err.kind == GZ_ERR_USAGE);
    } else {
        struct gz_scheme *again = gz_scheme_parse(&arena, scheme->text, "again", &err);
        struct gz_plan *plan;

        fuzz_must(again && gz_str_eq(again->text, scheme->text));
        gz_scheme_release(again);
        gz_cond_check_scheme(scheme, schema, &err);
        fuzz_must(!err.kind || err.kind == GZ_ERR_USAGE);
        err = (struct gz_err){ 0 };
        plan = gz_plan_load(&arena, "monthly", scheme, schema, &err);
        if (plan)
            use(plan, scheme, line, &arena);
        gz_plan_release(plan);
        gz_scheme_release(scheme);
    }
    gz_arena_free(&arena);
}

static void
try_cond(struct gz_str text, struct gz_str line)
{
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_slots *slots = gz_arena_new(&arena, struct gz_slots, 1);
    struct gz_json_doc *doc = gz_json_parse(text, "cond.json", &err);
    struct gz_cond_setup s = { .arena = &arena,
                               .slots = slots,
                               .scheme = calendar,
                               .doc = doc,
                               .kind = gz_schema_kind(schema, GZ_STR("petition")) };
    const struct gz_cond *c;
    size_t n;

    gz_slots_init(slots, &arena);
    c = doc ? gz_cond_compile(&s, gz_json_root(doc), &err) : NULL;
    fuzz_must(c || err.kind == GZ_ERR_USAGE);
    if (c && gz_slots_read(slots, line, &err)) {
        bool holds = gz_cond_holds(c, slots, 1774137600);
        enum gz_cond_constant constant = gz_cond_constant(c);

        fuzz_must(gz_cond_holds(c, slots, 1774137600) == holds);
        fuzz_must(constant == GZ_COND_VARIES || (constant == GZ_COND_ALWAYS) == holds);
    }
    if (c)
        gz_cond_needs(c, slots, &arena, &n);
    gz_slots_release(slots);
    gz_json_free(doc);
    gz_arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_cut cut = gz_str_cut(text, GZ_STR("\n"));
    struct gz_err err = { 0 };

    if (!schema) {
        schema = gz_schema_load(&setup);
        calendar = gz_scheme_load(&setup, "calendar", &err);
        fuzz_must(calendar);
    }
    if (cut.found) {
        if (gz_str_find(cut.tail, GZ_STR("\"tables\"")) != (size_t)-1)
            try_plan(cut.tail, cut.head);
        else if (gz_str_find(cut.tail, GZ_STR("\"rates\"")) != (size_t)-1)
            try_scheme(cut.tail, cut.head);
        else
            try_cond(cut.tail, cut.head);
    }
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
