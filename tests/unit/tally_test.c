// SPDX-License-Identifier: MIT
// The law of tallies: parts, cut anywhere and put together in any order, are the whole.
#include "tally/count.h"
#include "tally/plan.h"
#include "tally/store.h"
#include "tap.h"

static uint64_t seed = 19;

static uint32_t
below(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((seed >> 33) % n);
}

struct lines {
    struct gz_buf text;
    size_t *start; // of each line, and the end of the last
    size_t count;
};

static struct gz_arena setup;
static struct gz_schema *schema;

// A plan with every kind of measure, dimension and window, and lists.
static const char plan_text[] =
    "{\"name\":\"law\",\"tables\":["
    "{\"name\":\"units\",\"by\":[\"scheme.unit\",\"scheme.unit_by\"],\"at\":\"received_"
    "at\","
    "\"where\":{\"scheme\":\"counted\"},\"measures\":[{\"name\":\"received\"},"
    "{\"name\":\"valid\",\"where\":{\"all\":[{\"scheme\":\"valid\"},{\"not\":{\"scheme\":"
    "\"excluded\"}}]}},{\"name\":\"closed\",\"at\":\"closed_at\",\"window\":\"closed\","
    "\"where\":{\"scheme\":\"closed\"}},{\"name\":\"time\",\"at\":\"closed_at\","
    "\"duration\":[\"received_at\",\"closed_at\"]},{\"name\":\"sum\",\"sum\":"
    "\"supports\"},"
    "{\"name\":\"people\",\"distinct\":\"reporter_key\"}]},"
    "{\"name\":\"tags\",\"by\":[\"tags\"],\"at\":\"received_at\",\"measures\":[{\"name\":"
    "\"n\"}]},"
    "{\"name\":\"all\",\"measures\":[{\"name\":\"people\",\"distinct\":\"reporter_key\"},"
    "{\"name\":\"time\",\"duration\":[\"received_at\",\"closed_at\"]}]},"
    "{\"name\":\"excluded\",\"by\":[\"scheme.exclusion\",\"received_at:week\"],"
    "\"measures\":[{\"name\":\"n\"}]},"
    "{\"name\":\"backlog\",\"window\":\"calendar\",\"measures\":[{\"name\":\"opened\","
    "\"at\":\"received_at\"},{\"name\":\"closed\",\"at\":\"closed_at\"}]},"
    "{\"name\":\"meetings\",\"rec\":\"meeting\",\"by\":[\"kind\"],\"at\":\"held_at\","
    "\"measures\":[{\"name\":\"n\"},{\"name\":\"present\",\"sum\":\"n_present\"}]}],"
    "\"lists\":[{\"name\":\"overdue\",\"where\":{\"all\":[{\"field\":\"due_given\","
    "\"past_due\":true},{\"field\":\"closed_at\",\"absent\":true}]},\"order\":[\"due_"
    "given\"],"
    "\"id\":\"petition_id\",\"columns\":[\"petition_id\",\"scheme.unit\",\"due_given\"],"
    "\"limit\":7}]}";

static void
put_petition(struct gz_buf *b, uint32_t i)
{
    gz_buf_printf(b, "{\"rec\":\"petition\",\"petition_id\":\"%u\"", i);
    if (below(9))
        gz_buf_printf(b, ",\"received_at\":\"2025-%02u-%02uT%02u:%02u:%02u\"",
                      1 + below(6), 1 + below(28), below(24), below(60), below(60));
    else if (below(2))
        gz_buf_printf(b, ",\"received_at\":\"2025-%02u\"", 1 + below(6));
    if (below(3))
        gz_buf_printf(b, ",\"tags\":[\"t%u\",\"t%u\",\"\\u4e03\"]", below(4), below(4));
    if (below(2))
        gz_buf_printf(b, ",\"reporter_key\":\"k%u\"", below(4000));
    if (below(4) == 0)
        gz_buf_printf(b, ",\"supports\":%u.%02u", below(1000), below(100));
    if (below(4))
        gz_buf_printf(b, ",\"lead_org\":\"unit %u\"", below(3));
    else if (below(2))
        gz_buf_printf(b, ",\"subdistrict\":\"s\\\"%u\"", below(3));
    if (below(3))
        gz_buf_printf(b, ",\"due_given\":\"2025-%02u-%02u\"", 1 + below(9),
                      1 + below(28));
    if (below(3))
        gz_buf_printf(b, ",\"closed_at\":\"2025-%02u-%02u%s\"", 1 + below(9),
                      1 + below(28), below(2) ? "" : "T12:34:56");
    gz_buf_printf(b, ",\"fu_valid\":\"%s\",\"assess\":\"%s\"}\n", below(2) ? "yes" : "no",
                  below(5) ? "yes" : "no");
}

