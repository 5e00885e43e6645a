// SPDX-License-Identifier: MIT
// replay: run a fuzz target over files and folders, as a test. With an ordinary compiler;
// under libFuzzer its own main() is used instead.
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

static int runs;

static void
run_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t size = 0, got;
    uint8_t block[65536];

    if (!in) {
        perror(path);
        exit(1);
    }
    while ((got = fread(block, 1, sizeof(block), in)) > 0) {
        bytes = realloc(bytes, size + got);
        fuzz_must(bytes);
        memcpy(bytes + size, block, got);
        size += got;
    }
    fclose(in);
    // Whole, and cut short at a few places: a parser meets half a file every day.
    for (size_t n = size;; n = n / 2) {
        LLVMFuzzerTestOneInput(bytes, n);
        runs++;
        if (n == 0)
            break;
    }
    free(bytes);
}

static void
run(const char *path)
{
    struct stat st;
    struct dirent **entry;
    int count;

    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        run_file(path);
        return;
    }
    count = scandir(path, &entry, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char inner[4096];

        if (entry[i]->d_name[0] != '.') {
            snprintf(inner, sizeof(inner), "%s/%s", path, entry[i]->d_name);
            run(inner);
        }
        free(entry[i]);
    }
    free(entry);
}

int
main(int argc, char **argv)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    printf("ok 1 - %d inputs replayed\n1..1\n", runs);
    return 0;
}
