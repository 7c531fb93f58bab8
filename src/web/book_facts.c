/* What stands in a book's table of details, in words. */
#include "web/book.h"

#define N_(text) text
#define NN_(one, many)                                                                             \
    {                                                                                              \
        one, many                                                                                  \
    }

enum { FACTS_MAX = 28, SAID_MAX = 48 };

/* Words each of which is said once. */
struct said {
    struct str words[SAID_MAX];
    size_t n;
};

static void say(struct said *said, struct str word)
{
    for (size_t i = 0; i < said->n; i++)
        if (str_eq(said->words[i], word))
            return;
    if (word.n > 0 && said->n < SAID_MAX)
        said->words[said->n++] = word;
}

static struct str say_all(const struct page *p, const struct said *said)
{
    return said->n > 0 ? language_list(p->language, p->arena, said->words, said->n) : STR_NONE;
}

static void add_fact(struct page *p, struct book_view *v, const char *name, struct str value)
{
    if (value.n > 0 && v->facts.n < FACTS_MAX)
        v->facts.v[v->facts.n++] = (struct book_fact){.name = word_text(p, name), .value = value};
}

static struct str say_apart(const struct page *p, const struct said *said, const char *between)
{
    BUF_AUTO b = BUF_INIT(4096);
    for (size_t i = 0; i < said->n; i++) {
        buf_str_add(&b, i > 0 ? word_text(p, between) : STR_NONE);
        buf_str_add(&b, said->words[i]);
    }
    return arena_str(p->arena, buf_str(&b));
}

/* ---- e-books ---- */

/* ONIX list 144. */
static struct str protection_word(const struct page *p, struct str code)
{
    static const struct code_word words[] = {
        {"00", N_("none")},
        {"01", N_("copy protection")},
        {"02", N_("watermark")},
        {"03", N_("copy protection by Adobe")},
        {"04", N_("copy protection by Apple")},
        {"06", N_("copy protection by Readium LCP")},
        {"07", N_("copy protection by Sony")},
    };
    struct str word = WORD_OF(p, words, code);
    return code.n > 0 && word.n == 0 ? word_text(p, N_("copy protection")) : word;
}

/* ONIX list 175: names of formats, which no language translates, and how they behave. */
static struct str file_words(const struct page *p, const struct edition *e)
{
    static const char *const formats[][2] = {
        {"E101", "EPUB"},   {"E105", "HTML"},       {"E107", "PDF"},  {"E108", "PDF/A"},
        {"E116", "Kindle"}, {"E127", "Mobipocket"}, {"E139", "CEB"},  {"E140", "CEBX"},
        {"E149", "CBZ"},    {"E150", "EPUB/A"},     {"A103", "MP3"},  {"A104", "WAV"},
        {"A107", "AAC"},    {"A108", "Ogg Vorbis"}, {"A110", "FLAC"},
    };
    static const struct code_word ways[] = {
        {"E200", N_("reflowable")},
        {"E201", N_("fixed layout")},
        {"E202", N_("readable offline")},
        {"E203", N_("needs a network connection")},
    };
    struct said said = {.n = 0};
    for (size_t i = 0; i < e->form_details.n; i++)
        for (size_t k = 0; k < sizeof formats / sizeof *formats; k++)
            if (str_eq(e->form_details.v[i], str_of(formats[k][0])))
                say(&said, str_of(formats[k][1]));
    for (size_t i = 0; i < e->form_details.n; i++)
        say(&said, WORD_OF(p, ways, e->form_details.v[i]));
    return say_apart(p, &said, N_(", "));
}

static struct str size_of_bytes(const struct page *p, uint64_t bytes)
{
    uint64_t kilobytes = (bytes + 1023) / 1024;
    struct str size = word_number(p, kilobytes < 1024 ? kilobytes : (kilobytes + 512) / 1024);
    return word_filled(p, kilobytes < 1024 ? N_("%1 KB") : N_("%1 MB"), &size, 1);
}