static void
put_line(struct gz_buf *b, uint32_t i)
{
    switch (below(40)) {
    case 0:
        gz_buf_printf(b,
                      "{\"rec\":\"source\",\"v\":1,\"src\":\"s%u\",\"layout\":\"l\","
                      "\"kinds\":[\"petition\"],\"fields\":[\"petition_id\","
                      "\"received_at\"],\"privacy\":\"contact\"}\n",
                      below(3));
        break;
    case 1:
        gz_buf_printf(b,
                      "{\"rec\":\"source_end\",\"src\":\"s%u\",\"rows\":%u,\"used\":3,"
                      "\"skips\":[\"title:2\",\"blank:1\"]}\n",
                      below(3), below(90));
        break;
    case 2:
        gz_buf_printf(b,
                      "{\"rec\":\"reject\",\"src\":\"s%u\",\"code\":\"date\","
                      "\"stage\":\"gz-ingest\"}\n",
                      below(3));
        break;
    case 3:
        gz_buf_lit(b, "{\"rec\":\"forum\",\"forum_id\":\"f\"}\n");
        break;
    case 4:
        gz_buf_lit(b, "this is no record\n");
        break;
    case 5:
    case 6:
        gz_buf_printf(b,
                      "{\"rec\":\"meeting\",\"held_at\":\"2025-%02u-05\",\"kind\":"
                      "\"k%u\",\"n_present\":%u}\n",
                      1 + below(6), below(3), below(90));
        break;
    default:
        put_petition(b, i);
    }
}

static void
index_lines(struct lines *l)
{
    l->count = 0;
    for (size_t i = 0; i < l->text.len; i++)
        l->count += l->text.ptr[i] == '\n';
    l->start = calloc(l->count + 1, sizeof(*l->start));
    if (!l->start)
        abort();
    for (size_t i = 0, n = 0; i < l->text.len; i++)
        if (l->text.ptr[i] == '\n')
            l->start[++n] = i + 1;
}

static struct gz_str
line_at(const struct lines *l, size_t i)
{
    return (struct gz_str){ l->text.ptr + l->start[i],
                            l->start[i + 1] - l->start[i] - 1 };
}

static void
add_line(struct lines *to, struct gz_str line)
{
    gz_buf_add(&to->text, line);
    gz_buf_char(&to->text, '\n');
}

static void
release(struct lines *l)
{
    gz_buf_release(&l->text);
    free(l->start);
    *l = (struct lines){ 0 };
}

static enum gz_err_kind
no_flush(void *ctx, struct gz_err *err)
{
    (void)ctx;
    (void)err;
    return GZ_OK;
}

static uint64_t memory; // for rows; 0: any

// What gz-tally does to these lines.
static struct lines
tally(const struct lines *in, const char *scheme_name)
{
    struct gz_err err = { 0 };
    struct gz_scheme *scheme = gz_scheme_load(&setup, scheme_name, &err);
    struct gz_plan *plan =
        gz_plan_parse(&setup, gz_str_of(plan_text), "law", scheme, schema, &err);
    struct gz_count_options options = { .as_of = "2025-06-30" };
    struct gz_store store;
    struct gz_counter *c;
    struct lines out = { 0 };

    options.memory = memory;
    gz_store_init(&store, 0, memory);
    c = plan ? gz_counter_new(&setup, plan, scheme, schema, &options, &store, &err)
             : NULL;
    if (!c) {
        printf("Bail out! %s\n", err.text);
        exit(1);
    }
    for (size_t i = 0; i < in->count; i++) {
        struct gz_err bad = { 0 };

        if (gz_counter_line(c, line_at(in, i), &bad))
            gz_counter_reject(c, &bad, &err);
    }
    gz_counter_finish(c, &err);
    gz_store_sort(&store, &err);
    for (size_t i = 0; i < store.kept; i++)
        gz_tally_write(store.tally[i], &out.text, no_flush, NULL, &err);
    gz_counter_free(c);
    gz_store_release(&store);
    gz_plan_release(plan);
    gz_scheme_release(scheme);
    index_lines(&out);
    return out;
}

static bool
same(const struct lines *a, const struct lines *b)
{
    return a->text.len == b->text.len &&
           memcmp(a->text.ptr, b->text.ptr, a->text.len) == 0;
}

