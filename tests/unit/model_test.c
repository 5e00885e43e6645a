// SPDX-License-Identifier: MIT
// Features, training, the model file, prediction: each against an answer of its own.
#include "tap.h"

#include <math.h>
#include <unistd.h>

#include "learn/calibrate.h"
#include "learn/corpus.h"
#include "learn/evaluate.h"
#include "learn/svm.h"
#include "learn/train.h"
#include "learn/tree.h"
#include "route/features.h"
#include "route/fold.h"
#include "route/lanes.h"
#include "route/model.h"
#include "route/predict.h"

// ---- features ----

static const char *
symbols(const char *text)
{
    static char out[512];
    struct gz_symbols s = { 0 };
    struct gz_buf b = { 0 };

    gz_symbols_read(&s, gz_str_of(text));
    for (size_t i = 0; i < s.count; i++) {
        gz_buf_char(&b, "hwd."[s.item[i].kind]);
        gz_buf_printf(&b, "%u-%u ", s.item[i].start, s.item[i].end);
    }
    snprintf(out, sizeof(out), "%.*s", (int)b.len, b.ptr ? b.ptr : "");
    gz_buf_release(&b);
    gz_symbols_release(&s);
    return out;
}

static void
test_symbols(void)
{
    ok(strcmp(symbols(""), "") == 0, "no symbols in nothing");
    ok(strcmp(symbols("。 ,"), "") == 0, "nor in punctuation alone");
    ok(strcmp(symbols("电梯坏"), "h0-3 h3-6 h6-9 ") == 0, "Han by characters");
    ok(strcmp(symbols("pot hole"), "w0-3 w4-8 ") == 0, "no break between two words");
    ok(strcmp(symbols("pot, hole!"), "w0-3 .3-5 w5-9 ") == 0, "but at a comma");
    ok(strcmp(symbols("修 灯"), "h0-3 .3-4 h4-7 ") == 0, "a blank beside Han is a break");
    ok(strcmp(symbols("2018年3月"), "d0-4 h4-7 d7-8 h8-11 ") == 0, "digits by runs");
    ok(strcmp(symbols("a7县长"), "h2-5 h5-8 ") == 0,
       "a place made anonymous is left out");
    ok(strcmp(symbols("ktv噪音"), "w0-3 h3-6 h6-9 ") == 0, "another word is not");
    // Four-byte Han, two-byte Latin, a three-byte bracket: borders are those of UTF-8.
    ok(strcmp(symbols("\xF0\xA0\x80\x80【école】"), "h0-4 .4-7 w7-13 ") == 0,
       "borders of characters of 2, 3 and 4 bytes");
}

static void
test_grams(void)
{
    const struct gz_gram_rules rules = { 3, 2 };
    struct gz_symbols a = { 0 }, b = { 0 };
    struct gz_gram g[GZ_GRAM_MAX], h[GZ_GRAM_MAX];

    gz_symbols_read(&a, GZ_STR("电梯坏了"));
    gz_symbols_read(&b, GZ_STR("修电梯坏"));
    is_u64(gz_grams_at(&a, 0, &rules, GZ_GRAM_TEXT, g), 3, "three n-grams of Han");
    is_u64(gz_grams_at(&b, 1, &rules, GZ_GRAM_TEXT, h), 3, "and elsewhere");
    ok(g[0].hash == h[0].hash && g[1].hash == h[1].hash && g[2].hash == h[2].hash,
       "the same words have the same hash wherever they stand");
    ok(g[0].hash != g[1].hash && g[1].hash != g[2].hash, "longer ones have others");
    gz_grams_at(&b, 1, &rules, GZ_GRAM_TITLE, h);
    ok(g[1].hash != h[1].hash, "title and text are told apart");
    is_u64(gz_grams_at(&a, 3, &rules, GZ_GRAM_TEXT, g), 1, "one at the end");
    gz_symbols_read(&a, GZ_STR("one two three"));
    is_u64(gz_grams_at(&a, 0, &rules, GZ_GRAM_TEXT, g), 2, "words up to two");
    gz_symbols_read(&a, GZ_STR("d12"));
    gz_symbols_read(&b, GZ_STR("d7"));
    ok(a.item[0].id == b.item[0].id, "numbers in words are one");
    ok(gz_gram_whole(&a) == gz_gram_whole(&b) && gz_gram_whole(&a), "so is the whole");
    gz_symbols_release(&a);
    gz_symbols_release(&b);
}

