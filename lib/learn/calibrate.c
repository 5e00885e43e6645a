// SPDX-License-Identifier: MIT
#include "learn/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ROUNDS = 12, STEPS = 40, PRIOR = 20 };

struct work {
    const double *margin;
    const uint32_t *class;
    size_t count;
    uint32_t classes;
    double *p; // of one text
};

static void
softmax(const struct work *w, size_t i, double heat, const double *shift)
{
    const double *m = w->margin + i * w->classes;
    double top = -INFINITY, all = 0;

    for (uint32_t k = 0; k < w->classes; k++) {
        w->p[k] = heat * m[k] + shift[k];
        top = w->p[k] > top ? w->p[k] : top;
    }
    for (uint32_t k = 0; k < w->classes; k++)
        all += w->p[k] = exp(w->p[k] - top);
    for (uint32_t k = 0; k < w->classes; k++)
        w->p[k] /= all;
}

// How unlikely the classes are: minus the mean log of their probabilities. A little of
// each text counts for all classes alike: what was always right so far, n times, may be
// wrong the next time with a chance of 1 in n + 2.
static double
surprise(const struct work *w, double heat, const double *shift)
{
    double sum = 0, doubt = 1.0 / ((double)w->count + 2);

    for (size_t i = 0; i < w->count; i++) {
        double others = 0;

        softmax(w, i, heat, shift);
        for (uint32_t k = 0; k < w->classes; k++)
            others += log(w->p[k] + 1e-12);
        sum -= (1 - doubt) * log(w->p[w->class[i]] + 1e-12);
        sum -= doubt * others / w->classes;
    }
    return sum / (double)w->count;
}

// The least surprise lies in one valley: golden section on a logarithmic scale.
static double
best_heat(const struct work *w, const double *shift)
{
    const double golden = 0.6180339887498949;
    double low = log(0.05), high = log(100);
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double fa = surprise(w, exp(a), shift), fb = surprise(w, exp(b), shift);

    for (int i = 0; i < STEPS; i++) {
        if (fa < fb) {
            high = b;
            b = a;
            fb = fa;
            a = high - golden * (high - low);
            fa = surprise(w, exp(a), shift);
        } else {
            low = a;
            a = b;
            fa = fb;
            b = low + golden * (high - low);
            fb = surprise(w, exp(b), shift);
        }
    }
    return exp((low + high) / 2);
}

// At the best shifts the expected size of each class is the size it has.
static void
move_shifts(const struct work *w, double heat, double *shift)
{
    double *expected = gz_mem_zalloc(w->classes, sizeof(*expected));
    double *have = gz_mem_zalloc(w->classes, sizeof(*have));

    for (size_t i = 0; i < w->count; i++) {
        softmax(w, i, heat, shift);
        have[w->class[i]]++;
        for (uint32_t k = 0; k < w->classes; k++)
            expected[k] += w->p[k];
    }
    for (uint32_t k = 0; k < w->classes; k++)
        shift[k] += 0.5 * log((have[k] + PRIOR) / (expected[k] + PRIOR));
    free(expected);
    free(have);
}

void
gz_calibrate(const double *margin, const uint32_t *class, size_t count, uint32_t classes,
             double *heat, double *shift)
{
    struct work w = { margin, class, count, classes, NULL };

    *heat = 1;
    memset(shift, 0, classes * sizeof(*shift));
    if (count == 0)
        return;
    w.p = gz_mem_alloc(classes, sizeof(*w.p));
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 4 == 0)
            *heat = best_heat(&w, shift);
        move_shifts(&w, *heat, shift);
    }
    *heat = best_heat(&w, shift);
    free(w.p);
}
