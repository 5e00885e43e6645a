// SPDX-License-Identifier: MIT
#include "route/model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { MAX_BITS = 26, MAX_CLASSES = 65536 };

struct gz_model {
    const unsigned char *base;
    size_t mapped; // bytes to unmap; 0: the bytes are the caller's
    const struct gz_model_head *head;
    const struct gz_model_node *node;
    const struct gz_model_class *class;
    const char *names;
};

// ---- checking ----

// What a checker works through, and where it says what it found.
struct check {
    const unsigned char *base;
    size_t len;
    struct gz_err *err;
    const char *name;
};

static bool
broken(const struct check *c, const char *what)
{
    gz_err_set(c->err, GZ_ERR_USAGE, _("broken model: %s; train it again"), what);
    gz_err_at(c->err, c->name, 0, 0);
    return false;
}

// Do `count` things of `size` bytes lie at `offset`, aligned to 8?
static bool
lies_within(const struct check *c, uint64_t offset, uint64_t count, uint64_t size)
{
    return offset % 8 == 0 && offset <= c->len && count <= (c->len - offset) / size;
}

// Small enough that no sum of products of such numbers is infinite. False for NaN.
static bool
is_sane(double x)
{
    return x >= -1e6 && x <= 1e6;
}

static bool
check_head(const struct check *c, const struct gz_model_head *h)
{
    const size_t sealed = offsetof(struct gz_model_head, examples);

    if (c->len < sizeof(*h) || memcmp(h->magic, GZ_MODEL_MAGIC, 8) != 0) {
        gz_err_set(c->err, GZ_ERR_USAGE, _("not a model of gz-learn"));
        gz_err_at(c->err, c->name, 0, 0);
        return false;
    }
    if (h->version != GZ_MODEL_VERSION) {
        gz_err_set(
            c->err, GZ_ERR_USAGE,
            _("model of version %lu, expected %d (or another byte order): train it "
              "again"),
            (unsigned long)h->version, GZ_MODEL_VERSION);
        gz_err_at(c->err, c->name, 0, 0);
        return false;
    }
    if (h->size != c->len)
        return broken(c, _("its size is not what it says"));
    if (gz_hash_fixed((struct gz_str){ (const char *)c->base + sealed,
                                       c->len - sealed }) != h->checksum)
        return broken(c, _("its checksum is wrong"));
    if (h->rules.han_max < 1 || h->rules.han_max > GZ_GRAM_MAX || h->rules.word_max < 1 ||
        h->rules.word_max > GZ_GRAM_MAX)
        return broken(c, _("n-grams of that length are not known"));
    if (h->nodes < 1 || h->nodes > MAX_CLASSES || h->classes < 2 ||
        h->classes > MAX_CLASSES)
        return broken(c, _("no such number of classes"));
    return true;
}

static bool
check_index(const struct check *c, const struct gz_model_node *n)
{
    const struct gz_model_slot *slot = (const void *)(c->base + n->index);
    uint64_t rows = 0;

    for (size_t i = 0; i < (size_t)1 << (n->bits - 5); i++) {
        if (slot[i].before != rows)
            return broken(c, _("its index does not count up"));
        rows += (uint64_t)__builtin_popcountll(slot[i].set);
    }
    return rows == n->rows || broken(c, _("its index is not as long as its rows"));
}

static bool
check_node(const struct check *c, const struct gz_model_head *h,
           const struct gz_model_node *n, uint32_t class_first)
{
    if (n->bits < 6 || n->bits > MAX_BITS || n->class_first != class_first ||
        n->class_count < 2 || n->class_count > h->classes - class_first)
        return broken(c, _("a node has no proper branches"));
    if (n->stride % 8 != 4 || n->stride < 4 + n->class_count || n->stride > 4 + 65536 ||
        !is_sane(n->heat))
        return broken(c, _("a node has no proper rows"));
    if (!lies_within(c, n->index, (uint64_t)1 << (n->bits - 5),
                     sizeof(struct gz_model_slot)) ||
        !lies_within(c, n->row, n->rows, n->stride))
        return broken(c, _("a node lies outside the file"));
    return check_index(c, n);
}

// Every node but the first hangs on one branch of an earlier one: a tree, no circle.
static bool
check_classes(const struct check *c, const struct gz_model *m)
{
    const struct gz_model_head *h = m->head;
    unsigned char *hung = gz_mem_zalloc(h->nodes, 1);
    uint32_t node = 0, hangs = 0, leaves = 0, names = 0;
    bool good = true;

    for (uint32_t i = 0; good && i < h->classes; i++) {
        const struct gz_model_class *k = &m->class[i];

        while (i >= m->node[node].class_first + m->node[node].class_count)
            node++;
        leaves += k->node == GZ_MODEL_LEAF;
        if (k->node != GZ_MODEL_LEAF) {
            good = k->node > node && k->node < h->nodes && !hung[k->node];
            if (good)
                hung[k->node] = 1;
            hangs++;
        }
        // The names stand one behind the other; then zeros up to a multiple of 8.
        good = good && k->name == names && k->name_len <= h->names - names &&
               gz_utf8_valid((struct gz_str){ m->names + k->name, k->name_len }) &&
               is_sane(k->scale) && is_sane(k->bias) && is_sane(k->shift);
        names += k->name_len;
    }
    free(hung);
    if (!good || hangs + 1 != h->nodes || leaves != h->leaves ||
        (names + 7) / 8 * 8 != h->names)
        return broken(c, _("its classes are no tree"));
    return true;
}

