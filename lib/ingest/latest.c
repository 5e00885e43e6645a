// SPDX-License-Identifier: MIT
#include "ingest/latest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "base/tr.h"
#include "io/extsort.h"
#include "io/tempfile.h"
#include "record/keyset.h"
#include "record/writer.h"

enum { IDENTITY = 4, BLOCK = 256 * 1024, ORDER = 16, NO_SOURCE = -1 };

// What makes two records versions of one. Other kinds: their first field, if it is an id.
static const struct identity {
    const char *rec;
    const char *field[IDENTITY];
} identity[] = {
    { "petition", { "petition_id", "lead_org", "role", NULL } },
    { "dispatch", { "petition_id", "seq", "to_org", "role" } },
    { "followup", { "petition_id", "attempt_no", "at", NULL } },
    { "discussion", { "meeting_id", "agenda_id", "seq", NULL } },
    { "attendance", { "meeting_id", "member_id", "party_role", "org" } },
};

// A line that may be superseded. Ordered by identity, then by age.
struct version {
    uint64_t key[2]; // hashes of the identity
    uint8_t order[ORDER];
    uint64_t seq; // of all lines
    uint64_t offset;
    uint32_t len;
    uint32_t source;
    uint8_t legs; // 1: a leg without a unit: those of one source are different ones
    uint8_t row;  // 1: it stands for a row of its source
};

// A line that is written: where its first version stood.
struct kept {
    uint64_t seq;
    uint64_t offset;
    uint32_t len;
    int32_t source; // whose account it is; NO_SOURCE
};

struct source {
    uint64_t rows; // superseded
    uint64_t records;
    bool own; // our own stream: every line is a row
    char kind[24];
};

struct wanted {
    const struct gz_kind *kind;
    int field[IDENTITY]; // numbers in the keyset
    size_t fields;
    int by; // -1: the kind has no such field
    enum gz_field_type by_type;
};

struct gz_latest {
    struct gz_arena arena;
    struct gz_arena line;
    struct gz_keyset keys;
    int rec;
    struct wanted *wanted;
    size_t wants;
    int fd;
    struct gz_buf out;
    uint64_t bytes;
    uint64_t seq;
    struct gz_extsort versions, kept;
    struct source *source;
    size_t sources, sources_cap;
    struct kept last; // the last line: the account of its source, once that ends
    bool fresh;       // the next line is the first of its source
    struct gz_member *member;
    struct gz_buf text;
};

// ---- setting up ----

