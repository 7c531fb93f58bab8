#include "audit/threats.h"

#include <string.h>

const struct threat threats[] = {
    {1, "Split view: one log for some, another for others", THREAT_CHECKED,
     "each checkpoint of `--peer` (another vantage point, a mirror, a saved file) must be a "
     "beginning or a continuation of what is served here; a shop that shows everybody whom the "
     "monitor knows the same log is not caught",
     "split-view"},
    {2, "Rollback or rewriting of history", THREAT_CHECKED,
     "the last checkpoint of both logs is kept in the state folder, and what is served must "
     "continue it",
     "consistency"},
    {3, "Omission: restrict without an entry", THREAT_CHECKED,
     "what each storefront serves (JSON, pages, results) is compared with what the entries make; "
     "without `--all` of a sample, and never of pages for one person; a title that leaves a "
     "storefront's signed list is explained by a restriction, or gone everywhere (whether its "
     "supplier withdrew it, only the supplier knows)",
     "withheld-without-entry page status listing"},
    {4, "Delay: take effect now, log later", THREAT_CHECKED,
     "what is missing before its entry is published is an alarm, which the later entry does not "
     "take back; effects between two rounds are not seen",
     "withheld-without-entry"},
    {5, "Back-dating an entry", THREAT_CHECKED,
     "no entry may be older than a head before it, nor lie in the future; below two minutes it is "
     "not seen",
     "back-dated"},
    {6, "Never accepting a review, silently", THREAT_NOT,
     "nobody outside sees what was sent; whoever sent it has a receipt or a signed refusal, or "
     "tells",
     ""},
    {7, "Accept, then hide: shadow ban", THREAT_CHECKED,
     "accepted = shown + withheld + withdrawn + erased, for each work; with `--receipts`, each of "
     "an author's own texts must be shown to a stranger or its absence explained",
     "sums receipt page"},
    {8, "Burying by rank, paging, language filter", THREAT_PARTLY,
     "each audited title must be found by its name, and totals must add up; the order of results "
     "is not recomputed",
     "search sums"},
    {9, "Price or stock games", THREAT_NOT,
     "true scarcity looks alike; offers carry their reason, which the supplier can contradict", ""},
    {10, "Fabricated order", THREAT_NOT,
     "whether an authority asked is known to that authority: it can watch its name in the Record",
     ""},
    {11, "A real order, over-enforced", THREAT_CHECKED,
     "what is withheld is computed from the entry's fields alone, in every storefront; whether "
     "the paper says as much is for its readers",
     "withheld-without-entry wrong-restriction status slip"},
    {12, "Vague or bulk entries", THREAT_CHECKED,
     "an entry on a set commits to a list, which must be served whole and match its root", "entry"},
    {13, "Secret order", THREAT_PARTLY,
     "sealed entries are counted and must open as they were committed to; a law that compels "
     "lying is not seen",
     "entry"},
    {14, "Key theft or compelled signing", THREAT_PARTLY,
     "another key is an alarm unless the old one signed for it; true-looking entries by a stolen "
     "key are not seen",
     "signature key"},
    {15, "Serving other code than is published", THREAT_NOT,
     "what runs elsewhere cannot be proved; what it serves is compared", ""},
    {16, "Withholding entries", THREAT_CHECKED,
     "each entry and each tile under the checkpoint is fetched, hashed and compared",
     "entries tile root withheld-entries"},
    {17, "Erasing as a pretext", THREAT_PARTLY,
     "an erasure without an entry breaks the sums; whether a request was the author's own only "
     "the author knows: with `--receipts`, each erased one is told, and an alarm unless the entry "
     "says that "
     "its author wished it",
     "sums receipt-erased"},
    {18, "Flooding to drown monitors", THREAT_CHECKED,
     "every entry is verified each round; a log beyond 200 million entries is refused loudly", ""},
    {19, "Stopping the log", THREAT_CHECKED,
     "a head older than 90 seconds by the monitor's clock is an alarm", "stopped-log unreachable"},
    {20, "Bribed or captured witnesses", THREAT_NOT,
     "who they are is policy: name peers of your own with `--peer`", ""},
    {21, "Fake authors and reviews", THREAT_NOT, "not a matter of the log", ""},
};
const size_t threat_count = sizeof threats / sizeof *threats;

unsigned threat_of(const char *kind)
{
    size_t n = strlen(kind);
    for (size_t i = 0; i < threat_count; i++) {
        struct str words = str_of(threats[i].alarms), word;
        while (str_next(&words, ' ', &word))
            if (str_eq(word, (struct str){kind, n}))
                return threats[i].number;
    }
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
