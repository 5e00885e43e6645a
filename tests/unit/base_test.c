// SPDX-License-Identifier: MIT
// Views, buffers, arenas, maps and errors.
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "tap.h"

static void
test_str(void)
{
    struct gz_cut cut = gz_str_cut(GZ_STR("科体文宣->文化->文物"), GZ_STR("->"));

    is_str(cut.head, "科体文宣", "cut: head before the first separator");
    is_str(cut.tail, "文化->文物", "cut: tail after it");
    ok(!gz_str_cut(GZ_STR("abc"), GZ_STR("->")).found, "cut: no separator");
    is_str(gz_str_trim(GZ_STR("\xEF\xBB\xBF　 a b\xC2\xA0\t\r\n")), "a b",
           "trim: BOM, ideographic, no-break and ASCII blanks");
    is_str(gz_str_trim(GZ_STR("　　")), "", "trim: nothing but blanks");
    is_u64(gz_str_find(GZ_STR("路灯不亮"), GZ_STR("不")), 6, "find: byte offset");
    is_u64(gz_str_find(GZ_STR("ab"), GZ_STR("abc")), (size_t)-1, "find: longer needle");
    ok(gz_str_cmp(GZ_STR("a"), GZ_STR("ab")) < 0, "cmp: shorter first");
    is_u64(gz_str_distance(GZ_STR("perido"), GZ_STR("period"), 9), 1,
           "distance: neighbours swapped");
    is_u64(gz_str_distance(GZ_STR("tally"), GZ_STR("report"), 3), 3,
           "distance: stops at the limit");
    is_str(gz_str_basename("/a/b.csv"), "b.csv", "basename");
}

static void
test_arena(void)
{
    struct gz_arena a = { 0 };
    struct gz_str s = gz_arena_dup(&a, GZ_STR("北京"));
    char *big = gz_arena_alloc(&a, 3000000, 1, 64);

    ok(s.ptr[s.len] == '\0', "arena: a copy ends with NUL");
    ok(((uintptr_t)big & 63) == 0 && big[2999999] == 0, "arena: aligned and zeroed");
    is_str(gz_arena_printf(&a, "%d-%s", 7, "x"), "7-x", "arena: printf");
    gz_arena_reset(&a);
    is_u64(a.used, 0, "arena: reset forgets");
    ok(gz_arena_alloc(&a, 1, 1, 1) != NULL, "arena: usable after reset");
    gz_arena_free(&a);
}

static void
test_map(void)
{
    struct gz_map m = { 0 };
    char key[16];
    bool added, right = true;

    is_u64(gz_map_get(&m, GZ_STR("x")), GZ_MAP_NONE, "map: empty");
    for (int i = 0; i < 5000; i++) {
        int n = snprintf(key, sizeof(key), "k%d", i);

        right &=
            gz_map_put(&m, (struct gz_str){ key, (size_t)n }, &added) == (uint32_t)i &&
            added;
    }
    ok(right, "map: numbers in order of insertion");
    is_u64(gz_map_put(&m, GZ_STR("k4321"), &added), 4321, "map: found again");
    ok(!added, "map: and not added twice");
    is_str(m.keys[77], "k77", "map: keys by number");
    is_u64(gz_map_get(&m, GZ_STR("k5000")), GZ_MAP_NONE, "map: what is not there");
    gz_map_release(&m);
}

static void
test_hash(void)
{
    char hex[17];

    // Written into files and compared for ever: these values may never change.
    is_str(gz_str_of(gz_hash_hex(gz_hash_fixed(GZ_STR("")), hex)), "2d06800538d394c2",
           "hash: XXH3 of nothing");
    is_u64(gz_hash_fixed(GZ_STR("热线-250329-022222")),
           gz_hash_fixed(GZ_STR("热线-250329-022222")), "hash: fixed");
}

static void
test_err(void)
{
    struct gz_err err = { 0 };
    struct gz_buf b = { 0 };

    gz_err_set(&err, GZ_ERR_DATA, "first '%s'", "\x1b[31m");
    gz_err_set(&err, GZ_ERR_IO, "second");
    gz_err_at(&err, "a.csv", 12, 3);
    gz_err_at(&err, "b.csv", 99, 9);
    gz_err_format(&err, &b);
    is_str(gz_buf_str(&b), "a.csv:12:3: first '?[31m'",
           "err: the first cause and place win, controls are shown as ?");
    is_u64(gz_err_status(GZ_ERR_LIMIT), 4, "err: status");
    gz_buf_release(&b);
}

static void
test_buf(void)
{
    struct gz_buf b = { 0 };

    gz_buf_i64(&b, INT64_MIN);
    gz_buf_char(&b, ' ');
    gz_buf_u64(&b, UINT64_MAX);
    is_str(gz_buf_str(&b), "-9223372036854775808 18446744073709551615", "buf: numbers");
    gz_buf_release(&b);
}

int
main(void)
{
    test_str();
    test_arena();
    test_map();
    test_hash();
    test_err();
    test_buf();
    return done_testing();
}
