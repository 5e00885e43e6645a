// SPDX-License-Identifier: MIT
#include "io/csvscan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void
put_row_end(struct gz_csvscan *s)
{
    s->row[s->rows++] = (uint32_t)((s->seps - 1) << 1) | s->high;
    s->high = false;
}

// Has the closing quote that came before `c` nothing behind it but the field's end?
static bool
ends_well(struct gz_csvscan *s, unsigned char c)
{
    bool sound = c == s->delimiter || c == s->eol || c == '"';

    if (s->closing) {
        s->closing = false;
        return c == s->eol;
    }
    s->closing = !sound && c == '\r' && s->eol == '\n';
    return sound || s->closing;
}

static size_t
scan_plain(struct gz_csvscan *s, const char *text, size_t from, size_t to)
{
    bool inside = s->inside;
    bool fresh = s->fresh; // behind a separator or a quote
    size_t at;

    for (at = from; at < to; at++) {
        unsigned char c = (unsigned char)text[at];
        bool quote = c == '"' && s->quotes;

        if ((s->closed || s->closing) && !ends_well(s, c)) {
            s->flag = at;
            break;
        }
        s->closed = quote && inside;
        s->high |= c >= 0x80;
        if (quote) {
            if (!inside && !fresh) {
                s->flag = at;
                break;
            }
            // An opening quote right after another one doubles it.
            if (!inside && at > 0 && text[at - 1] == '"')
                s->odd[s->odds++] = (uint32_t)at;
            inside = !inside;
        } else if (!inside && (c == s->delimiter || c == s->eol)) {
            s->sep[s->seps++] = (uint32_t)at;
            if (c == s->eol)
                put_row_end(s);
        } else if (c == s->eol) {
            s->odd[s->odds++] = (uint32_t)at;
        }
        fresh = quote || (!inside && (c == s->delimiter || c == s->eol));
    }
    s->inside = inside;
    s->fresh = fresh;
    return at;
}

#if defined(__x86_64__)

// What 64 bytes hold, a bit for each.
struct masks {
    uint64_t quote;
    uint64_t delimiter;
    uint64_t eol;
    uint64_t valid; // bytes that are to be looked at
    bool high;      // some byte, of all 64, is no ASCII
};

// What goes from block to block: all ones inside quotes, else 0; bit 0 for a separator
// or a quote as the last byte, for a quote, for a closing quote.
struct carry {
    uint64_t inside;
    uint64_t fresh;
    uint64_t quote;
    uint64_t closed;
};

#define INLINE static inline __attribute__((always_inline))

// Put the place of the lowest bit; of none, anything.
INLINE uint64_t
put_bit(uint32_t *to, uint64_t bits, size_t at)
{
    const uint64_t top = UINT64_C(1) << 63; // __builtin_ctzll(0) is undefined

    *to = (uint32_t)at + (uint32_t)__builtin_ctzll(bits | top);
    return bits & (bits - 1);
}

// Append the places of the bits. Four at a time are written whatever their number is:
// that costs less than a branch for each, and the lists have room.
INLINE size_t
put_bits(uint32_t *list, size_t count, uint64_t bits, size_t at)
{
    uint32_t *to = list + count;

    count += (size_t)__builtin_popcountll(bits);
    for (; bits; to += 4) {
        bits = put_bit(to, bits, at);
        bits = put_bit(to + 1, bits, at);
        bits = put_bit(to + 2, bits, at);
        bits = put_bit(to + 3, bits, at);
    }
    return count;
}

// Append the ends of rows; `seps` is how many separators come before the block.
INLINE void
put_rows(struct gz_csvscan *s, uint64_t eol, uint64_t sep, size_t seps, bool high)
{
    s->high |= high;
    for (; eol; eol &= eol - 1) {
        uint64_t before = sep & ((eol & -eol) - 1);

        s->row[s->rows++] =
            (uint32_t)((seps + (size_t)__builtin_popcountll(before)) << 1) | s->high;
        s->high = high; // the bytes may lie behind the row's end as well as before
    }
}