/* Extent 22, in megabytes or below that in kilobytes. */
static struct str file_size(const struct page *p, const struct edition *e)
{
    for (size_t i = 0; i < e->extents.n; i++) {
        const struct extent *x = &e->extents.v[i];
        struct str whole = str_sub(x->value, 0, str_find(x->value, '.'));
        uint64_t n;
        if (!str_eq(x->type, STR("22")) || !str_to_u64(whole, &n) || n > (uint64_t)1 << 40)
            continue;
        if (str_eq(x->unit, STR("19"))) /* megabytes, maybe with decimals */
            return word_filled(p, N_("%1 MB"), &x->value, 1);
        return size_of_bytes(p, str_eq(x->unit, STR("17")) ? n : n * 1024);
    }
    return STR_NONE;
}

/* "20 pages": ONIX list 147. */
static struct str amount_words(const struct page *p, const struct usage *u)
{
    static const struct {
        const char *code;
        const char *const words[2];
    } units[] = {
        {"01", NN_("%1 copy", "%1 copies")},
        {"02", NN_("%1 character", "%1 characters")},
        {"03", NN_("%1 word", "%1 words")},
        {"04", NN_("%1 page", "%1 pages")},
        {"05", NN_("%1 per cent", "%1 per cent")},
        {"06", NN_("%1 device", "%1 devices")},
        {"07", NN_("%1 reader at a time", "%1 readers at a time")},
        {"09", NN_("%1 day", "%1 days")},
        {"10", NN_("%1 time", "%1 times")},
        {"13", NN_("%1 week", "%1 weeks")},
        {"14", NN_("%1 month", "%1 months")},
        {"15", NN_("%1 reader", "%1 readers")},
    };
    uint64_t n;
    if (!str_to_u64(str_sub(u->quantity, 0, str_find(u->quantity, '.')), &n))
        return STR_NONE;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(u->unit, str_of(units[i].code)))
            return word_count(p, units[i].words[0], units[i].words[1], n);
    return STR_NONE;
}

/* "printing: up to 20 pages": ONIX lists 145 and 146. */
static struct str usage_word(const struct page *p, const struct usage *u)
{
    static const struct code_word deeds[] = {
        {"01", N_("reading before one buys")}, {"02", N_("printing")},
        {"03", N_("copying passages")},        {"04", N_("sharing")},
        {"05", N_("reading aloud")},           {"06", N_("lending")},
        {"07", N_("use for a limited time")},  {"09", N_("several readers")},
        {"11", N_("text and data mining")},
    };
    struct str both[] = {WORD_OF(p, deeds, u->type), amount_words(p, u)};
    if (str_eq(u->type, STR("00")))
        return word_text(p, N_("no limits set by the publisher"));
    if (both[0].n == 0)
        return STR_NONE;
    if (str_eq(u->status, STR("01")))
        return word_filled(p, N_("%1: without limit"), both, 1);
    if (str_eq(u->status, STR("03")))
        return word_filled(p, N_("%1: not allowed"), both, 1);
    return both[1].n > 0 ? word_filled(p, N_("%1: up to %2"), both, 2)
                         : word_filled(p, N_("%1: limited"), both, 1);
}

static struct str usage_words(const struct page *p, const struct edition *e)
{
    struct said said = {.n = 0};
    for (size_t i = 0; i < e->usages.n; i++)
        say(&said, usage_word(p, &e->usages.v[i]));
    return say_apart(p, &said, N_("; "));
}

/* "5 h 20 min": extent 09, in units 15 (HHHMM), 16 (HHHMMSS) and 05 (minutes). */
static struct str playing_time(const struct page *p, const struct edition *e)
{
    for (size_t i = 0; i < e->extents.n; i++) {
        const struct extent *x = &e->extents.v[i];
        uint64_t n;
        if (!str_eq(x->type, STR("09")) || !str_to_u64(x->value, &n) || n > 9999999)
            continue;
        if (str_eq(x->unit, STR("16")))
            n /= 100;
        uint64_t minutes = str_eq(x->unit, STR("05")) ? n : n / 100 * 60 + n % 100;
        struct str parts[] = {word_number(p, minutes / 60), word_number(p, minutes % 60)};
        if (str_eq(x->unit, STR("05")) || str_eq(x->unit, STR("15")) || str_eq(x->unit, STR("16")))
            return word_filled(p, N_("%1 h %2 min"), parts, 2);
    }
    return STR_NONE;
}

/* ---- print ---- */

