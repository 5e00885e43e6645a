// SPDX-License-Identifier: MIT
#include "route/place.h"

#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "route/fold.h"

enum {
    SHORTEST = 6, // bytes: two characters of Han
    CANDIDATES = 16,
    MAX_UP = 12,
    FIRSTS = 4096,
    NONE = -1
};
enum tier { DISTRICT, SUBDISTRICT, COMMUNITY, TIERS };

// Rows by name; several may have one.
struct names {
    struct gz_map name;
    uint32_t *first; // by name: its first entry
    uint32_t *next;  // by entry; UINT32_MAX ends
    uint32_t *row;   // by entry
    size_t first_cap, next_cap, row_cap, entries;
};

struct gz_place_index {
    const struct gz_pack *pack;
    struct gz_folder *folder;
    struct names called; // folded names and aliases
    struct names key;    // names and ids, as other rows refer to them
    size_t longest;
    uint64_t begins[FIRSTS / 64]; // whether any name begins with such three bytes
    struct gz_buf buf, field;
    struct gz_arena *arena;
};

// A place that the record may mean, and where it says so.
struct candidate {
    const struct gz_place *place;
    const char *field;
    struct gz_str text;
    struct gz_span span;
};

struct search {
    struct gz_place_index *x;
    int64_t day;
    struct gz_arena *arena;
    struct gz_str known[TIERS]; // what the record says, without what was glued to it
    struct candidate can[CANDIDATES];
    size_t count;
    struct gz_place_found *out;
};

// ---- the index ----

static uint32_t
first_bytes(const char *p)
{
    const unsigned char *c = (const unsigned char *)p;

    return ((uint32_t)c[0] * 31 + (uint32_t)c[1] * 37 + (uint32_t)c[2] * 41) % FIRSTS;
}

static void
enter(struct names *l, struct gz_str name, uint32_t row, struct gz_arena *arena)
{
    uint32_t entry = (uint32_t)l->entries, n, *link;
    bool added;

    n = gz_map_put(&l->name, name, &added);
    l->first = gz_arena_grow(arena, l->first, &l->first_cap, n + 1u, sizeof(*l->first));
    if (added)
        l->first[n] = UINT32_MAX;
    for (link = &l->first[n]; *link != UINT32_MAX; link = &l->next[*link])
        if (l->row[*link] == row)
            return; // the id is the name, too
    *link = entry;
    l->entries++;
    l->next = gz_arena_grow(arena, l->next, &l->next_cap, l->entries, sizeof(*l->next));
    l->row = gz_arena_grow(arena, l->row, &l->row_cap, l->entries, sizeof(*l->row));
    l->next[entry] = UINT32_MAX;
    l->row[entry] = row;
}

static uint32_t
first_named(const struct names *l, struct gz_str name)
{
    uint32_t n = gz_map_get(&l->name, name);

    return n == GZ_MAP_NONE ? UINT32_MAX : l->first[n];
}

static void
add(struct gz_place_index *x, struct gz_str name, uint32_t row)
{
    uint32_t h;

    name = gz_fold(x->folder, name, &x->buf);
    if (name.len < SHORTEST)
        return;
    enter(&x->called, name, row, x->arena);
    x->longest = name.len > x->longest ? name.len : x->longest;
    h = first_bytes(name.ptr);
    x->begins[h / 64] |= (uint64_t)1 << (h % 64);
}

struct gz_place_index *
gz_place_index_new(const struct gz_pack *pack, struct gz_arena *arena)
{
    struct gz_place_index *x = gz_arena_new(arena, struct gz_place_index, 1);
    size_t count = gz_pack_rows(pack, GZ_SHEET_PLACES);

    x->pack = pack;
    x->arena = arena;
    x->folder = gz_folder_new();
    for (uint32_t i = 0; i < count; i++) {
        const struct gz_place *p = &pack->place[i];

        add(x, p->name, i);
        enter(&x->key, p->name, i, arena);
        enter(&x->key, p->id, i, arena);
        for (size_t j = 0; j < p->aliases.count; j++)
            add(x, p->aliases.item[j], i);
    }
    return x;
}

void
gz_place_index_free(struct gz_place_index *x)
{
    if (!x)
        return;
    gz_map_release(&x->called.name);
    gz_map_release(&x->key.name);
    gz_folder_free(x->folder);
    gz_buf_release(&x->buf);
    gz_buf_release(&x->field);
}

