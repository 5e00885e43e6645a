// SPDX-License-Identifier: MIT
#include "civic/cond.h"
#include "tap.h"

static struct gz_arena setup;
static struct gz_schema *schema;

static const char record[] =
    "{\"rec\":\"petition\",\"role\":\"lead\",\"received_at\":\"2026-03-18T23:59\","
    "\"closed_at\":\"2026-03-20\",\"due_given\":\"2026-03-20T10:00\",\"tags\":[\"a\","
    "\"b\"],"
    "\"supports\":12.50,\"title\":\"\",\"fu_solved\":\"no\",\"fu1_solved\":\"yes\","
    "\"signed_at\":\"2026-03-19T00:05\",\"updated_at\":\"2018\"}";

// 1 holds, 0 does not, -1 is no condition (the message is in *err).
static int
judge(const char *json, int64_t as_of, const struct gz_scheme *scheme, struct gz_err *err)
{
    struct gz_slots *slots = gz_arena_new(&setup, struct gz_slots, 1);
    struct gz_json_doc *doc = gz_json_parse(gz_str_of(json), "test", err);
    struct gz_cond_setup s = { .arena = &setup,
                               .slots = slots,
                               .scheme = scheme,
                               .doc = doc,
                               .kind = gz_schema_kind(schema, GZ_STR("petition")) };
    const struct gz_cond *c;
    int result = -1;

    gz_slots_init(slots, &setup);
    c = doc ? gz_cond_compile(&s, gz_json_root(doc), err) : NULL;
    if (c && gz_slots_read(slots, gz_str_of(record), err)) {
        result = gz_cond_holds(c, slots, as_of);
        if (gz_cond_holds(c, slots, as_of) != (bool)result)
            result = 9; // asked again it must say the same
    }
    gz_slots_release(slots);
    gz_json_free(doc);
    return result;
}

static void
check(const char *json, int want)
{
    struct gz_err err = { 0 };
    int got = judge(json, 1774137600 /* 2026-03-22 */, NULL, &err);

    ok(got == want, "%s: %d (%s)", json, got, err.text);
}

static void
test_tests(void)
{
    check("{\"field\":\"role\",\"is\":[\"lead\"]}", 1);
    check("{\"field\":\"role\",\"is\":\"co\"}", 0);
    check("{\"field\":\"工单性质\",\"is\":\"lead\"}", 1);
    check("{\"field\":\"kind\",\"is\":\"投诉\"}", 0);
    check("{\"not\":{\"field\":\"kind\",\"is\":\"投诉\"}}", 1);
    check("{\"field\":\"kind\",\"absent\":true}", 1);
    check("{\"field\":\"kind\",\"present\":true}", 0);
    check("{\"field\":\"title\",\"present\":true}", 0);
    check("{\"field\":\"role\",\"present\":false}", 0);
    check("{\"field\":\"tags\",\"has\":\"b\"}", 1);
    check("{\"field\":\"tags\",\"has\":[\"c\",\"d\"]}", 0);
    check("{\"field\":\"role\",\"starts\":\"le\"}", 1);
    check("{\"field\":\"supports\",\"ge\":12.5}", 1);
    check("{\"field\":\"supports\",\"gt\":12.5}", 0);
    check("{\"field\":\"received_at\",\"lt\":\"2026-03-19\"}", 1);
    check("{\"field\":\"received_at\",\"ge\":\"2026-03-18T23:59\"}", 1);
    check("{\"field\":\"updated_at\",\"lt\":\"2026-03-19\"}", 0);
    check("{\"field\":\"updated_at\",\"ge\":\"2026-03-19\"}", 0);
    check("{\"field\":\"closed_at\",\"le\":{\"field\":\"due_given\"}}", 1);
    check("{\"field\":\"closed_at\",\"gt\":{\"field\":\"due_given\"}}", 0);
    check("{\"field\":\"due_given\",\"past_due\":true}", 1);
    check("{\"field\":\"closed_at\",\"before_as_of\":true}", 1);
    check("{\"from\":\"received_at\",\"to\":\"signed_at\",\"lt\":600}", 1);
    check("{\"from\":\"received_at\",\"to\":\"signed_at\",\"lt\":360}", 0);
    check("{\"from\":\"received_at\",\"to\":\"closed_at\",\"lt\":1e9}", 0);
    check("{\"all\":[]}", 1);
    check("{\"any\":[]}", 0);
    check("{\"all\":[{\"field\":\"role\",\"is\":\"lead\"},{\"any\":[{\"field\":\"kind\","
          "\"present\":true},{\"field\":\"tags\",\"has\":\"a\"}]}]}",
          1);
}