// Of the bits of bytes that follow a closing quote and are no separator, those that are
// not the CR of a line end of two bytes. *open: what follows a CR is not known yet.
static __attribute__((noinline)) uint64_t
without_crs(const char *block, uint64_t bits, uint64_t eol, uint64_t valid, bool *open)
{
    uint64_t wrong = 0;

    for (; bits; bits &= bits - 1) {
        uint64_t bit = bits & -bits;

        if (block[__builtin_ctzll(bit)] != '\r')
            wrong |= bit;
        else if (!(valid & bit << 1))
            *open = true;
        else if (!(eol & bit << 1))
            wrong |= bit;
    }
    return wrong;
}

// Judge a block. `parity` has a bit set where the quotes of the block up to and with that
// byte are odd. False when a quote opens after data or closes before some.
INLINE bool
take_block(struct gz_csvscan *s, const char *text, struct masks m, uint64_t parity,
           struct carry *c, size_t at)
{
    uint64_t inside =
        parity ^ c->inside; // set on an opening quote, clear on a closing one
    uint64_t sep = (m.delimiter | m.eol) & ~inside;
    uint64_t opening = m.quote & inside, closing = m.quote & ~inside;
    uint64_t bad = opening & ~((sep | m.quote) << 1 | c->fresh);
    uint64_t after = (closing << 1 | c->closed) & ~(sep | m.quote) & m.valid;
    uint64_t odd = (opening & (m.quote << 1 | c->quote)) | (m.eol & inside);
    size_t last = 63 - (size_t)__builtin_clzll(m.valid), seps = s->seps;

    if (__builtin_expect(s->closing, 0)) {
        s->closing = false;
        bad |= ~m.eol & 1;
    }
    if (__builtin_expect(after != 0, 0) && s->eol == '\n') {
        bool open = false;

        after = without_crs(text + at, after, m.eol, m.valid, &open);
        s->closing = open;
    }
    bad |= after;
    c->inside = (uint64_t)((int64_t)inside >> 63);
    c->fresh = (sep | m.quote) >> last & 1;
    c->quote = m.quote >> last & 1;
    c->closed = closing >> last & 1;
    if (__builtin_expect(bad != 0, 0)) {
        uint64_t good = (bad & -bad) - 1;

        s->flag = at + (size_t)__builtin_ctzll(bad);
        sep &= good;
        odd &= good;
    }
    s->seps = put_bits(s->sep, seps, sep, at);
    if (__builtin_expect(odd != 0, 0))
        s->odds = put_bits(s->odd, s->odds, odd, at);
    put_rows(s, m.eol & sep, sep, seps, m.high);
    return bad == 0;
}

INLINE struct carry
carry_in(const struct gz_csvscan *s, const char *text, size_t from)
{
    return (struct carry){
        .inside = s->inside ? ~UINT64_C(0) : 0,
        .fresh = s->fresh,
        .quote = from > 0 && s->quotes && text[from - 1] == '"',
        .closed = s->closed,
    };
}

INLINE void
carry_out(struct gz_csvscan *s, struct carry c)
{
    s->inside = c.inside != 0;
    s->fresh = c.fresh != 0;
    s->closed = c.closed != 0;
}

// Only the first `count` bytes of the last block count: `masks` of the rest are cleared.
INLINE struct masks
cut_masks(struct masks m, size_t count)
{
    uint64_t keep = (UINT64_C(1) << count) - 1;

    return (struct masks){ m.quote & keep, m.delimiter & keep, m.eol & keep, keep,
                           m.high };
}

// ---- SSE2, which every x86-64 has ----

INLINE uint64_t
equal_sse2(const __m128i v[4], char c)
{
    __m128i want = _mm_set1_epi8(c);
    uint64_t bits = 0;

    for (int i = 0; i < 4; i++)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v[i], want))
                << (16 * i);
    return bits;
}

