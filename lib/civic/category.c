// SPDX-License-Identifier: MIT
#include "civic/category.h"

enum { MAX_LEVELS = 12, MAX_REMEMBERED = 65536 };

struct levels {
    struct gz_str item[MAX_LEVELS];
    size_t count;
};

// How many bytes of a separator stand at the start of `s`; 0 for none.
static size_t
separator(struct gz_str s)
{
    static const char *const marks[] = { "->", "—>", "－>", "→",  ">",  "-", "/",
                                         "：", ":",  "／",  "－", "＞", "—" };

    // Few bytes can begin one: most are passed over at once.
    if (s.ptr[0] != '-' && s.ptr[0] != '>' && s.ptr[0] != '/' && s.ptr[0] != ':' &&
        (unsigned char)s.ptr[0] != 0xE2 && (unsigned char)s.ptr[0] != 0xEF)
        return 0;
    for (size_t i = 0; i < GZ_COUNT(marks); i++)
        if (gz_str_starts(s, gz_str_of(marks[i])))
            return strlen(marks[i]);
    return 0;
}

static void
add_level(struct levels *l, struct gz_str s)
{
    s = gz_str_trim(s);
    if (s.len && l->count < MAX_LEVELS)
        l->item[l->count++] = s;
}

static void
split(struct gz_str s, struct levels *l)
{
    size_t from = 0, at = 0;

    l->count = 0;
    while (at < s.len) {
        size_t n = separator(gz_str_from(s, at));

        if (n) {
            add_level(l, (struct gz_str){ s.ptr + from, at - from });
            from = at + n;
            at = from;
        } else {
            at++;
        }
    }
    add_level(l, gz_str_from(s, from));
}

// Levels first .. first + count as one key: apart by '/', ASCII in lower case, runs of
// blanks as one.
static void
join(const struct levels *l, size_t first, size_t count, struct gz_buf *out)
{
    out->len = 0;
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            gz_buf_char(out, '/');
        for (size_t j = 0; j < l->item[i].len; j++) {
            char c = l->item[i].ptr[j];

            if (c == ' ' && out->len && out->ptr[out->len - 1] == ' ')
                continue;
            gz_buf_char(out, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
        }
    }
}

static void
name(struct gz_category_index *x, struct gz_str s, uint32_t category, struct gz_buf *key)
{
    struct levels l;
    uint32_t n;
    bool added;

    split(s, &l);
    if (l.count == 0)
        return;
    join(&l, 0, l.count, key);
    n = gz_map_put(&x->name, gz_buf_str(key), &added);
    if (!added)
        return; // the first row that has a name keeps it
    x->name_is =
        gz_arena_grow(x->arena, x->name_is, &x->name_cap, n + 1u, sizeof(*x->name_is));
    x->name_is[n] = category;
}

void
gz_category_index_init(struct gz_category_index *x, const struct gz_pack *pack,
                       struct gz_arena *arena)
{
    size_t count = gz_pack_rows(pack, GZ_SHEET_CATEGORIES);
    struct gz_buf key = { 0 };

    *x = (struct gz_category_index){ .pack = pack, .arena = arena };
    for (uint32_t i = 0; i < count; i++) {
        name(x, pack->category[i].path, i, &key);
        name(x, pack->category[i].en, i, &key);
        name(x, pack->category[i].code, i, &key);
    }
    for (uint32_t i = 0; i < count; i++)
        for (size_t j = 0; j < pack->category[i].synonyms.count; j++)
            name(x, pack->category[i].synonyms.item[j], i, &key);
    gz_buf_release(&key);
}

void
gz_category_index_release(struct gz_category_index *x)
{
    gz_map_release(&x->name);
    gz_map_release(&x->given);
}

struct choice {
    uint32_t first; // the leftmost category that was met
    uint32_t leaf;  // the last second level below it
    uint32_t other; // the last second level elsewhere
};

static void
consider(struct choice *c, const struct gz_pack *pack, uint32_t category)
{
    const struct gz_category *is = &pack->category[category];

    if (is->top == category)
        return;
    if (is->top == pack->category[c->first].top)
        c->leaf = category;
    else
        c->other = category;
}

static uint32_t
find(const struct gz_category_index *x, struct gz_str given)
{
    uint32_t met[MAX_LEVELS];
    bool used[MAX_LEVELS] = { false };
    struct choice c = { GZ_NO_CATEGORY, GZ_NO_CATEGORY, GZ_NO_CATEGORY };
    struct gz_buf key = { 0 };
    struct levels l;

    split(given, &l);
    for (size_t i = 0; i < l.count; i++)
        met[i] = GZ_NO_CATEGORY;
    for (size_t n = l.count; n > 0; n--)
        for (size_t at = 0; at + n <= l.count; at++) {
            uint32_t found;
            bool free = true;

            for (size_t i = at; i < at + n; i++)
                free = free && !used[i];
            if (!free)
                continue;
            join(&l, at, n, &key);
            found = gz_map_get(&x->name, gz_buf_str(&key));
            if (found == GZ_MAP_NONE)
                continue;
            met[at] = x->name_is[found];
            for (size_t i = at; i < at + n; i++)
                used[i] = true;
        }
    for (size_t i = 0; i < l.count; i++) {
        if (met[i] == GZ_NO_CATEGORY)
            continue;
        if (c.first == GZ_NO_CATEGORY)
            c.first = met[i];
        consider(&c, x->pack, met[i]);
    }
    gz_buf_release(&key);
    return c.leaf != GZ_NO_CATEGORY    ? c.leaf
           : c.other != GZ_NO_CATEGORY ? c.other
                                       : c.first;
}

uint32_t
gz_category_find(struct gz_category_index *x, struct gz_str given)
{
    uint32_t n = gz_map_get(&x->given, given), category;

    if (n != GZ_MAP_NONE)
        return x->given_is[n];
    category = find(x, given);
    if (x->given.count < MAX_REMEMBERED && given.len <= 256) {
        n = gz_map_put(&x->given, given, NULL);
        x->given_is =
            gz_arena_grow(x->arena, x->given_is, &x->given_cap, n + 1u, sizeof(category));
        x->given_is[n] = category;
    }
    return category;
}

bool
gz_category_community_leads(const struct gz_pack *p, uint32_t category, int64_t day)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_DUTIES); i++)
        if (p->duty[i].lead && gz_valid_on(p->duty[i].valid, day) &&
            category != GZ_NO_CATEGORY &&
            (p->duty[i].category == category ||
             p->duty[i].category == p->category[category].top))
            return true;
    return false;
}

bool
gz_category_breadth_is(const struct gz_breadth *b, struct gz_str given)
{
    if (gz_str_eq_nocase(b->name, given))
        return true;
    for (size_t i = 0; i < b->synonyms.count; i++)
        if (gz_str_eq_nocase(b->synonyms.item[i], given))
            return true;
    return false;
}

bool
gz_category_breadth_reached(const struct gz_breadth *b, const int64_t linked[GZ_LINKED])
{
    bool asks = false;

    for (int i = 0; i < GZ_LINKED; i++) {
        asks = asks || b->least[i];
        if (b->least[i] && linked[i] < b->least[i])
            return false;
    }
    return asks;
}
