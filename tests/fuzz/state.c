// SPDX-License-Identifier: MIT
// A state of gz-link made of any bytes, its beginning and checksum made right: refused,
// or used for linking without harm. What is saved is read again.
#include "base/hash.h"
#include "fuzz.h"
#include "link/link.h"

enum { MAGIC = 16 }; // bytes that say what it is

static const char *const records[] = {
    "{\"rec\":\"petition\",\"petition_id\":\"1\",\"received_at\":\"2026-03-01\","
    "\"title\":"
    "\"电梯坏了\",\"text\":\"小区电梯坏了三天没人修\",\"reporter_key\":\"k1\"}",
    "{\"rec\":\"petition\",\"petition_id\":\"2\",\"received_at\":\"2026-03-02\","
    "\"title\":"
    "\"电梯坏了\",\"text\":\"小区电梯坏了三天没人修\",\"reporter_key\":\"k1\"}",
    "{\"rec\":\"petition\",\"petition_id\":\"9\",\"received_at\":\"2026-03-03\","
    "\"title\":"
    "\"路灯不亮\",\"text\":\"幸福路路灯不亮\",\"supports\":3}",
};

// Link the records after the state at `path`; the new state goes to `to`, if it is given.
static bool
link_with(const char *path, const char *to)
{
    struct gz_link_options o = {
        .window_days = 90, .min = 2, .similarity = 30, .max_state = 1000, .state = path
    };
    struct gz_err err = { 0 };
    struct gz_link *l = gz_link_new(&o, &err);
    struct gz_buf out = { 0 };
    bool good = l != NULL;

    for (size_t i = 0; good && i < GZ_COUNT(records); i++)
        good = gz_link_take(l, gz_str_of(records[i]), &err) == GZ_OK;
    good = good && gz_link_settle(l, &err) == GZ_OK;
    while (good && gz_link_next(l, &out, &err))
        ;
    if (good && to)
        fuzz_must(gz_link_save(l, to, &err) == GZ_OK);
    fuzz_must(good ? !err.kind : err.kind != GZ_OK && err.text[0]);
    gz_buf_release(&out);
    if (l)
        gz_link_free(l);
    return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char folder[] = "/tmp/gz-fuzz-state-XXXXXX";
    static struct gz_buf begin; // what every state begins with
    static char to[64];
    char path[64];
    struct gz_buf b = { 0 };
    int fd;

    if (!to[0]) {
        char block[64] = { 0 };
        FILE *made;

        fuzz_must(mkdtemp(folder));
        snprintf(to, sizeof(to), "%s/state", folder);
        fuzz_must(link_with(NULL, to));
        fuzz_must((made = fopen(to, "rb")) != NULL);
        fuzz_must(fread(block, 1, sizeof(block), made) == sizeof(block));
        fclose(made);
        unlink(to);
        rmdir(folder);
        for (size_t i = 0; i < MAGIC; i++)
            gz_buf_char(&begin, block[i]);
    }
    gz_buf_add(&b, gz_buf_str(&begin));
    if (size)
        gz_buf_add(&b, (struct gz_str){ (const char *)data, size });
    for (uint64_t sum = gz_hash_fixed(gz_buf_str(&b)), i = 0; i < 8; i++)
        gz_buf_char(&b, (char)(sum >> (8 * i)));
    fd = fuzz_file(gz_buf_str(&b), path);
    link_with(path, NULL);
    close(fd);
    gz_buf_release(&b);
    return 0;
}
