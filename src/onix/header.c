#include "base/utf8.h"
#include "onix/reading.h"

enum { KEY_MAX = 200 };

static struct str lowered(struct arena *arena, struct str s)
{
    char *text = arena_z(arena, s);
    for (size_t i = 0; i < s.n; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] + 32);
    return (struct str){text, s.n};
}

/* What tells one sender from another, best first. */
static struct str sender_key(struct arena *arena, const struct node *sender)
{
    static const struct {
        const char *type, *name;
    } kinds[] = {{"06", "gln"}, {"07", "san"}, {"16", "isni"}, {"23", "vat"}, {"01", "own"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        EACH(id, sender, TAG_SenderIdentifier)
        {
            struct str value = utf8_cut(node_text(id, TAG_IDValue), KEY_MAX);
            struct str named = utf8_cut(node_text(id, TAG_IDTypeName), KEY_MAX);
            if (value.n == 0 || !str_eq(node_text(id, TAG_SenderIDType), str_of(kinds[i].type)))
                continue;
            return named.n > 0 ? arena_printf(arena, "%s:%.*s:%.*s", kinds[i].name, STR_ARG(named),
                                              STR_ARG(value))
                               : arena_printf(arena, "%s:%.*s", kinds[i].name, STR_ARG(value));
        }
    struct str name = lowered(arena, utf8_cut(node_text(sender, TAG_SenderName), KEY_MAX));
    return name.n > 0 ? arena_printf(arena, "name:%.*s", STR_ARG(name)) : STR_NONE;
}

void header_read(const struct node *header, const struct onix_sink *sink, struct arena *arena,
                 struct onix_header *ret, struct header_defaults *ret_defaults)
{
    struct finding_place place = {sink, arena, STR_NONE, 0};
    const struct node *sender = node_child(header, TAG_Sender);
    struct str sent = node_text(header, TAG_SentDateTime);
    ret->sender = sender_key(arena, sender);
    ret->sender_name = utf8_cut(node_text(sender, TAG_SenderName), KEY_MAX);
    ret->message_number = utf8_cut(node_text(header, TAG_MessageNumber), KEY_MAX);
    if (ret->sender.n == 0)
        find_fault(&place, SEVERITY_WARNING, header, TAG_Sender, "sender",
                   "the message does not say who sends it");
    if (!value_time(sent, &ret->sent))
        find_fault(&place, SEVERITY_WARNING, header, TAG_SentDateTime, "sent-date",
                   "“%.*s” is no date and time", STR_ARG(shown(sent)));
    ret_defaults->language = node_text(header, TAG_DefaultLanguageOfText);
    ret_defaults->price_type = node_text(header, TAG_DefaultPriceType);
    ret_defaults->currency = node_text(header, TAG_DefaultCurrencyCode);
}
