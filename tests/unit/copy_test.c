// SPDX-License-Identifier: MIT
#include "ingest/copy.h"

#include "record/bytes.h"
#include "tap.h"

// Every length with every odd byte at every place, beside the plain loop.
int
main(void)
{
    static const char odd[] = { '"',    '\\', '\n', '\x1f', '\0', ' ',    '\x7f', '\x80',
                                '\xff', '!',  '#',  '[',    ']',  '\xa2', '\xdc' };
    char s[80], to[82];
    size_t wrong = 0;

    for (size_t len = 0; len <= 70; len++)
        for (size_t at = 0; at < (len ? len : 1); at++)
            for (size_t k = 0; k < sizeof(odd); k++) {
                bool plain, want;

                memset(s, 'a', sizeof(s));
                memset(to, '#', sizeof(to));
                s[at] = odd[k];
                want = gz_bytes_plain_run_plain(s, len) == len;
                plain = gz_copy_plain(to, s, len);
                wrong += plain != want;
                wrong += plain && memcmp(to, s, len) != 0;
                wrong += to[len] != '#';
            }
    is_u64(wrong, 0, "copies and judges like the plain loop");
    return done_testing();
}
