/* The sentences that faults bring up from below are for logs, the command line
 * and JSON: English, with the field's name before them. Those that a reader or an
 * operator may meet on a page are said here in the page's language. */
#include "web/page.h"

#define N_(text) text

enum { ARGS_MAX = 4 };

static const struct saying faults[] = {
    {"email: this is no mail address", N_("This is no e-mail address.")},
    {"email: no letter can be addressed like this",
     N_("This shop cannot send letters to this e-mail address.")},
    {"email: there is an account with this address",
     N_("There is an account with this address already.")},
    {"name: 1 to % characters that can be seen, on one line",
     N_("The name needs 1 to %1 characters on one line.")},
    {"password: at least % characters, at most % bytes",
     N_("The password needs at least %1 characters.")},
    {"new-password: at least % characters, at most % bytes",
     N_("The password needs at least %1 characters.")},
    {"password: it is one of those that are guessed first",
     N_("This password is one of those that are guessed first. A few words that do not belong "
        "together are better.")},
    {"new-password: it is one of those that are guessed first",
     N_("This password is one of those that are guessed first. A few words that do not belong "
        "together are better.")},
    {"password: removing the last passkey needs it",
     N_("Removing the last passkey needs your password.")},
    {"passkey: it does not fit, or is not known here",
     N_("This passkey does not fit, or this shop does not know it.")},
    {"passkey: this device has one already", N_("This passkey is known to the shop already.")},
    {"passkey: at most %", N_("An account has at most %1 passkeys.")},
    {"passkey: %", N_("This passkey could not be taken. Please try again.")},
    {"the address or the password is not right", N_("The address or the password is not right.")},
    {"password: it is not right", N_("The password is not right.")},
    {"own_password: it is not right", N_("The password is not right.")},
    {"cover: a picture is needed: %",
     N_("What came is no picture that can be read: JPEG, PNG, WebP, GIF or TIFF.")},
    {"this is for partners and operators", N_("This is for partners and operators.")},
    {"it was stopped at the desk; what was read of it before stays",
     N_("It was stopped at the desk. What was read of it before stays.")},
    {"it is erased already", N_("It is erased already.")},
    {"an operator's account cannot be erased while it is one",
     N_("An operator’s account cannot be erased while it is one.")},
    {"this session has ended; sign in again", N_("This session has ended; please sign in again.")},
    {"sign in first", N_("Please sign in first.")},
    {"this is for the shop's operators", N_("This is for the shop’s operators.")},
    {"this form did not come from our page, or has waited too long; load the page again and repeat",
     N_("This form did not come from our page, or has waited too long. Please load the page again "
        "and repeat.")},
    {"a form is needed", N_("This address takes a form.")},
    {"a file of these titles is being made for you already",
     N_("A file of these titles is being made for you already. Please wait for it.")},
    {"feed: too many of this shop wait; send it when one of them is imported",
     N_("Too many feeds of this shop wait. Please send it when one of them is imported.")},
    {"feed: it did not come through; send it once more",
     N_("The file did not come through. Please send it once more.")},
    {"too often; try again in % seconds", N_("Too often. Please try again in %1 seconds.")},
    {"you have not rated this work", N_("You have not rated this work.")},
    {"you have reviewed this work already (review %)",
     N_("You have reviewed this work already; you can change that review.")},
    {"review % was withdrawn", N_("This review was withdrawn.")},
    {"this review is somebody else's", N_("This review is somebody else’s.")},
    {"this comment is somebody else's", N_("This comment is somebody else’s.")},
    {"the accepted entry is not published yet",
     N_("What you wrote is kept, but its entry is not published yet. It will be shown soon.")},
    {"new ratings, reviews and comments are withheld here by restriction %",
     N_("New ratings, reviews and comments are not taken here (restriction %1).")},
    {"name: you have % lists, and that is all",
     N_("You have %1 lists already, and that is all that are kept.")},
    {"this list has % works, and that is all",
     N_("This list has %1 titles already, and that is all that it holds.")},
    {"there is no such list", N_("There is no such list, or it is not shared.")},
    {"this review is your own", N_("This review is your own.")},
    {"accounts say which reviews help once they are % hours old",
     N_("Accounts say which reviews help once they are %1 hours old.")},
    {"this review is withheld here by restriction %",
     N_("This review is withheld here (restriction %1).")},
    {"your shop sells this title: its own ratings and reviews are not taken",
     N_("Your shop sells this title, so your own ratings and reviews of it are not taken.")},
    {"text: review % has the same words",
     N_("These very words stand in another review already (number %1).")},
    {"an account says so much on its first day; try again in % seconds",
     N_("That is as much as a new account says on its first day. Please try again in %1 seconds.")},
    {"many new accounts speak of this title; try again in % seconds",
     N_("Many new accounts rate or review this title at this moment. Please try again in %1 "
        "seconds.")},
    {"stars: a number from 1 to 5", N_("Please choose 1 to 5 stars.")},
    {"stars: a number from 0 to %", N_("Please choose 1 to 5 stars.")},
    {"title: it is empty", N_("The title is missing.")},
    {"text: it is empty", N_("The text is missing.")},
    {"title: at most % bytes", N_("The title is too long.")},
    {"text: at most % bytes", N_("The text is too long.")},
    {"title: control characters are not taken",
     N_("The title holds characters that cannot be shown.")},
    {"text: control characters are not taken",
     N_("The text holds characters that cannot be shown.")},
    {"language: a tag such as \"en\" or \"zh-Hans\"", N_("Please choose the review’s language.")},
    {"q: at most 400 bytes", N_("Your search is too long. Fewer words find more.")},
    {"page: they begin with 1", N_("Pages begin with 1.")},
    {"page: a number from 0 to %", N_("There is no such page.")},
    {"sort: relevance, newest, title, price or rating", N_("There is no such order.")},
    {"%: there is no such value", N_("There is no such choice.")},
    {"too many fields", N_("Too many fields.")},
    {"code: it is not right, or was used already",
     N_("This code is not right, or was used already.")},
    {"this link was used already, or is too old",
     N_("This link was used already, or is too old. Please ask for another.")},
    {"give your code first", N_("Please give your code first.")},
    {"day: a date such as 2027-12-31", N_("Please give a day as 2027-12-31.")},
    {"from: that day is over", N_("That day is over.")},
    {"from: %", N_("From: please give a date as 2027-12-31, or a date with a time.")},
    {"until: it would end before it begins", N_("Until: it would end before it begins.")},
    {"review: it would end before it begins", N_("Review: it would end before it begins.")},
    {"until, review: exactly one of the two is needed",
     N_("Please give either its last day or the day of its review, and not both.")},
    {"until: %", N_("Until: please give a date as 2027-12-31, or a date with a time.")},
    {"review: %", N_("Review: please give a date as 2027-12-31, or a date with a time.")},
    {"storefront: at least one is needed", N_("Please choose at least one storefront.")},
    {"storefront: there is no %", N_("There is no storefront %1.")},
    {"edition: % is no ISBN", N_("“%1” is no ISBN.")},
    {"% % holds no work: there is nothing to withhold",
     N_("“%2” holds no work: there is nothing to withhold.")},
    {"there is no edition % here", N_("There is no edition %1.")},
    {"there is no work % here", N_("There is no work %1.")},
    {"there is no collection % here", N_("There is no collection %1.")},
    {"there is no collection %", N_("There is no collection %1.")},
    {"there is no contributor % here", N_("There is no contributor %1.")},
    {"there is no contributor %", N_("There is no contributor %1.")},
    {"there is no shop % here", N_("There is no shop %1.")},
    {"there is no shop %", N_("There is no shop %1.")},
    {"there is no restriction %", N_("There is no restriction %1.")},
    {"reason: it is needed; readers will see it",
     N_("The reasons are missing; readers will see them.")},
    {"reason: at most % bytes", N_("The reasons are too long.")},
    {"the reason is longer than % bytes", N_("The reasons are too long.")},
    {"reason: control characters are not taken",
     N_("The reasons hold characters that cannot be shown.")},
    {"withhold: at least one feature is needed", N_("Please choose what is withheld.")},
    {"withhold: there is no %", N_("Please choose what is withheld.")},
    {"target: choose what the restriction is about",
     N_("Please choose what the restriction is about.")},
    {"ground: choose one", N_("Please choose a ground.")},
    {"ground: % is not for a % to give",
     N_("Orders are for authorities and courts to give, rightsholders’ notices for "
        "rightsholders.")},
    {"sender: choose who you are", N_("Please choose who you are.")},
    {"outcome: choose one", N_("Please choose an outcome.")},
    {"country: an ISO 3166-1 code is needed (GB, CN)",
     N_("A country’s two letters are needed, as in GB or CN.")},
    {"state-involved: an ISO 3166-1 code is needed (GB, CN)",
     N_("A country’s two letters are needed, as in GB or CN.")},
    {"scope-reason: % lies beyond the demanding country (%): it has to be said why",
     N_("The storefront %1 lies beyond the demanding country (%2): please say why.")},
    {"explanation: say why", N_("Please say why.")},
    {"good-faith: the statement is needed", N_("Please confirm that you say it in good faith.")},
    {"legal-basis: the clause of the shop's terms is needed",
     N_("Please name the clause of the shop’s terms, as the legal basis.")},
    {"terms-version: only where the shop's terms are the ground",
     N_("Only where the shop’s terms are the ground.")},
    {"seal-until: there is no authority to seal",
     N_("There is no authority whose name could be sealed.")},
    {"seal-until: that is over", N_("The seal’s date has to be one to come.")},
    {"seal-until: %", N_("Seal: please give a date as 2027-12-31.")},
    {"storefront: there is none for %; name those it concerns",
     N_("There is no storefront for %1: please choose those it concerns.")},
    {"there is no review %", N_("There is no review %1.")},
    {"there is no comment %", N_("There is no comment %1.")},
    {"%: longer than % bytes", N_("This is too long.")},
    {"authority: one line of clean text is needed",
     N_("One line of text is needed, without control characters.")},
    {"legal-basis: one line of clean text is needed",
     N_("One line of text is needed, without control characters.")},
    {"reference: one line of clean text is needed",
     N_("One line of text is needed, without control characters.")},
    {"authority: it is needed for this ground",
     N_("This ground needs the authority, the legal basis and the reference.")},
    {"legal-basis: it is needed for this ground",
     N_("This ground needs the authority, the legal basis and the reference.")},
    {"reference: it is needed for this ground",
     N_("This ground needs the authority, the legal basis and the reference.")},
    {"document: larger than % MB", N_("The file is larger than %1 MB.")},
    {"document: neither a PDF nor plain text (UTF-8)",
     N_("The file is neither a PDF nor plain text.")},
    {"public copy: it is empty", N_("Please choose a file, or write the copy.")},
    {"public copy: a file or a text, not both", N_("Please give a file or a text, not both.")},
    {"public copy: larger than % MB", N_("The file is larger than %1 MB.")},
    {"public copy: neither a PDF nor plain text (UTF-8)",
     N_("The file is neither a PDF nor plain text.")},
    {"demand % is decided already", N_("Demand %1 is decided already.")},
    {"too many files", N_("Too many files.")},
    {"the form is too large", N_("The form is too large.")},
    {"a form that is cut off or mixed up",
     N_("The form did not come whole. Please load the page again and repeat.")},
    {"there is a complaint about this already: %", N_("There is a complaint about this already.")},
    {"the six months for a complaint are over", N_("The six months for a complaint are over.")},
    {"demand % is not decided", N_("This demand is not decided.")},
    {"demand % was neither refused nor narrowed",
     N_("This demand was neither refused nor narrowed.")},
    {"body: it is none of those that statements of reasons name",
     N_("It is none of the bodies that statements of reasons name.")},
    {"submitted: a date is needed, as 2026-12-31", N_("A date is needed.")},
    {"settled: a date is needed, as 2026-12-31", N_("A date is needed.")},
    {"submitted: it has not come yet", N_("This day has not come yet.")},
    {"sent: a date is needed, as 2026-12-31", N_("A date is needed.")},
    {"sent: it has not come yet", N_("This day has not come yet.")},
    {"sent: that is before it came in", N_("That is before it came in.")},
    {"an entry says already when demand % was acknowledged",
     N_("An entry says already when the sender of demand %1 was told.")},
    {"settled: it has not come yet", N_("This day has not come yet.")},
    {"submitted: that is before it was decided", N_("That is before it was decided.")},
    {"settled: that is before it was brought", N_("That is before it was brought there.")},
    {"number: it is needed", N_("A number is needed.")},
    {"what: choose one", N_("Please choose what is wrong.")},
    {"words: it is empty", N_("Please say it in a sentence.")},
    {"words: at most % bytes", N_("The text is too long: at most %1 bytes.")},
    {"words: control characters are not taken",
     N_("The text holds characters that are not taken: it must be plain text.")},
    {"this shop has been told of more than it has looked at; try again later",
     N_("This shop has been told of more than it has looked at. Please try again later.")},
    {"there is no such text here", N_("This shop has published no such text here.")},
    {"there is no such version of this text", N_("There is no such version of this text.")},
    {"body: it is empty", N_("The text is empty.")},
    {"body: at most % bytes", N_("The text is too long: at most %1 bytes.")},
    {"body: control characters are not taken",
     N_("The text holds characters that are not taken: it must be plain text.")},
    {"body: version % says the same", N_("Version %1 says the same.")},
    {"body: version % was saved meanwhile; look at it first",
     N_("Version %1 was saved meanwhile. Please look at it first, then save yours.")},
    {"body: there is none that could be withdrawn", N_("There is none that could be withdrawn.")},
    {"there is no complaint %", N_("There is no complaint %1.")},
    {"there is no demand %", N_("There is no demand %1.")},
    {"dispute % is settled already", N_("Dispute %1 is settled already.")},
    {"dispute % was noted by mistake: there was none",
     N_("Dispute %1 was noted by mistake: there was none.")},
    {"that is what was noted", N_("That is what stands there already.")},
    {"state: choose one", N_("Choose one.")},
    {"restriction % is lifted already", N_("Restriction %1 is lifted already.")},
    {"the entry waits for publication; it has no effect yet",
     N_("The entry waits for publication; it has no effect yet.")},
};

