// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "base/tr.h"
#include "link/cluster.h"
#include "link/entry.h"
#include "link/fields.h"
#include "link/gram.h"
#include "link/join.h"
#include "link/outcome.h"
#include "link/repeat.h"
#include "link/spool.h"
#include "link/state.h"
#include "link/topic.h"

enum { TITLE_UNITS = 64, TEXT_UNITS = 300, DAY = 86400 };

// What stands with a line in the spool.
enum tag {
    TAG_PASS = 0,       // comes out as it is
    TAG_PETITION = 1,   // the next petition in order
    TAG_JOIN = 2,       // of a kind that takes part in joins
    TAG_OWN_TOPIC = 16, // marks: the record has these fields itself
    TAG_OWN_REPEAT = 32,
    TAG_OWN_SIMILAR = 64,
};

struct gz_link {
    struct gz_link_options options;
    struct gz_arena setup, record;
    struct gz_keyset keys;
    struct gz_member have[GZ_F_COUNT];
    struct gz_gram_words *words;
    struct gz_grams grams;
    struct gz_docfreq df;
    struct gz_join *join;
    struct gz_spool lines, gram_spool;
    struct gz_entries entries;
    struct gz_state state;
    struct gz_nears nears;
    struct gz_clusters clusters;
    struct gz_topics topics;
    struct gz_splice splice;
    struct gz_buf stripped;
    size_t petition; // in the last pass
    size_t topic;
};

struct gz_link *
gz_link_new(const struct gz_link_options *options, struct gz_err *err)
{
    struct gz_link *l = gz_mem_zalloc(1, sizeof(*l));

    l->options = *options;
    l->lines.fd = l->gram_spool.fd = -1;
    gz_fields_init(&l->keys, &l->setup);
    gz_docfreq_init(&l->df);
    l->join = gz_join_new(gz_outcomes_load(&l->setup, err));
    l->words = gz_gram_words_load(options->words, &l->setup, err);
    if (!err->kind && options->state)
        gz_state_load(options->state, &l->state, &l->entries, &l->df, err);
    if (!err->kind && !gz_spool_open(&l->lines, err))
        gz_spool_open(&l->gram_spool, err);
    if (err->kind) {
        gz_link_free(l);
        return NULL;
    }
    return l;
}

void
gz_link_free(struct gz_link *l)
{
    if (!l)
        return;
    gz_spool_close(&l->lines);
    gz_spool_close(&l->gram_spool);
    gz_join_free(l->join);
    gz_docfreq_release(&l->df);
    gz_entries_release(&l->entries);
    gz_nears_release(&l->nears);
    gz_clusters_release(&l->clusters);
    gz_topics_release(&l->topics);
    gz_splice_release(&l->splice);
    gz_buf_release(&l->stripped);
    gz_arena_free(&l->setup);
    gz_arena_free(&l->record);
    free(l);
}

// ---- first pass ----

static struct gz_str
text(struct gz_link *l, enum gz_link_field field)
{
    return gz_member_text(&l->have[field], &l->record);
}

static uint64_t
hash_of(struct gz_str s)
{
    uint64_t h = s.len ? gz_hash_fixed(s) : 0;

    return s.len && !h ? 1 : h;
}

// Everything that says where, so that the same door is the same place.
static uint64_t
place_of(struct gz_link *l)
{
    static const enum gz_link_field fields[] = { GZ_F_compound, GZ_F_building, GZ_F_door,
                                                 GZ_F_address, GZ_F_community };
    struct gz_str id = text(l, GZ_F_place_id);
    uint64_t h = 0;

    if (id.len)
        return hash_of(id);
    for (size_t i = 0; i < GZ_COUNT(fields); i++)
        h = h * 0x100000001b3u ^ hash_of(text(l, fields[i]));
    return h;
}

static int64_t
second_of(struct gz_str s)
{
    struct gz_time t;

    if (!gz_time_parse(s, &t) || t.prec < GZ_PREC_DAY)
        return GZ_ENTRY_NEVER;
    return t.sec;
}

