// SPDX-License-Identifier: MIT
// The vectorised check against the plain one. The source itself is included, to reach the
// form that this processor would not pick.
#include "base/utf8_simd.c"

#include "tap.h"

typedef size_t prefix_fn(struct gz_str s);

static const struct {
    const char *name;
    prefix_fn *run;
} forms[] = {
    { "dispatched", gz_utf8_valid_prefix },
#if defined(__x86_64__)
    { "ssse3", prefix_ssse3 },
    { "avx2", prefix_avx2 },
#endif
};

static bool
can_run(size_t form)
{
#if defined(__x86_64__)
    return form == 0 ||
           (form == 1 ? __builtin_cpu_supports("ssse3") : __builtin_cpu_supports("avx2"));
#else
    return form == 0;
#endif
}

// Every sequence of lead, second, third and fourth byte from the borders of the classes,
// put where it crosses the blocks, among `filler`.
static void
test_borders(size_t form, const char *filler)
{
    static const unsigned char edge[] = { 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                          0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0,
                                          0xED, 0xEF, 0xF0, 0xF4, 0xF5 };
    const size_t n = sizeof(edge);
    static const size_t places[] = { 0, 61, 62, 63 };
    size_t wrong = 0;
    char text[136];

    for (size_t place = 0; place < GZ_COUNT(places); place++) {
        for (size_t i = 0; i < n * n * n * n; i++) {
            struct gz_str s = { text, sizeof(text) };

            for (size_t k = 0; k < sizeof(text); k++)
                text[k] = filler[k % strlen(filler)];
            // After whole fillers, so that only the sequence can be wrong.
            for (size_t k = 0; k < 4; k++) {
                size_t div = k == 0 ? 1 : k == 1 ? n : k == 2 ? n * n : n * n * n;

                text[places[place] + k] = (char)edge[i / div % n];
            }
            wrong += forms[form].run(s) != gz_utf8_valid_prefix_plain(s);
        }
    }
    ok(wrong == 0, "%s: sequences at the borders, among %s", forms[form].name, filler);
}

static uint32_t
next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

// Valid text of all lengths, cut anywhere and broken by one byte or not.
static void
test_random(size_t form)
{
    static const char *const parts[] = { "a",
                                         "ab, cd",
                                         "\xC2\x80",
                                         "\xE4\xB8\xAD",
                                         "\xEF\xBF\xBF",
                                         "\xF0\x9F\x98\x80",
                                         "\xF4\x8F\xBF\xBF",
                                         "\xED\x9F\xBF" };
    uint32_t seed = 42;
    size_t wrong = 0;
    char text[400];

    for (size_t round = 0; round < 60000; round++) {
        struct gz_str s = { text, 0 };
        size_t kinds = 1 + next_random(&seed) % GZ_COUNT(parts);
        size_t want = next_random(&seed) % 380;
        size_t skip = next_random(&seed) % 5;

        while (s.len < want) {
            const char *p = parts[next_random(&seed) % kinds];

            memcpy(text + s.len, p, strlen(p));
            s.len += strlen(p);
        }
        s.len = want;
        if (s.len && next_random(&seed) % 2)
            text[next_random(&seed) % s.len] = (char)next_random(&seed);
        s = gz_str_from(s, skip);
        wrong += forms[form].run(s) != gz_utf8_valid_prefix_plain(s);
    }
    ok(wrong == 0, "%s: random texts", forms[form].name);
}

int
main(void)
{
    for (size_t form = 0; form < GZ_COUNT(forms); form++) {
        if (!can_run(form))
            continue;
        test_borders(form, "a");
        test_borders(form, "\xC3\xA9");
        test_random(form);
    }
    return done_testing();
}
