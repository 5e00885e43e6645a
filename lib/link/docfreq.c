// SPDX-License-Identifier: MIT
#include "link/docfreq.h"

#include <stdlib.h>

#include "base/mem.h"
#include "link/gram.h"

void
gz_docfreq_init(struct gz_docfreq *d)
{
    d->count = gz_mem_zalloc(GZ_DOCFREQ_CELLS, sizeof(*d->count));
    d->records = 0;
}

void
gz_docfreq_release(struct gz_docfreq *d)
{
    free(d->count);
    d->count = NULL;
}

void
gz_docfreq_add(struct gz_docfreq *d, const uint32_t *gram, size_t count)
{
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

uint32_t
gz_docfreq_weight(const struct gz_docfreq *d, uint32_t gram)
{
    uint32_t n = d->count[gz_docfreq_cell(gram & GZ_GRAM_ID)];

    return n < 2 || n >= d->records ? 0 : gz_log2_q8(d->records) - gz_log2_q8(n);
}
