#include "onix/old.h"

struct pair {
    char old[5], now[5];
};

static const char *find(const struct pair *pairs, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(code, pairs[i].old))
            return pairs[i].now;
    return NULL;
}

#define FIND(pairs, code) find((pairs), sizeof(pairs) / sizeof *(pairs), (code))

const struct old_form *old_form(struct str code)
{
    /* What is delivered and not carried moved from D to E and L, what is of several parts from
     * W to S; what is for the trade alone is said by list 2. */
    static const struct old_form forms[] = {
        {"DD", "DZ", "00"}, {"DG", "ED", "00"}, {"DH", "EC", "00"}, {"DO", "LB", "00"},
        {"FB", "FF", "00"}, {"VB", "VJ", "00"}, {"VC", "VJ", "00"}, {"VG", "VJ", "00"},
        {"VD", "VK", "00"}, {"VE", "VK", "00"}, {"VH", "VK", "00"}, {"WW", "SA", "10"},
        {"WX", "SA", "31"}};
    static const struct old_form trade = {"X", NULL, "20"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_is(code, forms[i].old))
            return &forms[i];
    return code.n == 2 && code.p[0] == 'X' ? &trade : NULL;
}

const char *old_form_detail(struct str code)
{
    static const struct pair changed[] = {
        {"B203", "B215"}, {"B211", "B212"}, {"B407", "B413"}, {"B408", "B414"}};
    return FIND(changed, code);
}

const char *old_book_detail(struct str code)
{
    static const struct pair details[] = {{"01", "B104"}, {"02", "B105"}, {"03", "B106"},
                                          {"04", "B402"}, {"05", "B401"}, {"06", "B501"}};
    return FIND(details, code);
}

const char *old_epub_detail(struct str code)
{
    static const struct pair details[] = {
        {"001", "E105"}, {"002", "E107"}, {"003", "E107"}, {"004", "E107"}, {"005", "E126"},
        {"006", "E126"}, {"007", "E129"}, {"010", "E121"}, {"012", "E124"}, {"013", "E124"},
        {"014", "E124"}, {"015", "E123"}, {"022", "E127"}, {"023", "E102"}, {"025", "E112"},
        {"026", "E122"}, {"027", "E117"}, {"028", "E131"}, {"029", "E101"}, {"030", "E128"},
        {"031", "E116"}, {"032", "E133"}, {"033", "E132"}, {"034", "E118"}, {"035", "E119"},
        {"036", "E120"}, {"037", "E125"}, {"038", "E130"}, {"039", "E131"}, {"040", "E134"},
        {"041", "E135"}, {"042", "E136"}, {"043", "E115"}, {"044", "E141"}, {"045", "E142"},
        {"046", "E143"}, {"047", "E144"}};
    return FIND(details, code);
}

const char *old_text_type(struct str code)
{
    static const struct pair types[] = {
        {"01", "03"}, {"02", "02"}, {"03", "03"}, {"04", "04"}, {"05", "06"}, {"06", "07"},
        {"07", "06"}, {"08", "06"}, {"09", "10"}, {"10", "08"}, {"12", "03"}, {"13", "12"},
        {"17", "27"}, {"18", "05"}, {"19", "11"}, {"20", "18"}, {"21", "13"}, {"22", "15"},
        {"23", "14"}, {"24", "14"}, {"30", "09"}, {"33", "26"}, {"35", "10"}, {"43", "16"},
        {"44", "17"}, {"47", "20"}};
    return FIND(types, code);
}

const char *old_media_type(struct str code)
{
    static const struct pair types[] = {{"03", "29"}, {"04", "01"}, {"05", "29"}, {"06", "01"},
                                        {"07", "27"}, {"08", "04"}, {"10", "05"}, {"11", "06"},
                                        {"12", "08"}, {"16", "30"}, {"17", "09"}, {"18", "10"},
                                        {"22", "25"}, {"23", "15"}, {"24", "02"}, {"25", "02"}};
    return FIND(types, code);
}

/* Where a code says less than one of 3.0, it becomes the one that sells less. */
const char *old_availability(struct str code)
{
    static const struct pair codes[] = {
        {"AB", "01"}, {"AD", "44"}, {"CS", "99"}, {"EX", "43"}, {"IP", "20"}, {"MD", "23"},
        {"NP", "10"}, {"NY", "11"}, {"OF", "42"}, {"OI", "40"}, {"OP", "51"}, {"OR", "41"},
        {"PP", "09"}, {"RF", "43"}, {"RM", "47"}, {"RP", "32"}, {"RU", "32"}, {"TO", "22"},
        {"TP", "31"}, {"TU", "30"}, {"UR", "33"}, {"WR", "47"}, {"WS", "46"}};
    return FIND(codes, code);
}
