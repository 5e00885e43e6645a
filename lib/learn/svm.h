// SPDX-License-Identifier: MIT
// svm: linear support vector machines of one class against the rest. The only user of
// liblinear.
#ifndef GZ_LEARN_SVM_H
#define GZ_LEARN_SVM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

// One value of a sparse vector. Columns are numbered from 1 and rise; a vector ends with
// a column of -1. (The form that liblinear reads in place.)
struct gz_svm_cell {
    int column;
    double value;
};

struct gz_svm_problem {
    struct gz_svm_cell **vector; // count of them
    double *side;                // 1 for the class, -1 for the rest
    size_t count;
    size_t columns;
    double cost;     // C
    double positive; // what an example of the class costs more
    double precision;
};

// Is it built in?
bool gz_svm_available(void);

// L2-regularised L2-loss SVC by coordinate descent on the dual. Fills weight[0 ..
// columns). The same problem gives the same weights. GZ_ERR_USAGE when liblinear is not
// built in.
enum gz_err_kind gz_svm_train(const struct gz_svm_problem *p, double *weight,
                              struct gz_err *err);

#endif
