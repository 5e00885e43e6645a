// SPDX-License-Identifier: MIT
#include "route/predict.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "route/lanes.h"

enum { AHEAD = 16, TIMES_MAX = 63 };

struct touched {
    uint32_t *row;
    int32_t *value;
    size_t count;
    size_t cap;
};

struct gz_predictor {
    const struct gz_model *m;
    struct gz_view view;
    uint8_t *times; // of each row of the node at work, for each block
    struct touched touched[GZ_BLOCKS];
    uint32_t *row; // of each n-gram of the view, in the node at work
    size_t row_cap;
    int64_t *sum;
    double *margin; // of all classes, as far as their nodes were visited
    double *probability;
    double norm[GZ_BLOCKS]; // of the node at work
    double *heat;           // of each symbol, while explaining
    size_t heat_cap;
};

// ---- a record taken apart ----

static void
see_room(struct gz_view *v, size_t more)
{
    if (v->cap - v->count >= more)
        return;
    v->cap = v->cap * 2 + more + 4096;
    v->seen = gz_mem_realloc(v->seen, v->cap, sizeof(*v->seen));
}

static inline void
see(struct gz_view *v, uint64_t hash, size_t first, size_t count, enum gz_block block,
    bool in_title)
{
    v->seen[v->count++] = (struct gz_seen){ hash, (uint32_t)first, (uint16_t)count,
                                            (uint8_t)block, in_title };
}

// What gz_grams_at() gives for symbols and pairs of them, which is what models use: a
// symbol that is no break, and any two that follow each other.
static void
see_pairs(struct gz_view *v, const struct gz_symbols *s, size_t symbols,
          enum gz_gram_part part, enum gz_block block, bool in_title)
{
    const struct gz_symbol *y = s->item;

    for (size_t i = 0; i < symbols; i++) {
        uint64_t h = gz_gram_step((uint64_t)part, y[i].id);

        if (y[i].kind != GZ_SYMBOL_BREAK)
            see(v, gz_gram_finish(h), i, 1, block, in_title);
        if (i + 1 < symbols)
            see(v, gz_gram_finish(gz_gram_step(h, y[i + 1].id)), i, 2, block, in_title);
    }
}

static void
see_part(struct gz_view *v, const struct gz_symbols *s, size_t symbols,
         const struct gz_gram_rules *rules, enum gz_block block, bool in_title)
{
    enum gz_gram_part part = block == GZ_BLOCK_HEAD ? GZ_GRAM_TITLE : GZ_GRAM_TEXT;
    struct gz_gram gram[GZ_GRAM_MAX];

    see_room(v, symbols * GZ_GRAM_MAX);
    if (rules->han_max == 2 && rules->word_max == 2) {
        see_pairs(v, s, symbols, part, block, in_title);
        return;
    }
    for (size_t i = 0; i < symbols; i++) {
        size_t n = gz_grams_at(s, i, rules, part, gram);

        for (size_t g = 0; g < n; g++)
            if (i + gram[g].count <= symbols)
                see(v, gram[g].hash, i, gram[g].count, block, in_title);
    }
}

static void
see_whole(struct gz_view *v, const struct gz_symbols *s, bool in_title)
{
    uint64_t hash = gz_gram_whole(s);

    see_room(v, 1);
    if (hash)
        see(v, hash, 0, s->count, GZ_BLOCK_HEAD, in_title);
}

void
gz_view_read(struct gz_view *v, const struct gz_gram_rules *rules, struct gz_str title,
             struct gz_str text)
{
    size_t head;

    v->count = 0;
    gz_symbols_read(&v->title, title);
    gz_symbols_read(&v->text, text);
    head = v->text.count < GZ_HEAD_SYMBOLS ? v->text.count : GZ_HEAD_SYMBOLS;
    see_part(v, &v->title, v->title.count, rules, GZ_BLOCK_WHOLE, true);
    see_part(v, &v->text, v->text.count, rules, GZ_BLOCK_WHOLE, false);
    if (v->title.count)
        see_part(v, &v->title, v->title.count, rules, GZ_BLOCK_HEAD, true);
    else
        see_part(v, &v->text, head, rules, GZ_BLOCK_HEAD, false);
    see_whole(v, &v->title, true);
    see_whole(v, &v->text, false);
}

void
gz_view_release(struct gz_view *v)
{
    gz_symbols_release(&v->title);
    gz_symbols_release(&v->text);
    free(v->seen);
    *v = (struct gz_view){ 0 };
}

