// SPDX-License-Identifier: MIT
#include "ingest/vocab.h"

#include <string.h>

#include "base/num.h"
#include "base/tr.h"
#include "ingest/privacy.h"
#include "pack/sheet.h"

// What a name is worth that a layout for any table knows, one for a certain source, and
// a label of the schema.
enum { GENERAL = 96, SPECIFIC = 76, LABEL = 90 };

// ---- learning ----

static struct gz_str
name_key(const struct gz_kind *kind, const struct gz_field *field, struct gz_str name,
         struct gz_arena *arena)
{
    struct gz_str fold = gz_fold_name(name, arena);

    return gz_arena_printf(arena, GZ_STR_FMT "/" GZ_STR_FMT "/" GZ_STR_FMT,
                           GZ_STR_ARG(kind->name), GZ_STR_ARG(field->name),
                           GZ_STR_ARG(fold));
}

static void
learn_name(struct gz_vocab *v, const struct gz_kind *kind, const struct gz_field *field,
           struct gz_str name, int points, const char *origin)
{
    bool added;
    uint32_t n = gz_map_put(&v->name, name_key(kind, field, name, v->arena), &added);

    v->points = gz_arena_grow(v->arena, v->points, &v->points_cap, n + 1, sizeof(int));
    v->origin =
        gz_arena_grow(v->arena, v->origin, &v->origin_cap, n + 1, sizeof(*v->origin));
    if (!added && v->points[n] >= points)
        return;
    v->points[n] = points;
    v->origin[n] = origin;
}

static struct gz_str
value_key(const struct gz_field *field, struct gz_str value, struct gz_arena *arena)
{
    struct gz_str fold = gz_fold_name(value, arena);

    return gz_arena_printf(arena, GZ_STR_FMT "/" GZ_STR_FMT, GZ_STR_ARG(field->name),
                           GZ_STR_ARG(fold));
}

static void
learn_value(struct gz_vocab *v, const struct gz_field *field, struct gz_str value,
            struct gz_str to)
{
    bool added;
    uint32_t n = gz_map_put(&v->value, value_key(field, value, v->arena), &added);

    v->to = gz_arena_grow(v->arena, v->to, &v->to_cap, n + 1, sizeof(*v->to));
    if (added)
        v->to[n] = to;
}

static void
learn_persons(struct gz_vocab *v, const struct gz_layout *l)
{
    for (size_t i = 0; i < l->contacts.count; i++)
        gz_map_put(&v->contact, gz_fold_name(l->contacts.name[i], v->arena), NULL);
    for (size_t i = 0; i < l->key.count; i++)
        gz_map_put(&v->key, gz_fold_name(l->key.name[i], v->arena), NULL);
}

static void
learn_layout(struct gz_vocab *v, const struct gz_layout *l, bool hide)
{
    int points = l->rank < 0 ? GENERAL : SPECIFIC;
    const char *origin = gz_arena_cstr(v->arena, l->name);

    if (!hide)
        learn_persons(v, l);
    for (size_t i = 0; i < l->count; i++) {
        const struct gz_layout_field *f = &l->field[i];

        for (size_t p = 0; p < f->parts && !hide; p++)
            for (size_t k = 0; k < f->part[p].count; k++)
                learn_name(v, l->kind, f->field, f->part[p].name[k], points, origin);
        // Letters and digits mean another thing in every city.
        for (size_t k = 0; l->kind == v->petition && k < f->maps; k++)
            if (l->rank < 0 || (!hide && f->map[k].from.len > 2))
                learn_value(v, f->field, f->map[k].from, f->map[k].to);
    }
}

// Words for yes and no that every field of the kind may have.
static void
learn_plain_words(struct gz_vocab *v)
{
    static const char *const yes[] = { "是", "有", "y", "yes", "true", "t", "1", "已" };
    static const char *const no[] = { "否", "无", "n", "no", "false", "f", "0", "未" };

    for (size_t i = 0; i < v->petition->count; i++) {
        const struct gz_field *f = &v->petition->field[i];
        bool yn = f->type == GZ_FIELD_YN || gz_str_is(f->name, "fu_solved") ||
                  gz_str_is(f->name, "fu_satisfied");

        for (size_t w = 0; yn && w < GZ_COUNT(yes); w++) {
            learn_value(v, f, gz_str_of(yes[w]), GZ_STR("yes"));
            learn_value(v, f, gz_str_of(no[w]), GZ_STR("no"));
        }
        for (struct gz_str rest = f->values; f->type == GZ_FIELD_ENUM && rest.len;) {
            struct gz_cut c = gz_str_cut(rest, GZ_STR("|"));

            learn_value(v, f, c.head, c.head);
            rest = c.tail;
        }
    }
}

