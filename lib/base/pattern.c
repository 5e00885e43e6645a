// SPDX-License-Identifier: MIT
#include "base/pattern.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"
#include "base/utf8.h"

// A pattern that backtracks without end is stopped after about a millisecond, not the
// 112 ms that PCRE2's own limit allows; the record is then "undecided", never "no".
enum {
    MATCH_LIMIT = GZ_PATTERN_LIMIT,
    DEPTH_LIMIT = 1000,
    HEAP_LIMIT_KIB = 16 * 1024,
    JIT_STACK_MAX = 1024 * 1024,
};

struct gz_pattern {
    pcre2_code *code;
    atomic_bool jit_tried;
};

struct gz_matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

struct gz_pattern *
gz_pattern_new(struct gz_str source, unsigned flags, struct gz_err *err)
{
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    struct gz_pattern *p;
    PCRE2_SIZE at;
    int code;

    if (flags & GZ_PATTERN_NOCASE)
        options |= PCRE2_CASELESS;
    if (flags & GZ_PATTERN_ANCHORED)
        options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    p = gz_mem_zalloc(1, sizeof(*p));
    p->code =
        pcre2_compile((PCRE2_SPTR)source.ptr, source.len, options, &code, &at, NULL);
    if (!p->code) {
        PCRE2_UCHAR why[160];

        pcre2_get_error_message(code, why, sizeof(why));
        gz_err_set(err, GZ_ERR_USAGE, "%s", (const char *)why);
        gz_err_at(err, NULL, 0, gz_utf8_count(gz_str_first(source, at)) + 1);
        gz_pattern_free(p);
        return NULL;
    }
    return p;
}

void
gz_pattern_free(struct gz_pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->code);
    free(p);
}

struct gz_matcher *
gz_matcher_new(void)
{
    struct gz_matcher *m = gz_mem_zalloc(1, sizeof(*m));

    m->data = pcre2_match_data_create(16, NULL);
    m->context = pcre2_match_context_create(NULL);
    m->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_MAX, NULL);
    if (!m->data || !m->context)
        gz_fatal_memory(sizeof(*m));
    pcre2_set_match_limit(m->context, MATCH_LIMIT);
    pcre2_set_depth_limit(m->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
    if (m->stack)
        pcre2_jit_stack_assign(m->context, NULL, m->stack);
    return m;
}

void
gz_matcher_free(struct gz_matcher *m)
{
    if (!m)
        return;
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    pcre2_jit_stack_free(m->stack);
    free(m);
}

static enum gz_match
verdict(int rc)
{
    if (rc >= 0)
        return GZ_MATCH_YES;
    return rc == PCRE2_ERROR_NOMATCH ? GZ_MATCH_NO : GZ_MATCH_LIMIT;
}

// Compile to machine code, whichever thread comes first. Where JIT is not to be had,
// pcre2_match() interprets.
static void
make_jit(struct gz_pattern *p)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&lock);
    if (!atomic_load(&p->jit_tried)) {
        pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
        atomic_store(&p->jit_tried, true);
    }
    pthread_mutex_unlock(&lock);
}

enum gz_match
gz_pattern_match(struct gz_pattern *p, struct gz_matcher *m, struct gz_str subject,
                 size_t from, struct gz_span *groups, size_t max)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.len ? subject.ptr : "");
    enum gz_match result;
    int rc;

    if (!atomic_load_explicit(&p->jit_tried, memory_order_acquire))
        make_jit(p);
    rc = pcre2_match(p->code, text, subject.len, from, PCRE2_NO_UTF_CHECK, m->data,
                     m->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(p->code, text, subject.len, from,
                         PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, m->data, m->context);
    result = verdict(rc);
    if (result == GZ_MATCH_YES && max) {
        const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->data);
        size_t have = rc == 0 ? pcre2_get_ovector_count(m->data) : (size_t)rc;

        for (size_t i = 0; i < max; i++)
            groups[i] = i < have ? (struct gz_span){ at[2 * i], at[2 * i + 1] }
                                 : (struct gz_span){ (size_t)-1, (size_t)-1 };
    }
    return result;
}

uint32_t
gz_pattern_cost(struct gz_pattern *p, struct gz_matcher *m, struct gz_str subject)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.len ? subject.ptr : "");
    uint32_t least = 1, most = MATCH_LIMIT;

    while (least < most) {
        uint32_t middle = least + (most - least) / 2;
        int rc;

        pcre2_set_match_limit(m->context, middle);
        rc = pcre2_match(p->code, text, subject.len, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                         m->data, m->context);
        if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH)
            most = middle;
        else
            least = middle + 1;
    }
    pcre2_set_match_limit(m->context, MATCH_LIMIT);
    return least;
}