static int
by_age(const void *a, const void *b)
{
    const struct version *x = a, *y = b;
    int c;

    for (int i = 0; i < 2; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    // Of legs without a unit, those of one source stay together.
    c = x->legs ? 0 : memcmp(x->order, y->order, ORDER);
    if (c)
        return c;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static int
by_place(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void
want_kind(struct gz_latest *l, const struct gz_kind *k, const char *by)
{
    struct wanted *w = &l->wanted[l->wants];
    const struct gz_field *f = by ? gz_kind_field(k, gz_str_of(by)) : NULL;

    *w = (struct wanted){ .kind = k, .by = -1 };
    for (size_t i = 0; i < GZ_COUNT(identity); i++)
        for (size_t n = 0; gz_str_is(k->name, identity[i].rec) && n < IDENTITY; n++)
            if (identity[i].field[n])
                w->field[w->fields++] =
                    gz_keyset_add(&l->keys, gz_str_of(identity[i].field[n]));
    if (!w->fields && k->count && k->field[0].type == GZ_FIELD_ID)
        w->field[w->fields++] = gz_keyset_add(&l->keys, k->field[0].name);
    if (f) {
        w->by = gz_keyset_add(&l->keys, f->name);
        w->by_type = f->type;
    }
    l->wants += w->fields > 0;
}

struct gz_latest *
gz_latest_new(const struct gz_schema *schema, const char *by, size_t memory,
              struct gz_err *err)
{
    struct gz_latest *l = gz_mem_zalloc(1, sizeof(*l));
    bool known = !by;

    gz_keyset_init(&l->keys, &l->arena);
    l->rec = gz_keyset_add(&l->keys, GZ_STR("rec"));
    l->wanted = gz_arena_new(&l->arena, struct wanted, schema->count);
    for (size_t i = 0; i < schema->count; i++) {
        const struct gz_kind *k = &schema->kind[i];

        if (gz_str_is(k->name, "source") || gz_str_is(k->name, "source_end") ||
            gz_str_is(k->name, "reject"))
            continue;
        known = known || gz_kind_field(k, gz_str_of(by));
        want_kind(l, k, by);
    }
    l->member = gz_arena_new(&l->arena, struct gz_member, l->keys.count);
    gz_extsort_open(&l->versions, sizeof(struct version), memory / 2, by_age);
    gz_extsort_open(&l->kept, sizeof(struct kept), memory / 3, by_place);
    l->fd = gz_tempfile_open();
    if (!known)
        gz_err_set(err, GZ_ERR_USAGE, _("option '--latest-by': no field '%s'"), by);
    else if (l->fd < 0)
        gz_err_set(err, GZ_ERR_IO, _("temporary file: %s"), strerror(errno));
    return l;
}

void
gz_latest_free(struct gz_latest *l)
{
    if (!l)
        return;
    if (l->fd >= 0)
        close(l->fd);
    gz_extsort_close(&l->versions);
    gz_extsort_close(&l->kept);
    gz_arena_free(&l->arena);
    gz_arena_free(&l->line);
    gz_buf_release(&l->out);
    gz_buf_release(&l->text);
    free(l->source);
    free(l);
}

// ---- taking lines ----

static enum gz_err_kind
flush(struct gz_latest *l, struct gz_err *err)
{
    for (size_t at = 0; at < l->out.len;) {
        ssize_t n = write(l->fd, l->out.ptr + at, l->out.len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return gz_err_set(err, GZ_ERR_IO, _("temporary file: %s"), strerror(errno));
        at += (size_t)n;
    }
    l->out.len = 0;
    return GZ_OK;
}

void
gz_latest_begin(struct gz_latest *l)
{
    if (l->sources == l->sources_cap) {
        l->sources_cap = l->sources_cap ? 2 * l->sources_cap : 16;
        l->source = gz_mem_realloc(l->source, l->sources_cap, sizeof(*l->source));
    }
    memset(&l->source[l->sources++], 0, sizeof(*l->source));
    l->fresh = true;
}

// The first line of an input tells which records stand for its rows: those of its first
// kind, or all when it is a stream of records.
static void
note_source(struct gz_latest *l, struct gz_str line)
{
    struct source *s = &l->source[l->sources - 1];
    size_t at = gz_str_find(line, GZ_STR("\"kinds\":[\""));
    struct gz_str kind = { NULL, 0 };

    s->own = gz_str_find(line, GZ_STR("\"layout\":\"records\"")) != (size_t)-1;
    if (at != (size_t)-1)
        kind = gz_str_cut(gz_str_from(line, at + 10), GZ_STR("\"")).head;
    kind = gz_str_first(kind, sizeof(s->kind) - 1);
    memcpy(s->kind, kind.ptr, kind.len);
    l->fresh = false;
}

static const struct wanted *
wanted_kind(const struct gz_latest *l, struct gz_str rec)
{
    for (size_t i = 0; i < l->wants; i++)
        if (gz_str_eq(l->wanted[i].kind->name, rec))
            return &l->wanted[i];
    return NULL;
}

static void
put_big_endian(uint8_t *to, uint64_t n)
{
    for (int i = 8; i-- > 0; n >>= 8)
        to[i] = (uint8_t)n;
}

// A value as bytes that compare like it; all zero when there is none.
static void
put_order(uint8_t order[ORDER], struct gz_str v, enum gz_field_type type)
{
    struct gz_time t;
    struct gz_dec d;

    memset(order, 0, ORDER);
    if (!v.len)
        return;
    if (type == GZ_FIELD_TIME && gz_time_parse(v, &t)) {
        int64_t sec =
            t.sec - (t.offset_min == GZ_NO_OFFSET ? 0 : (int64_t)t.offset_min * 60);

        put_big_endian(order, (uint64_t)sec ^ UINT64_C(1) << 63);
    } else if (type == GZ_FIELD_NUM && gz_dec_parse(v, &d)) {
        put_big_endian(order, (uint64_t)(d.units >> 64) ^ UINT64_C(1) << 63);
        put_big_endian(order + 8, (uint64_t)d.units);
    } else {
        memcpy(order, v.ptr, v.len < ORDER ? v.len : ORDER);
    }
}

// The identity as text: kind and values, the number of each before it. False: none.
static bool
put_identity(struct gz_latest *l, const struct wanted *w, struct version *v)
{
    bool first = true, unit = false, lead = true;

    l->text.len = 0;
    gz_buf_add(&l->text, w->kind->name);
    for (size_t i = 0; i < w->fields; i++) {
        struct gz_str s = gz_member_text(&l->member[w->field[i]], &l->line);

        if (first && !s.len)
            return false;
        first = false;
        if (gz_str_is(l->keys.keys[w->field[i]], "lead_org"))
            unit = s.len > 0;
        if (gz_str_is(l->keys.keys[w->field[i]], "role"))
            lead = !s.len || gz_str_is(s, "lead");
        gz_buf_printf(&l->text, "|%zu:", s.len);
        gz_buf_add(&l->text, s);
    }
    v->legs = gz_str_is(w->kind->name, "petition") && !unit && !lead;
    v->key[0] = gz_hash_fixed(gz_buf_str(&l->text));
    v->key[1] = gz_hash_seeded(gz_buf_str(&l->text));
    return true;
}

static enum gz_err_kind
take_line(struct gz_latest *l, struct gz_str line, struct gz_err *err)
{
    struct gz_err unread = { 0 };
    struct version v;
    const struct wanted *w = NULL;
    struct kept k = { l->seq++, l->bytes, (uint32_t)line.len, NO_SOURCE };
    struct gz_str rec;

    if (l->fresh)
        note_source(l, line);
    gz_arena_reset(&l->line);
    memset(&v, 0, sizeof(v));
    v.seq = k.seq;
    v.offset = k.offset;
    v.len = k.len;
    v.source = (uint32_t)l->sources - 1;
    if (gz_keyset_read(&l->keys, line, &l->line, l->member, &unread)) {
        rec = gz_member_text(&l->member[l->rec], &l->line);
        w = wanted_kind(l, rec);
        v.row = l->source[v.source].own || gz_str_is(rec, l->source[v.source].kind);
    }
    gz_buf_add(&l->out, line);
    l->bytes += line.len;
    if (l->out.len >= BLOCK && flush(l, err))
        return err->kind;
    if (w && put_identity(l, w, &v)) {
        if (w->by >= 0)
            put_order(v.order, gz_member_text(&l->member[w->by], &l->line), w->by_type);
        return gz_extsort_add(&l->versions, &v, err);
    }
    // The last line waits: it may be the account of its source.
    if (l->last.len && gz_extsort_add(&l->kept, &l->last, err))
        return err->kind;
    l->last = k;
    return GZ_OK;
}

enum gz_err_kind
gz_latest_take(struct gz_latest *l, struct gz_buf *lines, struct gz_err *err)
{
    struct gz_str rest = gz_buf_str(lines);
    const char *nl;

    while (rest.len && (nl = memchr(rest.ptr, '\n', rest.len))) {
        size_t len = (size_t)(nl - rest.ptr) + 1;

        if (take_line(l, gz_str_first(rest, len), err))
            return err->kind;
        rest = gz_str_from(rest, len);
    }
    lines->len = 0;
    return GZ_OK;
}

void
gz_latest_end(struct gz_latest *l)
{
    if (l->last.len)
        l->last.source = (int32_t)l->sources - 1;
}

// ---- choosing ----

static enum gz_err_kind
keep(struct gz_latest *l, const struct version *v, uint64_t seq, struct gz_err *err)
{
    struct kept k = { seq, v->offset, v->len, NO_SOURCE };

    return gz_extsort_add(&l->kept, &k, err);
}

static void
supersede(struct gz_latest *l, const struct version *v)
{
    l->source[v->source].records++;
    l->source[v->source].rows += v->row;
}

// Versions of one identity come one after another, the oldest first. Of legs without a
// unit the n-th of a source is a version of the n-th of the one before.
struct group {
    struct version newest; // of an ordinary group
    uint64_t first;
    bool any;
    struct version *leg; // by place in its source
    uint64_t *leg_first;
    size_t legs, legs_cap;
    size_t place;
    uint32_t source;
};

static enum gz_err_kind
end_group(struct gz_latest *l, struct group *g, struct gz_err *err)
{
    if (g->any && !g->newest.legs && keep(l, &g->newest, g->first, err))
        return err->kind;
    for (size_t i = 0; i < g->legs; i++)
        if (keep(l, &g->leg[i], g->leg_first[i], err))
            return err->kind;
    g->any = false;
    g->legs = g->place = 0;
    return GZ_OK;
}

static void
add_leg(struct gz_latest *l, struct group *g, const struct version *v)
{
    if (!g->any || g->source != v->source)
        g->place = 0;
    g->source = v->source;
    if (g->place == g->legs_cap) {
        g->legs_cap = g->legs_cap ? 2 * g->legs_cap : 16;
        g->leg = gz_mem_realloc(g->leg, g->legs_cap, sizeof(*g->leg));
        g->leg_first = gz_mem_realloc(g->leg_first, g->legs_cap, sizeof(*g->leg_first));
    }
    if (g->place == g->legs) {
        g->leg_first[g->legs++] = v->seq;
        g->leg[g->place++] = *v;
        return;
    }
    // Here the newest is told by --latest-by too.
    if (memcmp(v->order, g->leg[g->place].order, ORDER) >= 0) {
        supersede(l, &g->leg[g->place]);
        g->leg[g->place] = *v;
    } else {
        supersede(l, v);
    }
    g->place++;
}

static enum gz_err_kind
add_version(struct gz_latest *l, struct group *g, const struct version *v,
            struct gz_err *err)
{
    if (g->any && memcmp(g->newest.key, v->key, sizeof(v->key)) != 0 &&
        end_group(l, g, err))
        return err->kind;
    if (v->legs) {
        add_leg(l, g, v);
    } else if (g->any) {
        supersede(l, &g->newest);
        g->first = v->seq < g->first ? v->seq : g->first;
    } else {
        g->first = v->seq;
    }
    g->newest = *v;
    g->any = true;
    return GZ_OK;
}

static enum gz_err_kind
choose(struct gz_latest *l, struct gz_err *err)
{
    struct group g = { 0 };
    struct version v;

    if (l->last.len && gz_extsort_add(&l->kept, &l->last, err))
        return err->kind;
    if (gz_extsort_finish(&l->versions, err))
        return err->kind;
    while (!err->kind && gz_extsort_next(&l->versions, &v, err))
        add_version(l, &g, &v, err);
    if (!err->kind)
        end_group(l, &g, err);
    gz_extsort_close(&l->versions);
    free(g.leg);
    free(g.leg_first);
    return err->kind ? err->kind : gz_extsort_finish(&l->kept, err);
}

// ---- writing ----

static enum gz_err_kind
read_line(struct gz_latest *l, const struct kept *k, struct gz_buf *to,
          struct gz_err *err)
{
    size_t got = 0;

    gz_buf_need(to, k->len);
    while (got < k->len) {
        ssize_t n =
            pread(l->fd, to->ptr + to->len + got, k->len - got, (off_t)(k->offset + got));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return gz_err_set(err, GZ_ERR_IO, _("temporary file: %s"),
                              n ? strerror(errno) : _("cut short"));
        got += (size_t)n;
    }
    to->len += k->len;
    return GZ_OK;
}

struct account {
    struct gz_buf *out;
    const struct source *s;
};

static void
put_count(void *ctx, const struct gz_member *m)
{
    struct account *a = ctx;
    uint64_t n;

    gz_buf_cstr(a->out, a->out->ptr[a->out->len - 1] == '{' ? "" : ",");
    gz_write_string(a->out, m->key);
    gz_buf_char(a->out, ':');
    if (!gz_num_u64(m->raw, &n))
        gz_buf_add(a->out, m->raw);
    else if (gz_str_is(m->key, "used"))
        gz_buf_u64(a->out, n - a->s->rows);
    else if (gz_str_is(m->key, "superseded"))
        gz_buf_u64(a->out, n + a->s->rows);
    else if (gz_str_is(m->key, "records"))
        gz_buf_u64(a->out, n - a->s->records);
    else
        gz_buf_add(a->out, m->raw);
}

// The account of a source, now that it is known what was superseded.
static enum gz_err_kind
write_account(struct gz_latest *l, const struct kept *k, struct gz_buf *out,
              struct gz_err *err)
{
    struct gz_member object = { .type = GZ_VALUE_OBJECT };
    struct account a = { out, &l->source[k->source] };

    l->text.len = 0;
    if (read_line(l, k, &l->text, err))
        return err->kind;
    gz_arena_reset(&l->line);
    object.raw = gz_str_trim(gz_buf_str(&l->text));
    gz_buf_char(out, '{');
    gz_member_each(&object, &l->line, put_count, &a);
    gz_buf_lit(out, "}\n");
    return GZ_OK;
}

enum gz_err_kind
gz_latest_write(struct gz_latest *l, struct gz_buf *out,
                enum gz_err_kind (*tick)(void *ctx, struct gz_err *err), void *ctx,
                struct gz_err *err)
{
    struct kept k;

    if (flush(l, err) || choose(l, err))
        return err->kind;
    while (gz_extsort_next(&l->kept, &k, err)) {
        if (k.source != NO_SOURCE ? write_account(l, &k, out, err)
                                  : read_line(l, &k, out, err))
            return err->kind;
        if (tick(ctx, err))
            return err->kind;
    }
    return err->kind;
}
