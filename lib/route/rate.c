// SPDX-License-Identifier: MIT
#include "route/rate.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// Han characters that many texts of this kind hold, in order of their code points.
static const uint16_t common[] = {
    0x4E00, 0x4E0A, 0x4E0B, 0x4E0D, 0x4E1A, 0x4E2A, 0x4E2D, 0x4E4B, 0x4E5F, 0x4E86,
    0x4E8B, 0x4E8E, 0x4EBA, 0x4ED6, 0x4EE5, 0x4F1A, 0x4F5C, 0x51FA, 0x533A, 0x53CD,
    0x53D1, 0x53EF, 0x540E, 0x548C, 0x56FD, 0x5728, 0x5904, 0x591A, 0x5927, 0x5B50,
    0x5BB6, 0x5BF9, 0x5C0F, 0x5C31, 0x5C45, 0x5E02, 0x5E0C, 0x5E74, 0x5F97, 0x60C5,
    0x6210, 0x6211, 0x6240, 0x65B9, 0x65F6, 0x6620, 0x662F, 0x6709, 0x671B, 0x6765,
    0x6C11, 0x6C42, 0x6CD5, 0x7136, 0x7406, 0x751F, 0x7528, 0x7684, 0x7740, 0x800C,
    0x80FD, 0x81EA, 0x884C, 0x8981, 0x8BF4, 0x8BF7, 0x8FC7, 0x8FD9, 0x9053, 0x90A3,
    0x90E8, 0x91CC, 0x95E8, 0x95EE, 0x9898,
};

static bool
is_common(uint32_t c)
{
    size_t low = 0, high = GZ_COUNT(common);

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (common[mid] < c)
            low = mid + 1;
        else
            high = mid;
    }
    return low < GZ_COUNT(common) && common[low] == c;
}

double
gz_gram_rate(const char *bytes, size_t len)
{
    // Per mille of running English text, a to z.
    static const double letter[26] = {
        66, 12, 22, 34, 102, 18, 16, 49, 57, 1,  6, 33, 19,
        57, 62, 15, 1,  48,  51, 74, 22, 8,  19, 1, 16, 1
    };
    double rate = 1;

    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)bytes[i];

        if (c < 0x80) {
            rate *= c >= 'a' && c <= 'z'   ? letter[c - 'a'] / 1000
                    : c == ' '             ? 0.18
                    : c >= '0' && c <= '9' ? 0.02
                                           : 0.01;
            i++;
        } else if (c >= 0xE0 && i + 3 <= len) {
            uint32_t han = (uint32_t)(c & 0x0F) << 12 |
                           (uint32_t)((unsigned char)bytes[i + 1] & 0x3F) << 6 |
                           (uint32_t)((unsigned char)bytes[i + 2] & 0x3F);

            rate *= is_common(han) ? 0.008 : 0.001;
            i += c >= 0xF0 ? 4 : 3;
        } else {
            rate *= 0.01;
            i++;
        }
    }
    return rate;
}
