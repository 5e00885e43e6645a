// SPDX-License-Identifier: MIT
#include "link/topic.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/time.h"
#include "base/utf8.h"
#include "link/sets.h"
#include "record/writer.h"

enum {
    TITLE_CHARS = 60,
    TEXT_CHARS = 200,
    KEYWORDS = 5,
    RUNS_MAX = 64,
    RECENT_DAYS = 30,
    DAY = 86400
};

void
gz_topics_release(struct gz_topics *t)
{
    free(t->topic);
    gz_arena_free(&t->arena);
    *t = (struct gz_topics){ 0 };
}

// ---- making ----

static int
by_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

// Distinct keys, and whether everybody has one. Who has none counts as somebody else
// unless the petition repeats another.
static size_t
count_people(const struct gz_entries *e, const uint32_t *member, size_t count,
             bool *known)
{
    uint64_t *key = gz_mem_alloc(count + 1, sizeof(*key));
    size_t n = 0, people = 0;

    *known = true;
    for (size_t i = 0; i < count; i++) {
        const struct gz_entry *m = &e->entry[member[i]];

        if (m->person)
            key[n++] = m->person;
        else {
            *known = false;
            people += m->first.len == 0;
        }
    }
    qsort(key, n, sizeof(*key), by_u64);
    for (size_t i = 0; i < n; i++)
        people += i == 0 || key[i] != key[i - 1];
    free(key);
    return people;
}

// Different places that are named at all.
static size_t
count_places(const struct gz_entries *e, const uint32_t *member, size_t count)
{
    uint64_t *key = gz_mem_alloc(count + 1, sizeof(*key));
    size_t n = 0, places = 0;

    for (size_t i = 0; i < count; i++)
        if (e->entry[member[i]].place)
            key[n++] = e->entry[member[i]].place;
    qsort(key, n, sizeof(*key), by_u64);
    for (size_t i = 0; i < n; i++)
        places += i == 0 || key[i] != key[i - 1];
    free(key);
    return places;
}

static int64_t
day_of(const struct gz_entry *e)
{
    return e->sec / DAY - (e->sec % DAY < 0);
}

// The old topic of the earliest member that had one.
static uint32_t
old_topic_of(const struct gz_entries *e, const uint32_t *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (e->entry[member[i]].topic != GZ_NONE)
            return e->entry[member[i]].topic;
    return GZ_NONE;
}

// The new member nearest to what all have in common that may be shown.
static uint32_t
example_of(const struct gz_entries *e, const struct gz_centre *centre,
           const uint32_t *member, size_t count)
{
    uint32_t best = GZ_NONE;
    unsigned most = 0;

    for (size_t i = 0; i < count; i++) {
        const struct gz_entry *m = &e->entry[member[i]];
        unsigned likeness;

        if (m->flags & (GZ_ENTRY_HIDDEN | GZ_ENTRY_OLD))
            continue;
        likeness = gz_centre_likeness(centre, m);
        if (best == GZ_NONE || likeness > most) {
            best = member[i];
            most = likeness;
        }
    }
    return best;
}

static struct gz_topic *
add_topic(struct gz_topics *t)
{
    if (t->count == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->topic = gz_mem_realloc(t->topic, t->cap, sizeof(*t->topic));
    }
    t->topic[t->count] = (struct gz_topic){ .example = GZ_NONE };
    return &t->topic[t->count++];
}

static void
make_topic(struct gz_topics *t, const struct gz_entries *e, const struct gz_clusters *c,
           uint32_t *member, size_t count, size_t min, const struct gz_old_topic *old)
{
    uint32_t was = old_topic_of(e, member, count);
    bool known;
    size_t people = count_people(e, member, count, &known);
    struct gz_topic *topic;
    char hex[17];

    if (was == GZ_NONE && (count < min || people < 2))
        return;
    topic = add_topic(t);
    topic->member = gz_arena_new(&t->arena, uint32_t, count);
    memcpy(topic->member, member, count * sizeof(*member));
    topic->members = count;
    topic->people = known ? people : 0;
    topic->places = count_places(e, member, count);
    topic->days = day_of(&e->entry[member[count - 1]]) - day_of(&e->entry[member[0]]);
    topic->root = member[0];
    if (was != GZ_NONE) {
        topic->id = gz_arena_dup(&t->arena, old[was].id);
        topic->title = gz_arena_dup(&t->arena, old[was].title);
        topic->text = gz_arena_dup(&t->arena, old[was].text);
        topic->keywords = gz_arena_dup(&t->arena, old[was].keywords);
    } else {
        gz_hash_hex(gz_hash_fixed(e->entry[member[0]].id), hex);
        topic->id = gz_arena_printf(&t->arena, "~t%s", hex);
    }
    if (topic->title.len == 0 && c->centre[member[0]])
        topic->example = example_of(e, c->centre[member[0]], member, count);
}