// Deal the lines out to `parts`, tally some of the parts and leave others as records, put
// all of it together in a random order, and tally that.
static struct lines
in_parts(const struct lines *in, const char *scheme, uint32_t parts, uint32_t raw)
{
    struct lines part[8] = { { .count = 0 } }, joined = { 0 }, out;
    uint32_t first = below(parts);

    for (size_t i = 0; i < in->count; i++)
        add_line(&part[below(parts)], line_at(in, i));
    for (uint32_t k = 0; k < parts; k++) {
        struct lines *p = &part[(first + k) % parts];

        index_lines(p);
        if (k >= raw) {
            struct lines t = tally(p, scheme);

            release(p);
            *p = t;
        }
        for (size_t i = 0; i < p->count; i++)
            add_line(&joined, line_at(p, i));
    }
    index_lines(&joined);
    out = tally(&joined, scheme);
    for (uint32_t k = 0; k < parts; k++)
        release(&part[k]);
    release(&joined);
    return out;
}

static void
test_law(size_t lines, const char *scheme)
{
    struct lines in = { 0 }, whole, again;

    for (size_t i = 0; i < lines; i++)
        put_line(&in.text, (uint32_t)i);
    index_lines(&in);
    whole = tally(&in, scheme);
    for (uint32_t parts = 1; parts <= 6; parts++)
        for (uint32_t raw = 0; raw <= parts; raw++) {
            struct lines joined = in_parts(&in, scheme, parts, raw);

            ok(same(&whole, &joined), "%s: %zu lines in %u parts, %u of them records",
               scheme, lines, parts, raw);
            release(&joined);
        }
    again = tally(&whole, scheme);
    ok(same(&whole, &again), "a tally of a tally is it");
    for (memory = 2000; memory < 1000000; memory *= 20) {
        struct lines spilled = tally(&in, scheme), merged = tally(&whole, scheme);

        ok(same(&whole, &spilled), "%s: the same with %llu bytes for rows", scheme,
           (unsigned long long)memory);
        ok(same(&whole, &merged), "and of a tally");
        release(&spilled);
        release(&merged);
    }
    memory = 0;
    release(&in);
    release(&whole);
    release(&again);
}

// Tallies of different schemes are never added.
static void
test_side_by_side(void)
{
    struct lines in = { 0 }, a, b, both = { 0 }, out;
    size_t heads = 0;

    for (uint32_t i = 0; i < 50; i++)
        put_petition(&in.text, i);
    index_lines(&in);
    a = tally(&in, "calendar");
    b = tally(&in, "example-one-district-2025");
    gz_buf_add(&both.text, gz_buf_str(&a.text));
    gz_buf_add(&both.text, gz_buf_str(&b.text));
    index_lines(&both);
    out = tally(&both, "calendar");
    for (size_t i = 0; i < out.count; i++)
        heads += gz_str_starts(line_at(&out, i), GZ_STR("{\"rec\":\"tally_head\""));
    is_u64(heads, 2, "two heads stay two");
    is_u64(out.text.len, a.text.len + b.text.len, "and nothing is added");
    release(&in);
    release(&a);
    release(&b);
    release(&both);
    release(&out);
}

// A tally that was cut off stays open.
static void
test_cut_off(void)
{
    struct lines in = { 0 }, whole, cut = { 0 }, out;
    size_t ends = 0;

    for (uint32_t i = 0; i < 50; i++)
        put_petition(&in.text, i);
    index_lines(&in);
    whole = tally(&in, "calendar");
    for (size_t drop = 1; drop <= 2; drop++) {
        cut = (struct lines){ 0 };
        ends = 0;
        for (size_t i = 0; i < whole.count; i++)
            if (i != whole.count - drop)
                add_line(&cut, line_at(&whole, i));
        index_lines(&cut);
        out = tally(&cut, "calendar");
        for (size_t i = 0; i < out.count; i++)
            ends += gz_str_starts(line_at(&out, i), GZ_STR("{\"rec\":\"tally_end\""));
        is_u64(ends, 0, "no end is made up when %s is missing",
               drop == 1 ? "it" : "a row");
        release(&cut);
        release(&out);
    }
    release(&in);
    release(&whole);
}

int
main(void)
{
    schema = gz_schema_load(&setup);
    test_law(0, "calendar");
    test_law(40, "calendar");
    test_law(3000, "calendar");
    test_law(12000, "example-one-district-2025");
    test_side_by_side();
    test_cut_off();
    gz_schema_release(schema);
    gz_arena_free(&setup);
    return done_testing();
}