static void
test_faults(void)
{
    static const char *const bad[] = {
        "[]",
        "{}",
        "{\"field\":\"rolle\",\"is\":\"lead\"}",
        "{\"field\":\"role\"}",
        "{\"field\":\"role\",\"is\":3}",
        "{\"field\":\"role\",\"is\":\"a\",\"present\":true}",
        "{\"field\":\"role\",\"equals\":\"a\"}",
        "{\"field\":\"closed_at\",\"lt\":\"soon\"}",
        "{\"all\":{}}",
        "{\"scheme\":\"valid\"}",
        "{\"from\":\"received_at\",\"to\":\"closed_at\"}",
    };

    for (size_t i = 0; i < GZ_COUNT(bad); i++) {
        struct gz_err err = { 0 };

        ok(judge(bad[i], 0, NULL, &err) == -1 && err.kind == GZ_ERR_USAGE &&
               err.line == 1,
           "%s: %s", bad[i], err.text);
    }
}

// A scheme on the default one: what it says and what it leaves.
static void
test_scheme(void)
{
    struct gz_err err = { 0 };
    struct gz_scheme *s = gz_scheme_parse(
        &setup,
        GZ_STR("{\"name\":\"mine\",\"base\":\"calendar\",\"follow_up\":\"first\","
               "\"roles\":[\"lead\",\"\"],\"conditions\":{\"valid\":{\"field\":"
               "\"fu_solved\",\"present\":true}}}"),
        "mine", &err);
    struct gz_scheme *again;

    ok(s != NULL, "a scheme with a base: %s", err.text);
    if (!s)
        return;
    ok(judge("{\"scheme\":\"solved\"}", 0, s, &err) == 1, "the first follow-up is read");
    ok(judge("{\"scheme\":\"valid\"}", 0, s, &err) == 1, "its own condition");
    ok(judge("{\"scheme\":\"counted\"}", 0, s, &err) == 1, "a role that counts");
    ok(judge("{\"scheme\":\"excluded\"}", 0, s, &err) == 0, "not excluded");
    is_u64(s->rate_count, 3, "rates of the base");
    ok(gz_scheme_rate(s, GZ_STR("solve_rate")) != NULL, "by name");
    again = gz_scheme_parse(&setup, s->text, "again", &err);
    ok(again && gz_str_eq(again->text, s->text),
       "its text is it, with the base filled in");
    gz_scheme_release(again);
    gz_scheme_release(s);
}

static void
test_scheme_faults(void)
{
    static const char *const bad[] = {
        "[]",
        "{}",
        "{\"name\":\"x\",\"weihgts\":1}",
        "{\"name\":\"x\",\"base\":\"nosuch\"}",
        "{\"name\":\"x\",\"period\":{\"start_day\":32}}",
        "{\"name\":\"x\",\"period\":{\"kind\":\"year\",\"start_day\":2}}",
        "{\"name\":\"x\",\"period\":{\"cut\":\"25:00\"}}",
        "{\"name\":\"x\",\"rates\":[{\"name\":\"r\"}]}",
        "{\"name\":\"x\",\"rounding\":\"up\"}",
        "{\"name\":\"x\",\"score\":{}}",
        "{\"name\":\"x\",\"exclude\":[{\"code\":\"a\"}]}",
    };

    for (size_t i = 0; i < GZ_COUNT(bad); i++) {
        struct gz_err err = { 0 };

        ok(!gz_scheme_parse(&setup, gz_str_of(bad[i]), "bad", &err) &&
               err.kind == GZ_ERR_USAGE,
           "%s: %s", bad[i], err.text);
    }
}

static void
test_short_form(void)
{
    is_str(gz_cond_from_option(&setup, GZ_STR("role=lead|co")),
           "{\"field\":\"role\",\"is\":[\"lead\",\"co\"]}", "words");
    is_str(gz_cond_from_option(&setup, GZ_STR("role!=lead")),
           "{\"not\":{\"field\":\"role\",\"is\":[\"lead\"]}}", "not words");
    is_str(gz_cond_from_option(&setup, GZ_STR("closed_at")),
           "{\"field\":\"closed_at\",\"present\":true}", "there");
    is_str(gz_cond_from_option(&setup, GZ_STR("!closed_at")),
           "{\"not\":{\"field\":\"closed_at\",\"present\":true}}", "not there");
}

int
main(void)
{
    schema = gz_schema_load(&setup);
    test_tests();
    test_faults();
    test_scheme();
    test_scheme_faults();
    test_short_form();
    gz_schema_release(schema);
    gz_arena_free(&setup);
    return done_testing();
}
