// SPDX-License-Identifier: MIT
#include "learn/suggest.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "io/csvlib.h"

// A term that speaks for a label.
struct word {
    uint32_t term;
    uint32_t label;
    uint32_t df;    // texts that hold it
    uint32_t right; // of those, texts with the label
    double worth;
    struct gz_str text;
};

struct suggester {
    struct gz_corpus *c;
    const struct gz_model *m;
    const struct gz_suggest_options *o;
    uint32_t *class; // of each label in the model, or UINT32_MAX
    uint32_t *node;
    struct word *word;
    size_t count;
    struct gz_arena arena;
};

struct gz_suggest_options
gz_suggest_defaults(void)
{
    return (struct gz_suggest_options){ .words = 40, .percent = 85, .texts = 4 };
}

// ---- which terms ----

static void
find_labels(struct suggester *s)
{
    const struct gz_model_head *h = gz_model_head(s->m);
    uint32_t node = 0;

    for (uint32_t i = 0; i < s->c->labels.count; i++)
        s->class[i] = UINT32_MAX;
    for (uint32_t i = 0; i < h->classes; i++) {
        const struct gz_model_node *n = gz_model_node(s->m, node);
        uint32_t label = gz_map_get(&s->c->labels, gz_model_path(s->m, i));

        if (i >= n->class_first + n->class_count)
            node++;
        if (gz_model_class(s->m, i)->node != GZ_MODEL_LEAF || label == GZ_MAP_NONE)
            continue;
        s->class[label] = i;
        s->node[label] = node;
    }
}

// In how many texts each term stands, and the label most of them have, found as the
// majority element and then counted.
static void
count_terms(const struct gz_corpus *c, struct word *of)
{
    uint32_t *lead = gz_mem_zalloc(c->distinct + 1, sizeof(*lead));

    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->example[i].count; j++) {
            uint32_t t = c->term[c->example[i].first + j].term;

            of[t].df++;
            if (lead[t] == 0)
                of[t].label = c->example[i].label;
            if (of[t].label == c->example[i].label)
                lead[t]++;
            else
                lead[t]--;
        }
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->example[i].count; j++) {
            uint32_t t = c->term[c->example[i].first + j].term;

            of[t].right += of[t].label == c->example[i].label;
        }
    free(lead);
}

// What the model adds for the word's label, over all texts.
static double
worth_of(const struct suggester *s, const struct word *w)
{
    uint32_t class = s->class[w->label];
    const struct gz_model_node *n;
    const unsigned char *row;
    uint16_t gain;

    if (class == UINT32_MAX)
        return 0;
    n = gz_model_node(s->m, s->node[w->label]);
    row = gz_model_row(s->m, s->node[w->label], s->c->hash[w->term]);
    if (!row)
        return 0;
    memcpy(&gain, row + 2, 2);
    return ((const int8_t *)row)[4 + class - n->class_first] *
           gz_model_class(s->m, class)->scale * gain * w->right;
}

static void
choose_terms(struct suggester *s)
{
    struct gz_corpus *c = s->c;
    struct word *of = gz_mem_zalloc(c->distinct + 1, sizeof(*of));

    count_terms(c, of);
    for (uint32_t t = 0; t < c->distinct; t++) {
        of[t].term = t;
        if (c->block[t] != GZ_BLOCK_WHOLE || of[t].df < s->o->texts ||
            (uint64_t)of[t].right * 100 < (uint64_t)of[t].df * s->o->percent)
            continue;
        of[t].worth = worth_of(s, &of[t]);
        if (of[t].worth > 0) {
            s->word[s->count++] = of[t];
            c->mark[t] = (uint32_t)s->count;
        }
    }
    free(of);
}

// ---- how they read ----

// Characters that begin or end no word of matter: particles, pronouns, adverbs.
static bool
is_small(uint32_t c)
{
    static const uint32_t small[] = {
        0x7684, 0x4E86, 0x662F, 0x5728, 0x6211, 0x4EEC, 0x4F60, 0x60A8, 0x4ED6, 0x4E0D,
        0x6709, 0x548C, 0x5C31, 0x4E5F, 0x90FD, 0x5F88, 0x8FD9, 0x90A3, 0x4E2A, 0x4E00,
        0x5230, 0x8BF4, 0x8981, 0x8BA9, 0x628A, 0x88AB, 0x7ED9, 0x5BF9, 0x4E0E, 0x53CA,
        0x6216, 0x800C, 0x4F46, 0x4E3A, 0x4E8E, 0x4E4B, 0x5417, 0x5462, 0x5427, 0x554A,
        0x7740, 0x8FC7, 0x53EF, 0x80FD, 0x4F1A, 0x8FD8, 0x53C8, 0x518D, 0x5DF2, 0x6CA1,
    };

    for (size_t i = 0; i < GZ_COUNT(small); i++)
        if (small[i] == c)
            return true;
    return false;
}