/* Whether `text` is this sentence; what stands at each "%" goes into args. */
static bool fits(const char *sentence, struct str text, struct str args[ARGS_MAX])
{
    struct str pattern = str_of(sentence);
    size_t n = 0;
    while (pattern.n > 0) {
        size_t wild = str_find(pattern, '%');
        struct str literal = str_sub(pattern, 0, wild);
        if (!str_starts(text, literal))
            return false;
        text = str_sub(text, literal.n, text.n);
        if (wild == pattern.n)
            return text.n == 0;
        pattern = str_sub(pattern, wild + 1, pattern.n);
        struct str next = str_sub(pattern, 0, str_find(pattern, '%'));
        size_t end = next.n == 0 ? text.n : str_find_str(text, next);
        if (end == text.n && next.n > 0)
            return false;
        if (n < ARGS_MAX)
            args[n++] = str_sub(text, 0, end);
        text = str_sub(text, end, text.n);
    }
    return text.n == 0;
}

struct str word_saying(const struct page *p, const struct saying *sayings, size_t n,
                       struct str sentence)
{
    for (size_t i = 0; i < n; i++) {
        struct str args[ARGS_MAX] = {{0}};
        if (fits(sayings[i].sentence, sentence, args))
            return word_filled(p, sayings[i].words, args, ARGS_MAX);
    }
    return sentence;
}

struct str word_fault(const struct page *p, struct str sentence)
{
    return word_saying(p, faults, sizeof faults / sizeof *faults, sentence);
}