// Returns how many of the grams, the first ones, are of title and text: by these alone
// texts are near or not.
static size_t
read_grams(struct gz_link *l)
{
    static const enum gz_link_field places[] = { GZ_F_compound, GZ_F_community,
                                                 GZ_F_address, GZ_F_enterprise };
    struct gz_grams *g = &l->grams;

    size_t texts;

    gz_grams_clear(g);
    gz_grams_add(g, l->words, text(l, GZ_F_title), TITLE_UNITS, GZ_GRAM_TITLE);
    gz_grams_add(g, l->words, text(l, GZ_F_text), TEXT_UNITS, 0);
    texts = g->count;
    for (size_t i = 0; i < GZ_COUNT(places); i++)
        gz_grams_add(g, l->words, text(l, places[i]), TITLE_UNITS, GZ_GRAM_TITLE);
    // Many exports have no text; then the category is all there is about the matter.
    if (texts == 0)
        gz_grams_add(g, l->words, text(l, GZ_F_category_given), TITLE_UNITS,
                     GZ_GRAM_TITLE | GZ_GRAM_MATTER);
    return texts;
}

static enum gz_err_kind
check_room(const struct gz_link *l, struct gz_err *err)
{
    if (l->entries.count + gz_join_size(l->join) <= l->options.max_state)
        return GZ_OK;
    return gz_err_set(err, GZ_ERR_LIMIT,
                      _("more than %llu records to remember; --max-state allows more"),
                      (unsigned long long)l->options.max_state);
}

static enum gz_err_kind
take_petition(struct gz_link *l, struct gz_err *err)
{
    static const enum gz_link_field parts[] = { GZ_F_district, GZ_F_subdistrict,
                                                GZ_F_community, GZ_F_compound };
    struct gz_grams *g = &l->grams;
    struct gz_entry *e = gz_entries_add(&l->entries);
    struct gz_str bytes;

    l->entries.ordered++;
    e->id = gz_arena_dup(&l->entries.arena, text(l, GZ_F_petition_id));
    // Without an id nothing could point at it.
    e->sec = e->id.len ? second_of(text(l, GZ_F_received_at)) : GZ_ENTRY_NEVER;
    e->person = hash_of(text(l, GZ_F_reporter_key));
    e->place = place_of(l);
    e->matter = hash_of(text(l, GZ_F_category_given));
    if (!gz_num_u64(text(l, GZ_F_supports), &e->supports))
        e->supports = 0;
    for (int i = 0; i < GZ_LEVELS; i++) {
        struct gz_str name = text(l, parts[i]);

        if (name.len)
            e->part[i] = gz_map_put(&l->entries.places, name, NULL);
    }
    if (gz_str_is(text(l, GZ_F_secrecy), "yes") || gz_str_is(text(l, GZ_F_kind), "举报"))
        e->flags |= GZ_ENTRY_HIDDEN;
    e->gram_count = (uint16_t)read_grams(l);
    gz_minhash_make(g->gram, e->gram_count, &e->hash);
    gz_docfreq_add(&l->df, g->gram, g->count);
    e->grams = l->gram_spool.bytes + GZ_SPOOL_HEAD;
    bytes = (struct gz_str){ (const char *)g->gram, g->count * sizeof(*g->gram) };
    if (gz_spool_add(&l->gram_spool, 0, bytes, err))
        return err->kind;
    return check_room(l, err);
}

// Keys made with different secrets cannot be compared: the same person would be two.
static enum gz_err_kind
take_source(struct gz_link *l, struct gz_err *err)
{
    struct gz_str id = text(l, GZ_F_key_id);

    if (id.len == 0 || gz_str_eq(id, l->state.key_id))
        return GZ_OK;
    if (l->state.key_id.len)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("reporter keys of two secrets, '%.*s' and '%.*s': ingest "
                            "all sources with one key file"),
                          GZ_STR_ARG(l->state.key_id), GZ_STR_ARG(id));
    l->state.key_id = gz_arena_dup(&l->setup, id);
    return GZ_OK;
}

// A topic without a source was written by an earlier gz-link and is made again.
static bool
is_own_topic(const struct gz_link *l, struct gz_str kind)
{
    return gz_str_is(kind, "topic") && l->have[GZ_F_src].type == GZ_VALUE_NONE;
}

enum gz_err_kind
gz_link_pass(struct gz_link *l, struct gz_str line, struct gz_err *err)
{
    return gz_spool_add(&l->lines, TAG_PASS, line, err);
}

