// SPDX-License-Identifier: MIT
// Likeness, sets, weights, terms and the state of gz-link against plain computations.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "link/cluster.h"
#include "link/docfreq.h"
#include "link/entry.h"
#include "link/gram.h"
#include "link/minhash.h"
#include "link/sets.h"
#include "link/state.h"
#include "link/topic.h"
#include "link/vector.h"
#include "pack/sheet.h"
#include "tap.h"

static uint64_t seed = 42;

static uint32_t
noise(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

// ---- likeness of sets ----

static unsigned
naive_jaccard(const uint32_t *a, size_t m, const uint32_t *b, size_t n)
{
    size_t both = 0;

    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < n; k++)
            both += (a[i] & GZ_GRAM_ID) == (b[k] & GZ_GRAM_ID);
    return m && n ? (unsigned)(both * 1000 / (m + n - both)) : 0;
}

static void
test_jaccard(void)
{
    unsigned wrong = 0, far = 0, twins = 0, missed = 0, near = 0;

    for (int round = 0; round < 400; round++) {
        uint32_t a[300], b[300];
        size_t m = 20 + noise() % 200, n = 0, kept = m * (50 + noise() % 50) / 100;
        struct gz_minhash x, y;
        unsigned exact, estimate;
        bool met = false;

        for (size_t i = 0; i < m; i++)
            a[i] = noise() & ~0x80000000u;
        for (size_t i = 0; i < kept; i++)
            b[n++] = a[m - 1 - i] | GZ_GRAM_TITLE;
        while (n < m)
            b[n++] = noise() & ~0x80000000u;
        exact = gz_jaccard(a, m, b, n);
        wrong += exact != naive_jaccard(a, m, b, n);
        gz_minhash_make(a, m, &x);
        gz_minhash_make(b, n, &y);
        estimate = gz_minhash_estimate(&x, &y);
        twins += estimate != gz_minhash_estimate_plain(&x, &y);
        far += estimate + 300 < exact || estimate > exact + 300;
        for (int k = 0; k < GZ_MINHASH_BANDS; k++)
            met |= x.band[k] == y.band[k];
        near += exact >= 750;
        missed += exact >= 750 && !met;
    }
    is_u64(wrong, 0, "the Jaccard similarity is the one counted pair by pair");
    is_u64(twins, 0, "both ways to estimate it agree");
    is_u64(far, 0, "the estimate is never far off");
    ok(near > 50 && missed * 50 < near, "near sets share a band: %u of %u missed", missed,
       near);
}

// ---- numbers ----

static void
test_log(void)
{
    uint32_t before = 0;
    bool rises = true;

    is_u64(gz_log2_q8(1), 0, "log2(1)");
    is_u64(gz_log2_q8(1024), 10 << 8, "log2(1024)");
    is_u64(gz_log2_q8(3), 405, "log2(3) is 1.585, 405.7 in steps of 1/256");
    for (uint32_t i = 1; i < 100000; i++) {
        rises &= gz_log2_q8(i) >= before;
        before = gz_log2_q8(i);
    }
    ok(rises, "log2 never falls");
}

static void
test_sets(void)
{
    uint32_t parent[200], naive[200];
    unsigned wrong = 0;

    gz_sets_init(parent, 200);
    for (uint32_t i = 0; i < 200; i++)
        naive[i] = i;
    for (int round = 0; round < 150; round++) {
        uint32_t a = noise() % 200, b = noise() % 200, x = naive[a], y = naive[b];

        gz_sets_join(parent, a, b);
        for (int i = 0; i < 200; i++)
            if (naive[i] == x || naive[i] == y)
                naive[i] = x < y ? x : y;
    }
    for (uint32_t i = 0; i < 200; i++)
        wrong += gz_sets_find(parent, i) != naive[i];
    is_u64(wrong, 0, "each set is known by its smallest member");
}

static void
test_vectors(void)
{
    struct gz_weighted a[] = { { 1, 30 }, { 5, 40 } }, b[] = { { 1, 3 }, { 5, 4 } };
    struct gz_weighted c[] = { { 2, 7 }, { 5, 40 } }, scratch[8], out[8];
    struct gz_vector x = { a, 2 }, y = { b, 2 }, z = { c, 2 };

    is_u64(gz_vector_cosine(x, y), 1000, "the length of a vector says nothing");
    is_u64(gz_vector_cosine(x, z), 788, "40 * 40 / (50 * 40.6)");
    is_u64(gz_vector_cosine(x, (struct gz_vector){ NULL, 0 }), 0, "nothing is like none");
    is_u64(gz_vector_add(x, z, scratch, out, 8), 3, "a sum has the terms of both");
    ok(out[0].gram == 1 && out[1].gram == 2 && out[2].gram == 5 && out[2].weight == 80,
       "in ascending order, shared ones added");
    is_u64(gz_vector_add(x, z, scratch, out, 2), 2, "only the heaviest are kept");
    ok(out[0].gram == 1 && out[1].gram == 5, "and stay in order");
}

// ---- texts ----

static size_t
grams_of(const struct gz_gram_words *words, struct gz_grams *g, const char *text)
{
    gz_grams_clear(g);
    gz_grams_add(g, words, gz_str_of(text), 500, 0);
    return g->count;
}

