// SPDX-License-Identifier: MIT
#include "learn/score.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "pack/data.h"
#include "record/writer.h"

static struct gz_score_class *
class_of(struct gz_score *s, struct gz_str label, uint32_t *number)
{
    bool added;

    *number = gz_map_put(&s->label, label, &added);
    if (*number >= s->class_cap) {
        s->class_cap = s->class_cap ? s->class_cap * 2 : 64;
        s->class = gz_mem_realloc(s->class, s->class_cap, sizeof(*s->class));
    }
    if (added)
        s->class[*number] = (struct gz_score_class){ 0 };
    return &s->class[*number];
}

static void
add_pair(struct gz_score *s, uint32_t given, uint32_t said)
{
    uint32_t key[2] = { given, said };
    bool added;
    uint32_t n =
        gz_map_put(&s->pair, (struct gz_str){ (char *)key, sizeof(key) }, &added);

    if (n >= s->pair_cap) {
        s->pair_cap = s->pair_cap ? s->pair_cap * 2 : 256;
        s->pairs = gz_mem_realloc(s->pairs, s->pair_cap, sizeof(*s->pairs));
    }
    s->pairs[n] = added ? 1 : s->pairs[n] + 1;
}

void
gz_score_add(struct gz_score *s, struct gz_str given, struct gz_str said,
             double probability)
{
    bool right = gz_str_eq(given, said);
    uint32_t g, d;

    s->n++;
    class_of(s, given, &g)->given++;
    class_of(s, said, &d)->said++;
    add_pair(s, g, d);
    if (said.len == 0) {
        s->none++;
    } else {
        size_t bin = (size_t)(probability * GZ_SCORE_BINS);

        bin = bin < GZ_SCORE_BINS ? bin : GZ_SCORE_BINS - 1;
        s->bin[bin].n++;
        s->bin[bin].right += right;
        s->bin[bin].sure += (uint64_t)(probability * 10000 + 0.5);
    }
    s->right += right;
    s->class[g].right += right;
}

void
gz_score_release(struct gz_score *s)
{
    gz_map_release(&s->label);
    gz_map_release(&s->pair);
    free(s->class);
    free(s->pairs);
    *s = (struct gz_score){ 0 };
}

// ---- figures ----

static double
ratio(uint64_t a, uint64_t b)
{
    return b ? (double)a / (double)b : 0;
}

double
gz_score_accuracy(const struct gz_score *s)
{
    return ratio(s->right, s->n);
}

double
gz_score_macro_f1(const struct gz_score *s)
{
    double sum = 0;
    uint64_t classes = 0;

    for (uint32_t i = 0; i < s->label.count; i++) {
        const struct gz_score_class *c = &s->class[i];

        if (c->given == 0)
            continue;
        sum += ratio(2 * c->right, c->given + c->said);
        classes++;
    }
    return classes ? sum / (double)classes : 0;
}

double
gz_score_miscalibration(const struct gz_score *s)
{
    double sum = 0;

    for (size_t i = 0; i < GZ_SCORE_BINS; i++) {
        double gap = (double)s->bin[i].sure / 10000 - (double)s->bin[i].right;

        sum += gap < 0 ? -gap : gap;
    }
    return s->n > s->none ? sum / (double)(s->n - s->none) : 0;
}

// ---- order ----

struct entry {
    struct gz_str a;
    struct gz_str b;
    uint64_t n;
    uint32_t class;
};

static int
by_names(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = gz_str_cmp(x->a, y->a);

    return order ? order : gz_str_cmp(x->b, y->b);
}

static struct entry *
sorted_classes(const struct gz_score *s)
{
    struct entry *e = gz_mem_alloc(s->label.count + 1, sizeof(*e));

    for (uint32_t i = 0; i < s->label.count; i++)
        e[i] = (struct entry){ s->label.keys[i], { 0 }, s->class[i].given, i };
    qsort(e, s->label.count, sizeof(*e), by_names);
    return e;
}

static struct entry *
sorted_pairs(const struct gz_score *s)
{
    struct entry *e = gz_mem_alloc(s->pair.count + 1, sizeof(*e));

    for (uint32_t i = 0; i < s->pair.count; i++) {
        uint32_t key[2];

        memcpy(key, s->pair.keys[i].ptr, sizeof(key));
        e[i] = (struct entry){ s->label.keys[key[0]], s->label.keys[key[1]], s->pairs[i],
                               0 };
    }
    qsort(e, s->pair.count, sizeof(*e), by_names);
    return e;
}

// ---- for people ----

void
gz_score_summary(const struct gz_score *s, struct gz_buf *out)
{
    struct entry *e = sorted_classes(s);

    gz_buf_printf(out, "texts %llu  accuracy %.4f  macro-F1 %.4f  miscalibration %.4f\n",
                  (unsigned long long)s->n, gz_score_accuracy(s), gz_score_macro_f1(s),
                  gz_score_miscalibration(s));
    if (s->none)
        gz_buf_printf(out, "without an answer %llu\n", (unsigned long long)s->none);
    gz_buf_lit(out, "precision  recall      F1   texts  class\n");
    for (uint32_t i = 0; i < s->label.count; i++) {
        const struct gz_score_class *c = &s->class[e[i].class];

        if (e[i].a.len)
            gz_buf_printf(out, "%9.4f  %6.4f  %6.4f  %6llu  " GZ_STR_FMT "\n",
                          ratio(c->right, c->said), ratio(c->right, c->given),
                          ratio(2 * c->right, c->given + c->said),
                          (unsigned long long)c->given, GZ_STR_ARG(e[i].a));
    }
    free(e);
}

// ---- for gz-report ----