enum gz_err_kind
gz_link_take(struct gz_link *l, struct gz_str line, struct gz_err *err)
{
    struct gz_str kind;
    uint32_t tag = TAG_PASS;

    gz_arena_reset(&l->record);
    if (!gz_keyset_read(&l->keys, line, &l->record, l->have, err))
        return err->kind;
    kind = text(l, GZ_F_rec);
    if (is_own_topic(l, kind) || gz_join_is_made(kind, l->have))
        return GZ_OK;
    if (l->have[GZ_F_linked].type == GZ_VALUE_ARRAY) {
        l->stripped.len = 0;
        // The members go on pointing into the line as it was read, which is unchanged.
        if (gz_fields_strip(line, &l->keys, l->have, &l->record, &l->stripped))
            line = gz_buf_str(&l->stripped);
    }
    if (gz_str_is(kind, "source") && take_source(l, err))
        return err->kind;
    if (gz_join_take(l->join, kind, l->have)) {
        tag = TAG_JOIN;
        if (check_room(l, err))
            return err->kind;
    }
    if (gz_str_is(kind, "petition")) {
        tag = TAG_PETITION;
        tag |= l->have[GZ_F_topic_id].type ? TAG_OWN_TOPIC : 0;
        tag |= l->have[GZ_F_repeat_of].type ? TAG_OWN_REPEAT : 0;
        tag |= l->have[GZ_F_similar_persons].type || l->have[GZ_F_similar_places].type ||
                       l->have[GZ_F_similar_days].type
                   ? TAG_OWN_SIMILAR
                   : 0;
        if (take_petition(l, err))
            return err->kind;
    }
    return gz_spool_add(&l->lines, tag, line, err);
}

// ---- settling ----

static enum gz_err_kind
choose_terms(struct gz_link *l, struct gz_err *err)
{
    size_t old = l->entries.count - l->entries.ordered;
    struct gz_str blob;
    uint32_t tag;

    gz_docfreq_settle(&l->df);
    for (size_t i = old; gz_spool_next(&l->gram_spool, &tag, &blob, err); i++)
        gz_entry_choose(&l->entries.entry[i], (const uint32_t *)(const void *)blob.ptr,
                        blob.len / sizeof(uint32_t), &l->df);
    for (size_t i = 0; i < old; i++)
        gz_entry_weigh(&l->entries.entry[i], &l->df);
    return err->kind;
}

// What the items that petitions led to are to know of them.
static void
tell_joins(struct gz_link *l)
{
    const struct gz_entries *all = &l->entries;

    if (!gz_join_knows_items(l->join))
        return;
    for (size_t i = 0; i < all->count; i++) {
        const struct gz_entry *e = &all->entry[i];
        const struct gz_topic *t =
            e->topic == GZ_NONE ? NULL : &l->topics.topic[e->topic];
        struct gz_str part[GZ_LEVELS] = { 0 };
        int64_t first = e->sec;

        if (t && all->entry[t->member[0]].sec < first)
            first = all->entry[t->member[0]].sec;
        for (int k = 0; k < GZ_LEVELS; k++)
            if (e->part[k] != GZ_NONE)
                part[k] = all->places.keys[e->part[k]];
        gz_join_tell(l->join, e->id, first, part, t ? t->id : (struct gz_str){ NULL, 0 });
    }
}

enum gz_err_kind
gz_link_settle(struct gz_link *l, struct gz_err *err)
{
    int64_t window = (int64_t)l->options.window_days * DAY;

    if (gz_spool_rewind(&l->lines, err) || gz_spool_rewind(&l->gram_spool, err))
        return err->kind;
    if (choose_terms(l, err))
        return err->kind;
    gz_entries_sort(&l->entries);
    if (l->options.no_topics) {
        tell_joins(l);
        return GZ_OK;
    }
    if (gz_repeat_find(&l->entries, &l->gram_spool, window, &l->nears, err))
        return err->kind;
    gz_repeat_mark(&l->entries, &l->nears, window);
    gz_clusters_make(&l->clusters, &l->entries, &l->nears, window,
                     (unsigned)l->options.similarity * 10);
    gz_topics_make(&l->topics, &l->entries, &l->clusters, (size_t)l->options.min,
                   l->state.topic);
    tell_joins(l);
    return GZ_OK;
}