void
gz_topics_make(struct gz_topics *t, struct gz_entries *e, struct gz_clusters *c,
               size_t min, const struct gz_old_topic *old)
{
    // Members of each set in a chain from its smallest, in ascending order.
    uint32_t *next = gz_mem_alloc(e->count + 1, sizeof(*next));
    uint32_t *last = gz_mem_alloc(e->count + 1, sizeof(*last));
    uint32_t *member = gz_mem_alloc(e->count + 1, sizeof(*member));

    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t root = gz_sets_find(c->parent, i);

        next[i] = GZ_NONE;
        if (root != i)
            next[last[root]] = i;
        last[root] = i;
    }
    for (uint32_t i = 0; i < e->count; i++) {
        size_t n = 0;

        if (gz_sets_find(c->parent, i) != i)
            continue;
        for (uint32_t m = i; m != GZ_NONE; m = next[m])
            member[n++] = m;
        if (n > 1 || e->entry[i].topic != GZ_NONE)
            make_topic(t, e, c, member, n, min, old);
    }
    for (size_t i = 0; i < e->count; i++)
        e->entry[i].topic = GZ_NONE;
    for (size_t n = 0; n < t->count; n++)
        for (size_t i = 0; i < t->topic[n].members; i++)
            e->entry[t->topic[n].member[i]].topic = (uint32_t)n;
    free(next);
    free(last);
    free(member);
}

// ---- words ----

struct run {
    struct gz_str text;
    uint64_t weight;
};

struct run_finder {
    const struct gz_vector *part;
    uint32_t least;
    struct run run[RUNS_MAX];
    size_t count;
    bool open;
    struct gz_str before; // the unit before this one
};

static uint32_t
weight_in(const struct gz_vector *part, uint32_t gram)
{
    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < part[p].count; i++)
            if (part[p].term[i].gram == gram)
                return part[p].term[i].weight;
    return 0;
}

// Neighbouring grams that the whole topic shares make one keyword.
static void
extend_run(void *ctx, struct gz_str unit, uint32_t gram)
{
    struct run_finder *f = ctx;
    uint32_t weight = gram ? weight_in(f->part, gram & GZ_GRAM_ID) : 0;

    if (weight < f->least || weight == 0) {
        f->open = false;
    } else if (f->open) {
        struct run *r = &f->run[f->count - 1];

        r->text.len = (size_t)(unit.ptr + unit.len - r->text.ptr);
        r->weight += weight;
    } else if (f->count < RUNS_MAX) {
        const char *from = f->before.ptr ? f->before.ptr : unit.ptr;

        f->run[f->count++] =
            (struct run){ { from, (size_t)(unit.ptr + unit.len - from) }, weight };
        f->open = true;
    }
    f->before = unit;
}

static int
by_run(const void *a, const void *b)
{
    const struct run *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return gz_str_cmp(x->text, y->text);
}

static struct gz_str
find_keywords(struct gz_arena *arena, const struct gz_centre *centre,
              const struct gz_gram_words *words, struct gz_str title, struct gz_str text)
{
    struct run_finder f = { .part = centre->part };
    struct gz_buf out = { 0 };
    struct gz_str result;
    size_t taken = 0;

    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < centre->part[p].count; i++)
            if (centre->part[p].term[i].weight / 4 > f.least)
                f.least = centre->part[p].term[i].weight / 4;
    gz_grams_walk(words, title, 64, extend_run, &f);
    f.open = false;
    f.before = (struct gz_str){ NULL, 0 };
    gz_grams_walk(words, text, 200, extend_run, &f);
    qsort(f.run, f.count, sizeof(*f.run), by_run);
    for (size_t i = 0; i < f.count && taken < KEYWORDS; i++) {
        bool inside = gz_str_find(gz_buf_str(&out), f.run[i].text) != (size_t)-1 ||
                      gz_str_find(f.run[i].text, GZ_STR("|")) != (size_t)-1;

        if (inside)
            continue;
        if (taken++)
            gz_buf_char(&out, '|');
        gz_buf_add(&out, f.run[i].text);
    }
    result = gz_arena_dup(arena, gz_buf_str(&out));
    gz_buf_release(&out);
    return result;
}

static struct gz_str
first_chars(struct gz_str s, size_t chars)
{
    size_t at = 0;

    while (chars-- && at < s.len)
        gz_utf8_next(s, &at);
    return gz_str_first(s, at);
}

void
gz_topics_example(struct gz_topics *t, size_t n, const struct gz_clusters *c,
                  const struct gz_gram_words *words, struct gz_str title,
                  struct gz_str text)
{
    struct gz_topic *topic = &t->topic[n];

    title = gz_str_trim(title);
    text = gz_str_trim(text);
    if (title.len == 0)
        title = text;
    topic->title = gz_arena_dup(&t->arena, first_chars(title, TITLE_CHARS));
    topic->text = gz_arena_dup(&t->arena, first_chars(text, TEXT_CHARS));
    if (c->centre[topic->root])
        topic->keywords =
            find_keywords(&t->arena, c->centre[topic->root], words, title, text);
    topic->example = GZ_NONE;
}