static void
learn_labels(struct gz_vocab *v)
{
    for (size_t k = 0; k < v->schema->count; k++) {
        const struct gz_kind *kind = &v->schema->kind[k];

        for (size_t i = 0; i < kind->count; i++) {
            const struct gz_field *f = &kind->field[i];

            learn_name(v, kind, f, f->zh, LABEL, "gz-record(5)");
            learn_name(v, kind, f, f->en, LABEL, "gz-record(5)");
            learn_name(v, kind, f, f->name, LABEL, "gz-record(5)");
        }
    }
}

static struct gz_names
split_words(struct gz_str cell, struct gz_arena *arena)
{
    struct gz_str *word = gz_arena_new(arena, struct gz_str, GZ_VOCAB_WORDS);
    struct gz_names all = { word, 0 };

    while (cell.len && all.count < GZ_VOCAB_WORDS) {
        struct gz_cut c = gz_str_cut(cell, GZ_STR("|"));

        word[all.count++] = c.head;
        cell = c.tail;
    }
    return all;
}

static enum gz_err_kind
learn_rules(struct gz_vocab *v, struct gz_err *err)
{
    struct gz_sheet *s = gz_sheet_builtin("propose/names.csv", v->arena, err);
    int field, words, with, without, points;

    if (!s)
        return err->kind;
    field = gz_sheet_column(s, "field");
    words = gz_sheet_column(s, "words");
    with = gz_sheet_column(s, "with");
    without = gz_sheet_column(s, "not");
    points = gz_sheet_column(s, "points");
    v->rule = gz_arena_new(v->arena, struct gz_vocab_rule, s->rows);
    for (size_t i = 0; i < s->rows; i++) {
        struct gz_vocab_rule *r = &v->rule[v->rules++];
        uint64_t n = 0;

        r->field = gz_kind_field(v->petition, gz_sheet_cell(&s->row[i], field));
        if (!r->field)
            return gz_sheet_fault(s, &s->row[i], field, err, _("no field of a petition"));
        if (!gz_num_u64(gz_sheet_cell(&s->row[i], points), &n) || n > 100)
            return gz_sheet_fault(s, &s->row[i], points, err,
                                  _("expected a number up to 100"));
        r->points = (int)n;
        r->words = split_words(gz_sheet_cell(&s->row[i], words), v->arena);
        r->with = split_words(gz_sheet_cell(&s->row[i], with), v->arena);
        r->without = split_words(gz_sheet_cell(&s->row[i], without), v->arena);
    }
    return GZ_OK;
}

enum gz_err_kind
gz_vocab_load(struct gz_vocab *v, const struct gz_schema *schema,
              const char *const *hidden, size_t hidden_count, struct gz_arena *arena,
              struct gz_err *err)
{
    struct gz_str *name;
    size_t count = gz_layout_list(arena, &name);

    *v = (struct gz_vocab){ .schema = schema, .arena = arena };
    v->petition = gz_schema_kind(schema, GZ_STR("petition"));
    // The general layouts first: where two disagree about a value, they are right.
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            const struct gz_layout *l;
            bool hide = false;

            for (size_t h = 0; h < hidden_count; h++)
                hide |= gz_str_is(name[i], hidden[h]);
            l = gz_layout_parse(gz_layout_builtin(name[i], arena),
                                gz_arena_cstr(arena, name[i]), schema, arena, err);
            if (!l)
                return err->kind;
            if ((l->rank < 0) == (pass == 0) && !l->records)
                learn_layout(v, l, hide);
        }
        if (pass == 0)
            v->general = v->value.count;
    }
    learn_plain_words(v);
    learn_labels(v);
    return learn_rules(v, err);
}

void
gz_vocab_release(struct gz_vocab *v)
{
    gz_map_release(&v->name);
    gz_map_release(&v->contact);
    gz_map_release(&v->key);
    gz_map_release(&v->value);
}

// ---- names ----

// A name in its words, small: "createdDate", "CREATED_DATE" and "Created Date" are
// " created date ". One word in capitals without any gap stays one.
static struct gz_str
words_of(struct gz_str name, struct gz_arena *arena)
{
    char *to = gz_arena_alloc(arena, name.len * 2 + 3, 1, 1);
    size_t n = 0;

    to[n++] = ' ';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], before = i ? name.ptr[i - 1] : ' ';
        bool capital = c >= 'A' && c <= 'Z';
        bool letter = capital || (c >= 'a' && c <= 'z') || (c & 0x80);

        // createdDate, SRType
        if (capital && ((before >= 'a' && before <= 'z') ||
                        (before >= 'A' && before <= 'Z' && i + 1 < name.len &&
                         name.ptr[i + 1] >= 'a' && name.ptr[i + 1] <= 'z')))
            to[n++] = ' ';
        to[n++] = !letter ? ' ' : capital ? (char)(c + 32) : c;
    }
    to[n++] = ' ';
    return (struct gz_str){ to, n };
}