// ---- last pass ----

// How wide the matter of a topic is: evidence for its breadth (gz-route).
static void
similar_facts(struct gz_link *l, const struct gz_topic *t)
{
    if (t->people)
        gz_splice_u64(&l->splice, GZ_F_similar_persons, t->people);
    if (t->places)
        gz_splice_u64(&l->splice, GZ_F_similar_places, t->places);
    gz_splice_u64(&l->splice, GZ_F_similar_days, (uint64_t)t->days);
}

static void
petition_facts(struct gz_link *l, struct gz_str line, uint32_t tag, struct gz_err *err)
{
    uint32_t number = l->entries.order[l->petition++];
    struct gz_entry *e = &l->entries.entry[number];
    struct gz_topic *topic = e->topic == GZ_NONE ? NULL : &l->topics.topic[e->topic];
    bool example = topic && topic->example == number;

    if (gz_join_knows_petitions(l->join) || example) {
        gz_keyset_read(&l->keys, line, &l->record, l->have, err);
        gz_splice_begin(&l->splice, l->have);
        gz_join_facts(l->join, GZ_STR("petition"), l->have, &l->splice);
    }
    if (example) {
        struct gz_str title = text(l, GZ_F_title), body = text(l, GZ_F_text);

        if (title.len + body.len == 0)
            title = text(l, GZ_F_category_given);
        gz_topics_example(&l->topics, e->topic, &l->clusters, l->words, title, body);
    }
    // Checked by the marks; the members need not be known.
    l->splice.have = NULL;
    if (topic && !(tag & TAG_OWN_TOPIC))
        gz_splice_text(&l->splice, GZ_F_topic_id, topic->id);
    if (topic && !(tag & TAG_OWN_SIMILAR))
        similar_facts(l, topic);
    if (!(tag & TAG_OWN_REPEAT))
        gz_splice_text(&l->splice, GZ_F_repeat_of, e->first);
}

bool
gz_link_next(struct gz_link *l, struct gz_buf *out, struct gz_err *err)
{
    struct gz_str line;
    uint32_t tag;

    if (!gz_spool_next(&l->lines, &tag, &line, err)) {
        if (err->kind)
            return false;
        if (gz_join_next_made(l->join, &l->splice, out))
            return true;
        if (l->topic == l->topics.count)
            return false;
        gz_topics_write(&l->topics, l->topic++, &l->entries, out);
        return true;
    }
    gz_arena_reset(&l->record);
    gz_splice_begin(&l->splice, NULL);
    if (tag & TAG_PETITION) {
        petition_facts(l, line, tag, err);
    } else if (tag == TAG_JOIN) {
        gz_keyset_read(&l->keys, line, &l->record, l->have, err);
        gz_splice_begin(&l->splice, l->have);
        gz_join_facts(l->join, text(l, GZ_F_rec), l->have, &l->splice);
    }
    gz_splice_write(&l->splice, line, out);
    return err->kind == GZ_OK;
}

enum gz_err_kind
gz_link_save(const struct gz_link *l, const char *path, struct gz_err *err)
{
    int64_t newest = GZ_ENTRY_NEVER, since;

    for (size_t i = 0; i < l->entries.count; i++)
        if (l->entries.entry[i].sec > newest)
            newest = l->entries.entry[i].sec;
    since = newest == GZ_ENTRY_NEVER ? newest + 1
                                     : newest - (int64_t)l->options.window_days * DAY;
    return gz_state_save(path, l->state.key_id, &l->entries, &l->topics, &l->df, since,
                         err);
}

struct gz_link_count
gz_link_count(const struct gz_link *l)
{
    struct gz_link_count c = { .topics = l->topics.count };

    for (size_t i = 0; i < l->entries.count; i++) {
        const struct gz_entry *e = &l->entries.entry[i];

        if (e->flags & GZ_ENTRY_OLD)
            continue;
        c.petitions++;
        c.undated += e->sec == GZ_ENTRY_NEVER;
        c.repeats += e->first.len > 0;
        c.in_topics += e->topic != GZ_NONE;
    }
    return c;
}
