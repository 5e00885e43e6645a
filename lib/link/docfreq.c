// SPDX-License-Identifier: MIT
#include "link/docfreq.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "link/gram.h"

void
gz_docfreq_init(struct gz_docfreq *d)
{
    d->count = gz_mem_zalloc(GZ_DOCFREQ_CELLS, sizeof(*d->count));
    d->records = 0;
    for (uint32_t i = 1; i < GZ_COUNT(d->log); i++)
        d->log[i] = (uint16_t)gz_log2_q8(i);
}

void
gz_docfreq_release(struct gz_docfreq *d)
{
    free(d->count);
    d->count = NULL;
}

void
gz_docfreq_prefetch(const struct gz_docfreq *d, const uint32_t *gram, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&d->count[gz_docfreq_cell(gram[i] & GZ_GRAM_ID)]);
}

void
gz_docfreq_add(struct gz_docfreq *d, const uint32_t *gram, size_t count)
{
    gz_docfreq_prefetch(d, gram, count);
    for (size_t i = 0; i < count; i++)
        d->count[gz_docfreq_cell(gram[i] & GZ_GRAM_ID)]++;
    d->records++;
}

uint32_t
gz_log2_q8(uint32_t n)
{
    uint32_t whole = 31u - (uint32_t)__builtin_clz(n);
    uint64_t x = (uint64_t)n << (31 - whole); // 1.31 bits, in [1, 2)
    uint32_t part = 0;

    for (int i = 0; i < 8; i++) {
        x = x * x >> 31;
        part <<= 1;
        if (x >= (uint64_t)1 << 32) {
            part |= 1;
            x >>= 1;
        }
    }
    return whole << 8 | part;
}

void
gz_docfreq_settle(struct gz_docfreq *d)
{
    d->all = gz_log2_q8(d->records + GZ_DOCFREQ_PRIOR);
}

static inline uint32_t
log_of(const struct gz_docfreq *d, uint32_t n)
{
    return n < GZ_COUNT(d->log) ? d->log[n] : gz_log2_q8(n);
}

uint32_t
gz_docfreq_weight(const struct gz_docfreq *d, uint32_t gram)
{
    uint32_t n = d->count[gz_docfreq_cell(gram & GZ_GRAM_ID)];

    // A cell that others share may have more than there are records.
    if (n < 2 || n >= d->records + GZ_DOCFREQ_PRIOR)
        return 0;
    return d->all - log_of(d, n);
}
