// SPDX-License-Identifier: MIT
#include "learn/svm.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/tr.h"

#ifdef GZ_HAVE_LINEAR
#include <linear.h>

_Static_assert(sizeof(struct gz_svm_cell) == sizeof(struct feature_node) &&
                   offsetof(struct gz_svm_cell, value) ==
                       offsetof(struct feature_node, value),
               "liblinear reads our cells in place");

bool
gz_svm_available(void)
{
    return true;
}

static void
say_nothing(const char *text)
{
    (void)text;
}

static void
copy_weights(const struct model *m, size_t columns, double *weight)
{
    // With one side empty there is nothing to tell apart.
    double sign = m->nr_class == 2 ? (m->label[0] > 0 ? 1 : -1) : 0;

    for (size_t i = 0; i < columns; i++)
        weight[i] = sign * m->w[i];
}

enum gz_err_kind
gz_svm_train(const struct gz_svm_problem *p, double *weight, struct gz_err *err)
{
    int label = 1;
    double positive = p->positive;
    struct parameter how = { .solver_type = L2R_L2LOSS_SVC_DUAL,
                             .eps = p->precision,
                             .C = p->cost,
                             .nr_weight = 1,
                             .weight_label = &label,
                             .weight = &positive };
    struct problem what = { .l = (int)p->count,
                            .n = (int)p->columns,
                            .y = p->side,
                            .x = (struct feature_node **)(void *)p->vector,
                            .bias = -1 };
    struct model *m;

    if (p->count > INT_MAX || p->columns >= INT_MAX)
        return gz_err_set(err, GZ_ERR_LIMIT, _("too many texts for liblinear"));
    set_print_string_function(say_nothing);
    srand(1); // it shuffles with rand()
    m = train(&what, &how);
    copy_weights(m, p->columns, weight);
    free_and_destroy_model(&m);
    return GZ_OK;
}

#else

bool
gz_svm_available(void)
{
    return false;
}

enum gz_err_kind
gz_svm_train(const struct gz_svm_problem *p, double *weight, struct gz_err *err)
{
    (void)p;
    (void)weight;
    return gz_err_set(
        err, GZ_ERR_USAGE,
        _("built without liblinear: install liblinear-dev and build again"));
}
#endif
