// SPDX-License-Identifier: MIT
// Lines of tallies: what is read and written is read again as the same, and the order of
// the lines is nothing.
#include "base/arena.h"
#include "fuzz.h"
#include "tally/store.h"

static enum gz_err_kind
no_flush(void *ctx, struct gz_err *err)
{
    (void)ctx;
    (void)err;
    return GZ_OK;
}

// Read the lines, forwards or backwards, and write what came together. False when a
// limit or a version stopped it.
static bool
pass(struct gz_str text, bool backwards, struct gz_buf *out, bool must)
{
    struct gz_store store;
    bool good = true;

    gz_store_init(&store, 2000, 0);
    while (text.len && good) {
        struct gz_str line = text;
        struct gz_err err = { 0 };

        if (backwards) {
            if (line.ptr[line.len - 1] == '\n')
                line.len--;
            text.len = line.len;
            while (text.len && text.ptr[text.len - 1] != '\n')
                text.len--;
            line = gz_str_from(line, text.len);
        } else {
            struct gz_cut cut = gz_str_cut(text, GZ_STR("\n"));

            line = cut.head;
            text = cut.tail;
        }
        if (line.len == 0)
            continue;
        gz_store_read(&store, line, &err);
        fuzz_must(!must || !err.kind);
        good = !err.kind || err.kind == GZ_ERR_DATA;
    }
    if (good) {
        struct gz_err err = { 0 };

        gz_store_sort(&store, &err);
        for (size_t i = 0; i < store.kept; i++)
            gz_tally_write(store.tally[i], out, no_flush, NULL, &err);
    }
    gz_store_release(&store);
    return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_buf once = { 0 }, twice = { 0 }, back = { 0 };

    if (pass(text, false, &once, false)) {
        fuzz_must(pass(gz_buf_str(&once), false, &twice, true));
        fuzz_must(gz_str_eq(gz_buf_str(&once), gz_buf_str(&twice)));
        fuzz_must(pass(gz_buf_str(&once), true, &back, true));
        fuzz_must(gz_str_eq(gz_buf_str(&once), gz_buf_str(&back)));
    }
    gz_buf_release(&once);
    gz_buf_release(&twice);
    gz_buf_release(&back);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