// ---- writing ----

enum agreement { UNKNOWN, ONE, SEVERAL };

// Do all members name one unit of this level, or several? Somebody who names none makes
// "one" unknown, but not "several".
static enum agreement
agree(const struct gz_topic *t, const struct gz_entries *e, int level, uint32_t *which)
{
    bool silent = false;

    *which = GZ_NONE;
    for (size_t i = 0; i < t->members; i++) {
        uint32_t part = e->entry[t->member[i]].part[level];

        if (part == GZ_NONE)
            silent = true;
        else if (*which == GZ_NONE)
            *which = part;
        else if (*which != part)
            return SEVERAL;
    }
    return silent || *which == GZ_NONE ? UNKNOWN : ONE;
}

// The lowest hall that holds all parties.
static const char *
agenda_tier(const struct gz_topic *t, const struct gz_entries *e)
{
    static const char *const hall[] = { "district", "subdistrict", "community",
                                        "community" };
    uint32_t which;

    for (int level = GZ_COMPOUND; level >= GZ_DISTRICT; level--)
        if (agree(t, e, level, &which) == ONE)
            return hall[level];
    return agree(t, e, GZ_DISTRICT, &which) == SEVERAL ? "city" : "";
}

static void
write_places(const struct gz_topic *t, const struct gz_entries *e, struct gz_buf *out)
{
    static const char *const name[] = { "district", "subdistrict", "community" };
    struct gz_str finest = { NULL, 0 };
    uint32_t which[GZ_LEVELS];
    bool one[GZ_LEVELS];

    for (int level = 0; level < GZ_LEVELS; level++) {
        one[level] = agree(t, e, level, &which[level]) == ONE;
        if (one[level] && level > GZ_DISTRICT)
            finest = e->places.keys[which[level]];
    }
    gz_write_text(out, "place", finest);
    for (int level = 0; level <= GZ_COMMUNITY; level++)
        if (one[level])
            gz_write_text(out, name[level], e->places.keys[which[level]]);
}

static void
write_day(struct gz_buf *out, const char *key, int64_t sec)
{
    char text[32];
    struct gz_time t = { sec, GZ_NO_OFFSET, GZ_PREC_DAY };

    gz_write_text(out, key, (struct gz_str){ text, gz_time_format(t, text) });
}

// Petitions of the last 30 days up to the latest one, less those of the 30 before.
static int64_t
growth_of(const struct gz_topic *t, const struct gz_entries *e)
{
    int64_t end = e->entry[t->member[t->members - 1]].sec, growth = 0;

    for (size_t i = 0; i < t->members; i++) {
        int64_t age = end - e->entry[t->member[i]].sec;

        if (age < (int64_t)RECENT_DAYS * DAY)
            growth++;
        else if (age < (int64_t)2 * RECENT_DAYS * DAY)
            growth--;
    }
    return growth;
}

static void
write_split(struct gz_buf *out, const char *key, struct gz_str list)
{
    struct gz_str word[KEYWORDS + 1];
    size_t n = 0;

    while (list.len && n < KEYWORDS) {
        struct gz_cut cut = gz_str_cut(list, GZ_STR("|"));

        word[n++] = cut.head;
        list = cut.tail;
    }
    gz_write_list(out, key, word, n);
}

void
gz_topics_write(const struct gz_topics *all, size_t n, const struct gz_entries *e,
                struct gz_buf *out)
{
    const struct gz_topic *t = &all->topic[n];
    uint64_t supports = 0;

    for (size_t i = 0; i < t->members; i++)
        supports += e->entry[t->member[i]].supports;
    gz_write_begin(out, "topic");
    gz_write_text(out, "topic_id", t->id);
    gz_write_text(out, "title", t->title);
    write_places(t, e, out);
    write_day(out, "first_at", e->entry[t->member[0]].sec);
    write_day(out, "last_at", e->entry[t->member[t->members - 1]].sec);
    gz_write_u64(out, "n_petitions", t->members);
    if (t->people)
        gz_write_u64(out, "n_people", t->people);
    gz_write_u64(out, "supports", supports);
    gz_buf_lit(out, ",\"growth\":");
    gz_buf_i64(out, growth_of(t, e));
    gz_write_text(out, "agenda_tier", gz_str_of(agenda_tier(t, e)));
    write_split(out, "keywords", t->keywords);
    gz_buf_lit(out, ",\"members\":[");
    for (size_t i = 0; i < t->members; i++) {
        if (i)
            gz_buf_char(out, ',');
        gz_write_string(out, e->entry[t->member[i]].id);
    }
    gz_buf_char(out, ']');
    gz_write_text(out, "text", t->text);
    gz_write_end(out);
}
