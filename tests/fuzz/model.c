// SPDX-License-Identifier: MIT
// A model made of any bytes, its size and checksum made right: it is refused, or it is
// asked without reading outside it.
#include "route/model.h"
#include "base/buf.h"
#include "fuzz.h"
#include "route/predict.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str bytes = fuzz_copy(data, size);
    struct gz_buf b = { (char *)(uintptr_t)bytes.ptr, size, size };
    struct gz_err err = { 0 };
    struct gz_model *m;

    if (size >= sizeof(struct gz_model_head))
        gz_model_seal(&b);
    m = gz_model_from(bytes, "fuzz", &err);
    fuzz_must(m || err.kind == GZ_ERR_USAGE);
    if (m) {
        struct gz_predictor *p = gz_predictor_new(m);
        struct gz_guess guess[3];
        struct gz_reason reason[3];
        size_t n =
            gz_predict(p, GZ_STR("电梯"), GZ_STR("小区 lift 坏了,没人管"), guess, 3);

        fuzz_must(n <= 3);
        for (size_t i = 0; i < n; i++)
            fuzz_must(gz_model_class(m, guess[i].class)->node == GZ_MODEL_LEAF);
        if (n)
            fuzz_must(gz_predict_explain(p, guess[0].class, reason, 3) <= 3);
        gz_predictor_free(p);
    }
    gz_model_close(m);
    free(b.ptr);
    return 0;
}
