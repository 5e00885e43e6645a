// SPDX-License-Identifier: MIT
// Command lines, one word a line, by the rules of all programs.
#include "app/opt.h"
#include "base/num.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool flag = false, verbose = false;
    const char *text = NULL;
    uint64_t count = 0, bytes = 0;
    struct gz_opt_list list = { 0 };
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, "Group:", NULL, NULL },
        { GZ_OPT_FLAG, 'f', "flag", NULL, "flag", &flag, NULL },
        { GZ_OPT_FLAG, 'v', "verbose", NULL, "verbose", &verbose, NULL },
        { GZ_OPT_STR, 't', "text", "TEXT", "text", &text, "one|two" },
        { GZ_OPT_UINT, 'c', "count", "N", "count", &count, NULL },
        { GZ_OPT_SIZE, 0, "bytes", "BYTES", "bytes", &bytes, NULL },
        { GZ_OPT_LIST, 'l', "list", "WORD", "list", &list, NULL },
        { GZ_OPT_END, 0, NULL, NULL, NULL, NULL, NULL },
    };
    struct gz_str copy = fuzz_copy(data, size);
    char *memory = malloc(size + 1), *argv[64] = { 0 };
    struct gz_err err = { 0 };
    int argc = 1, first = 0;

    fuzz_must(memory);
    if (size)
        memcpy(memory, copy.ptr, size);
    memory[size] = '\0';
    argv[0] = memory + size;
    for (char *p = memory; p < memory + size && argc < 63;) {
        argv[argc++] = p;
        p += strcspn(p, "\n");
        if (p < memory + size)
            *p++ = '\0';
    }
    if (gz_opt_parse(table, argc, argv, &first, &err))
        fuzz_must(err.kind == GZ_ERR_USAGE && err.text[0]);
    else
        fuzz_must(first >= 1 && first <= argc);
    gz_opt_list_free(&list);
    free(memory);
    free((void *)(uintptr_t)copy.ptr);
    return 0;
}
