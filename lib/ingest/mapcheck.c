// SPDX-License-Identifier: MIT
#include "ingest/mapcheck.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/time.h"
#include "ingest/mapput.h"

// Ids that came before are looked for among this many places: an id found is the same,
// one that came long before can be missed.
enum { PLACES = 1 << 16, TEXTS = 6, PART = 100 };

struct gz_mapcheck {
    char time[2][GZ_DATEFMT_OUT]; // received, closed
    size_t len[2];
    const struct gz_map_step *id, *unit, *role, *district;
    const struct gz_map_step *text[TEXTS];
    size_t texts;
    struct gz_str district_prefix;
    struct gz_str as_of;
    bool keys;      // records have keys that may repeat
    uint64_t *seen; // their hashes; NULL in a clone
};

static bool
is_fact_time(struct gz_str name)
{
    static const char *const fact[] = { "received_at",  "assigned_at",  "signed_at",
                                        "contacted_at", "submitted_at", "closed_at",
                                        "fed_back_at",  "replied_at",   "updated_at",
                                        "fu_at",        "sent_at",      "collected_at",
                                        "delivered_at" };

    for (size_t i = 0; i < GZ_COUNT(fact); i++)
        if (gz_str_is(name, fact[i]))
            return true;
    return false;
}

static void
look_at_step(struct gz_mapping *m, struct gz_mapcheck *c, struct gz_map_step *s)
{
    struct gz_str name = s->field->name;
    bool text = gz_str_is(name, "title") || gz_str_is(name, "text") ||
                gz_str_is(name, "result") || gz_str_is(name, "reply");

    if (s->op == OP_TIME && is_fact_time(name))
        s->watch = gz_str_is(name, "received_at") ? GZ_WATCH_RECEIVED
                   : gz_str_is(name, "closed_at") ? GZ_WATCH_CLOSED
                                                  : GZ_WATCH_FACT;
    if (s->field->index == 0 && s->op == OP_ID && s->cols)
        c->id = s;
    if (gz_str_is(name, "lead_org"))
        c->unit = s;
    if (gz_str_is(name, "role"))
        c->role = s;
    if (gz_str_is(name, "district"))
        c->district = s;
    if (gz_str_is(name, "subdistrict") && s->op == OP_TEXT) {
        s->op = OP_PLACE;
    }
    if (text && s->op == OP_TEXT && c->texts < TEXTS) {
        c->text[c->texts++] = s;
        if (m->o.repair_pinyin)
            s->op = OP_REPAIRED;
    }
}

struct gz_mapcheck *
gz_mapcheck_new(struct gz_mapping *m, struct gz_str district_prefix)
{
    struct gz_mapcheck *c = gz_mem_zalloc(1, sizeof(*c));

    c->district_prefix = district_prefix;
    c->as_of = gz_str_first(gz_str_of(m->o.as_of ? m->o.as_of : ""), 10);
    for (size_t i = 0; i < m->steps; i++)
        look_at_step(m, c, &m->step[i]);
    if (c->id && gz_str_is(m->o.layout->kind->name, "petition"))
        c->seen = gz_mem_zalloc(PLACES, sizeof(*c->seen));
    c->keys = c->seen != NULL;
    return c;
}

struct gz_mapcheck *
gz_mapcheck_clone(const struct gz_mapcheck *c)
{
    struct gz_mapcheck *copy;

    if (!c)
        return NULL;
    copy = gz_mem_alloc(1, sizeof(*copy));
    *copy = *c;
    copy->seen = NULL;
    return copy;
}

void
gz_mapcheck_free(struct gz_mapcheck *c)
{
    if (c)
        free(c->seen);
    free(c);
}

// ---- times and ids ----

void
gz_mapcheck_time(struct gz_mapping *m, const struct gz_map_step *s, const char *iso,
                 size_t len)
{
    struct gz_mapcheck *c = m->check;
    size_t n = len < c->as_of.len ? len : c->as_of.len;

    if (s->watch != GZ_WATCH_FACT) {
        memcpy(c->time[s->watch - 1], iso, len);
        c->len[s->watch - 1] = len;
    }
    if (n && memcmp(iso, c->as_of.ptr, n) > 0)
        gz_map_flag(m, "future", s->field->name.ptr);
}

static bool
has_offset(const char *iso, size_t len)
{
    return len > 16 &&
           (iso[len - 1] == 'Z' || iso[len - 6] == '+' || iso[len - 6] == '-');
}

