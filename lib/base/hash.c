// SPDX-License-Identifier: MIT
#include "base/hash.h"

#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static unsigned char secret[XXH3_SECRET_SIZE_MIN + 56];

// Before main(), so that no thread can meet a half-made secret.
__attribute__((constructor)) static void
make_secret(void)
{
    unsigned char noise[64];
    ssize_t n = getrandom(noise, sizeof(noise), GRND_NONBLOCK);

    // Without entropy (very early boot) the tables still work, only guessable.
    XXH3_generateSecret(secret, sizeof(secret), noise, n > 0 ? (size_t)n : 0);
}

uint64_t
gz_hash_fixed(struct gz_str s)
{
    return XXH3_64bits(s.ptr, s.len);
}

uint64_t
gz_hash_seeded(struct gz_str s)
{
    return XXH3_64bits_withSecret(s.ptr, s.len, secret, sizeof(secret));
}

char *
gz_hash_hex(uint64_t hash, char out[17])
{
    for (int i = 15; i >= 0; i--) {
        out[i] = "0123456789abcdef"[hash & 15];
        hash >>= 4;
    }
    out[16] = '\0';
    return out;
}