/* A measurement in millimetres or inches; empty where it is another unit or no number. */
static struct str measured(const struct edition *e, const char *type, struct str unit)
{
    for (size_t i = 0; i < e->measures.n; i++) {
        const struct measure *m = &e->measures.v[i];
        bool plausible = m->value.n > 0 && m->value.n <= 8;
        for (size_t k = 0; k < m->value.n; k++)
            plausible = plausible &&
                        ((m->value.p[k] >= '0' && m->value.p[k] <= '9') || m->value.p[k] == '.');
        if (plausible && str_eq(m->type, str_of(type)) && str_eq(m->unit, unit))
            return m->value;
    }
    return STR_NONE;
}

/* "198 × 129 × 20 mm", high, wide and thick, in the first unit both of the first are said in. */
static struct str size_words(const struct page *p, const struct edition *e)
{
    static const struct code_word units[] = {
        {"mm", N_("%1 mm")}, {"cm", N_("%1 cm")}, {"in", N_("%1 in")}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str unit = str_of(units[i].code), high = measured(e, "01", unit),
                   wide = measured(e, "02", unit), thick = measured(e, "03", unit);
        if (high.n == 0 || wide.n == 0)
            continue;
        struct str size = ARENA_JOIN(p->arena, high, STR(" × "), wide);
        if (thick.n > 0)
            size = ARENA_JOIN(p->arena, size, STR(" × "), thick);
        return word_filled(p, units[i].word, &size, 1);
    }
    return STR_NONE;
}

static struct str weight_words(const struct page *p, const struct edition *e)
{
    static const struct code_word units[] = {
        {"gr", N_("%1 g")}, {"kg", N_("%1 kg")}, {"oz", N_("%1 oz")}, {"lb", N_("%1 lb")}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str weight = measured(e, "08", str_of(units[i].code));
        if (weight.n > 0)
            return word_filled(p, units[i].word, &weight, 1);
    }
    return STR_NONE;
}

