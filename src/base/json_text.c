#include "base/json_text.h"

/* What does not stand for itself: anywhere, or where the text is within HTML. */
enum { IN_JSON = 1, IN_HTML = 2 };
static const unsigned char escaped[256] = {[0 ... 0x1f] = IN_JSON | IN_HTML,
                                           ['"'] = IN_JSON | IN_HTML,
                                           ['\\'] = IN_JSON | IN_HTML,
                                           ['<'] = IN_HTML,
                                           ['>'] = IN_HTML,
                                           ['&'] = IN_HTML};

static void add_escape(struct buf *b, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    switch (c) {
    case '"':
        BUF_LIT(b, "\\\"");
        break;
    case '\\':
        BUF_LIT(b, "\\\\");
        break;
    case '\b':
        BUF_LIT(b, "\\b");
        break;
    case '\f':
        BUF_LIT(b, "\\f");
        break;
    case '\n':
        BUF_LIT(b, "\\n");
        break;
    case '\r':
        BUF_LIT(b, "\\r");
        break;
    case '\t':
        BUF_LIT(b, "\\t");
        break;
    default:
        buf_add(b, escape, sizeof escape);
    }
}

static void add_text(struct buf *b, struct str s, unsigned char where)
{
    size_t begun = 0;
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if ((escaped[(unsigned char)s.p[i]] & where) == 0)
            continue;
        buf_add(b, s.p + begun, i - begun);
        add_escape(b, (unsigned char)s.p[i]);
        begun = i + 1;
    }
    if (s.n > begun)
        buf_add(b, s.p + begun, s.n - begun);
    buf_char(b, '"');
}

/* What comes before a value: names are ours, and need no escapes. */
void json_text_name(struct buf *b, const char *name)
{
    bool first = b->n > 0 && (b->p[b->n - 1] == '{' || b->p[b->n - 1] == '[');
    if (!first)
        buf_char(b, ',');
    if (name == NULL)
        return;
    buf_char(b, '"');
    buf_str_add(b, str_of(name));
    BUF_LIT(b, "\":");
}

void json_text_str(struct buf *b, const char *name, struct str value)
{
    json_text_name(b, name);
    add_text(b, value, IN_HTML);
}

void json_text_bare(struct buf *b, const char *name, struct str value)
{
    json_text_name(b, name);
    add_text(b, value, IN_JSON);
}

void json_text_int(struct buf *b, const char *name, int64_t value)
{
    json_text_name(b, name);
    buf_i64(b, value);
}

void json_text_digits(struct buf *b, const char *name, struct str digits)
{
    json_text_name(b, name);
    buf_str_add(b, digits);
}

void json_text_true(struct buf *b, const char *name)
{
    json_text_digits(b, name, STR("true"));
}

void json_text_object(struct buf *b, const char *name)
{
    json_text_name(b, name);
    buf_char(b, '{');
}

size_t json_text_list(struct buf *b, const char *name)
{
    size_t begun = b->n;
    json_text_name(b, name);
    buf_char(b, '[');
    return begun;
}

void json_text_object_end(struct buf *b)
{
    buf_char(b, '}');
}

void json_text_list_end(struct buf *b, size_t begun)
{
    if (b->n > 0 && b->p[b->n - 1] == '[')
        b->n = begun;
    else
        buf_char(b, ']');
}