struct name_words {
    struct gz_str fold;
    struct gz_str words;
    bool one; // long and in one word: parts of it count as well
};

static bool
has_word(const struct name_words *n, struct gz_str word, struct gz_arena *arena)
{
    struct gz_str padded;

    if (word.ptr[0] & 0x80)
        return gz_str_find(n->fold, word) != (size_t)-1;
    padded = gz_arena_printf(arena, " " GZ_STR_FMT " ", GZ_STR_ARG(word));
    return gz_str_find(n->words, padded) != (size_t)-1 ||
           (n->one && (word.len >= 4 ? gz_str_find(n->fold, word) != (size_t)-1
                                     : gz_str_ends(n->fold, word)));
}

static const struct gz_str *
first_word(const struct name_words *n, const struct gz_names *list,
           struct gz_arena *arena)
{
    for (size_t i = 0; i < list->count; i++)
        if (has_word(n, list->name[i], arena))
            return &list->name[i];
    return NULL;
}

static int
points_of_rule(const struct gz_vocab_rule *r, const struct name_words *n,
               struct gz_arena *scratch, struct gz_arena *arena, struct gz_str *why)
{
    const struct gz_str *word = first_word(n, &r->words, scratch), *with = NULL;

    if (!word || first_word(n, &r->without, scratch))
        return 0;
    if (r->with.count && !(with = first_word(n, &r->with, scratch)))
        return 0;
    *why = with ? gz_arena_printf(arena,
                                  _("the name has '" GZ_STR_FMT "' and '" GZ_STR_FMT "'"),
                                  GZ_STR_ARG(*word), GZ_STR_ARG(*with))
                : gz_arena_printf(arena, _("the name has '" GZ_STR_FMT "'"),
                                  GZ_STR_ARG(*word));
    return r->points;
}

// Of a member inside an object the last name tells: properties.status.
static struct gz_str
last_part(struct gz_str name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.ptr[i - 1] == '.' && i < name.len && i > 1)
            return gz_str_from(name, i);
    return name;
}

int
gz_vocab_points(const struct gz_vocab *v, const struct gz_kind *kind,
                const struct gz_field *field, struct gz_str name, struct gz_str *why)
{
    struct gz_arena scratch = { 0 };
    struct gz_str last = last_part(name), said = { NULL, 0 };
    uint32_t n = gz_map_get(&v->name, name_key(kind, field, last, &scratch));
    int best = 0;

    if (n != GZ_MAP_NONE) {
        best = v->points[n];
        *why = gz_arena_printf(v->arena, _("a name that %s knows"), v->origin[n]);
    }
    if (kind == v->petition && best < LABEL) {
        struct name_words w = { gz_fold_name(last, &scratch), words_of(last, &scratch),
                                false };

        w.one = w.words.len >= 9 &&
                gz_str_find(gz_str_trim(w.words), GZ_STR(" ")) == (size_t)-1;
        for (size_t i = 0; i < v->rules; i++) {
            int p = v->rule[i].field == field
                        ? points_of_rule(&v->rule[i], &w, &scratch, v->arena, &said)
                        : 0;

            if (p > best) {
                best = p;
                *why = said;
            }
        }
    }
    gz_arena_free(&scratch);
    return best;
}

