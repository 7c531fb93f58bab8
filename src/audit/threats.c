#include "audit/threats.h"

#include <string.h>

const struct threat threats[] = {
    {1, "Split view: one log for some, another for others", THREAT_CHECKED,
     "each checkpoint of `--peer` (another vantage point, a mirror, a saved file) must be a "
     "beginning or a continuation of what is served here, and carry the quorum of the witness "
     "policy (`--policy`, else the shop's own); without witnesses a shop that shows everybody whom "
     "the "
     "monitor knows the same log is not caught"},
    {2, "Rollback or rewriting of history", THREAT_CHECKED,
     "the last checkpoint of both logs is kept in the state folder, and what is served must "
     "continue it"},
    {3, "Omission: restrict without an entry", THREAT_CHECKED,
     "what each storefront serves (JSON, pages, results) is compared with what the entries make; "
     "without `--all` of a part in each round, all in turn, and never of pages for one person; of "
     "some thirty works a round the shop must give a proof of absence, or of the restrictions that "
     "stand, and it must say what the entries say; a title that leaves a "
     "storefront's signed list is explained by an entry: a restriction, or an `unlisted` one "
     "whose titles are gone everywhere (whether their supplier withdrew them, only the supplier "
     "knows)"},
    {4, "Delay: take effect now, log later", THREAT_CHECKED,
     "what is missing before its entry is published is an alarm, which the later entry does not "
     "take back; an entry that is two minutes older than a log that this monitor was shown without "
     "it is one, too; effects between two rounds are not seen, nor is an entry that lies about its "
     "own time by less than what heads and cosignatures bound"},
    {5, "Back-dating an entry", THREAT_CHECKED,
     "no entry but a lift (which works at once, and may wait in a journal) may be older than a "
     "head "
     "before it, or than cosignatures of a quorum on a log without it (saved checkpoints, peers, "
     "receipts), nor younger than those on its own, nor lie in the future; below two minutes it is "
     "not seen"},
    {6, "Never accepting a review, silently", THREAT_NOT,
     "nobody outside sees what was sent; whoever sent it has a receipt or a signed refusal, or "
     "tells"},
    {7, "Accept, then hide: shadow ban", THREAT_CHECKED,
     "accepted = shown + withheld + withdrawn + erased, for each work; with `--receipts`, each of "
     "an author's own texts must be shown to a stranger or its absence explained"},
    {8, "Burying by rank, paging, language filter", THREAT_PARTLY,
     "each audited title must be found by its number; lists by newest, title, price and rating are "
     "put in order again from what the results say of themselves, reviews and comments by their "
     "times and places in the log; relevance is not (not all fields it counts words in are shown), "
     "nor the order of what is equal, nor of two works with unlike numbers of ratings (it takes "
     "the mean of all works), nor of prices where several shops sell one edition, nor the shelves "
     "of "
     "a home page and the lists of collections, whose makers order them"},
    {9, "Price or stock games", THREAT_NOT,
     "true scarcity looks alike; offers carry their reason, which the supplier can contradict"},
    {10, "Fabricated order", THREAT_NOT,
     "whether an authority asked is known to that authority: it can watch its name in the Record"},
    {11, "A real order, over-enforced", THREAT_CHECKED,
     "what is withheld is computed from the entry's fields alone, in every storefront; whether "
     "the paper says as much is for its readers"},
    {12, "Vague or bulk entries", THREAT_CHECKED,
     "an entry on a set commits to a list, which must be served whole and match its root"},
    {13, "Secret order", THREAT_PARTLY,
     "sealed entries are counted and must open as they were committed to; a law that compels "
     "lying is not seen"},
    {14, "Key theft or compelled signing", THREAT_PARTLY,
     "another key is an alarm unless the old one signed for it; true-looking entries by a stolen "
     "key are not seen"},
    {15, "Serving other code than is published", THREAT_NOT,
     "what runs elsewhere cannot be proved; what it serves is compared"},
    {16, "Withholding entries", THREAT_CHECKED,
     "each entry and each tile under the checkpoint is fetched, hashed and compared"},
    {17, "Erasing as a pretext", THREAT_PARTLY,
     "an erasure without an entry breaks the sums; whether a request was the author's own only "
     "the author knows: with `--receipts`, each erased one is told, and an alarm unless the entry "
     "says that "
     "its author wished it"},
    {18, "Flooding to drown monitors", THREAT_CHECKED,
     "every entry is verified each round; a log beyond 200 million entries is refused loudly"},
    {19, "Stopping the log", THREAT_CHECKED,
     "a head older than 90 seconds by the monitor's clock is an alarm, and so is a log that did "
     "not "
     "grow for 90 seconds, whatever its heads say"},
    {20, "Bribed or captured witnesses", THREAT_PARTLY,
     "who they are is policy: ask for more with `--policy`, whose witnesses are then asked what "
     "they were shown; name peers of your own with `--peer`; "
     "the "
     "shop's own policy must be the one that the Record names"},
    {21, "Fake authors and reviews", THREAT_NOT, "not a matter of the log"},
};
const size_t threat_count = sizeof threats / sizeof *threats;