static void
test_grams(void)
{
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_gram_words *words = gz_gram_words_load(NULL, &arena, &err);
    static struct gz_grams g, h;

    ok(words && !err.kind, "the built-in words load: %s", err.text);
    is_u64(grams_of(words, &g, "幸福里"), 2, "three characters make two pairs");
    is_u64(grams_of(words, &g, "您好，请问幸福里"), 2, "forms of address are left out");
    is_u64(grams_of(words, &g, "幸福幸福幸福"), 2, "each pair counts once");
    grams_of(words, &g, "油烟");
    ok(g.count == 1 && g.gram[0] & GZ_GRAM_MATTER, "油烟 is a matter");
    is_u64(grams_of(words, &g, "幸福里油烟"), 3, "no pair across name and matter");
    grams_of(words, &g, "pothole");
    ok(g.count == 1 && g.gram[0] & GZ_GRAM_MATTER, "so is a pothole");
    grams_of(words, &g, "ＭＡＩＮ Ｓｔ");
    grams_of(words, &h, "main st");
    ok(g.count == 1 && h.count == 1 && g.gram[0] == h.gram[0],
       "width and case make no difference");
    is_u64(grams_of(words, &g, "里13912345678里"), 0, "long numbers are no name");
    is_u64(grams_of(words, &g, ""), 0, "nothing has no pairs");
    gz_arena_free(&arena);
}

// ---- the halls that topics propose exist ----

static void
test_tiers(void)
{
    static const char *const tier[] = { "community", "subdistrict", "district", "city" };
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_sheet *s = gz_sheet_builtin("pack/ladders.csv", &arena, &err);

    for (size_t k = 0; s && k < GZ_COUNT(tier); k++) {
        bool found = false;

        for (size_t i = 0; i < s->rows; i++)
            found |=
                gz_str_is(gz_sheet_cell(&s->row[i], gz_sheet_column(s, "ladder")),
                          "lhlt") &&
                gz_str_is(gz_sheet_cell(&s->row[i], gz_sheet_column(s, "tier")), tier[k]);
        ok(found, "%s is a tier of the ladder lhlt", tier[k]);
    }
    gz_arena_free(&arena);
}

// ---- the state ----

static void
fill(struct gz_entries *e, struct gz_docfreq *df)
{
    for (uint32_t i = 0; i < 5; i++) {
        struct gz_entry *x = gz_entries_add(e);
        char id[8];

        snprintf(id, sizeof(id), "p%u", (unsigned)i);
        x->id = gz_arena_dup(&e->arena, gz_str_of(id));
        x->sec = (int64_t)i * 86400;
        x->person = i + 7;
        x->supports = 3;
        x->names = 2;
        x->term[0] = 11 + i;
        x->term[1] = 99 | GZ_GRAM_TITLE;
        x->part[GZ_COMMUNITY] = gz_map_put(&e->places, GZ_STR("东里"), NULL);
        x->hash.band[3] = i;
        x->hash.low[5] = 200;
    }
    e->entry[4].first = gz_arena_dup(&e->arena, GZ_STR("p1"));
    df->count[17] = 4;
    df->records = 5;
}

static void
test_state(void)
{
    char path[] = "/tmp/gz-link-test.XXXXXX", byte;
    struct gz_entries e = { 0 }, back = { 0 };
    struct gz_docfreq df, df_back;
    struct gz_topics topics = { 0 };
    struct gz_state state = { 0 };
    struct gz_err err = { 0 };
    struct stat st;
    int fd = mkstemp(path);
    unsigned accepted = 0;

    gz_docfreq_init(&df);
    gz_docfreq_init(&df_back);
    fill(&e, &df);
    gz_state_save(path, GZ_STR("key"), &e, &topics, &df, 86400, &err);
    ok(!err.kind && stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
       "a state is for its owner only");
    gz_state_load(path, &state, &back, &df_back, &err);
    ok(!err.kind, "it loads: %s", err.text);
    is_str(state.key_id, "key", "the key's id comes back");
    is_u64(back.count, 4, "what is older than the window does not");
    ok(back.count == 4 && gz_str_is(back.entry[3].first, "p1") &&
           back.entry[3].term[0] == 15 && back.entry[3].person == 11 &&
           back.entry[3].hash.low[5] == 200 && back.entry[3].flags == GZ_ENTRY_OLD &&
           gz_str_is(back.places.keys[back.entry[0].part[GZ_COMMUNITY]], "东里"),
       "an entry comes back whole");
    ok(df_back.count[17] == 4 && df_back.records == 5, "so do the frequencies");

    // Turn over each byte once: no such file may be taken.
    close(fd);
    fd = open(path, O_RDWR | O_CLOEXEC);
    for (off_t at = 0; fstat(fd, &st) == 0 && at < st.st_size; at++) {
        struct gz_entries again = { 0 };
        struct gz_docfreq again_df;
        struct gz_err bad = { 0 };

        if (pread(fd, &byte, 1, at) != 1)
            break;
        byte ^= 0x20;
        accepted += pwrite(fd, &byte, 1, at) != 1;
        gz_docfreq_init(&again_df);
        accepted += gz_state_load(path, &state, &again, &again_df, &bad) == GZ_OK;
        gz_entries_release(&again);
        gz_docfreq_release(&again_df);
        byte ^= 0x20;
        accepted += pwrite(fd, &byte, 1, at) != 1;
    }
    is_u64(accepted, 0, "a changed byte is always seen");
    close(fd);
    unlink(path);
    gz_entries_release(&e);
    gz_entries_release(&back);
    gz_docfreq_release(&df);
    gz_docfreq_release(&df_back);
}

int
main(void)
{
    test_jaccard();
    test_log();
    test_sets();
    test_vectors();
    test_grams();
    test_tiers();
    test_state();
    return done_testing();
}
