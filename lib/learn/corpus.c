// SPDX-License-Identifier: MIT
#include "learn/corpus.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "route/form.h"

// The hashes are well mixed already, and no attacker gains by slowing his own training.
static size_t
find_slot(const struct gz_corpus *c, uint64_t hash)
{
    size_t at = (size_t)hash & (c->slots - 1);

    while (c->slot[at] && c->hash[c->slot[at] - 1] != hash)
        at = (at + 1) & (c->slots - 1);
    return at;
}

static void
grow_slots(struct gz_corpus *c)
{
    free(c->slot);
    c->slots = c->slots ? c->slots * 2 : 1 << 16;
    c->slot = gz_mem_zalloc(c->slots, sizeof(*c->slot));
    for (size_t i = 0; i < c->distinct; i++)
        c->slot[find_slot(c, c->hash[i])] = (uint32_t)i + 1;
}

static uint32_t
number_of(struct gz_corpus *c, uint64_t hash, uint8_t block)
{
    size_t at;

    if (c->distinct >= c->slots / 2)
        grow_slots(c);
    at = find_slot(c, hash);
    if (c->slot[at])
        return c->slot[at] - 1;
    if (c->distinct == c->distinct_cap) {
        c->distinct_cap = c->distinct_cap ? c->distinct_cap * 2 : 1 << 15;
        c->hash = gz_mem_realloc(c->hash, c->distinct_cap, sizeof(*c->hash));
        c->block = gz_mem_realloc(c->block, c->distinct_cap, sizeof(*c->block));
        c->mark = gz_mem_realloc(c->mark, c->distinct_cap, sizeof(*c->mark));
    }
    c->hash[c->distinct] = hash;
    c->block[c->distinct] = block;
    c->mark[c->distinct] = 0;
    c->slot[at] = (uint32_t)++c->distinct;
    return (uint32_t)c->distinct - 1;
}

uint32_t
gz_corpus_term(const struct gz_corpus *c, uint64_t hash)
{
    size_t at = c->slots ? find_slot(c, hash) : 0;

    return c->slots && c->slot[at] ? c->slot[at] - 1 : UINT32_MAX;
}

static void
add_terms(struct gz_corpus *c, struct gz_example *e)
{
    e->first = c->terms;
    if (c->term_cap - c->terms < c->view.count) {
        c->term_cap = c->term_cap * 2 + c->view.count + 4096;
        c->term = gz_mem_realloc(c->term, c->term_cap, sizeof(*c->term));
    }
    for (size_t i = 0; i < c->view.count; i++) {
        uint32_t n = number_of(c, c->view.seen[i].hash, c->view.seen[i].block);

        if (!c->mark[n]) {
            c->term[c->terms++] = (struct gz_term){ n, 0 };
            c->mark[n] = (uint32_t)(c->terms - e->first);
        }
        c->term[e->first + c->mark[n] - 1].times++;
    }
    e->count = c->terms - e->first;
    for (size_t i = 0; i < e->count; i++)
        c->mark[c->term[e->first + i].term] = 0;
}

// As gz-route will show it to the model: folded, the questions of forms blanked.
static struct gz_str
keep_folded(struct gz_corpus *c, struct gz_str s, int which)
{
    gz_fold(c->folder, s, &c->folded[which]);
    if (which == 1)
        gz_form_blank(&c->folded[which]);
    return gz_arena_dup(&c->bytes, gz_buf_str(&c->folded[which]));
}

enum gz_err_kind
gz_corpus_add(struct gz_corpus *c, struct gz_str label, struct gz_str title,
              struct gz_str text, struct gz_err *err)
{
    struct gz_example *e;

    if (!c->folder)
        c->folder = gz_folder_new();
    if (!c->max_terms)
        c->max_terms = GZ_CORPUS_TERMS;
    if (c->count == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 4096;
        c->example = gz_mem_realloc(c->example, c->cap, sizeof(*c->example));
    }
    e = &c->example[c->count++];
    e->label = gz_map_put(&c->labels, label, NULL);
    e->title = keep_folded(c, title, 0);
    e->text = keep_folded(c, text, 1);
    gz_view_read(&c->view, &c->rules, e->title, e->text);
    add_terms(c, e);
    if (c->distinct > c->max_terms)
        return gz_err_set(err, GZ_ERR_LIMIT,
                          _("more than %llu distinct n-grams: give fewer texts, or raise "
                            "--max-terms"),
                          (unsigned long long)c->max_terms);
    return GZ_OK;
}

void
gz_corpus_release(struct gz_corpus *c)
{
    gz_map_release(&c->labels);
    free(c->example);
    free(c->term);
    free(c->hash);
    free(c->block);
    free(c->slot);
    free(c->mark);
    gz_arena_free(&c->bytes);
    gz_view_release(&c->view);
    gz_folder_free(c->folder);
    gz_buf_release(&c->folded[0]);
    gz_buf_release(&c->folded[1]);
    *c = (struct gz_corpus){ 0 };
}