static uint32_t
first_of(const struct gz_place_index *x, struct gz_str folded)
{
    return first_named(&x->called, folded);
}

// The row that `name` names as a parent or a successor, by name or id; that of the day,
// else any.
static const struct gz_place *
place_named(const struct gz_place_index *x, struct gz_str name, int64_t day)
{
    const struct gz_place *other = NULL;

    for (uint32_t e = name.len ? first_named(&x->key, name) : UINT32_MAX; e != UINT32_MAX;
         e = x->key.next[e]) {
        const struct gz_place *is = &x->pack->place[x->key.row[e]];

        if (gz_valid_on(is->valid, day))
            return is;
        other = other ? other : is;
    }
    return other;
}

// ---- tiers ----

static int
tier_of(const struct gz_place *p)
{
    return gz_str_is(p->tier, "district")      ? DISTRICT
           : gz_str_is(p->tier, "subdistrict") ? SUBDISTRICT
           : gz_str_is(p->tier, "community")   ? COMMUNITY
                                               : NONE;
}

// How deep below the others; the greater, the smaller the place.
static int
depth(const struct gz_place_index *x, const struct gz_place *p, int64_t day)
{
    int n = 0;

    while (n < MAX_UP && (p = place_named(x, p->parent, day)) != NULL)
        n++;
    return n;
}

static const struct gz_place *
above(const struct gz_place_index *x, const struct gz_place *p, int tier, int64_t day)
{
    for (int n = 0; p && n < MAX_UP; n++) {
        if (tier_of(p) == tier)
            return p;
        p = place_named(x, p->parent, day);
    }
    return NULL;
}

static bool
is_below(const struct gz_place_index *x, const struct gz_place *p,
         const struct gz_place *top, int64_t day)
{
    for (int n = 0; p && n < MAX_UP; n++) {
        if (p == top)
            return true;
        p = place_named(x, p->parent, day);
    }
    return false;
}

static bool
calls(struct gz_place_index *x, const struct gz_place *p, struct gz_str folded)
{
    for (uint32_t e = first_of(x, folded); e != UINT32_MAX; e = x->called.next[e])
        if (&x->pack->place[x->called.row[e]] == p)
            return true;
    return false;
}

// Does anything that the record says speak against this place?
static bool
fits(struct search *s, const struct gz_place *p)
{
    for (int t = 0; t < TIERS; t++) {
        const struct gz_place *mine = above(s->x, p, t, s->day);
        struct gz_str said = s->known[t];

        if (mine && said.len && !gz_str_eq(said, mine->name) &&
            !calls(s->x, mine, gz_fold(s->x->folder, said, &s->x->buf)))
            return false;
    }
    return true;
}

// ---- names of other days ----

// The place of the day that the bearer of a name has become: itself, its one successor,
// or NULL where it was split and nothing tells which part is meant.
static const struct gz_place *
of_the_day(struct search *s, const struct gz_place *p)
{
    for (int n = 0; n < MAX_UP; n++) {
        const struct gz_place *fit = NULL;
        bool ended =
            s->day == GZ_UNDATED ? p->valid.to != INT64_MAX : p->valid.to < s->day;

        if (!ended || p->successors.count == 0)
            return p;
        for (size_t i = 0; i < p->successors.count; i++) {
            const struct gz_place *q = place_named(s->x, p->successors.item[i], s->day);

            if (!q || !fits(s, q))
                continue;
            if (fit) {
                s->out->split = true;
                return NULL;
            }
            fit = q;
        }
        if (!fit)
            return NULL;
        s->out->renamed = true;
        p = fit;
    }
    return NULL;
}

// The place of this tier that a fact names, by its name of the day.
static void
name_of_day(struct search *s, int tier)
{
    struct gz_str folded, said;
    const struct gz_place *old = NULL;

    if (s->known[tier].len == 0)
        return;
    folded = gz_fold(s->x->folder, s->known[tier], &s->x->buf);
    for (uint32_t e = first_of(s->x, folded); e != UINT32_MAX; e = s->x->called.next[e]) {
        const struct gz_place *p = &s->x->pack->place[s->x->called.row[e]];

        if (tier_of(p) != tier)
            continue;
        if (gz_valid_on(p->valid, s->day)) {
            s->known[tier] = p->name;
            return;
        }
        old = old ? old : p;
    }
    if (!old)
        return;
    // The old name does not speak against the new one. Where it was split and nothing
    // tells which part is meant, it names no place of this day.
    said = s->known[tier];
    s->known[tier] = (struct gz_str){ NULL, 0 };
    old = of_the_day(s, old);
    if (old)
        s->known[tier] = gz_valid_on(old->valid, s->day) ? old->name : said;
    else if (!s->out->split)
        s->known[tier] = said;
}