uint32_t
gz_view_times(uint32_t count)
{
    // 16 * (1 + ln n), rounded: written out, so that no library's log() decides.
    static const uint8_t times[TIMES_MAX + 1] = {
        0,  16, 27, 34, 38, 42, 45, 47, 49, 51, 53, 54, 56, 57, 58, 59,
        60, 61, 62, 63, 64, 65, 65, 66, 67, 68, 68, 69, 69, 70, 70, 71,
        71, 72, 72, 73, 73, 74, 74, 75, 75, 75, 76, 76, 77, 77, 77, 78,
        78, 78, 79, 79, 79, 80, 80, 80, 80, 81, 81, 81, 82, 82, 82, 82,
    };

    return times[count < TIMES_MAX ? count : TIMES_MAX];
}

double
gz_block_weight(enum gz_block block)
{
    return block == GZ_BLOCK_HEAD ? 0.7 : 1.0;
}

// ---- margins ----

struct gz_predictor *
gz_predictor_new(const struct gz_model *m)
{
    struct gz_predictor *p = gz_mem_zalloc(1, sizeof(*p));
    const struct gz_model_head *h = gz_model_head(m);
    size_t rows = 0, lanes = GZ_LANES;

    p->m = m;
    for (uint32_t i = 0; i < h->nodes; i++) {
        const struct gz_model_node *n = gz_model_node(m, i);

        rows = n->rows > rows ? n->rows : rows;
        lanes = n->stride > lanes ? n->stride : lanes;
    }
    p->times = gz_mem_zalloc(rows + 1, 1);
    p->sum = gz_mem_zalloc(lanes, sizeof(*p->sum));
    p->margin = gz_mem_zalloc(h->classes, sizeof(*p->margin));
    p->probability = gz_mem_zalloc(h->classes, sizeof(*p->probability));
    return p;
}

void
gz_predictor_free(struct gz_predictor *p)
{
    if (!p)
        return;
    gz_view_release(&p->view);
    for (size_t i = 0; i < GZ_BLOCKS; i++) {
        free(p->touched[i].row);
        free(p->touched[i].value);
    }
    free(p->times);
    free(p->row);
    free(p->sum);
    free(p->margin);
    free(p->probability);
    free(p->heat);
    free(p);
}

// Where the n-grams of the record may have their rows. Memory is asked for some n-grams
// ahead, first the index, then the rows: they lie all over the model.
static inline __attribute__((always_inline)) void
look_up_rows(struct gz_predictor *p, uint32_t node)
{
    const struct gz_model_node *n = gz_model_node(p->m, node);
    const struct gz_model_slot *slot = gz_model_index(p->m, node);
    const unsigned char *rows = gz_model_bytes(p->m) + n->row;
    const struct gz_seen *seen = p->view.seen;
    uint64_t mask = ((uint64_t)1 << n->bits) - 1;
    size_t count = p->view.count, stride = n->stride;
    uint32_t bits = n->bits, *to = p->row;

    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(&slot[(seen[i + AHEAD].hash & mask) / 32]);
        to[i] = gz_model_row_number(slot, bits, seen[i].hash);
        if (to[i] != GZ_MODEL_NO_ROW)
            __builtin_prefetch(rows + (size_t)to[i] * stride);
    }
}

// The same code twice: most processors count bits in one instruction.
#if defined(__x86_64__)
__attribute__((target("popcnt"))) static void
look_up_rows_popcnt(struct gz_predictor *p, uint32_t node)
{
    look_up_rows(p, node);
}
#endif

static void
find_rows(struct gz_predictor *p, uint32_t node)
{
    if (p->row_cap < p->view.cap) {
        p->row_cap = p->view.cap;
        p->row = gz_mem_realloc(p->row, p->row_cap, sizeof(*p->row));
    }
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt")) {
        look_up_rows_popcnt(p, node);
        return;
    }
#endif
    look_up_rows(p, node);
}

// How often each row of the node occurs in each block. A hash tells its block, and a row
// is that of an n-gram only if its mark is the same.
static void
count_rows(struct gz_predictor *p, uint32_t node)
{
    const struct gz_model_node *n = gz_model_node(p->m, node);
    const unsigned char *rows = gz_model_bytes(p->m) + n->row;
    const struct gz_seen *seen = p->view.seen;
    uint8_t *times = p->times;

    find_rows(p, node);
    for (size_t b = 0; b < GZ_BLOCKS; b++) {
        p->touched[b].count = 0;
        if (p->touched[b].cap < p->view.count) {
            p->touched[b].cap = p->view.cap;
            p->touched[b].row =
                gz_mem_realloc(p->touched[b].row, p->view.cap, sizeof(uint32_t));
            p->touched[b].value =
                gz_mem_realloc(p->touched[b].value, p->view.cap, sizeof(int32_t));
        }
    }
    for (size_t i = 0; i < p->view.count; i++) {
        uint32_t r = p->row[i];
        uint16_t mark;

        if (r == GZ_MODEL_NO_ROW)
            continue;
        memcpy(&mark, rows + (size_t)r * n->stride, 2);
        if (mark != (uint16_t)(seen[i].hash >> 32)) {
            p->row[i] = GZ_MODEL_NO_ROW;
            continue;
        }
        if (times[r] == 0) {
            struct touched *t = &p->touched[seen[i].block];

            t->row[t->count++] = r;
        }
        times[r] = (uint8_t)(times[r] + (times[r] < TIMES_MAX));
    }
}

