#include "mail/message.h"

#include <time.h>

#include "base/encode.h"
#include "base/utf8.h"

enum {
    ADDRESS_MAX = 254,  /* RFC 5321 4.5.3.1.3, without the angle brackets */
    LOCAL_MAX = 64,     /* 4.5.3.1.1 */
    LINE_CHARS = 76,    /* RFC 2045 6.7 */
    WORD_BYTES = 39,    /* of an encoded word, so that "Subject: " and it are 76 at most */
    PLAIN_SUBJECT = 60, /* longer ones are folded, as encoded words */
};

/* ---- addresses ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322 3.2.3: what an atom may hold beside letters and digits. */
static bool is_atom(char c)
{
    return is_letter_or_digit(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_dot_atom(struct str s, bool host)
{
    char before = '.';
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = c == '.' ? before != '.' : host ? is_letter_or_digit(c) || c == '-' : is_atom(c);
        if (!ok)
            return false;
        before = c;
    }
    return before != '.';
}

bool mail_address_valid(struct str address)
{
    size_t at = str_find(address, '@');
    struct str local = str_sub(address, 0, at), host = str_sub(address, at + 1, address.n);
    return address.n <= ADDRESS_MAX && at < address.n && local.n <= LOCAL_MAX &&
           is_dot_atom(local, false) && is_dot_atom(host, true);
}

enum rc mail_address_parse(struct str text, struct mail_address *ret, struct fault *fault)
{
    struct str s = str_trim(text);
    size_t open = str_find(s, '<');
    struct mail_address a = {.address = s};
    if (open < s.n && s.p[s.n - 1] == '>') {
        a.name = str_trim(str_sub(s, 0, open));
        a.address = str_sub(s, open + 1, s.n - 1);
    }
    if (!mail_address_valid(a.address))
        return fault_set(fault, RC_INVALID, "%.*s: this is no mail address", STR_ARG(text));
    if (!utf8_clean(a.name) || str_find(a.name, '\n') < a.name.n || a.name.n > 200)
        return fault_set(fault, RC_INVALID, "the name before %.*s: one line of at most 200 bytes",
                         STR_ARG(a.address));
    *ret = a;
    return RC_OK;
}

/* ---- headers ---- */

static bool is_plain(struct str s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    /* What begins like an encoded word would be read as one. */
    return s.n <= max && str_find_str(s, STR("=?")) == s.n;
}

/* The most of `s` that fits an encoded word without cutting a character. */
static size_t word_length(struct str s)
{
    size_t n = s.n < WORD_BYTES ? s.n : WORD_BYTES;
    while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return n == 0 ? (s.n < WORD_BYTES ? s.n : WORD_BYTES) : n;
}

static void encoded_words_add(struct buf *out, struct str s)
{
    char bytes[WORD_BYTES];
    for (bool first = true; first || s.n > 0; first = false) {
        size_t n = word_length(s);
        for (size_t i = 0; i < n; i++) /* no controls, however well hidden */
            bytes[i] = (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i];
        if (!first)
            BUF_LIT(out, "\r\n ");
        BUF_LIT(out, "=?UTF-8?B?");
        base64_add(out, bytes, n);
        BUF_LIT(out, "?=");
        s = str_sub(s, n, s.n);
    }
}

static void subject_add(struct buf *out, struct str subject)
{
    BUF_LIT(out, "Subject: ");
    if (is_plain(subject, PLAIN_SUBJECT))
        buf_str_add(out, subject);
    else
        encoded_words_add(out, subject);
    BUF_LIT(out, "\r\n");
}

static bool is_phrase(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_atom(name.p[i]) && name.p[i] != ' ')
            return false;
    return is_plain(name, PLAIN_SUBJECT);
}

static void from_add(struct buf *out, const struct mail_address *from)
{
    BUF_LIT(out, "From: ");
    if (from->name.n > 0 && is_phrase(from->name))
        buf_str_add(out, from->name);
    else if (from->name.n > 0)
        encoded_words_add(out, from->name);
    if (from->name.n > 0)
        buf_char(out, ' ');
    buf_printf(out, "<%.*s>\r\n", STR_ARG(from->address));
}

/* RFC 5322 3.3, always in UTC; English whatever the process's language is. */
static void date_header_add(struct buf *out, int64_t t)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm = {0};
    time_t time = (time_t)t;
    gmtime_r(&time, &tm);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
               months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* ---- the text ---- */

static void quoted_printable_add(struct buf *out, struct str text)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n') {
            BUF_LIT(out, "\r\n");
            column = 0;
            continue;
        }
        bool ends_line = i + 1 == text.n || text.p[i + 1] == '\n';
        bool literal = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !ends_line);
        size_t width = literal ? 1 : 3;
        if (column + width > LINE_CHARS - (ends_line ? 0 : 1)) {
            BUF_LIT(out, "=\r\n");
            column = 0;
        }
        if (literal)
            buf_char(out, (char)c);
        else
            buf_add(out, (char[]){'=', hex[c >> 4], hex[c & 15]}, 3);
        column += width;
    }
    if (text.n > 0 && text.p[text.n - 1] != '\n')
        BUF_LIT(out, "\r\n");
}

static bool language_tag_valid(struct str tag)
{
    for (size_t i = 0; i < tag.n; i++)
        if (!is_letter_or_digit(tag.p[i]) && tag.p[i] != '-')
            return false;
    return tag.n > 0 && tag.n <= 35;
}

enum { URL_MAX = 900 }; /* of a line, RFC 5322 2.1.1 */

static void unsubscribe_add(struct buf *out, struct str url)
{
    bool fits = url.n > 0 && url.n <= URL_MAX;
    for (size_t i = 0; i < url.n; i++)
        fits = fits && url.p[i] > ' ' && url.p[i] <= '~' && url.p[i] != '<' && url.p[i] != '>';
    if (!fits)
        return;
    buf_printf(out, "List-Unsubscribe: <%.*s>\r\n", STR_ARG(url));
    if (str_starts(url, STR("https://")))
        BUF_LIT(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

enum rc mail_message_write(const struct mail_message *m, struct buf *out, struct fault *fault)
{
    if (!mail_address_valid(m->from.address) || !mail_address_valid(m->to))
        return fault_set(fault, RC_INVALID, "%.*s: no letter can be addressed like this",
                         STR_ARG(mail_address_valid(m->to) ? m->from.address : m->to));
    if (!mail_address_valid(m->id))
        return fault_set(fault, RC_INVALID, "%.*s: this is no Message-ID", STR_ARG(m->id));
    if (!utf8_valid(m->subject, NULL) || !utf8_valid(m->text, NULL))
        return fault_set(fault, RC_INVALID, "a letter's text is not UTF-8");
    date_header_add(out, m->date);
    from_add(out, &m->from);
    buf_printf(out, "To: <%.*s>\r\n", STR_ARG(m->to));
    buf_printf(out, "Message-ID: <%.*s>\r\n", STR_ARG(m->id));
    subject_add(out, m->subject);
    /* RFC 3834: nobody's holiday notice shall answer it. */
    BUF_LIT(out, "Auto-Submitted: auto-generated\r\n");
    unsubscribe_add(out, m->unsubscribe);
    if (language_tag_valid(m->language))
        buf_printf(out, "Content-Language: %.*s\r\n", STR_ARG(m->language));
    BUF_LIT(out, "MIME-Version: 1.0\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: quoted-printable\r\n"
                 "\r\n");
    quoted_printable_add(out, m->text);
    return buf_check(out);
}