// ---- glued names ----

// Where a name of a sub-district begins that a district stands before, by its form alone:
// "怀柔区汤河口镇". 0 if it has no such form.
static size_t
by_form(struct gz_str s, int tier)
{
    static const char *const cuts[TIERS][4] = { { NULL },
                                                { "区", "县", NULL },
                                                { "街道", "镇", "乡", NULL } };
    static const char *const ends[TIERS][4] = { { NULL },
                                                { "街道", "镇", "乡", "地区" },
                                                { "社区", "村", "居委会", NULL } };

    for (int i = 0; i < 4 && cuts[tier][i]; i++) {
        struct gz_str cut = gz_str_of(cuts[tier][i]);
        size_t at = gz_str_find(s, cut);
        struct gz_str rest;

        // Districts (区) have names of two characters at least; some counties have one.
        if (at == (size_t)-1 || at < (tier == SUBDISTRICT && i == 0 ? SHORTEST : 3u))
            continue;
        rest = gz_str_from(s, at + cut.len);
        for (int j = 0; j < 4 && ends[tier][j]; j++)
            if (gz_str_ends(rest, gz_str_of(ends[tier][j])) &&
                rest.len > strlen(ends[tier][j]) + 2)
                return at + cut.len;
    }
    return 0;
}

// Take a higher place off the front of a lower one, and fill it in if it is not known.
static void
unglue(struct search *s, int tier)
{
    struct gz_str said = s->known[tier], up;
    size_t cut = 0;

    if (tier == DISTRICT || said.len == 0 ||
        first_of(s->x, gz_fold(s->x->folder, said, &s->x->buf)) != UINT32_MAX)
        return;
    up = s->known[tier - 1];
    if (up.len && gz_str_starts(said, up) && said.len > up.len + 3)
        cut = up.len;
    else
        cut = by_form(said, tier);
    if (cut == 0)
        return;
    s->out->glued = true;
    s->known[tier] = gz_str_from(said, cut);
    if (up.len == 0) {
        s->known[tier - 1] = gz_str_first(said, cut);
        unglue(s, tier - 1);
    }
}

// ---- names inside an address ----

static bool
is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

// Numbers of Han characters, and those that number buildings beside digits (甲3号).
static bool
is_han_digit(uint32_t c)
{
    static const uint32_t digits[] = { 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                       0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341,
                                       0x767E, 0x7532, 0x4E59, 0x4E19, 0x4E01 };

    for (size_t i = 0; i < GZ_COUNT(digits); i++)
        if (c == digits[i])
            return true;
    return false;
}

static uint32_t
char_before(struct gz_str s, size_t at)
{
    size_t from = at;

    while (from > 0 && ((unsigned char)s.ptr[--from] & 0xC0) == 0x80)
        ;
    return at ? gz_utf8_next(s, &from) : 0;
}

static uint32_t
char_at(struct gz_str s, size_t at)
{
    return at < s.len ? gz_utf8_next(s, &at) : 0;
}

// Digits belong to the name that they stand in: 3号院 is not found in 13号院, nor 一二条
// in 十一二条, nor 尚8 in 尚80.
static bool
whole_number(struct gz_str s, size_t from, size_t to)
{
    uint32_t head = char_at(s, from), before = char_before(s, from);

    if ((is_digit(head) && (is_digit(before) || is_han_digit(before))) ||
        (is_han_digit(head) && is_han_digit(before)))
        return false;
    return !is_digit(char_before(s, to)) || !is_digit(char_at(s, to));
}

static void
propose(struct search *s, uint32_t entry, const char *field, struct gz_str text,
        struct gz_span span)
{
    for (; entry != UINT32_MAX; entry = s->x->called.next[entry]) {
        const struct gz_place *p =
            of_the_day(s, &s->x->pack->place[s->x->called.row[entry]]);

        if (p && gz_valid_on(p->valid, s->day) && fits(s, p) && s->count < CANDIDATES)
            s->can[s->count++] = (struct candidate){ p, field, text, span };
    }
}

