// SPDX-License-Identifier: MIT
#include "ingest/privacy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef GZ_HAVE_SODIUM
#include <sodium/crypto_generichash.h>
#endif

#include "base/hash.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/mask.h"

static const char *const levels[] = { "none", "contact", "text", "public" };

bool
gz_privacy_parse(const char *word, enum gz_privacy *out)
{
    for (size_t i = 0; i < GZ_COUNT(levels); i++)
        if (strcmp(word, levels[i]) == 0) {
            *out = (enum gz_privacy)i;
            return true;
        }
    return false;
}

const char *
gz_privacy_name(enum gz_privacy p)
{
    return levels[p];
}

// ---- columns ----

static bool
is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

// The next English word of `s`: a run of letters, cut where a capital follows a small one
// (callerPhone). Empty at the end.
static struct gz_str
next_word(struct gz_str *s)
{
    size_t from = 0, to;

    while (from < s->len && !is_letter(s->ptr[from]))
        from++;
    to = from;
    while (to < s->len && is_letter(s->ptr[to]) &&
           !(to > from && s->ptr[to] < 'a' && s->ptr[to - 1] >= 'a'))
        to++;
    {
        struct gz_str word = { s->ptr + from, to - from };

        *s = gz_str_from(*s, to);
        return word;
    }
}

static bool
one_of(struct gz_str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gz_str_eq_nocase(word, gz_str_of(list[i])))
            return true;
    return false;
}

static bool
english_header(struct gz_str name)
{
    static const char *const contact[] = { "phone",     "telephone",   "cellphone",
                                           "tel",       "email",       "mail",
                                           "caller",    "complainant", "requestor",
                                           "requester", "ssn",         "wechat" };
    static const char *const person[] = { "contact", "customer", "reporter", "citizen",
                                          "first",   "last",     "full" };
    static const char *const number[] = { "number", "no", "num" };
    bool mobile = false, of_person = false, of_name = false, of_number = false;
    size_t words = 0;
    struct gz_str w;

    while ((w = next_word(&name)).len) {
        words++;
        if (one_of(w, contact, GZ_COUNT(contact)))
            return true;
        mobile |= gz_str_eq_nocase(w, GZ_STR("mobile"));
        of_person |= one_of(w, person, GZ_COUNT(person));
        of_name |= gz_str_eq_nocase(w, GZ_STR("name"));
        of_number |= one_of(w, number, GZ_COUNT(number));
    }
    return (mobile && (words == 1 || of_number)) ||
           (of_person && (of_name || words == 1));
}

bool
gz_privacy_header(struct gz_str name)
{
    static const char *const words[] = {
        "电话",   "手机",     "联系人", "联系方式", "联系地址", "来电人", "来电号码",
        "身份证", "证件号",   "邮箱",   "微信号",   "QQ号",     "姓名",   "诉求人",
        "反映人", "投诉人",   "举报人", "留言人",   "申请人",   "电邮",   "主叫号码",
        "户籍地", "出生日期", "電話",   "手機",     "聯繫人",
    };

    if (gz_str_starts(name, GZ_STR("是否")))
        return false;
    for (size_t i = 0; i < GZ_COUNT(words); i++)
        if (gz_str_find(name, gz_str_of(words[i])) != (size_t)-1)
            return true;
    return english_header(name);
}

bool
gz_privacy_value(struct gz_str value)
{
    return gz_mask_is_contact(value);
}

// ---- the key of a reporter ----

enum gz_err_kind
gz_reporter_new(const char *path, struct gz_err *err)
{
    static const char digit[] = "0123456789abcdef";
    unsigned char byte[32];
    char line[2 * sizeof(byte) + 1];
    int fd = -1;
    bool good;

    // Never over a key that is in use: nobody could be told again.
    if (getentropy(byte, sizeof(byte)) != 0 ||
        (fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0)
        return gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
    for (size_t i = 0; i < sizeof(byte); i++) {
        line[2 * i] = digit[byte[i] >> 4];
        line[2 * i + 1] = digit[byte[i] & 15];
    }
    line[sizeof(line) - 1] = '\n';
    good =
        fchmod(fd, 0600) == 0 && write(fd, line, sizeof(line)) == (ssize_t)sizeof(line);
    good = (close(fd) == 0) && good;
    explicit_bzero(byte, sizeof(byte));
    explicit_bzero(line, sizeof(line));
    return good ? GZ_OK : gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
}

#ifdef GZ_HAVE_SODIUM

static void
put_hex(const unsigned char *bytes, size_t count, char *to)
{
    static const char digit[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        to[2 * i] = digit[bytes[i] >> 4];
        to[2 * i + 1] = digit[bytes[i] & 15];
    }
    to[2 * count] = '\0';
}

static enum gz_err_kind
read_key(int fd, const char *path, unsigned char *bytes, size_t room, size_t *len,
         struct gz_err *err)
{
    struct stat st;
    ssize_t n;

    if (fstat(fd, &st) != 0 || (n = read(fd, bytes, room)) < 0)
        return gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISREG(st.st_mode) && (st.st_mode & 077))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("%s: others can read this key; chmod 600 it"), path);
    while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
        n--;
    if (n < 16)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("%s: a key has at least 16 bytes, this one has %zd"), path,
                          n);
    *len = (size_t)n;
    return GZ_OK;
}

enum gz_err_kind
gz_reporter_open(struct gz_reporter *r, const char *path, struct gz_err *err)
{
    static const unsigned char label[] = "gongzhi key id";
    unsigned char bytes[4096], id[16];
    size_t len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
    read_key(fd, path, bytes, sizeof(bytes), &len, err);
    close(fd);
    if (err->kind)
        return err->kind;
    crypto_generichash(r->key, sizeof(r->key), bytes, len, NULL, 0);
    crypto_generichash(id, sizeof(id), label, sizeof(label) - 1, r->key, sizeof(r->key));
    put_hex(id, 8, r->key_id);
    explicit_bzero(bytes, sizeof(bytes));
    r->set = true;
    return GZ_OK;
}

bool
gz_reporter_key(const struct gz_reporter *r, struct gz_str contact,
                char out[GZ_REPORTER_KEY])
{
    char plain[128];
    unsigned char hash[16];
    size_t len = gz_mask_plain_contact(contact, plain, sizeof(plain));

    if (!r->set || !len)
        return false;
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)plain, len, r->key,
                       sizeof(r->key));
    put_hex(hash, sizeof(hash), out);
    return true;
}

#else

enum gz_err_kind
gz_reporter_open(struct gz_reporter *r, const char *path, struct gz_err *err)
{
    (void)r;
    return gz_err_set(err, GZ_ERR_USAGE,
                      _("%s: this build has no keyed hash; install libsodium-dev and "
                        "build again"),
                      path);
}

bool
gz_reporter_key(const struct gz_reporter *r, struct gz_str contact,
                char out[GZ_REPORTER_KEY])
{
    (void)r;
    (void)contact;
    (void)out;
    return false;
}

#endif