bool
gz_vocab_person(const struct gz_vocab *v, struct gz_str name, bool *key)
{
    static const char *const zh[] = { "市民",   "群众",   "来访人", "信访人", "当事人",
                                      "住户",   "业主",   "昵称",   "网名",   "署名",
                                      "称呼",   "监护人", "家长",   "患者",   "乘客",
                                      "住址",   "反馈人", "提交人", "提问人", "留言用户",
                                      "用户名", "客户名", "报事人", "上报人", "报案人" };
    static const char *const en[] = {
        " applicant ",    " petitioner ",      " resident ",  " submitter ",
        " username ",     " nickname ",        " surname ",   " firstname ",
        " lastname ",     " birth ",           " dob ",       " reported by ",
        " submitted by ", " created by ",      " user name ", " author ",
        " authors ",      " nicknames ",       " user id ",   " voter ",
        " participant ",  " endorsements ids "
    };
    static const char *const about[] = { "类型", "类别", "是否",    "满意", "评价",
                                         "分类", "次数", "数量",    "渠道", "解决",
                                         "意见", "诉求", "联系情况" };
    static const char *const about_en[] = { " type ", " count ", " category ",
                                            " class " };
    struct gz_arena scratch = { 0 };
    struct gz_str last = last_part(name), fold = gz_fold_name(last, &scratch);
    struct gz_str words = words_of(last, &scratch);
    bool found;

    *key = gz_map_get(&v->key, fold) != GZ_MAP_NONE;
    found =
        *key || gz_map_get(&v->contact, fold) != GZ_MAP_NONE || gz_privacy_header(last);
    for (size_t i = 0; i < GZ_COUNT(zh) && !found; i++)
        found = gz_str_find(fold, gz_str_of(zh[i])) != (size_t)-1;
    for (size_t i = 0; i < GZ_COUNT(en) && !found; i++)
        found = gz_str_find(words, gz_str_of(en[i])) != (size_t)-1;
    for (size_t i = 0; i < GZ_COUNT(about) && found && !*key; i++)
        found = gz_str_find(fold, gz_str_of(about[i])) == (size_t)-1;
    for (size_t i = 0; i < GZ_COUNT(about_en) && found && !*key; i++)
        found = gz_str_find(words, gz_str_of(about_en[i])) == (size_t)-1;
    *key |= found && (gz_str_find(fold, GZ_STR("电话")) != (size_t)-1 ||
                      gz_str_find(fold, GZ_STR("手机")) != (size_t)-1 ||
                      gz_str_find(words, GZ_STR(" phone ")) != (size_t)-1 ||
                      gz_str_find(words, GZ_STR(" mobile ")) != (size_t)-1);
    gz_arena_free(&scratch);
    return found;
}

// ---- values ----

// Parts of a status that tell where a work order stands, the first that fits.
static const char *const states[][2] = {
    { "unresol", "handling" },    { "incomplete", "handling" },
    { "reopen", "handling" },     { "撤", "withdrawn" },
    { "取消", "withdrawn" },      { "cancel", "withdrawn" },
    { "withdraw", "withdrawn" },  { "void", "withdrawn" },
    { "重复", "duplicate" },      { "duplicate", "duplicate" },
    { "延", "extension" },        { "退", "returned" },
    { "reject", "returned" },     { "return", "returned" },
    { "不予受理", "withdrawn" },  { "待受理", "received" },
    { "未受理", "received" },     { "未办", "handling" },
    { "未完", "handling" },       { "未结", "handling" },
    { "待办", "handling" },       { "待回访", "followup" },
    { "回访中", "followup" },     { "待派", "classified" },
    { "待签", "dispatched" },     { "待审", "submitted" },
    { "待结", "submitted" },      { "办结", "closed" },
    { "完结", "closed" },         { "结案", "closed" },
    { "归档", "closed" },         { "已回复", "closed" },
    { "已答复", "closed" },       { "已完成", "closed" },
    { "已解决", "closed" },       { "关闭", "closed" },
    { "closed", "closed" },       { "resol", "closed" },
    { "complet", "closed" },      { "fixed", "closed" },
    { "done", "closed" },         { "finished", "closed" },
    { "签收", "signed" },         { "派", "dispatched" },
    { "转办", "referred" },       { "transfer", "referred" },
    { "referred", "referred" },   { "assign", "dispatched" },
    { "dispatch", "dispatched" }, { "办理", "handling" },
    { "处理", "handling" },       { "progress", "handling" },
    { "pending", "handling" },    { "investigat", "handling" },
    { "review", "handling" },     { "started", "handling" },
    { "hold", "handling" },       { "受理", "received" },
    { "登记", "received" },       { "open", "received" },
    { "new", "received" },        { "received", "received" },
    { "submitted", "received" },
};

struct gz_str
gz_vocab_value(const struct gz_vocab *v, const struct gz_field *field,
               struct gz_str value)
{
    struct gz_arena scratch = { 0 };
    uint32_t n = gz_map_get(&v->value, value_key(field, value, &scratch));
    struct gz_str to = { NULL, 0 }, fold;

    if (n != GZ_MAP_NONE)
        to = v->to[n];
    fold = gz_fold_name(value, &scratch);
    for (size_t i = 0; !to.ptr && gz_str_is(field->name, "status") && value.len <= 48 &&
                       i < GZ_COUNT(states);
         i++)
        if (gz_str_find(fold, gz_str_of(states[i][0])) != (size_t)-1)
            to = gz_str_of(states[i][1]);
    gz_arena_free(&scratch);
    return to;
}
