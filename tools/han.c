/* Writes what the search knows of Han characters, as C: the table by which traditional
 * Chinese is folded to simplified, and each character's syllable in pinyin. ICU's
 * transliterators go through their rules for every character: half a second for all of
 * Han, which no process need spend again. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { HAN_FIRST = 0x3400, HAN_LAST = 0x9fff, HAN_COUNT = HAN_LAST - HAN_FIRST + 1 };
enum { TEXT = 2 * HAN_COUNT, ROOM = 8 * HAN_COUNT, SYLLABLE = 8, SYLLABLES_MAX = 1000 };

static UChar text[ROOM];
static char sounds[HAN_COUNT][SYLLABLE];
static char syllables[SYLLABLES_MAX][SYLLABLE];

/* All of Han through one transliterator, each character on a line of its own. */
static int32_t transliterate(const char *name)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar id[64];
    int32_t n = TEXT, limit = TEXT;
    u_uastrcpy(id, name);
    UTransliterator *transliterator = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    for (int i = 0; i < HAN_COUNT; i++) {
        text[2 * i] = (UChar)(HAN_FIRST + i);
        text[2 * i + 1] = '\n';
    }
    if (U_SUCCESS(status))
        utrans_transUChars(transliterator, text, &n, ROOM, 0, &limit, &status);
    if (U_FAILURE(status)) {
        fprintf(stderr, "han: ICU: %s\n", u_errorName(status));
        exit(1);
    }
    utrans_close(transliterator);
    return n;
}

static void write_simplified(void)
{
    int32_t n = transliterate("Traditional-Simplified"), at = 0;
    printf("const uint16_t simplified_han[HAN_COUNT] = {");
    for (int i = 0; i < HAN_COUNT; i++) {
        int32_t begun = at;
        while (at < n && text[at] != '\n')
            at++;
        /* What becomes several characters stays as it is. */
        unsigned to = at - begun == 1 ? text[begun] : (unsigned)(HAN_FIRST + i);
        printf("%s0x%x,", i % 12 == 0 ? "\n" : "", to);
        at++;
    }
    printf("\n};\n\n");
}

static void read_sounds(void)
{
    int32_t n = transliterate("Han-Latin; Latin-ASCII; Any-Lower"), at = 0;
    for (int i = 0; i < HAN_COUNT; i++) {
        int32_t begun = at;
        bool known = true;
        for (; at < n && text[at] != '\n'; at++)
            known &= text[at] >= 'a' && text[at] <= 'z';
        for (int32_t k = 0; known && at - begun < SYLLABLE && k < at - begun; k++)
            sounds[i][k] = (char)text[begun + k];
        at++;
    }
}

static int by_letters(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int write_sounds(void)
{
    static char sorted[HAN_COUNT][SYLLABLE];
    int n = 0;
    read_sounds();
    memcpy(sorted, sounds, sizeof sorted);
    qsort(sorted, HAN_COUNT, SYLLABLE, by_letters);
    for (int i = 0; i < HAN_COUNT; i++)
        if (sorted[i][0] != '\0' && (n == 0 || strcmp(syllables[n - 1], sorted[i]) != 0) &&
            n < SYLLABLES_MAX)
            memcpy(syllables[n++], sorted[i], SYLLABLE);
    printf("const size_t syllable_count = %d;\nconst char syllables[][SYLLABLE_ROOM] = {", n);
    for (int i = 0; i < n; i++)
        printf("%s\"%s\",", i % 10 == 0 ? "\n" : "", syllables[i]);
    printf("\n};\n\n/* One more than the place in `syllables`; 0: none. */\n"
           "const uint16_t han_sounds[HAN_COUNT] = {");
    for (int i = 0; i < HAN_COUNT; i++) {
        const char *at = sounds[i][0] == '\0'
                             ? NULL
                             : bsearch(sounds[i], syllables, (size_t)n, SYLLABLE, by_letters);
        int place = at == NULL ? 0 : (int)((at - syllables[0]) / SYLLABLE) + 1;
        printf("%s%d,", i % 16 == 0 ? "\n" : "", place);
    }
    printf("\n};\n");
    return n;
}

/* ---- Wade-Giles ---- */

/* A syllable of pinyin in the older spelling, without its marks, which nobody types: t for t
 * and t', ch for four initials. False where the two are written alike. */
static bool wade(const char *pinyin, char ret[16])
{
    static const char *const whole[][2] = {
        {"zi", "tzu"},   {"ci", "tzu"},    {"si", "ssu"},   {"zhi", "chih"}, {"chi", "chih"},
        {"shi", "shih"}, {"ri", "jih"},    {"yi", "i"},     {"you", "yu"},   {"er", "erh"},
        {"ge", "ko"},    {"ke", "ko"},     {"he", "ho"},    {"e", "o"},      {"gui", "kuei"},
        {"kui", "kuei"}, {"shuo", "shuo"}, {"guo", "kuo"},  {"kuo", "kuo"},  {"huo", "huo"},
        {"yan", "yen"},  {"ye", "yeh"},    {"yue", "yueh"}, {"yong", "yung"}};
    static const char *const initials[][2] = {
        {"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"}, {"b", "p"}, {"d", "t"},  {"g", "k"},
        {"j", "ch"},  {"q", "ch"},  {"x", "hs"},  {"r", "j"}, {"z", "ts"}, {"c", "ts"}};
    static const char *const finals[][2] = {{"iong", "iung"}, {"ong", "ung"}, {"ian", "ien"},
                                            {"ie", "ieh"},    {"ue", "ueh"},  {"uo", "o"}};
    const char *rest = pinyin, *initial = "";
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(pinyin, whole[i][0]) == 0) {
            snprintf(ret, 16, "%s", whole[i][1]);
            return strcmp(pinyin, ret) != 0;
        }
    char kept[2] = {pinyin[0], '\0'};
    if (strchr("aeo", pinyin[0]) == NULL) {
        initial = kept;
        rest = pinyin + 1;
    }
    for (size_t i = 0; i < sizeof initials / sizeof *initials; i++)
        if (strncmp(pinyin, initials[i][0], strlen(initials[i][0])) == 0) {
            initial = initials[i][1];
            rest = pinyin + strlen(initials[i][0]);
            break;
        }
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
        if (strcmp(rest, finals[i][0]) == 0) {
            rest = finals[i][1];
            break;
        }
    snprintf(ret, 16, "%.7s%.7s", initial, rest);
    return true; /* the same letters may stand for another syllable too: "tao" */
}

struct older {
    char text[16];
    int syllable;
};

static int by_text(const void *a, const void *b)
{
    const struct older *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : x->syllable - y->syllable;
}

static void write_wade(int syllable_count)
{
    static struct older all[SYLLABLES_MAX];
    int n = 0;
    for (int i = 0; i < syllable_count; i++)
        if (strpbrk(syllables[i], "aeiou") != NULL && wade(syllables[i], all[n].text) &&
            strlen(all[n].text) < SYLLABLE)
            all[n++].syllable = i;
    qsort(all, (size_t)n, sizeof *all, by_text);
    printf("\nconst size_t older_count = %d;\nconst struct older_spelling older_spellings[] = {",
           n);
    for (int i = 0; i < n; i++)
        printf("%s{\"%s\", %d},", i % 6 == 0 ? "\n" : "", all[i].text, all[i].syllable);
    printf("\n};\n");
}

int main(void)
{
    printf("#include \"search/index.h\"\n#include \"search/sounds.h\"\n\n");
    write_simplified();
    write_wade(write_sounds());
    return 0;
}