static bool
closed_first(const struct gz_mapcheck *c)
{
    struct gz_time a, b;
    int64_t sec;
    bool days;
    size_t n = c->len[0] < c->len[1] ? c->len[0] : c->len[1];

    // As text nearly all are in order; with offsets the text is not the moment.
    if (!(has_offset(c->time[0], c->len[0]) && has_offset(c->time[1], c->len[1])) &&
        memcmp(c->time[1], c->time[0], n) >= 0)
        return false;
    return gz_time_parse((struct gz_str){ c->time[0], c->len[0] }, &a) &&
           gz_time_parse((struct gz_str){ c->time[1], c->len[1] }, &b) &&
           gz_time_between(a, b, &sec, &days) && sec < 0;
}

static inline char *
put_part(char *to, struct gz_str s)
{
    size_t len = s.len < PART - 1 ? s.len : PART - 1;

    if (len)
        memcpy(to, s.ptr, len);
    to[len] = '\n';
    return to + len + 1;
}

bool
gz_mapcheck_repeats(struct gz_mapcheck *c, uint64_t hash)
{
    bool known = c->seen[hash >> 48] == hash;

    c->seen[hash >> 48] = hash;
    return known;
}

// A leg without a unit shares its id with others of the order.
static void
check_id(struct gz_mapping *m, struct gz_mapcheck *c)
{
    struct gz_str id = gz_maprow_value(m, c->id);
    struct gz_str unit = c->unit ? gz_maprow_value(m, c->unit) : GZ_STR("");
    struct gz_str role = c->role ? gz_maprow_value(m, c->role) : GZ_STR("");
    char key[3 * PART], *end = key;
    uint64_t h;

    if (!id.len || (!unit.len && role.len && !gz_str_is(role, "主办")))
        return;
    end = put_part(end, id);
    end = put_part(end, unit);
    end = put_part(end, role);
    h = gz_hash_fixed((struct gz_str){ key, (size_t)(end - key) }) | 1; // 0 is free
    if (!c->seen)
        m->key.hash = h;
    else if (gz_mapcheck_repeats(c, h))
        gz_map_flag(m, "duplicate_id", NULL);
}

void
gz_mapcheck_row(struct gz_mapping *m)
{
    struct gz_mapcheck *c = m->check;

    if (c->len[0] && c->len[1] && closed_first(c))
        gz_map_flag(m, "closed_before_received", NULL);
    c->len[0] = c->len[1] = 0;
    if (c->keys)
        check_id(m, c);
}

// ---- places ----

// 怀柔区汤河口镇: how many bytes are the district's, 0 when none are.
static size_t
glued_district(struct gz_str s)
{
    static const char *const end[] = { "街道", "地区", "镇", "乡" };
    struct gz_str rest;
    size_t at;

    if (s.len < 15 || !memchr(s.ptr, 0xE5, s.len)) // the first byte of the word
        return 0;
    at = gz_str_find(s, GZ_STR("区"));
    if (at == (size_t)-1 || at < 6 || at > 15)
        return 0;
    rest = gz_str_from(s, at + 3);
    for (size_t i = 0; i < GZ_COUNT(end); i++)
        if (gz_str_ends(rest, gz_str_of(end[i])) && rest.len >= strlen(end[i]) + 3)
            return at + 3;
    return 0;
}

void
gz_mapcheck_place(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_mapcheck *c = m->check;
    struct gz_str v = gz_maprow_value(m, s), given, district;
    size_t glued = glued_district(v);

    if (!v.len)
        return;
    given = glued && c->district ? gz_maprow_value(m, c->district) : GZ_STR("");
    district = gz_str_first(v, glued);
    if (glued && (!given.len || gz_str_eq(given, district))) {
        gz_map_flag(m, "glued", NULL);
        if (!given.len)
            gz_map_put_text(m, out, c->district_prefix, district);
        v = gz_str_from(v, glued);
    }
    gz_map_put_text(m, out, s->prefix, v);
}

// ---- damage ----

// "(qū)" without its opening: letters, one of them with a tone, and a bracket. Bytes of
// it, 0 when it is something else.
static size_t
tone_word(struct gz_str s)
{
    size_t i = 0, letters = 0, tones = 0;

    while (i < s.len && letters <= 7) {
        unsigned char c = (unsigned char)s.ptr[i];

        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
            i++;
        } else if (c >= 0xC3 && c <= 0xC9 && i + 1 < s.len) {
            tones++;
            i += 2;
        } else {
            break;
        }
        letters++;
    }
    return letters && letters <= 7 && tones && i < s.len && s.ptr[i] == ')' ? i + 1 : 0;
}