static void
test_times(void)
{
    bool good = true;

    for (uint32_t n = 1; n < 64; n++)
        good = good && gz_view_times(n) == (uint32_t)lround(16 * (1 + log(n)));
    ok(good, "the table of logarithms is what log() says");
    is_u64(gz_view_times(100000), gz_view_times(63), "and ends at 63");
}

// ---- trees ----

static void
test_tree(void)
{
    const struct gz_str label[] = { GZ_STR("A"),   GZ_STR("A b/x"), GZ_STR("A/1"),
                                    GZ_STR("A/2"), GZ_STR("B/1/p"), GZ_STR("B/1/q") };
    struct gz_arena arena = { 0 };
    struct gz_tree t;

    gz_tree_make(&t, label, 6, GZ_TREE_LEVELS, &arena);
    is_u64(t.forks, 3, "three forks: the root, below A, below B");
    is_u64(t.fork[0].count, 4, "the root has A alone, 'A b/x', A and more, B and more");
    is_str(t.branch[1].path, "A b/x", "a branch with one label is that label");
    ok(t.branch[2].node == 1 && t.branch[3].node == 2, "the others fork again");
    is_str(t.branch[t.fork[2].first].path, "B/1/p", "levels with one branch are passed");
    gz_tree_make(&t, label, 6, GZ_TREE_FLAT, &arena);
    ok(t.forks == 1 && t.branches == 6, "flat: one fork");
    gz_arena_free(&arena);
}

// ---- calibration ----

static void
test_calibrate(void)
{
    // Two classes; a margin of 1 is right in 3 of 4 cases: odds of 3 at a distance of 1
    // to 0, so the heat is ln 3.
    double margin[800], heat, shift[2];
    uint32_t class[400];

    for (size_t i = 0; i < 400; i++) {
        margin[2 * i] = (double)(i % 2);
        margin[2 * i + 1] = 1 - (double)(i % 2);
        class[i] = (uint32_t)((i / 2) % 4 == 0 ? i % 2 : 1 - i % 2);
    }
    gz_calibrate(margin, class, 400, 2, &heat, shift);
    ok(fabs(heat - log(3)) < 0.01, "heat is ln 3 (%.4f)", heat);
    ok(fabs(shift[0] - shift[1]) < 0.01, "equal classes are not shifted");
    for (size_t i = 0; i < 400; i++)
        class[i] = i % 2 == 0;
    gz_calibrate(margin, class, 400, 2, &heat, shift);
    ok(heat > 4 && heat < 10, "always right is not surely right (%.4f)", heat);
    gz_calibrate(NULL, NULL, 0, 2, &heat, shift);
    ok(heat == 1 && shift[0] == 0, "nothing to learn from: nothing is changed");
}

// ---- models ----

static void
fill(struct gz_corpus *c)
{
    static const char *const word[3][4] = { { "电梯", "物业", "停电梯", "楼道" },
                                            { "公交", "地铁", "堵车", "站台" },
                                            { "学校", "老师", "补课", "学费" } };
    static const char *const label[3] = { "住房/小区", "交通", "住房/学校" };
    struct gz_err err = { 0 };
    char text[256];

    c->rules = gz_train_grams();
    for (int i = 0; i < 120; i++) {
        int k = i % 3;

        snprintf(text, sizeof(text), "反映第%d号问题，%s%s很久没有人管，%s，请处理", i,
                 word[k][i / 3 % 4], word[k][i / 12 % 4], word[k][i / 5 % 4]);
        gz_corpus_add(c, gz_str_of(label[k]), (struct gz_str){ 0 }, gz_str_of(text),
                      &err);
    }
}