static bool
check_model(struct gz_model *m, struct gz_str bytes, const char *name, struct gz_err *err)
{
    struct check c = { (const unsigned char *)bytes.ptr, bytes.len, err, name };
    const struct gz_model_head *h = (const void *)bytes.ptr;
    uint64_t at = sizeof(*h);
    uint32_t classes = 0;

    if (!check_head(&c, h))
        return false;
    if (!lies_within(&c, at, h->nodes, sizeof(struct gz_model_node)))
        return broken(&c, _("it is cut off"));
    m->node = (const void *)(c.base + at);
    at += h->nodes * sizeof(struct gz_model_node);
    if (!lies_within(&c, at, h->classes, sizeof(struct gz_model_class)))
        return broken(&c, _("it is cut off"));
    m->class = (const void *)(c.base + at);
    at += h->classes * sizeof(struct gz_model_class);
    if (!lies_within(&c, at, h->names, 1))
        return broken(&c, _("it is cut off"));
    m->names = (const char *)c.base + at;
    m->base = c.base;
    m->head = h;
    for (uint32_t i = 0; i < h->nodes; i++) {
        if (!check_node(&c, h, &m->node[i], classes))
            return false;
        classes += m->node[i].class_count;
    }
    if (classes != h->classes)
        return broken(&c, _("a class belongs to no node"));
    return check_classes(&c, m);
}

// ---- opening ----

struct gz_model *
gz_model_from(struct gz_str bytes, const char *name, struct gz_err *err)
{
    struct gz_model *m = gz_mem_zalloc(1, sizeof(*m));

    if (check_model(m, bytes, name, err))
        return m;
    free(m);
    return NULL;
}

struct gz_model *
gz_model_open(const char *path, struct gz_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    struct gz_model *m = NULL;
    void *map = MAP_FAILED;

    if (fd < 0 || fstat(fd, &st) != 0)
        gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct gz_model_head))
        gz_err_set(err, GZ_ERR_USAGE, _("%s: not a model of gz-learn"), path);
    else if ((map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)) ==
             MAP_FAILED)
        gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED)
        return NULL;
    m = gz_model_from((struct gz_str){ map, (size_t)st.st_size }, path, err);
    if (m)
        m->mapped = (size_t)st.st_size;
    else
        munmap(map, (size_t)st.st_size);
    return m;
}

void
gz_model_close(struct gz_model *m)
{
    union {
        const unsigned char *read;
        void *any;
    } map;

    if (!m)
        return;
    map.read = m->base;
    if (m->mapped)
        munmap(map.any, m->mapped);
    free(m);
}

// ---- looking up ----

const unsigned char *
gz_model_bytes(const struct gz_model *m)
{
    return m->base;
}

const struct gz_model_head *
gz_model_head(const struct gz_model *m)
{
    return m->head;
}

const struct gz_model_node *
gz_model_node(const struct gz_model *m, uint32_t node)
{
    return &m->node[node];
}

const struct gz_model_class *
gz_model_class(const struct gz_model *m, uint32_t class)
{
    return &m->class[class];
}

struct gz_str
gz_model_path(const struct gz_model *m, uint32_t class)
{
    return (struct gz_str){ m->names + m->class[class].name, m->class[class].name_len };
}

const unsigned char *
gz_model_row(const struct gz_model *m, uint32_t node, uint64_t hash)
{
    const struct gz_model_node *n = &m->node[node];
    uint32_t number = gz_model_row_number(gz_model_index(m, node), n->bits, hash);
    const unsigned char *row;
    uint16_t mark;

    if (number == GZ_MODEL_NO_ROW)
        return NULL;
    row = m->base + n->row + (size_t)n->stride * number;
    memcpy(&mark, row, 2);
    return mark == (uint16_t)(hash >> 32) ? row : NULL;
}

const struct gz_model_slot *
gz_model_index(const struct gz_model *m, uint32_t node)
{
    return (const void *)(m->base + m->node[node].index);
}

// ---- writing ----

void
gz_model_seal(struct gz_buf *image)
{
    struct gz_model_head h;
    const size_t sealed = offsetof(struct gz_model_head, examples);

    memcpy(&h, image->ptr, sizeof(h));
    h.size = image->len;
    h.checksum = gz_hash_fixed(gz_str_from(gz_buf_str(image), sealed));
    memcpy(image->ptr, &h, sizeof(h));
}
