// SPDX-License-Identifier: MIT
// vector: weighted grams in ascending order, their likeness and their sum.
#ifndef GZ_LINK_VECTOR_H
#define GZ_LINK_VECTOR_H

#include <stddef.h>
#include <stdint.h>

struct gz_weighted {
    uint32_t gram;
    uint32_t weight;
};

// A borrowed or owned array, ascending by gram.
struct gz_vector {
    struct gz_weighted *term;
    size_t count;
};

enum { GZ_VECTOR_UNIT = 1024 };

// Scale so that the vector has the length GZ_VECTOR_UNIT; nothing if it is 0.
void gz_vector_scale(struct gz_vector v);

// The cosine in thousandths; 0 if either has no length.
unsigned gz_vector_cosine(struct gz_vector a, struct gz_vector b);

// a + b into `out`, which has room for `room` terms: the heaviest are kept, the smaller
// gram first on a tie. Returns how many. `scratch` holds a->count + b->count terms.
size_t gz_vector_add(struct gz_vector a, struct gz_vector b, struct gz_weighted *scratch,
                     struct gz_weighted *out, size_t room);

// Keep the `room` heaviest of v, ascending by gram again.
size_t gz_vector_keep(struct gz_vector v, size_t room);

#endif
