#include "web/html.h"

#include "base/markup.h"
#include "web/bidi.h"

enum { PLAIN_MAX = 1 << 20 };

void html_escaped(struct html *h, struct str s)
{
    markup_escape(h->out, s);
}

void html_text(struct html *h, struct str s)
{
    bool apart = h->language != NULL && bidi_apart(s, language_rtl(h->language));
    if (apart)
        HTML_LIT(h, "<bdi>");
    html_escaped(h, s);
    if (apart)
        HTML_LIT(h, "</bdi>");
}

void html_raw(struct html *h, struct html_trusted s)
{
    buf_str_add(h->out, s.html);
}

void html_number(struct html *h, long long n)
{
    buf_i64(h->out, n);
}

void html_url(struct html *h, struct url url)
{
    html_escaped(h, url.text);
}

size_t html_capture(struct html *h)
{
    return h->out->n;
}

struct html_trusted html_captured(struct html *h, size_t begun)
{
    if (h->out->failed || h->out->n < begun)
        return STR_TRUSTED_NONE;
    struct str html = arena_str(h->arena, (struct str){h->out->p + begun, h->out->n - begun});
    h->out->n = begun;
    return (struct html_trusted){html};
}

struct html_arg html_arg_str(struct str s)
{
    return (struct html_arg){HTML_ARG_STR, s, 0};
}

struct html_arg html_arg_trusted(struct html_trusted t)
{
    return (struct html_arg){HTML_ARG_TRUSTED, t.html, 0};
}

struct html_arg html_arg_number(long long n)
{
    return (struct html_arg){HTML_ARG_NUMBER, STR_NONE, n};
}

static void put_plain(struct html *h, struct str s)
{
    BUF_AUTO apart = BUF_INIT(s.n + 8);
    bidi_add(&apart, s, language_rtl(h->language));
    html_escaped(h, buf_str(&apart));
}

static void put_arg(struct html *h, bool plain, const struct html_arg *arg)
{
    switch (arg->kind) {
    case HTML_ARG_STR:
        if (plain)
            put_plain(h, arg->str);
        else
            html_text(h, arg->str);
        break;
    case HTML_ARG_TRUSTED:
        if (!plain)
            buf_str_add(h->out, arg->str);
        break;
    case HTML_ARG_NUMBER:
        html_escaped(h, language_number(h->language, h->arena, arg->number));
        break;
    }
}

void html_message(struct html *h, bool plain, const char *singular, const char *plural,
                  uint64_t count, const struct html_arg *args, size_t n)
{
    struct str text = plural == NULL ? language_text(h->language, singular)
                                     : language_plural(h->language, singular, plural, count);
    size_t begun = 0;
    for (size_t i = str_find(text, '%'); i + 1 < text.n;
         i += 1 + str_find(str_sub(text, i + 1, text.n), '%')) {
        if (text.p[i + 1] < '1' || text.p[i + 1] > '9')
            continue;
        html_escaped(h, str_sub(text, begun, i));
        size_t at = (size_t)(text.p[i + 1] - '1');
        if (at < n)
            put_arg(h, plain, &args[at]);
        begun = i + 2;
        i++;
    }
    html_escaped(h, str_sub(text, begun, text.n));
}

struct str html_plain(struct arena *arena, struct str html)
{
    static const struct {
        struct str name;
        char c;
    } entities[] = {{{"&lt;", 4}, '<'},
                    {{"&gt;", 4}, '>'},
                    {{"&quot;", 6}, '"'},
                    {{"&#39;", 5}, '\''},
                    {{"&amp;", 5}, '&'}};
    enum { COUNT = sizeof entities / sizeof *entities };
    BUF_AUTO b = BUF_INIT(PLAIN_MAX);
    for (size_t i = 0; i < html.n;) {
        struct str rest = str_sub(html, i, html.n);
        size_t known = 0, plain = 0;
        if (rest.p[0] == '<') {
            i += str_find(rest, '>') + 1;
            continue;
        }
        while (plain < rest.n && rest.p[plain] != '<' && rest.p[plain] != '&')
            plain++;
        buf_add(&b, rest.p, plain);
        i += plain;
        if (plain > 0)
            continue;
        while (known < COUNT && !str_starts(rest, entities[known].name))
            known++;
        buf_char(&b, known < COUNT ? entities[known].c : rest.p[0]);
        i += known < COUNT ? entities[known].name.n : 1;
    }
    return arena_str(arena, str_trim(buf_str(&b)));
}
