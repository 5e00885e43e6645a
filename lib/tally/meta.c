// SPDX-License-Identifier: MIT
// What the stream says about itself: sources, rejects, fields, kinds.
#include "base/tr.h"
#include "tally/counter.h"

enum {
    M_SRC,
    M_LAYOUT,
    M_LAYOUT_HASH,
    M_PRIVACY,
    M_ENCODING,
    M_KINDS,
    M_FIELDS,
    M_REJECTS,
    M_SKIPS,
    M_CODE,
    M_STAGE,
    M_V,
    M_ROWS, // the rest are the counts of source_end
    M_USED,
    M_SKIPPED,
    M_REJECTED,
    M_SUPERSEDED,
    M_RECORDS,
    M_COUNT,
};

static const char *const names[M_COUNT] = {
    "src",    "layout",  "layout_hash", "privacy",  "encoding",   "kinds",
    "fields", "rejects", "skips",       "code",     "stage",      "v",
    "rows",   "used",    "skipped",     "rejected", "superseded", "records",
};

bool
gz_counter_takes_meta(struct gz_str rec)
{
    return gz_str_is(rec, "source") || gz_str_is(rec, "source_end") ||
           gz_str_is(rec, "reject");
}

enum gz_err_kind
gz_counter_note(struct gz_counter *c, const char *table, const struct gz_str *key,
                size_t keys, const char *measure, uint64_t n, struct gz_err *err)
{
    struct gz_tally *t = gz_store_tally(c->store, c->id);
    struct gz_row *r = gz_store_row(c->store, t, gz_str_of(table),
                                    (struct gz_str){ "", 0 }, key, keys, err);

    if (!r)
        return err->kind;
    gz_tally_add(t, r, measure, n);
    return GZ_OK;
}

// How many sources have a column for each field that is asked for.
static void
note_fields(struct gz_counter *c, const struct gz_member *m)
{
    size_t kinds, fields;
    struct gz_str *kind = gz_member_list(&m[M_KINDS], &c->scratch, &kinds);
    struct gz_str *field = gz_member_list(&m[M_FIELDS], &c->scratch, &fields);

    for (size_t i = 0; i < c->kind_count; i++) {
        struct gz_c_kind *k = &c->kind[i];
        bool has = false;

        for (size_t j = 0; j < kinds; j++)
            has = has || gz_str_eq(kind[j], k->kind->name);
        for (size_t f = 0; has && f < k->field_count; f++)
            for (size_t j = 0; j < fields; j++)
                k->sources[f] += gz_str_eq(field[j], k->field[f]);
    }
}

static enum gz_err_kind
note_source(struct gz_counter *c, const struct gz_member *m, struct gz_err *err)
{
    struct gz_str key[4], encoding[2];
    struct gz_str version = gz_member_text(&m[M_V], &c->scratch);

    for (size_t i = 0; i < 4; i++)
        key[i] = gz_member_text(&m[M_SRC + i], &c->scratch);
    encoding[0] = key[0];
    encoding[1] = gz_member_text(&m[M_ENCODING], &c->scratch);
    if (!gz_str_is(version, "1")) {
        gz_err_code(err, "version");
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("records of version '" GZ_STR_FMT "': this program reads 1"),
                          GZ_STR_ARG(gz_str_first(version, 20)));
    }
    note_fields(c, m);
    if (gz_counter_note(c, "_layout", key, 4, "n", 1, err) ||
        (c->plan->full_account &&
         gz_counter_note(c, "_encoding", encoding, 2, "n", 1, err)))
        return err->kind;
    return gz_counter_note(c, "_source", key, 1, "begun", 1, err);
}

// "title:2": the count of a code.
static enum gz_err_kind
note_skips(struct gz_counter *c, const struct gz_member *m, struct gz_str src,
           struct gz_err *err)
{
    size_t n;
    struct gz_str *skip = gz_member_list(&m[M_SKIPS], &c->scratch, &n);

    for (size_t i = 0; i < n; i++) {
        struct gz_cut cut = gz_str_cut(skip[i], GZ_STR(":"));
        struct gz_str key[2] = { src, cut.head };
        uint64_t count;

        if (gz_num_u64(cut.tail, &count) &&
            gz_counter_note(c, "_skip", key, 2, "n", count, err))
            return err->kind;
    }
    return GZ_OK;
}