static struct gz_buf
train(const struct gz_corpus *c, enum gz_tree_form form)
{
    struct gz_train_options o = gz_train_defaults();
    uint32_t pick[120];
    struct gz_buf image = { 0 };
    struct gz_err err = { 0 };

    o.form = form;
    for (uint32_t i = 0; i < 120; i++)
        pick[i] = i;
    ok(gz_train(c, pick, 120, &o, &image, &err) == GZ_OK, "train %s", err.text);
    return image;
}

static void
test_predict(const struct gz_corpus *c, const struct gz_model *m)
{
    struct gz_predictor *p = gz_predictor_new(m);
    struct gz_guess guess[3];
    struct gz_reason reason[3];
    struct gz_score score = { 0 };
    struct gz_str text = GZ_STR("我家楼下的电梯坏了");
    size_t n;

    gz_evaluate_model(c, m, 0, &score);
    is_u64(score.right, 120, "it knows what it learned from");
    gz_score_release(&score);
    n = gz_predict(p, (struct gz_str){ 0 }, text, guess, 3);
    is_u64(n, 3, "three guesses");
    is_str(gz_model_path(m, guess[0].class), "住房/小区", "the best is right");
    ok(guess[0].probability >= guess[1].probability, "best first");
    ok(fabs(guess[0].probability + guess[1].probability + guess[2].probability - 1) <
           0.06,
       "probabilities sum to at most about 1");
    n = gz_predict_explain(p, guess[0].class, reason, 3);
    ok(n > 0, "there is a reason");
    is_str(gz_str_first(gz_str_from(text, reason[0].span.start),
                        reason[0].span.end - reason[0].span.start),
           "电梯", "and it is the word");
    is_u64(gz_predict(p, (struct gz_str){ 0 }, GZ_STR("xyz"), guess, 3), 0,
           "nothing is said of a text it knows nothing of");
    gz_predictor_free(p);
}

static void
test_broken(const struct gz_buf *image)
{
    struct gz_arena arena = { 0 };
    char *copy = gz_arena_alloc(&arena, image->len, 1, 8);
    struct gz_model *m;
    size_t refused = 0, tried = 0;
    struct gz_err ignored = { 0 };
    uint32_t version = 9;

    for (size_t at = 0; at < image->len; at += 1 + image->len / 997) {
        struct gz_err err = { 0 };

        memcpy(copy, image->ptr, image->len);
        copy[at] ^= 0x20;
        m = gz_model_from((struct gz_str){ copy, image->len }, "m", &err);
        refused += m == NULL && err.kind == GZ_ERR_USAGE && err.text[0];
        gz_model_close(m);
        tried++;
    }
    is_u64(refused, tried, "every changed byte is found");
    refused = tried = 0;
    // The checksum made right again: what is then accepted must not be read out of bounds
    // (run under a sanitizer), and what lies outside the file is refused.
    for (size_t at = 40; at < 1024 && at < image->len; at++) {
        struct gz_buf b = { copy, image->len, image->len };
        struct gz_guess guess[2];

        memcpy(copy, image->ptr, image->len);
        copy[at] = (char)0xE7;
        gz_model_seal(&b);
        m = gz_model_from(gz_buf_str(&b), "m", &ignored);
        tried++;
        refused += m == NULL;
        if (m) {
            struct gz_predictor *p = gz_predictor_new(m);

            gz_predict(p, GZ_STR("电梯"), GZ_STR("公交站台的学校"), guess, 2);
            gz_predictor_free(p);
        }
        gz_model_close(m);
    }
    ok(refused > 100 && refused < tried, "sealed again: %zu of %zu refused", refused,
       tried);
    memcpy(copy, image->ptr, image->len);
    memcpy(copy + 8, &version, 4);
    m = gz_model_from((struct gz_str){ copy, image->len }, "m", &ignored);
    ok(!m, "another version is refused");
    m = gz_model_from((struct gz_str){ copy, 20 }, "m", &ignored);
    ok(!m, "a stump is refused");
    gz_arena_free(&arena);
}