const struct alarm_kind alarm_kinds[] = {
    {"split-view", 1, "somebody else was shown another log, or a longer one"},
    {"quorum", 1, "a checkpoint lacks the cosignatures that the policy asks for"},
    {"consistency", 2, "what is served does not continue what was seen before"},
    {"withheld-without-entry", 3, "something is missing or withheld, and no entry says so"},
    {"absence", 3, "a proof of absence is not given, is wrong, or says other than the entries"},
    {"map", 3, "a head’s state map is not what the entries before it make"},
    {"listing", 3, "a signed list of titles is not served, or what left it is not explained"},
    {"late-entry", 4, "an entry is older than a log that was shown without it"},
    {"back-dated", 5,
     "an entry is older than what stands before it, or younger than its own checkpoint"},
    {"sums", 7, "accepted is not shown + withheld + withdrawn + erased"},
    {"page", 7, "a page is not what the JSON and the Record say"},
    {"receipt", 7, "what was promised to an author is not in the log, or not shown"},
    {"ranking", 8, "the published ranking rule is not the one that the Record names"},
    {"order", 8, "results, reviews or comments stand in another order than the ranking rule’s"},
    {"wrong-restriction", 11, "another restriction is named than the one that withholds"},
    {"over-enforced", 11,
     "a restriction that is published withholds more, or elsewhere, than its entry says"},
    {"not-lifted", 11,
     "a complaint was upheld, or a body out of court reversed a decision, and the restriction "
     "stands"},
    {"slip", 11, "a notice stands for what nobody withholds"},
    {"status", 11, "the status is another than the restriction’s ground asks for"},
    {"entry", 12, "an entry is malformed, contradicts earlier ones, or its list is not served"},
    {"unknown-target", 12, "a restriction names a text that nobody wrote"},
    {"seal", 13, "what was sealed was not opened at its date"},
    {"notice-missing", 13, "something is withheld, and no notice stands in its place"},
    {"restriction-missing", 13, "the shop lists fewer restrictions than the Record has"},
    {"state", 13, "the shop lists a restriction in another state than the Record"},
    {"signature", 14, "a checkpoint is not signed by the log’s key"},
    {"key", 14, "a key signs, or is listed, that the one before did not sign for"},
    {"entries", 16, "a bundle of entries is cut short"},
    {"tile", 16, "a tile is not what the entries make"},
    {"root", 16, "the entries do not make the root that was signed"},
    {"withheld-entries", 16, "something under a signed checkpoint is not given out"},
    {"receipt-erased", 17, "an author’s text was erased on another basis than its author’s wish"},
    {"stopped-log", 19, "no head was signed for 90 seconds"},
    {"witnesses-away", 19, "the witnesses that answer do not make the quorum"},
    {"unreachable", 19, "the shop does not answer, or not as a shop does"},
    {"policy", 20, "the witness policy that is served is not the one that the Record names"},
    {"entry-without-effect", 0,
     "the Record says that something is withheld, and it is shown: nobody is harmed, and the "
     "Record "
     "is wrong about the shop"},
};
const size_t alarm_kind_count = sizeof alarm_kinds / sizeof *alarm_kinds;

unsigned threat_of(const char *kind)
{
    for (size_t i = 0; i < alarm_kind_count; i++)
        if (strcmp(alarm_kinds[i].kind, kind) == 0)
            return alarm_kinds[i].threat;
    return 0;
}

void threats_write(struct buf *out)
{
    static const char *const words[] = {"checked", "partly", "not checkable"};
    buf_printf(
        out, "| # | What the operator can try | Checked | How, or why not |\n|--:|---|---|---|\n");
    for (size_t i = 0; i < threat_count; i++)
        buf_printf(out, "| %u | %s | %s | %s |\n", threats[i].number, threats[i].what,
                   words[threats[i].check], threats[i].how);
}

void alarm_kinds_write(struct buf *out)
{
    buf_printf(out, "| Alarm | # | What it says |\n|---|--:|---|\n");
    for (size_t i = 0; i < alarm_kind_count; i++) {
        buf_printf(out, "| `%s` | ", alarm_kinds[i].kind);
        if (alarm_kinds[i].threat == 0)
            BUF_LIT(out, "other");
        else
            buf_printf(out, "%u", alarm_kinds[i].threat);
        buf_printf(out, " | %s |\n", alarm_kinds[i].says);
    }
}