// How many rows are in no other count, or in two: 0 when the account holds.
static uint64_t
unaccounted(const uint64_t n[M_COUNT])
{
    uint64_t sum = n[M_USED] + n[M_SKIPPED] + n[M_REJECTED] + n[M_SUPERSEDED];

    return n[M_ROWS] > sum ? n[M_ROWS] - sum : sum - n[M_ROWS];
}

// Title rows and blank lines are of the file, not of what it says. So that one export in
// any shape makes one tally, only a plan that asks for the full account counts them.
static enum gz_err_kind
note_source_end(struct gz_counter *c, const struct gz_member *m, struct gz_err *err)
{
    struct gz_str src = gz_member_text(&m[M_SRC], &c->scratch);
    uint64_t n[M_COUNT] = { 0 };
    bool full = c->plan->full_account;

    if (gz_counter_note(c, "_source", &src, 1, "ended", 1, err))
        return err->kind;
    for (size_t i = M_ROWS; i < M_COUNT; i++)
        if (gz_num_u64(gz_member_text(&m[i], &c->scratch), &n[i]) &&
            (full || i >= M_REJECTED) &&
            gz_counter_note(c, "_source", &src, 1, names[i], n[i], err))
            return err->kind;
    if (full)
        return note_skips(c, m, src, err);
    return gz_counter_note(c, "_source", &src, 1, "unaccounted", unaccounted(n), err);
}

enum gz_err_kind
gz_counter_meta(struct gz_counter *c, struct gz_str rec, struct gz_str line,
                struct gz_err *err)
{
    struct gz_member m[M_COUNT];
    struct gz_str key[3];

    if (c->meta.count == 0) {
        gz_keyset_init(&c->meta, c->arena);
        for (size_t i = 0; i < M_COUNT; i++)
            gz_keyset_add(&c->meta, gz_str_of(names[i]));
    }
    gz_arena_reset(&c->scratch);
    if (!gz_keyset_read(&c->meta, line, &c->scratch, m, err))
        return err->kind;
    if (gz_str_is(rec, "source"))
        return note_source(c, m, err);
    if (gz_str_is(rec, "source_end"))
        return note_source_end(c, m, err);
    key[0] = gz_member_text(&m[M_SRC], &c->scratch);
    key[1] = gz_member_text(&m[M_STAGE], &c->scratch);
    key[2] = gz_member_text(&m[M_CODE], &c->scratch);
    return gz_counter_note(c, "_reject", key, 3, "n", 1, err);
}

// Without the name of our own input: it would differ from part to part of a whole.
enum gz_err_kind
gz_counter_reject(struct gz_counter *c, const struct gz_err *why, struct gz_err *err)
{
    struct gz_str key[3] = { { "", 0 }, GZ_STR("gz-tally"), gz_str_of(why->code) };

    return gz_counter_note(c, "_reject", key, 3, "n", 1, err);
}

static enum gz_err_kind
finish_kind(struct gz_counter *c, const struct gz_c_kind *k, struct gz_err *err)
{
    if (k->n && gz_counter_note(c, "_kind", &k->kind->name, 1, "n", k->n, err))
        return err->kind;
    for (size_t i = 0; i < k->field_count; i++) {
        struct gz_str key[2] = { k->kind->name, k->field[i] };

        if ((k->present[i] &&
             gz_counter_note(c, "_field", key, 2, "present", k->present[i], err)) ||
            (k->sources[i] &&
             gz_counter_note(c, "_field", key, 2, "sources", k->sources[i], err)))
            return err->kind;
    }
    return GZ_OK;
}

enum gz_err_kind
gz_counter_finish_meta(struct gz_counter *c, struct gz_err *err)
{
    for (size_t i = 0; i < c->kind_count; i++)
        if (finish_kind(c, &c->kind[i], err))
            return err->kind;
    for (size_t i = 0; i < c->moment_count; i++) {
        const struct gz_c_moment *m = &c->moment[i];

        if (!m->first)
            continue;
        if ((m->absent &&
             gz_counter_note(c, "_time", &m->field, 1, "absent", m->absent, err)) ||
            (m->vague &&
             gz_counter_note(c, "_time", &m->field, 1, "vague", m->vague, err)) ||
            (m->outside &&
             gz_counter_note(c, "_time", &m->field, 1, "outside", m->outside, err)))
            return err->kind;
    }
    return GZ_OK;
}