// Only Han characters, two or more; or only words of other scripts.
static bool
is_readable(const struct gz_symbols *y, struct gz_str text, const struct gz_seen *g)
{
    const struct gz_symbol *s = y->item + g->first;
    size_t first = s[0].start, last = s[g->count - 1].start;

    for (size_t i = 0; i < g->count; i++)
        if (s[i].kind != s[0].kind ||
            (i > 0 && s[i].start != s[i - 1].end && s[0].kind != GZ_SYMBOL_WORD))
            return false;
    if (s[0].kind == GZ_SYMBOL_WORD)
        return s[g->count - 1].end - s[0].start >= 3;
    return s[0].kind == GZ_SYMBOL_HAN && g->count >= 2 &&
           !is_small(gz_utf8_next(text, &first)) && !is_small(gz_utf8_next(text, &last));
}

// Find each chosen term once in the corpus. c->mark holds its number + 1.
static void
read_words(struct suggester *s)
{
    struct gz_corpus *c = s->c;

    for (size_t i = 0; i < c->count; i++) {
        size_t at = c->example[i].first;

        // Terms were numbered by first sight, so that the example's own list says
        // whether it holds anything that is wanted.
        for (size_t j = 0; j < c->example[i].count; j++, at++)
            if (c->mark[c->term[at].term])
                break;
        if (at == c->example[i].first + c->example[i].count)
            continue;
        gz_view_read(&c->view, &c->rules, c->example[i].title, c->example[i].text);
        for (size_t j = 0; j < c->view.count; j++) {
            const struct gz_seen *g = &c->view.seen[j];
            const struct gz_symbols *y = g->in_title ? &c->view.title : &c->view.text;
            struct gz_str text = g->in_title ? c->example[i].title : c->example[i].text;
            uint32_t term = gz_corpus_term(c, g->hash);

            if (term == UINT32_MAX || !c->mark[term])
                continue;
            if (is_readable(y, text, g)) {
                size_t from = y->item[g->first].start;
                size_t to = y->item[g->first + g->count - 1].end;

                s->word[c->mark[term] - 1].text =
                    gz_str_first(gz_str_from(text, from), to - from);
            }
            c->mark[term] = 0;
        }
    }
}

// ---- whole words ----

// A bigram is mostly a piece of a word. What stands beside it nearly always belongs to
// it.
enum { NEIGHBOURS = 32, LONGEST = 8, SCANNED = 1 << 20 };

struct neighbour {
    uint32_t c;
    uint32_t count;
    struct gz_str with; // the word and this character, in some text
};

struct sides {
    struct neighbour left[NEIGHBOURS], right[NEIGHBOURS];
    uint32_t found;
};

static void
count_neighbour(struct neighbour *list, uint32_t c, struct gz_str with)
{
    size_t i = 0;

    while (i < NEIGHBOURS && list[i].count && list[i].c != c)
        i++;
    if (i == NEIGHBOURS)
        return;
    if (list[i].count++ == 0) {
        list[i].c = c;
        list[i].with = with;
    }
}

static void
look_around(struct sides *s, struct gz_str text, struct gz_str word)
{
    for (size_t at = 0;; at += word.len) {
        size_t found = gz_str_find(gz_str_from(text, at), word), end;

        if (found == (size_t)-1)
            return;
        at += found;
        end = at + word.len;
        s->found++;
        // Han characters of the common planes have three bytes.
        if (at >= 3) {
            size_t from = at - 3;

            if ((text.ptr[from] & 0xF0) == 0xE0)
                count_neighbour(s->left, gz_utf8_next(text, &from),
                                (struct gz_str){ text.ptr + at - 3, word.len + 3 });
        }
        if (end < text.len) {
            size_t to = end;
            uint32_t c = gz_utf8_next(text, &to);

            count_neighbour(s->right, c, (struct gz_str){ text.ptr + at, to - at });
        }
    }
}

static const struct neighbour *
constant_one(const struct neighbour *list, uint32_t found)
{
    for (size_t i = 0; i < NEIGHBOURS && list[i].count; i++)
        if (list[i].count * 4 >= found * 3 && gz_utf8_is_han(list[i].c) &&
            !is_small(list[i].c))
            return &list[i];
    return NULL;
}

