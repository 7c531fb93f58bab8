#include "app/restriction_view.h"
#include "web/markdown.h"
#include "web/page.h"

#define N_(text) text

enum { FAULTS_SHOWN = 20 };

struct str slip_features(const struct page *p, feature_mask features)
{
    BUF_AUTO b = BUF_INIT(256);
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (features & FEATURE_BIT(f))
            buf_printf(&b, "%s%s", b.n > 0 ? " " : "", feature_name((enum feature)f));
    return arena_str(p->arena, buf_str(&b));
}

struct str slip_voice(const struct page *p, const char *kind, uint64_t index)
{
    return arena_printf(p->arena, "%s:%llu", kind, (unsigned long long)index);
}

struct str slip_id(const struct page *p, const char *place, const struct shown_slip *s)
{
    return arena_printf(p->arena, "slip-%s-%llu", place, (unsigned long long)s->restriction->id);
}

struct str slip_id_of(const struct page *p, const char *place, struct str of,
                      const struct shown_slip *s)
{
    return arena_printf(p->arena, "slip-%s-%.*s-%llu", place, STR_ARG(of),
                        (unsigned long long)s->restriction->id);
}

struct str star_glyphs(uint32_t milli)
{
    static const char *const glyphs[] = {"☆☆☆☆☆", "★☆☆☆☆", "★★☆☆☆", "★★★☆☆", "★★★★☆", "★★★★★"};
    uint32_t stars = (milli + 500) / 1000;
    return str_of(glyphs[stars > 5 ? 5 : stars]);
}

const char *state_class(enum restriction_state state)
{
    return state == STATE_IN_EFFECT ? "in" : state == STATE_LIFTED ? "lifted" : "other";
}

struct html_trusted trusted_html(struct str clean)
{
    return (struct html_trusted){clean};
}

star_choices star_choices_make(const struct page *p, unsigned chosen)
{
    star_choices choices = {ARENA_ARRAY(p->arena, struct star_choice, 5), 5};
    for (unsigned i = 0; i < 5; i++)
        choices.v[i] = (struct star_choice){.stars = 5 - i, .chosen = chosen == 5 - i};
    return choices;
}

star_choices histogram_bars(const struct page *p, const struct shown_stars *s)
{
    star_choices bars = star_choices_make(p, 0);
    for (unsigned i = 0; i < 5; i++) {
        bars.v[i].count = s->sum.stars[4 - i];
        bars.v[i].percent = s->count == 0 ? 0 : (unsigned)(bars.v[i].count * 100 / s->count);
    }
    return bars;
}

/* The first letter of a sentence, where the script has capitals. */
static struct str capitalised(const struct page *p, struct str s)
{
    char *copy = arena_z(p->arena, s);
    if (s.n > 0 && copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 32);
    return (struct str){copy, s.n};
}

struct str restriction_title(const struct page *p, const struct restriction_view *v)
{
    struct str parts[] = {word_features(p, v->r->features), word_target(p, v)};
    return capitalised(p, word_filled(p, N_("%1 of %2"), parts, 2));
}

static bool is_of(struct str sentence, const char *field)
{
    struct str names = str_sub(sentence, 0, str_find(sentence, ':'));
    while (names.n > 0 && names.n < sentence.n) {
        size_t end = str_find(names, ',');
        if (str_eq(str_trim(str_sub(names, 0, end)), str_of(field)))
            return true;
        names = end == names.n ? STR_NONE : str_sub(names, end + 1, names.n);
    }
    return false;
}

struct str fault_of(struct str sentences, const char *field)
{
    struct str line;
    while (str_next(&sentences, '\n', &line))
        if (is_of(line, field))
            return line;
    return STR_NONE;
}

bool fault_is_of(struct str sentences, const char *field)
{
    return fault_of(sentences, field).n > 0;
}

fault_lines faults_each(const struct page *p, struct str sentences)
{
    fault_lines list = {ARENA_ARRAY(p->arena, struct str, FAULTS_SHOWN), 0};
    struct str line;
    while (list.n < FAULTS_SHOWN && str_next(&sentences, '\n', &line))
        list.v[list.n++] = line;
    return list;
}

struct str word_silent(const struct page *p, const struct visit *visit,
                       const struct shown_edition *e)
{
    BUF_AUTO text = BUF_INIT(4096);
    for (size_t i = 0; i < visit->view->storefronts.n; i++) {
        const struct storefront *s = &visit->view->storefronts.v[i];
        if (gate_withholder(visit->view, s, FEATURE_RATINGS, e->work, e->key) == NULL &&
            gate_withholder(visit->view, s, FEATURE_REVIEWS, e->work, e->key) == NULL)
            continue;
        struct str country = word_country(p, s->country);
        buf_printf(&text, "%s%.*s", text.n > 0 ? ", " : "", STR_ARG(country));
    }
    return arena_str(p->arena, buf_str(&text));
}

struct html_trusted reader_html(const struct page *p, struct str text)
{
    return markdown_folded(p->arena, text, word_text(p, N_("Gives the story away")));
}
