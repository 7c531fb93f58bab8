#include "domain/password.h"

#include <string.h>

enum {
    FOLDED_MAX = 64, /* longer ones are no word with something around it */
    PIECE_MAX = 6,   /* "abc123abc123" */
    OWN_MIN = 4,     /* a shorter name stands in too many passwords */
    FIGURES_MAX = 8, /* "password" and a day */
};

/* What stands in every count of leaked passwords, in the languages of the interface. */
static const char *const words[] = {
    "password", "passwort", "motdepasse", "contrasena", "kennwort", "passw",         "pass",
    "iloveyou", "welcome",  "letmein",    "changeme",   "admin",    "administrator", "root",
    "login",    "secret",   "default",    "test",       "guest",    "user",          "sunshine",
    "princess", "football", "baseball",   "monkey",     "dragon",   "master",        "superman",
    "batman",   "shadow",   "trustno",    "whatever",   "starwars", "pokemon",       "computer",
    "internet", "samsung",  "google",     "facebook",   "hello",    "bonjour",       "azerty",
    "loulou",   "doudou",   "hallo",      "schatz",     "liebe",    "woaini",        "nihao",
    "charlie",  "michael",  "jordan",     "bookstore",  "bookshop", "colophon",
};

/* Where one finger goes on to the next. */
static const char *const rows[] = {
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "azertyuiop", "qsdfghjklm", "wxcvbn",    "qwertzuiop",
    "1qaz",       "2wsx",       "3edc",      "4rfv",
    "5tgb",       "6yhn",       "7ujm",      "abcdefghijklmnopqrstuvwxyz"};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "p4$$w0rd": figures and signs that stand for letters within a word. */
static char letter_of(char c)
{
    static const char from[] = "@4031!$57+", to[] = "aaoeiisstt";
    const char *at = c == '\0' ? NULL : strchr(from, c);
    return at == NULL ? c : to[at - from];
}

static bool goes_on(char a, char b)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *at = a == '\0' ? NULL : strchr(rows[i], a);
        if (at != NULL && (at[1] == b || (at > rows[i] && at[-1] == b)))
            return true;
    }
    return a == b;
}

/* "qwerty123", "abcd4321", "1q2w3e4r": all but two steps go on, from the one before or the last
 * but one. */
static bool is_run(const char *s, size_t n)
{
    size_t steps = 0, leaps = 0;
    for (size_t i = 1; i < n; i++)
        steps += goes_on(s[i - 1], s[i]);
    for (size_t i = 2; i < n; i++)
        leaps += goes_on(s[i - 2], s[i]);
    return steps + 3 >= n || leaps + 3 >= n;
}

static bool is_repeated(const char *s, size_t n)
{
    for (size_t piece = 1; piece <= PIECE_MAX && 2 * piece <= n; piece++)
        if (memcmp(s, s + piece, n - piece) == 0)
            return true;
    return false;
}

static bool is_figures(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return n <= FIGURES_MAX;
}

/* Once or twice, and nothing else. */
static bool is_word(struct str core, struct str word)
{
    if (word.n == 0 || core.n % word.n != 0 || core.n / word.n > 2)
        return false;
    for (size_t i = 0; i < core.n; i++)
        if (lower(core.p[i]) != lower(word.p[i % word.n]))
            return false;
    return core.n > 0;
}

static bool is_known(struct str core, struct str email, struct str name)
{
    struct str local = str_sub(email, 0, str_find(email, '@'));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(core, str_of(words[i])))
            return true;
    return (local.n >= OWN_MIN && is_word(core, local)) ||
           (name.n >= OWN_MIN && is_word(core, name));
}

bool password_is_common(struct str password, struct str email, struct str name)
{
    char plain[FOLDED_MAX], letters[FOLDED_MAX];
    size_t n = password.n, begin = 0, end = n;
    if (n == 0 || n > FOLDED_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        plain[i] = lower(password.p[i]);
    if (is_run(plain, n) || is_repeated(plain, n) || is_figures(plain, n) ||
        is_known(password, email, name))
        return true;
    while (begin < n && !is_letter(plain[begin]))
        begin++;
    while (end > begin && !is_letter(plain[end - 1]))
        end--;
    if (n - (end - begin) > FIGURES_MAX)
        return false;
    /* As it is typed, and with what stands for letters; "p@ssw0rd" has such within, "$ecret" before
     * them. */
    for (size_t i = 0; i < n; i++)
        letters[i] = letter_of(plain[i]);
    size_t first = begin > 0 && is_letter(letters[begin - 1]) ? begin - 1 : begin;
    return is_known((struct str){plain + begin, end - begin}, email, name) ||
           is_known((struct str){letters + begin, end - begin}, email, name) ||
           is_known((struct str){letters + first, end - first}, email, name);
}