// A JSON text without white space between its tokens; `how` in the place of @HOW@.
static void
put_compact(struct gz_buf *out, const struct gz_data *d, struct gz_str how)
{
    const struct gz_str mark = GZ_STR("@HOW@");
    bool quoted = false;

    for (size_t i = 0; d && i < d->len; i++) {
        char c = d->bytes[i];

        if (gz_str_starts(gz_str_from(gz_data_str(d), i), mark)) {
            gz_write_escaped(out, how);
            i += mark.len - 1;
            continue;
        }
        if (quoted && c == '\\') {
            gz_buf_char(out, c);
            gz_buf_char(out, d->bytes[++i]);
            continue;
        }
        quoted ^= c == '"';
        if (quoted || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            gz_buf_char(out, c);
    }
}

struct rows {
    struct gz_buf *out;
    char id[17];
    uint64_t count;
};

static void
row_begin(struct rows *r, const char *table, const struct gz_str *key, size_t keys)
{
    gz_write_begin(r->out, "tally");
    gz_write_text(r->out, "id", gz_str_of(r->id));
    gz_write_text(r->out, "table", gz_str_of(table));
    gz_buf_lit(r->out, ",\"key\":[");
    for (size_t i = 0; i < keys; i++) {
        if (i)
            gz_buf_char(r->out, ',');
        gz_write_string(r->out, key[i]);
    }
    gz_buf_lit(r->out, "],\"m\":{");
    r->count++;
}

// In the order of their names, as gz-tally writes them. Counts that are 0 are left out.
static void
measure(struct rows *r, const char *name, uint64_t n)
{
    if (n == 0)
        return;
    if (r->out->ptr[r->out->len - 1] != '{')
        gz_buf_char(r->out, ',');
    gz_buf_printf(r->out, "\"%s\":%llu", name, (unsigned long long)n);
}

static void
row_end(struct rows *r)
{
    gz_buf_char(r->out, '}');
    gz_write_end(r->out);
}

// The id is that of gz_tally_id(): plan, scheme, period and as-of, a line each. How it
// was measured stands in the scheme, so that different measurements are never added up.
static void
put_head(struct rows *r, struct gz_str how)
{
    struct gz_buf plan = { 0 }, scheme = { 0 }, all = { 0 };

    put_compact(&plan, gz_data_find(GZ_STR("learn/plan.json")), how);
    put_compact(&scheme, gz_data_find(GZ_STR("learn/scheme.json")), how);
    gz_buf_add(&all, gz_buf_str(&plan));
    gz_buf_char(&all, '\n');
    gz_buf_add(&all, gz_buf_str(&scheme));
    gz_buf_lit(&all, "\n\n");
    gz_hash_hex(gz_hash_fixed(gz_buf_str(&all)), r->id);
    gz_write_begin(r->out, "tally_head");
    gz_buf_lit(r->out, ",\"v\":1");
    gz_write_text(r->out, "id", gz_str_of(r->id));
    gz_buf_lit(r->out, ",\"plan\":");
    gz_buf_add(r->out, gz_buf_str(&plan));
    gz_buf_lit(r->out, ",\"scheme\":");
    gz_buf_add(r->out, gz_buf_str(&scheme));
    gz_write_end(r->out);
    gz_buf_release(&plan);
    gz_buf_release(&scheme);
    gz_buf_release(&all);
}

static void
put_classes(struct rows *r, const struct gz_score *s)
{
    struct entry *e = sorted_classes(s);

    for (uint32_t i = 0; i < s->label.count; i++) {
        const struct gz_score_class *c = &s->class[e[i].class];

        row_begin(r, "classes", &e[i].a, 1);
        measure(r, "given", c->given);
        measure(r, "right", c->right);
        measure(r, "said", c->said);
        row_end(r);
    }
    free(e);
}

static void
put_pairs(struct rows *r, const struct gz_score *s)
{
    struct entry *e = sorted_pairs(s);

    for (uint32_t i = 0; i < s->pair.count; i++) {
        struct gz_str key[2] = { e[i].a, e[i].b };

        row_begin(r, "confusion", key, 2);
        measure(r, "given", e[i].n);
        row_end(r);
    }
    free(e);
}

static void
put_bins(struct rows *r, const struct gz_score *s)
{
    for (size_t i = 0; i < GZ_SCORE_BINS; i++) {
        char name[16];
        struct gz_str key;

        snprintf(name, sizeof(name), "%zu.%zu-%zu.%zu", i / 10, i % 10, (i + 1) / 10,
                 (i + 1) % 10);
        key = gz_str_of(name);
        if (s->bin[i].n == 0)
            continue;
        row_begin(r, "reliability", &key, 1);
        measure(r, "right", s->bin[i].right);
        measure(r, "said", s->bin[i].n);
        if (s->bin[i].sure) {
            struct gz_dec sure = { (gz_i128)s->bin[i].sure * 100000 };

            gz_buf_lit(r->out, ",\"sure\":");
            gz_dec_format(sure, r->out);
        }
        row_end(r);
    }
}

void
gz_score_tally(const struct gz_score *s, struct gz_str how, struct gz_buf *out)
{
    struct rows r = { .out = out };

    put_head(&r, how);
    row_begin(&r, "total", NULL, 0);
    measure(&r, "given", s->n);
    measure(&r, "right", s->right);
    measure(&r, "said", s->n - s->none);
    row_end(&r);
    put_classes(&r, s);
    put_pairs(&r, s);
    put_bins(&r, s);
    gz_write_begin(out, "tally_end");
    gz_write_text(out, "id", gz_str_of(r.id));
    gz_write_u64(out, "rows", r.count);
    gz_write_end(out);
}