static void
test_model(enum gz_tree_form form, uint32_t nodes)
{
    struct gz_corpus c = { 0 };
    struct gz_buf one, two;
    struct gz_err err = { 0 };
    struct gz_model *m;

    fill(&c);
    one = train(&c, form);
    two = train(&c, form);
    ok(gz_str_eq(gz_buf_str(&one), gz_buf_str(&two)), "trained twice, the same bytes");
    m = gz_model_from(gz_buf_str(&one), "m", &err);
    ok(m != NULL, "it opens %s", err.text);
    if (m) {
        is_u64(gz_model_head(m)->nodes, nodes, "as many classifiers as forks");
        test_predict(&c, m);
    }
    gz_model_close(m);
    test_broken(&one);
    gz_buf_release(&one);
    gz_buf_release(&two);
    gz_corpus_release(&c);
}

static void
test_one_label(void)
{
    struct gz_corpus c = { .rules = gz_train_grams() };
    struct gz_train_options o = gz_train_defaults();
    uint32_t pick[2] = { 0, 1 };
    struct gz_buf image = { 0 };
    struct gz_err err = { 0 };

    gz_corpus_add(&c, GZ_STR("A"), GZ_STR("x"), GZ_STR("y"), &err);
    gz_corpus_add(&c, GZ_STR("A"), GZ_STR("x"), GZ_STR("y"), &err);
    is_u64(gz_train(&c, pick, 2, &o, &image, &err), GZ_ERR_USAGE, "one label: refused");
    c.max_terms = 1;
    err = (struct gz_err){ 0 };
    is_u64(gz_corpus_add(&c, GZ_STR("A"), GZ_STR("x"), GZ_STR("abc def"), &err),
           GZ_ERR_LIMIT, "too many n-grams: the limit");
    gz_corpus_release(&c);
}

// The vectorised sums against the plain ones, at every count around a turn.
static void
test_lanes(void)
{
    enum { ROWS = 64, STRIDE = 20, MOST = 1100 };
    static int8_t rows[ROWS * STRIDE];
    static uint32_t row[MOST];
    static int32_t value[MOST];
    uint32_t seed = 7, wrong = 0;

    for (size_t i = 0; i < sizeof(rows); i++)
        rows[i] = (int8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    for (size_t i = 0; i < MOST; i++) {
        row[i] = (seed = seed * 1664525 + 1013904223) >> 26;
        value[i] = (int32_t)((seed = seed * 1664525 + 1013904223) >> 17);
    }
    for (size_t i = 0; i < 64; i++) // the greatest products there are
        value[i] = GZ_LANES_VALUE;
    for (size_t n = 0; n <= MOST; n += n < 20 || (n > 505 && n < 530) ? 1 : 97) {
        int64_t a[GZ_LANES] = { 1 }, b[GZ_LANES] = { 1 };

        gz_lanes_add(rows, STRIDE, row, value, n, a);
        gz_lanes_add_plain(rows, STRIDE, row, value, n, b);
        wrong += memcmp(a, b, sizeof(a)) != 0;
    }
    is_u64(wrong, 0, "vectorised sums are those of the plain twin");
}

int
main(void)
{
    test_symbols();
    test_grams();
    test_times();
    test_tree();
    test_calibrate();
    test_lanes();
    if (gz_svm_available()) {
        test_model(GZ_TREE_FLAT, 1);
        test_model(GZ_TREE_LEVELS, 2);
        test_one_label();
    }
    return done_testing();
}
