/* Writes the table by which traditional Chinese is folded to simplified, as C. ICU's
 * transliterator goes through its rules for every character: a tenth of a second for all
 * of Han, which no process need spend again. */
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { HAN_FIRST = 0x3400, HAN_LAST = 0x9fff, HAN_COUNT = HAN_LAST - HAN_FIRST + 1 };
enum { TEXT = 2 * HAN_COUNT, ROOM = 3 * HAN_COUNT };

static UChar text[ROOM];

int main(void)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar id[32];
    int32_t n = TEXT, limit = TEXT, at = 0;
    u_uastrcpy(id, "Traditional-Simplified");
    UTransliterator *transliterator = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    for (int i = 0; i < HAN_COUNT; i++) {
        text[2 * i] = (UChar)(HAN_FIRST + i);
        text[2 * i + 1] = '\n';
    }
    if (U_SUCCESS(status))
        utrans_transUChars(transliterator, text, &n, ROOM, 0, &limit, &status);
    if (U_FAILURE(status)) {
        fprintf(stderr, "simplified: ICU: %s\n", u_errorName(status));
        return 1;
    }
    utrans_close(transliterator);
    printf("#include \"search/index.h\"\n\nconst uint16_t simplified_han[HAN_COUNT] = {");
    for (int i = 0; i < HAN_COUNT; i++) {
        int32_t begun = at;
        while (at < n && text[at] != '\n')
            at++;
        /* What becomes several characters stays as it is. */
        unsigned to = at - begun == 1 ? text[begun] : (unsigned)(HAN_FIRST + i);
        printf("%s0x%x,", i % 12 == 0 ? "\n" : "", to);
        at++;
    }
    printf("\n};\n");
    return 0;
}