// The word with what belongs to it in the texts of its label.
static struct gz_str
complete(const struct suggester *s, uint32_t label, struct gz_str word)
{
    size_t at = 0;

    while (gz_utf8_is_han(gz_utf8_next(word, &at)) && gz_utf8_count(word) < LONGEST) {
        struct sides sides = { 0 };
        const struct neighbour *more;
        size_t scanned = 0;

        for (size_t i = 0; i < s->c->count && scanned < SCANNED; i++) {
            const struct gz_example *e = &s->c->example[i];

            if (e->label != label)
                continue;
            look_around(&sides, e->title, word);
            look_around(&sides, e->text, word);
            scanned += e->title.len + e->text.len;
        }
        more = constant_one(sides.right, sides.found);
        if (!more)
            more = constant_one(sides.left, sides.found);
        if (!more)
            break;
        word = more->with;
        at = 0;
    }
    return word;
}

// ---- the sheet ----

static int
by_label_and_worth(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    if (x->worth > y->worth || x->worth < y->worth)
        return x->worth > y->worth ? -1 : 1;
    return gz_str_cmp(x->text, y->text);
}

// A word that holds another is found where the other is: the first of them is kept.
static bool
is_covered(const struct word *kept, size_t count, struct gz_str text)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_find(kept[i].text, text) < kept[i].text.len ||
            gz_str_find(text, kept[i].text) < text.len)
            return true;
    return false;
}

static int
weight_of(const struct word *w)
{
    uint64_t percent = (uint64_t)w->right * 100 / w->df;

    return percent >= 98 ? 3 : percent >= 90 ? 2 : 1;
}

static void
put_rule(struct suggester *s, uint32_t label, const struct word *word, size_t count,
         int weight, struct gz_buf *out)
{
    struct gz_buf pattern = { 0 };
    uint64_t df = 0, right = 0;

    for (size_t i = 0; i < count; i++) {
        if (weight_of(&word[i]) != weight)
            continue;
        if (pattern.len)
            gz_buf_char(&pattern, '|');
        gz_buf_add(&pattern, word[i].text);
        df += word[i].df;
        right += word[i].right;
    }
    if (pattern.len) {
        gz_buf_printf(out, "learned-%lu-%d,", (unsigned long)label + 1, weight);
        gz_csvlib_put(out, s->c->labels.keys[label], ',');
        gz_buf_printf(out, ",%d,keyword,", weight);
        gz_csvlib_put(out, gz_buf_str(&pattern), ',');
        gz_buf_printf(out, ",,,,,,%llu of %llu\n", (unsigned long long)right,
                      (unsigned long long)df);
    }
    gz_buf_release(&pattern);
}

static void
put_label(struct suggester *s, size_t first, size_t end, struct gz_buf *out)
{
    struct word *kept = gz_mem_alloc(s->o->words + 1, sizeof(*kept));
    size_t count = 0;

    for (size_t i = first; i < end && count < s->o->words; i++) {
        if (!s->word[i].text.len || is_covered(kept, count, s->word[i].text))
            continue;
        kept[count] = s->word[i];
        kept[count].text = complete(s, s->word[first].label, s->word[i].text);
        count += !is_covered(kept, count, kept[count].text);
    }
    for (int weight = 3; weight > 0; weight--)
        put_rule(s, s->word[first].label, kept, count, weight, out);
    free(kept);
}

void
gz_suggest(struct gz_corpus *c, const struct gz_model *m,
           const struct gz_suggest_options *o, struct gz_buf *out)
{
    struct suggester s = { .c = c, .m = m, .o = o };
    size_t end;

    s.class = gz_mem_zalloc(c->labels.count + 1, sizeof(*s.class));
    s.node = gz_mem_zalloc(c->labels.count + 1, sizeof(*s.node));
    s.word = gz_mem_zalloc(c->distinct + 1, sizeof(*s.word));
    find_labels(&s);
    choose_terms(&s);
    read_words(&s);
    qsort(s.word, s.count, sizeof(*s.word), by_label_and_worth);
    gz_buf_lit(out, "id,category,weight,kind,pattern,fields,requires,excludes,valid_from,"
                    "valid_to,note\n");
    for (size_t i = 0; i < s.count; i = end) {
        for (end = i; end < s.count && s.word[end].label == s.word[i].label; end++)
            ;
        put_label(&s, i, end, out);
    }
    free(s.class);
    free(s.node);
    free(s.word);
}