/* ONIX list 28. */
static struct str audience_word(const struct page *p, struct str code)
{
    static const struct {
        const char *code, *word;
    } words[] = {
        {"01", N_("general readers")},     {"02", N_("children")},
        {"03", N_("teenagers")},           {"04", N_("schools")},
        {"05", N_("universities")},        {"06", N_("professionals")},
        {"07", N_("learners of English")}, {"08", N_("adult education")},
        {"09", N_("language learners")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(code, str_of(words[i].code))) /* 11 to 14 are finer than 04 */
            return word_text(p, words[i].word);
    return str_starts(code, STR("1")) ? word_text(p, N_("schools")) : STR_NONE;
}

/* From 8 to 12; empty where it is a range of something else. */
static struct str age_word(const struct page *p, const struct audience *range)
{
    struct str from, to;
    if (!audience_ages(range, &from, &to))
        return STR_NONE;
    struct str both[] = {from, to};
    if (from.n > 0 && to.n > 0 && !str_eq(from, to))
        return word_filled(p, N_("%1 to %2 years"), both, 2);
    if (from.n > 0 && to.n > 0)
        return word_filled(p, N_("%1 years"), both, 1);
    if (from.n > 0)
        return word_filled(p, N_("%1 years and older"), both, 1);
    return to.n > 0 ? word_filled(p, N_("up to %1 years"), both + 1, 1) : STR_NONE;
}

static struct str audience_words(const struct page *p, const struct edition *e)
{
    struct said said = {.n = 0};
    for (size_t i = 0; i < e->audiences.n; i++) {
        const struct audience *a = &e->audiences.v[i];
        if (str_eq(a->type, STR("01")))
            say(&said, audience_word(p, a->value));
        else
            say(&said, age_word(p, a));
    }
    return say_all(p, &said);
}

/* "2", or what is said of it; both where the one is not in the other. */
static struct str edition_words(const struct page *p, const struct edition *e)
{
    struct str both[] = {e->edition_number, e->edition_statement};
    if (both[1].n == 0)
        return both[0];
    if (both[0].n == 0 || str_find_str(both[1], both[0]) < both[1].n)
        return both[1];
    return word_filled(p, N_("%1 (%2)"), both, 2);
}

/* Each level that has a name, once, and where one finds more of it. */
static void add_subjects(struct page *p, struct book_view *v)
{
    enum { SUBJECTS_MAX = 6 };
    const struct edition *e = v->edition.facts;
    struct book_fact fact = {.name = word_text(p, N_("Subjects"))};
    fact.links.v = ARENA_ARRAY(p->arena, struct page_choice, SUBJECTS_MAX);
    for (size_t i = 0; i < e->subjects.n && fact.links.n < SUBJECTS_MAX; i++) {
        const struct subject *s = &e->subjects.v[i];
        struct str code = str_sub(s->code, 0, 2), name = word_subject(p, code);
        bool said = !str_eq(s->scheme, STR("93")) || code.n == 0 || str_eq(name, code);
        for (size_t k = 0; k < fact.links.n && !said; k++)
            said = str_eq(fact.links.v[k].name, name);
        if (!said)
            fact.links.v[fact.links.n++] =
                (struct page_choice){.name = name, .url = link_subject(p, code)};
    }
    if (fact.links.n > 0 && v->facts.n < FACTS_MAX)
        v->facts.v[v->facts.n++] = fact;
}

/* With the way to all else of theirs. */
static void add_publisher(struct page *p, struct book_view *v, const char *name,
                          struct str publisher)
{
    struct book_fact fact = {.name = word_text(p, name)};
    if (publisher.n == 0 || v->facts.n == FACTS_MAX)
        return;
    fact.links.v = ARENA_NEW(p->arena, struct page_choice);
    fact.links.v[fact.links.n++] =
        (struct page_choice){.name = publisher, .url = link_publisher(p, publisher)};
    v->facts.v[v->facts.n++] = fact;
}

/* "Example Prize 2024 (winner)". */
static struct str prize_words(const struct page *p, const struct edition *e)
{
    static const struct code_word places[] = {
        {"01", N_("winner")},       {"02", N_("runner-up")},   {"03", N_("commended")},
        {"04", N_("short-listed")}, {"05", N_("long-listed")}, {"06", N_("joint winner")},
        {"07", N_("nominated")},
    };
    struct said said = {.n = 0};
    for (size_t i = 0; i < e->prizes.n; i++) {
        const struct prize *prize = &e->prizes.v[i];
        struct str name = prize->year.n == 0
                              ? prize->name
                              : ARENA_JOIN(p->arena, prize->name, STR(" "), prize->year);
        struct str both[] = {name, WORD_OF(p, places, prize->code)};
        say(&said, both[1].n > 0 ? word_filled(p, N_("%1 (%2)"), both, 2) : name);
    }
    return say_all(p, &said);
}

static void add_languages(struct page *p, struct book_view *v)
{
    const struct edition *e = v->edition.facts;
    char title[1024];
    struct str original = edition_original_language(e);
    if (!str_eq(v->edition.language, STR("und")))
        add_fact(p, v, N_("Language"), word_language(p, v->edition.language));
    add_fact(p, v, N_("Original title"),
             arena_str(p->arena, title_display(&e->original_title, title, sizeof title)));
    if (original.n > 0 && !str_eq(original, STR("und")) && !str_eq(original, v->edition.language))
        add_fact(p, v, N_("Original language"), word_language(p, original));
}

static void add_making(struct page *p, struct book_view *v)
{
    const struct edition *e = v->edition.facts;
    uint32_t pages = edition_pages(e);
    if (pages > 0)
        add_fact(p, v, N_("Pages"), word_number(p, pages));
    if (!edition_is_digital(e)) {
        add_fact(p, v, N_("Size"), size_words(p, e));
        add_fact(p, v, N_("Weight"), weight_words(p, e));
    }
    add_fact(p, v, N_("Playing time"), playing_time(p, e));
    if (edition_is_digital(e)) {
        add_fact(p, v, N_("File type"), file_words(p, e));
        add_fact(p, v, N_("File size"),
                 v->file.bytes > 0 ? size_of_bytes(p, v->file.bytes) : file_size(p, e));
        add_fact(p, v, N_("Copy protection"), protection_word(p, e->protection));
        add_fact(p, v, N_("Permitted use"), usage_words(p, e));
    }
}

/* ---- accessibility ---- */

/* In a few words, what one asks first. */
static struct str access_summary(const struct page *p, const struct edition *e)
{
    bool heard = edition_has_access(e, "52") || edition_has_access(e, "51");
    bool images = edition_has_access(e, "14") || edition_has_access(e, "15");
    if (edition_has_access(e, "09"))
        return word_text(p, N_("Known to be hard to read with assistive technology"));
    if (heard && images)
        return word_text(p, N_("Screen-reader friendly; images described"));
    if (heard)
        return word_text(p, N_("Screen-reader friendly"));
    if (images)
        return word_text(p, N_("Images described"));
    if (edition_has_access(e, "08"))
        return word_text(p, N_("The publisher does not know how accessible it is"));
    return word_text(p, N_("Some features are told"));
}

/* ONIX list 196. */
static const struct code_word access_words[] = {
    {"02", N_("meets EPUB Accessibility 1.0, level A")},
    {"03", N_("meets EPUB Accessibility 1.0, level AA")},
    {"04", N_("meets EPUB Accessibility 1.1")},
    {"05", N_("meets PDF/UA-1")},
    {"06", N_("meets PDF/UA-2")},
    {"08", N_("its accessibility is not known")},
    {"09", N_("its accessibility is known to be limited")},
    {"10", N_("no reading aid is switched off")},
    {"11", N_("a table of contents to move by")},
    {"12", N_("an index to move by")},
    {"13", N_("one clear reading order")},
    {"14", N_("short descriptions of images")},
    {"15", N_("full descriptions of images")},
    {"16", N_("charts also as text or tables")},
    {"17", N_("formulas as MathML")},
    {"18", N_("chemical formulas as ChemML")},
    {"19", N_("page numbers as in print")},
    {"20", N_("text together with recorded speech")},
    {"21", N_("hints for text-to-speech")},
    {"22", N_("changes of language are marked")},
    {"24", N_("made for readers with dyslexia")},
    {"25", N_("nothing is told by colour alone")},
    {"26", N_("high contrast of text")},
    {"27", N_("speech stands out from background sound")},
    {"28", N_("full audio descriptions")},
    {"29", N_("forward and back by chapter and heading")},
    {"30", N_("roles for assistive technology (ARIA)")},
    {"31", N_("controls that can be operated by everyone")},
    {"32", N_("landmarks to move by")},
    {"34", N_("chemical formulas as MathML")},
    {"35", N_("formulas as LaTeX")},
    {"36", N_("all text can be enlarged and restyled")},
    {"37", N_("very high contrast of text")},
    {"38", N_("unusual words are explained")},
    {"39", N_("what comes with the recording is accessible")},
    {"40", N_("links say where they lead")},
    {"51", N_("everything can be heard as recorded speech")},
    {"52", N_("everything can be read without sight")},
    {"75", N_("exempt from European law as made by a very small enterprise")},
    {"76", N_("exempt from European law as a disproportionate burden")},
    {"77", N_("exempt from European law as a fundamental change")},
    {"80", N_("meets WCAG 2.0")},
    {"81", N_("meets WCAG 2.1")},
    {"82", N_("meets WCAG 2.2")},
    {"84", N_("WCAG level A")},
    {"85", N_("WCAG level AA")},
    {"86", N_("WCAG level AAA")},
};

/* What an EPUB's package calls accessibilityFeature (schema.org), as ONIX list 196 has it. */
static const struct {
    const char *said, *code;
} file_access[] = {
    {"tableOfContents", "11"},
    {"index", "12"},
    {"readingOrder", "13"},
    {"alternativeText", "14"},
    {"longDescription", "15"},
    {"longDescriptions", "15"},
    {"MathML", "17"},
    {"pageNavigation", "19"},
    {"printPageNumbers", "19"},
    {"pageBreakMarkers", "19"},
    {"synchronizedAudioText", "20"},
    {"ttsMarkup", "21"},
    {"highContrastDisplay", "26"},
    {"structuralNavigation", "29"},
    {"ARIA", "30"},
    {"latex", "35"},
    {"displayTransformability", "36"},
};

/* The same of what its file says, where the record says nothing. */
static void fill_access_of_file(const struct page *p, struct book_view *v, struct said *said)
{
    const struct shown_file *f = &v->file;
    for (size_t i = 0; i < f->sufficient.n; i++)
        if (str_is(f->sufficient.v[i], "textual"))
            say(said, WORD_OF(p, access_words, STR("52")));
    for (size_t i = 0; i < f->features.n; i++)
        for (size_t k = 0; k < sizeof file_access / sizeof *file_access; k++)
            if (str_is(f->features.v[i], file_access[k].said))
                say(said, WORD_OF(p, access_words, str_of(file_access[k].code)));
    if (f->conforms.n > 0 && said->n > 0)
        say(said, f->conforms);
    v->access_text = f->summary;
    v->access_of_file = said->n > 0 || f->summary.n > 0;
}

static void fill_access(const struct page *p, struct book_view *v)
{
    const struct edition *e = v->edition.facts;
    struct said said = {.n = 0};
    for (size_t i = 0; i < e->features.n; i++) {
        const struct form_feature *f = &e->features.v[i];
        if (!str_eq(f->type, STR("09")))
            continue;
        if (str_eq(f->value, STR("00")) && v->access_text.n == 0)
            v->access_text = f->text;
        say(&said, WORD_OF(p, access_words, f->value));
    }
    if (said.n == 0 && v->access_text.n == 0)
        fill_access_of_file(p, v, &said);
    v->access.v = ARENA_ARRAY(p->arena, struct str, said.n);
    v->access.n = said.n;
    for (size_t i = 0; i < said.n; i++)
        v->access.v[i] = said.words[i];
    if (said.n > 0 || v->access_text.n > 0)
        v->access_summary =
            v->access_of_file ? word_text(p, N_("Some features are told")) : access_summary(p, e);
    else if (edition_is_digital(e))
        v->access_summary = word_text(p, N_("The publisher says nothing of it"));
}

/* "Ines Marlow: The Salt Almanac. A Year. Tern House, 2024. ISBN 978…": nothing of it is
 * translated, so that it can be cited anywhere. */
static struct str cite_line(const struct page *p, const struct book_view *v)
{
    enum { NAMES_MAX = 3 };
    const struct edition *e = v->edition.facts;
    BUF_AUTO b = BUF_INIT(8192);
    size_t names = 0;
    for (size_t i = 0; i < v->edition.contributors.n && names < NAMES_MAX; i++) {
        const struct shown_contributor *c = &v->edition.contributors.v[i];
        if (c->name.n == 0 || c->roles.n == 0 || !str_starts(c->roles.v[0], STR("A")))
            continue;
        buf_str_add(&b, names++ > 0 ? STR("; ") : STR_NONE);
        buf_str_add(&b, c->name);
    }
    buf_str_add(&b, names > 0 ? STR(": ") : STR_NONE);
    buf_str_add(&b, v->edition.title);
    BUF_LIT(&b, ". ");
    if (e->title.subtitle.n > 0) {
        buf_str_add(&b, e->title.subtitle);
        BUF_LIT(&b, ". ");
    }
    if (edition_publisher(e).n > 0) {
        buf_str_add(&b, edition_publisher(e));
        buf_str_add(&b, edition_published(e) != 0 ? STR(", ") : STR(". "));
    }
    if (edition_published(e) != 0)
        buf_printf(&b, "%d. ", edition_published(e) / 10000);
    if (e->isbn13[0] != '\0')
        buf_printf(&b, "ISBN %s. ", e->isbn13);
    return arena_str(p->arena, str_trim(buf_str(&b)));
}

void book_facts_fill(struct page *p, struct book_view *v)
{
    const struct edition *e = v->edition.facts;
    v->facts.v = ARENA_ARRAY(p->arena, struct book_fact, FACTS_MAX);
    if (edition_published(e) != 0)
        add_fact(p, v, N_("Published"), word_date(p, edition_published(e)));
    add_publisher(p, v, N_("Publisher"), edition_publisher(e));
    add_publisher(p, v, N_("Imprint"), edition_imprint(e));
    add_languages(p, v);
    add_fact(p, v, N_("Edition"), edition_words(p, e));
    add_fact(p, v, N_("Audience"), audience_words(p, e));
    add_making(p, v);
    add_subjects(p, v);
    add_fact(p, v, N_("Prizes"), prize_words(p, e));
    if (e->isbn13[0] != '\0')
        add_fact(p, v, N_("ISBN"), str_of(e->isbn13));
    add_fact(p, v, N_("Work no."),
             arena_printf(p->arena, "%llu", (unsigned long long)v->edition.work));
    fill_access(p, v);
    v->cite = cite_line(p, v);
}
