#include "domain/part_number.h"

#include "base/utf8.h"

static unsigned from_roman(struct str word)
{
    static const struct {
        char letter;
        unsigned value;
    } letters[] = {{'i', 1}, {'v', 5}, {'x', 10}, {'l', 50}};
    unsigned sum = 0, last = 0;
    for (size_t i = word.n; i > 0; i--) {
        unsigned value = 0;
        for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
            if ((word.p[i - 1] | 32) == letters[k].letter)
                value = letters[k].value;
        if (value == 0)
            return 0;
        sum = value < last ? sum - value : sum + value;
        last = value > last ? value : last;
    }
    return sum < 100 ? sum : 0;
}

static unsigned from_word(struct str word)
{
    static const char *const words[] = {"one",   "two",   "three", "four", "five",   "six",
                                        "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(word, str_of(words[i])))
            return i + 1;
    return from_roman(word);
}

/* The first number in Han: 二, 十, 十二, 二十, 二十三. */
static unsigned from_han(struct str s)
{
    static const uint32_t digits[] = {0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
                                      0x516d, 0x4e03, 0x516b, 0x4e5d};
    enum { TEN = 0x5341 };
    unsigned sum = 0, digit;
    uint32_t c;
    bool begun = false;
    while (utf8_next(&s, &c)) {
        digit = 0;
        for (unsigned i = 0; i < sizeof digits / sizeof *digits; i++)
            if (c == digits[i])
                digit = i + 1;
        if (digit == 0 && c != TEN) {
            if (begun)
                break;
            continue;
        }
        sum = c == TEN ? (sum == 0 ? 10 : sum * 10) : sum + digit;
        begun = true;
    }
    return sum < 100 ? sum : 0;
}

unsigned part_number(struct str part)
{
    struct str rest = part, word;
    bool digits = false;
    for (size_t i = 0; i < part.n; i++)
        digits |= part.p[i] >= '0' && part.p[i] <= '9';
    if (digits) /* they are found as they stand */
        return 0;
    unsigned number = from_han(part);
    while (number == 0 && str_next(&rest, ' ', &word))
        number = from_word(str_trim(word));
    return number;
}
