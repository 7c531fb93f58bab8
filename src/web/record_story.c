#include "web/record_story.h"

#define N_(text) text
#define NN_(one, many)                                                                             \
    {                                                                                              \
        one, many                                                                                  \
    }

static const struct {
    const char *kind, *word, *ahead;
} steps[STORY_COUNT] = {
    [STORY_RECEIVED] = {"received", N_("Demand received"), NULL},
    [STORY_ACKNOWLEDGED] = {"acknowledged", N_("Receipt confirmed to the sender"), NULL},
    [STORY_FILED] = {"filed", N_("Demand published"), NULL},
    [STORY_REFUSED] = {"refused", N_("Refused"), NULL},
    [STORY_GRANTED] = {"granted", N_("Granted"), NULL},
    [STORY_NARROWED] = {"narrowed", N_("Granted in part"), NULL},
    [STORY_DECIDED] = {"decided", N_("Decided and published"), NULL},
    [STORY_PUBLISHED] = {"published", NULL, NULL},
    [STORY_BEGAN] = {"began", N_("In effect"), N_("Takes effect")},
    [STORY_EXTENDED] = {"extended", NULL, NULL},
    [STORY_COMPLAINT] = {"complaint", N_("Complaint"), NULL},
    [STORY_UPHELD] = {"upheld", N_("Complaint upheld"), NULL},
    [STORY_REJECTED] = {"rejected", N_("Complaint rejected"), NULL},
    [STORY_DISPUTE] = {"dispute", N_("Taken to %1, out of court"), NULL},
    [STORY_CONFIRMED] = {"confirmed", N_("%1 confirmed the decision"), NULL},
    [STORY_REVERSED] = {"reversed", N_("%1 reversed the decision"), NULL},
    [STORY_PARTLY] = {"partly", N_("%1 reversed the decision in part"), NULL},
    [STORY_NO_RESULT] = {"no-result", N_("%1 ended the dispute without a result"), NULL},
    [STORY_CORRECTED] = {"corrected", N_("What was noted of the dispute is corrected"), NULL},
    [STORY_VOID] = {"void", N_("The dispute was noted by mistake: there was none"), NULL},
    [STORY_ENDED] = {"ended", N_("Ended"), N_("Ends")},
    [STORY_LAPSED] = {"lapsed", N_("Lapsed: nobody had reviewed it"), N_("Lapses unless reviewed")},
    [STORY_LIFTED] = {"lifted", N_("Lifted"), NULL},
    [STORY_OPENED] = {"opened", N_("Seal opened: %1"), NULL},
};

struct str word_duration(const struct page *p, uint64_t seconds)
{
    static const struct {
        uint64_t size;
        const char *words[2];
    } units[] = {
        {86400, NN_("%1 day", "%1 days")},
        {3600, NN_("%1 hour", "%1 hours")},
        {60, NN_("%1 minute", "%1 minutes")},
    };
    for (size_t i = 0; i < 3; i++)
        if (seconds >= units[i].size)
            return word_count(p, units[i].words[0], units[i].words[1], seconds / units[i].size);
    return word_text(p, N_("less than a minute"));
}

static struct str word_step(const struct page *p, const struct story_step *s)
{
    static const char *const joined[] = NN_("%1 work joined the set", "%1 works joined the set");
    if (s->kind == STORY_EXTENDED)
        return word_count(p, joined[0], joined[1], s->number);
    if (s->kind == STORY_PUBLISHED) {
        struct str number = word_number(p, s->number);
        return word_filled(p, N_("Restriction %1 published"), &number, 1);
    }
    if (s->text.n > 0)
        return word_filled(p, steps[s->kind].word, &s->text, 1);
    const char *ahead = steps[s->kind].ahead;
    return word_text(p, s->ahead && ahead != NULL ? ahead : steps[s->kind].word);
}

static struct str word_later(const struct page *p, int64_t from, int64_t to)
{
    if (to - from < 60)
        return word_text(p, N_("at once"));
    struct str duration = word_duration(p, (uint64_t)(to - from));
    return word_filled(p, N_("%1 later"), &duration, 1);
}

struct story_view story_view_make(const struct page *p, const struct story *story)
{
    struct story_view v = {{ARENA_ARRAY(p->arena, struct story_line, story->steps.n), 0}};
    for (size_t i = 0; i < story->steps.n; i++) {
        const struct story_step *s = &story->steps.v[i];
        v.lines.v[v.lines.n++] =
            (struct story_line){.what = word_step(p, s),
                                .later = i > 0 ? word_later(p, s[-1].at, s->at) : STR_NONE,
                                .kind = steps[s->kind].kind,
                                .at = s->at,
                                .index = s->index,
                                .entry = s->index != UINT64_MAX,
                                .ahead = s->ahead,
                                .former = s->former};
    }
    return v;
}