INLINE struct masks
masks_sse2(const struct gz_csvscan *s, const char *p)
{
    __m128i v[4];

    for (int i = 0; i < 4; i++)
        v[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
    return (struct masks){
        .quote = s->quotes ? equal_sse2(v, '"') : 0,
        .delimiter = equal_sse2(v, (char)s->delimiter),
        .eol = equal_sse2(v, (char)s->eol),
        .valid = ~UINT64_C(0),
        .high = _mm_movemask_epi8(
            _mm_or_si128(_mm_or_si128(v[0], v[1]), _mm_or_si128(v[2], v[3]))),
    };
}

// Bit i of the result is the parity of bits 0 to i.
INLINE uint64_t
parity_shifts(uint64_t bits)
{
    for (int i = 1; i < 64; i *= 2)
        bits ^= bits << i;
    return bits;
}

static size_t
scan_sse2(struct gz_csvscan *state, const char *text, size_t from, size_t to)
{
    struct gz_csvscan local = *state, *s = &local; // in registers
    struct carry c = carry_in(s, text, from);
    size_t at = from;

    for (; at + 64 <= to; at += 64) {
        struct masks m = masks_sse2(s, text + at);

        if (!take_block(s, text, m, parity_shifts(m.quote), &c, at))
            break;
    }
    if (at < to && s->flag == GZ_CSVSCAN_NONE) {
        struct masks m = cut_masks(masks_sse2(s, text + at), to - at);

        take_block(s, text, m, parity_shifts(m.quote), &c, at);
    }
    carry_out(s, c);
    *state = local;
    return s->flag == GZ_CSVSCAN_NONE ? to : s->flag;
}

// ---- AVX2 ----

#define AVX2 __attribute__((target("avx2,pclmul,popcnt,bmi")))

AVX2 INLINE uint64_t
equal_avx2(__m256i low, __m256i high, __m256i want)
{
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want));

    return a | (uint64_t)b << 32;
}

AVX2 INLINE struct masks
masks_avx2(const struct gz_csvscan *s, const char *p)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

    return (struct masks){
        .quote = s->quotes ? equal_avx2(low, high, _mm256_set1_epi8('"')) : 0,
        .delimiter = equal_avx2(low, high, _mm256_set1_epi8((char)s->delimiter)),
        .eol = equal_avx2(low, high, _mm256_set1_epi8((char)s->eol)),
        .valid = ~UINT64_C(0),
        .high = _mm256_movemask_epi8(_mm256_or_si256(low, high)),
    };
}

// The same as parity_shifts(): a product without carries by all ones.
AVX2 INLINE uint64_t
parity_clmul(uint64_t bits)
{
    __m128i v = _mm_set_epi64x(0, (long long)bits);

    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(v, _mm_set1_epi8((char)0xFF), 0));
}

AVX2 static size_t
scan_avx2(struct gz_csvscan *state, const char *text, size_t from, size_t to)
{
    struct gz_csvscan local = *state, *s = &local; // in registers
    struct carry c = carry_in(s, text, from);
    size_t at = from;

    for (; at + 64 <= to; at += 64) {
        struct masks m = masks_avx2(s, text + at);

        if (!take_block(s, text, m, parity_clmul(m.quote), &c, at))
            break;
    }
    if (at < to && s->flag == GZ_CSVSCAN_NONE) {
        struct masks m = cut_masks(masks_avx2(s, text + at), to - at);

        take_block(s, text, m, parity_clmul(m.quote), &c, at);
    }
    carry_out(s, c);
    *state = local;
    return s->flag == GZ_CSVSCAN_NONE ? to : s->flag;
}

static bool
have_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
}

gz_csvscan_fn *
gz_csvscan_get(enum gz_csv_engine engine)
{
    switch (engine) {
    case GZ_CSV_PLAIN:
        return scan_plain;
    case GZ_CSV_SSE2:
        return scan_sse2;
    case GZ_CSV_AUTO:
    case GZ_CSV_AVX2:
        break;
    }
    return have_avx2() ? scan_avx2 : scan_sse2;
}

#else

gz_csvscan_fn *
gz_csvscan_get(enum gz_csv_engine engine)
{
    (void)engine;
    return scan_plain;
}

#endif