// The value of one n-gram in its block, in steps of 1/128.
static int32_t
value_of(const unsigned char *row, uint32_t count)
{
    uint16_t gain;
    uint32_t x;

    memcpy(&gain, row + 2, 2);
    x = gz_view_times(count) * gain >> 8;
    return (int32_t)(x < GZ_LANES_VALUE ? x : GZ_LANES_VALUE);
}

// Sums of weights times values of one block. Returns the sum of squared values.
static uint64_t
add_block(struct gz_predictor *p, const struct gz_model_node *n, const struct touched *t)
{
    const unsigned char *rows = gz_model_bytes(p->m) + n->row;
    size_t lanes = n->stride - 4;
    uint64_t squares = 0;

    memset(p->sum, 0, lanes * sizeof(*p->sum));
    for (size_t i = 0; i < t->count; i++) {
        int32_t x = value_of(rows + (size_t)t->row[i] * n->stride, p->times[t->row[i]]);

        p->times[t->row[i]] = 0;
        squares += (uint64_t)x * (uint64_t)x;
        t->value[i] = x;
    }
    for (size_t k = 0; k < lanes; k += GZ_LANES)
        gz_lanes_add((const int8_t *)rows + 4 + k, n->stride, t->row, t->value, t->count,
                     p->sum + k);
    return squares;
}

static bool
find_margins(struct gz_predictor *p, uint32_t node)
{
    const struct gz_model_node *n = gz_model_node(p->m, node);
    bool known = false;

    count_rows(p, node);
    for (uint32_t j = 0; j < n->class_count; j++)
        p->margin[n->class_first + j] = gz_model_class(p->m, n->class_first + j)->bias;
    for (int b = 0; b < GZ_BLOCKS; b++) {
        uint64_t squares = add_block(p, n, &p->touched[b]);

        p->norm[b] =
            squares ? gz_block_weight((enum gz_block)b) / sqrt((double)squares) : 0;
        known = known || squares;
        for (uint32_t j = 0; squares && j < n->class_count; j++)
            p->margin[n->class_first + j] +=
                (double)p->sum[j] * gz_model_class(p->m, n->class_first + j)->scale *
                p->norm[b];
    }
    return known;
}

// ---- probabilities ----

static void
calibrate(struct gz_predictor *p, uint32_t node)
{
    const struct gz_model_node *n = gz_model_node(p->m, node);
    double *to = p->probability + n->class_first, top = -INFINITY, all = 0;

    for (uint32_t j = 0; j < n->class_count; j++) {
        to[j] = n->heat * p->margin[n->class_first + j] +
                gz_model_class(p->m, n->class_first + j)->shift;
        top = to[j] > top ? to[j] : top;
    }
    for (uint32_t j = 0; j < n->class_count; j++)
        all += to[j] = exp(to[j] - top);
    for (uint32_t j = 0; j < n->class_count; j++)
        to[j] /= all;
}

static void
keep_guess(struct gz_guess *out, size_t max, size_t *count, uint32_t class, double p)
{
    size_t at = *count;

    while (at > 0 && (out[at - 1].probability < p ||
                      (out[at - 1].probability <= p && out[at - 1].class > class)))
        at--;
    if (at >= max)
        return;
    if (*count < max)
        ++*count;
    for (size_t i = *count - 1; i > at; i--)
        out[i] = out[i - 1];
    out[at] = (struct gz_guess){ class, p };
}

// Branches worth following: the best one, and those not much worse.
static void
descend(struct gz_predictor *p, uint32_t node, double above, struct gz_guess *out,
        size_t max, size_t *count)
{
    const struct gz_model_node *n = gz_model_node(p->m, node);
    uint32_t best = n->class_first;

    calibrate(p, node);
    for (uint32_t i = n->class_first; i < n->class_first + n->class_count; i++)
        if (p->probability[i] > p->probability[best])
            best = i;
    for (uint32_t i = n->class_first; i < n->class_first + n->class_count; i++) {
        const struct gz_model_class *k = gz_model_class(p->m, i);
        double here = above * p->probability[i];

        if (k->node == GZ_MODEL_LEAF) {
            keep_guess(out, max, count, i, here);
        } else if (i == best || here >= 0.05) {
            find_margins(p, k->node);
            descend(p, k->node, here, out, max, count);
        }
    }
}