static bool
han_before(struct gz_str s, size_t at)
{
    return at >= 3 && (unsigned char)s.ptr[at - 3] >= 0xE3 &&
           (unsigned char)s.ptr[at - 3] <= 0xE9;
}

// The next character that was spelled out, from `at`: where its bracket opens; *len
// bytes to take out. SIZE_MAX when there is none.
static size_t
next_pinyin(struct gz_str s, size_t at, size_t *len)
{
    const char *p;

    while (at < s.len && (p = memchr(s.ptr + at, '(', s.len - at))) {
        at = (size_t)(p - s.ptr);
        if (han_before(s, at) && (*len = tone_word(gz_str_from(s, at + 1)))) {
            ++*len;
            return at;
        }
        at++;
    }
    return SIZE_MAX;
}

// Bytes replaced across characters: "?yōu)", where a character and a bracket were.
static bool
is_shifted(struct gz_str s)
{
    const char *p;

    for (size_t at = 0; at < s.len && (p = memchr(s.ptr + at, '?', s.len - at));) {
        at = (size_t)(p - s.ptr) + 1;
        if (tone_word(gz_str_from(s, at)))
            return true;
    }
    return false;
}

const char *
gz_mapcheck_damage_of(struct gz_str text)
{
    size_t len;
    bool pinyin = next_pinyin(text, 0, &len) != SIZE_MAX;

    if (is_shifted(text))
        return pinyin ? "pinyin,shift" : "shift";
    return pinyin ? "pinyin" : NULL;
}

// A bracket behind, or a question mark before, what is no ASCII: rare in a cell as it
// stands, whatever its encoding.
static bool
can_be_damaged(const struct gz_mapping *m, const struct gz_map_step *s)
{
    struct gz_str v;
    const char *p;

    if (s->cols != 1 || (size_t)s->col[0] >= m->count)
        return s->cols > 1;
    v = m->cell[s->col[0]].text;
    for (size_t at = 1; at < v.len && (p = memchr(v.ptr + at, '(', v.len - at));) {
        at = (size_t)(p - v.ptr) + 1;
        if (p[-1] & 0x80)
            return true;
    }
    for (size_t at = 0; at < v.len && (p = memchr(v.ptr + at, '?', v.len - at));) {
        at = (size_t)(p - v.ptr) + 1;
        if (at < v.len && p[1] != ' ' && p[1] != '\n')
            return true;
    }
    return false;
}

void
gz_mapcheck_damage(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    bool pinyin = false, shift = false;

    for (size_t i = 0; i < m->check->texts; i++) {
        const struct gz_map_step *t = m->check->text[i];
        struct gz_str v = can_be_damaged(m, t) ? gz_maprow_value(m, t) : GZ_STR("");
        const char *d = v.len ? gz_mapcheck_damage_of(v) : NULL;

        pinyin = pinyin || (d && d[0] == 'p');
        shift = shift || (d && strchr(d, 's'));
    }
    if (pinyin || shift)
        gz_map_put_string(out, s->prefix,
                          pinyin && shift ? GZ_STR("pinyin,shift")
                          : pinyin        ? GZ_STR("pinyin")
                                          : GZ_STR("shift"));
}

void
gz_mapcheck_repaired(struct gz_mapping *m, const struct gz_map_step *s,
                     struct gz_buf *out)
{
    struct gz_str v = gz_maprow_value(m, s);
    size_t done = 0, len, at, n = 0;
    char *to;

    if (!v.len)
        return;
    if (next_pinyin(v, 0, &len) == SIZE_MAX) {
        gz_map_put_text(m, out, s->prefix, v);
        return;
    }
    to = gz_arena_alloc(&m->row, v.len + 16, 1, 1);
    while ((at = next_pinyin(v, done, &len)) != SIZE_MAX) {
        memcpy(to + n, v.ptr + done, at - done);
        n += at - done;
        done = at + len;
    }
    memcpy(to + n, v.ptr + done, v.len - done);
    n += v.len - done;
    gz_map_flag(m, "repaired", s->field->name.ptr);
    gz_map_put_text(m, out, s->prefix, (struct gz_str){ to, n });
}