// The longest name at each place of a field.
static void
look_in(struct search *s, const char *field, struct gz_str value)
{
    struct gz_place_index *x = s->x;
    struct gz_str text = gz_arena_dup(s->arena, gz_fold(x->folder, value, &x->field));
    size_t at = 0;

    while (at + 3 <= text.len) {
        uint32_t h = first_bytes(text.ptr + at), found = UINT32_MAX;
        size_t len = text.len - at < x->longest ? text.len - at : x->longest;

        if (x->begins[h / 64] >> (h % 64) & 1)
            for (; len >= 3 && found == UINT32_MAX; len--) {
                found = first_of(x, (struct gz_str){ text.ptr + at, len });
                if (found != UINT32_MAX && !whole_number(text, at, at + len))
                    found = UINT32_MAX;
            }
        if (found != UINT32_MAX) {
            propose(s, found, field, text, (struct gz_span){ at, at + len + 1 });
            at += len + 1;
        } else {
            gz_utf8_next(text, &at);
        }
    }
}

// How many of the candidates stand above this one.
static size_t
support(const struct search *s, size_t i)
{
    size_t n = 0;

    for (size_t j = 0; j < s->count; j++)
        n += is_below(s->x, s->can[i].place, s->can[j].place, s->day);
    return n;
}

static const struct candidate *
choose(struct search *s)
{
    const struct candidate *best = NULL;
    size_t most = 0;
    int deepest = 0;
    bool tie = false;

    for (size_t i = 0; i < s->count; i++) {
        size_t n = support(s, i);
        int d = depth(s->x, s->can[i].place, s->day);

        if (best && (n < most || (n == most && d < deepest)))
            continue;
        tie = best && n == most && d == deepest && best->place != s->can[i].place;
        if (tie)
            continue;
        best = &s->can[i];
        most = n;
        deepest = d;
    }
    s->out->ambiguous = tie;
    return tie ? NULL : best;
}

static void
fill(struct search *s, const struct gz_place *p)
{
    for (int t = 0; t < TIERS; t++) {
        const struct gz_place *mine = above(s->x, p, t, s->day);

        if (mine && s->known[t].len == 0)
            s->known[t] = mine->name;
    }
}

// The smallest place that is a fact fills what is above it.
static bool
fill_above(struct search *s)
{
    for (int t = COMMUNITY; t >= SUBDISTRICT; t--) {
        size_t before = s->count;

        if (s->known[t].len == 0 || s->known[t - 1].len)
            continue;
        look_in(s, t == COMMUNITY ? "community" : "subdistrict", s->known[t]);
        if (s->count > before)
            return true;
    }
    return false;
}

void
gz_place_resolve(struct gz_place_index *x, const struct gz_place_facts *f, int64_t day,
                 struct gz_arena *arena, struct gz_place_found *out)
{
    struct search s = { .x = x, .day = day, .arena = arena, .out = out };
    const struct candidate *best = NULL;

    memset(out, 0, sizeof(*out));
    s.known[DISTRICT] = f->district;
    s.known[SUBDISTRICT] = f->subdistrict;
    s.known[COMMUNITY] = f->community;
    unglue(&s, COMMUNITY);
    unglue(&s, SUBDISTRICT);
    if (x->called.entries) {
        for (int t = 0; t < TIERS; t++)
            name_of_day(&s, t);
        if (!fill_above(&s) &&
            (s.known[SUBDISTRICT].len == 0 || !s.known[COMMUNITY].len)) {
            look_in(&s, "compound", f->compound);
            look_in(&s, "address", f->address);
            look_in(&s, "building", f->building);
        }
        best = choose(&s);
    }
    if (best) {
        bool open = !s.known[DISTRICT].len || !s.known[SUBDISTRICT].len ||
                    !s.known[COMMUNITY].len;
        struct gz_str was[TIERS];

        memcpy(was, s.known, sizeof(was));
        if (open)
            fill(&s, best->place);
        for (int t = 0; t < TIERS; t++)
            if (was[t].len != s.known[t].len)
                out->at = best->place;
        if (out->at)
            out->split = false;
        out->field = best->field;
        out->text = best->text;
        out->span = best->span;
    }
    out->district = s.known[DISTRICT];
    out->subdistrict = s.known[SUBDISTRICT];
    out->community = s.known[COMMUNITY];
}