size_t
gz_predict(struct gz_predictor *p, struct gz_str title, struct gz_str text,
           struct gz_guess *out, size_t max)
{
    size_t count = 0;

    gz_view_read(&p->view, &gz_model_head(p->m)->rules, title, text);
    if (!find_margins(p, 0))
        return 0;
    descend(p, 0, 1.0, out, max, &count);
    return count;
}

// ---- reasons ----

// Spread what each n-gram adds to `class` over the symbols it stands on.
static void
add_heat(struct gz_predictor *p, uint32_t node, uint32_t class)
{
    const struct gz_model_node *n = gz_model_node(p->m, node);
    const struct gz_model_class *k = gz_model_class(p->m, class);
    const unsigned char *rows = gz_model_bytes(p->m) + n->row;
    size_t titles = p->view.title.count;

    find_margins(p, node);
    count_rows(p, node);
    for (size_t i = 0; i < p->view.count; i++) {
        const struct gz_seen *s = &p->view.seen[i];
        double *heat = p->heat + (s->in_title ? 0 : titles) + s->first;
        const unsigned char *row;
        uint32_t count;
        double add;

        if (p->row[i] == GZ_MODEL_NO_ROW)
            continue;
        row = rows + (size_t)p->row[i] * n->stride;
        count = p->times[p->row[i]];
        add = value_of(row, count) * ((const int8_t *)row)[4 + class - n->class_first] *
              k->scale * p->norm[s->block] / count / s->count;
        for (size_t j = 0; j < s->count; j++)
            heat[j] += add;
    }
    for (int b = 0; b < GZ_BLOCKS; b++)
        for (size_t i = 0; i < p->touched[b].count; i++)
            p->times[p->touched[b].row[i]] = 0;
}

static void
keep_reason(struct gz_reason *out, size_t max, size_t *count, struct gz_reason r)
{
    size_t at = *count;

    while (at > 0 && out[at - 1].share < r.share)
        at--;
    if (at >= max)
        return;
    if (*count < max)
        ++*count;
    for (size_t i = *count - 1; i > at; i--)
        out[i] = out[i - 1];
    out[at] = r;
}

// Runs of symbols that are hotter than a third of the hottest.
static void
find_runs(const struct gz_symbols *s, const double *heat, double least, bool in_title,
          double all, struct gz_reason *out, size_t max, size_t *count)
{
    for (size_t i = 0; i < s->count; i++) {
        struct gz_reason r = { in_title, { s->item[i].start, 0 }, 0 };

        if (heat[i] < least || s->item[i].kind == GZ_SYMBOL_BREAK)
            continue;
        for (; i < s->count && heat[i] >= least && s->item[i].kind != GZ_SYMBOL_BREAK;
             i++) {
            r.span.end = s->item[i].end;
            r.share += heat[i] / all;
        }
        keep_reason(out, max, count, r);
    }
}

size_t
gz_predict_explain(struct gz_predictor *p, uint32_t class, struct gz_reason *out,
                   size_t max)
{
    size_t titles = p->view.title.count, symbols = titles + p->view.text.count, n = 0;
    const struct gz_model_head *h = gz_model_head(p->m);
    double top = 0, all = 0;

    if (p->heat_cap < symbols) {
        p->heat_cap = symbols;
        p->heat = gz_mem_realloc(p->heat, symbols, sizeof(*p->heat));
    }
    memset(p->heat, 0, symbols * sizeof(*p->heat));
    // From the leaf's node up to the root: nodes come after those they hang on.
    for (uint32_t node = h->nodes; node-- > 0;) {
        const struct gz_model_node *at = gz_model_node(p->m, node);

        if (class < at->class_first || class >= at->class_first + at->class_count)
            continue;
        add_heat(p, node, class);
        for (uint32_t c = 0; node > 0 && c < at->class_first; c++)
            if (gz_model_class(p->m, c)->node == node)
                class = c;
    }
    for (size_t i = 0; i < symbols; i++) {
        top = p->heat[i] > top ? p->heat[i] : top;
        all += p->heat[i] > 0 ? p->heat[i] : 0;
    }
    if (top <= 0)
        return 0;
    find_runs(&p->view.title, p->heat, top / 3, true, all, out, max, &n);
    find_runs(&p->view.text, p->heat + titles, top / 3, false, all, out, max, &n);
    return n;
}
