#include "web/mending.h"

#define N_(text) text

static const struct saying found[] = {
    {"“%” stands for no ISBN", N_("“%1” stands for no ISBN.")},
    {"“%” is no valid ISBN", N_("“%1” is no valid ISBN.")},
    {"a proprietary number needs the name of its type",
     N_("A number of your own needs the name of its type.")},
    {"none of its numbers says which product it is",
     N_("None of its numbers says which product it is.")},
    {"the product has no identifier", N_("The product has no identifier.")},
    {"the RecordReference is missing", N_("The RecordReference is missing.")},
    {"the RecordReference is longer than 200 bytes",
     N_("The RecordReference is longer than 200 bytes.")},
    {"the NotificationType is missing", N_("The NotificationType is missing.")},
    {"“%” is no NotificationType that is read here",
     N_("“%1” is no NotificationType that is read here.")},
    {"a full record needs a title", N_("A full record needs a title.")},
    {"a contributor without a name is left out", N_("A contributor without a name is left out.")},
    {"the product is larger than 4 MiB", N_("The product is larger than 4 MiB.")},
    {"the product is too large", N_("The product is larger than 4 MiB.")},
    {"a text is longer than 256 KiB", N_("A text is longer than 256 KiB.")},
    {"a text with its mark-up is longer than 1 MiB",
     N_("A text with its mark-up is longer than 1 MiB.")},
    {"the entity &%; is not known; entities are not expanded",
     N_("The entity &%1; is not known: entities are not expanded.")},
    {"“%” looks like UTF-8 that was read as Windows-1252 and encoded again",
     N_("“%1” looks like UTF-8 that was read as Windows-1252 and encoded again.")},
    {"there is no Header: the message does not say who sends it",
     N_("There is no Header: the message does not say who sends it.")},
    {"the message does not say who sends it", N_("The message does not say who sends it.")},
    {"“%” is no date and time", N_("“%1” is no date with a time.")},
    {"“%” stands for nothing and is left out", N_("“%1” says nothing and is left out.")},
    {"the text says nothing and is left out", N_("The text says nothing and is left out.")},
    {"the date is missing", N_("The date is missing.")},
    {"“%” is no date of format %", N_("“%1” is no date of format %2.")},
    {"% seems to stand for no date and is kept, as it bars a sale",
     N_("%1 seems to stand for no date; it is kept, as it keeps the title from being sold.")},
    {"% seems to stand for no date and is left out",
     N_("%1 seems to stand for no date and is left out.")},
    {"% sales restrictions outside the sales rights are too many",
     N_("%1 sales restrictions outside the sales rights are too many.")},
    {"it has more than % sales restrictions", N_("It has more than %1 sales restrictions.")},
    {"sales rights without a territory", N_("The sales rights name no territory.")},
    {"“%” is no currency", N_("“%1” is no currency.")},
    {"“%” has no currency, and the header names none: the price is left out",
     N_("“%1” has no currency, and the header names none: the price is left out.")},
    {"“%” is no amount of %", N_("“%1” is no amount of %2.")},
    {"“%” stands for no price and is left out (what is free has UnpricedItemType 01)",
     N_("“%1” stands for no price and is left out; what is free has UnpricedItemType 01.")},
    {"“%” stands for no price and is left out", N_("“%1” stands for no price and is left out.")},
    {"too many prices for the rest of the world",
     N_("There are too many prices for the rest of the world.")},
    {"“%” is no number of days", N_("“%1” is no number of days.")},
    {"“%” is no number of copies", N_("“%1” is no number of copies.")},
    {"it was counted after the message was sent; that stays",
     N_("It was counted after the message was sent; that stays.")},
    {"“%” is no availability of ONIX 2.1", N_("“%1” is no availability of ONIX 2.1.")},
    {"it is supplied to more than % markets", N_("It is supplied to more than %1 markets.")},
    {"ONIX 2.1 cannot say how an e-book is protected against copying",
     N_("ONIX 2.1 cannot say how an e-book is protected against copying.")},
    {"what ONIX 2.1 says here is not taken over", N_("What ONIX 2.1 says here is not taken over.")},
    {"“%” is no country code and is left out", N_("“%1” is no country code and is left out.")},
    {"too many codes", N_("There are too many codes.")},
    {"“%”: country codes without spaces between them",
     N_("“%1”: there are no spaces between the country codes.")},
    {"“%” is no country or region here and is left out",
     N_("“%1” is no country or region and is left out.")},
    {"“%” is out of use and is read as %", N_("“%1” is out of use and is read as %2.")},
    {"“%” is shut out, but is no country or region",
     N_("“%1” is shut out, but is no country or region.")},
    {"UK is read as GB", N_("UK is read as GB.")},
    {"too many statements on the whole world",
     N_("There are too many statements on the whole world.")},
    {"where it may be sold is not said: an e-book is sold nowhere, a printed book where the shop "
     "takes that for yes",
     N_("Where it may be sold is not said: an e-book is sold nowhere, a printed book where the "
        "shop takes that for yes.")},
    {"there is no such record to delete", N_("There is no such record to delete.")},
    {"the sender describes this product under another RecordReference too",
     N_("You describe this product under another RecordReference, too.")},
    {"the record describes another product than before",
     N_("The record describes another product than before.")},
    {"it stands in this message more than once; the last one counts",
     N_("It stands in this message more than once; the last one counts.")},
    {"a test record: it is never published", N_("A test record is never published.")},
    {"a notice of sale or acquisition: a record of the new publisher is awaited",
     N_("A notice of sale or acquisition: a record of the new publisher is awaited.")},
    {"the update is older than what it updates", N_("The update is older than what it updates.")},
    {"a later record was taken already; this one is passed over",
     N_("A later record was taken already; this one is passed over.")},
    {"a block update needs a record to update; send a full one",
     N_("There is no record that the update could be of.")},
    {"message % of this sender did not come", N_("Message %1 of this sender did not come.")},
    {"messages % to % of this sender did not come",
     N_("Messages %1 to %2 of this sender did not come.")},
    {"the file is empty", N_("The file is empty.")},
};

/* What broke a file, behind the place where it did. */
static const struct saying broken[] = {
    {"this is no XML", N_("this is no XML.")},
    {"the file ends too early", N_("the file ends too early.")},
    {"bytes that the file’s encoding does not know",
     N_("there are bytes that the file’s encoding does not know.")},
    {"bytes that the file’s encoding does not know; it looks like Windows-1252, which has to be "
     "declared as such",
     N_("there are bytes that the file’s encoding does not know. It looks like Windows-1252, "
        "which has to be declared as such.")},
    {"the encoding that the file names is not known",
     N_("the encoding that the file names is not known.")},
    {"the character U+% stands in no XML", N_("the character U+%1 must not stand in XML.")},
    {"<%> of line % is ended by </%>", N_("<%1> of line %2 is ended by </%3>.")},
    {"the XML is not well-formed: %", N_("the XML is not well-formed (%1).")},
    {"a comment, tag or CDATA section does not end within 10 MB",
     N_("a comment, tag or CDATA section does not end within 10 MB.")},
    {"broken XML", N_("the XML is not well-formed.")},
    {"the DOCTYPE declares too many entities", N_("the DOCTYPE declares too many entities.")},
    {"the root is <%>, not <ONIXMessage>",
     N_("the file’s outermost element is <%1>, not <ONIXMessage>: this is XML, but no ONIX.")},
    {"ONIX release “%” is not known", N_("ONIX release “%1” is not known here.")},
    {"in the header: %", N_("in the header: %1.")},
};

/* "line 7 (byte 120), in record r1: …" (onix/reader.c), or without byte or record. */
static bool at_place(struct str reason, struct str *ret_line, struct str *ret_record,
                     struct str *ret_what)
{
    struct str word = STR("line "), in = STR(", in record ");
    size_t end = str_find_str(reason, STR(": "));
    if (!str_starts(reason, word) || end == reason.n)
        return false;
    struct str place = str_sub(reason, word.n, end);
    size_t digits = 0;
    while (digits < place.n && place.p[digits] >= '0' && place.p[digits] <= '9')
        digits++;
    size_t record = str_find_str(place, in);
    *ret_line = str_sub(place, 0, digits);
    *ret_record = record == place.n ? STR_NONE : str_sub(place, record + in.n, place.n);
    *ret_what = str_sub(reason, end + 2, reason.n);
    return digits > 0;
}

struct str word_finding(const struct page *p, struct str reason)
{
    struct str args[3], what; /* line, what, record */
    if (!at_place(reason, &args[0], &args[2], &what))
        return word_saying(p, found, sizeof found / sizeof *found, reason);
    args[1] = word_saying(p, broken, sizeof broken / sizeof *broken, what);
    if (str_eq(args[1], what))
        return reason;
    return word_filled(p, args[2].n > 0 ? N_("Line %1, in record %3: %2") : N_("Line %1: %2"), args,
                       3);
}

struct str word_held(const struct page *p, struct str reason)
{
    struct str said = word_finding(p, reason);
    return str_eq(said, reason) ? word_fault(p, reason) : said;
}

/* What is no element of a record with its value, but a sentence. */
static const struct saying evidence[] = {
    {"licence: % for % of % in % needed and not held, entry %",
     N_("A licence that this country asks for is not held: entry %5 of the Record.")},
    {"licence: no need stated for % in %",
     N_("Nobody has stated yet which licences this country asks for.")},
};

struct str word_evidence(const struct page *p, struct str said)
{
    return word_saying(p, evidence, sizeof evidence / sizeof *evidence, said);
}

static const struct {
    const char *code, *mend;
} mendings[] = {
    {"isbn-check-digit",
     N_("Compare the ISBN with the printed one: its last digit does not fit the "
        "others. Send the record again with the right one.")},
    {"isbn-placeholder", N_("Give the product its own ISBN (ProductIDType 15), or another number "
                            "that names it, and send the record again.")},
    {"identifier", N_("Send at least one ProductIdentifier that names this product: an ISBN, or a "
                      "number of your own with IDTypeName.")},
    {"record-reference",
     N_("Give each record a RecordReference of its own, at most 200 bytes long, "
        "and keep it for good.")},
    {"record-reference-changed", N_("Keep one RecordReference for each product. If the old record "
                                    "is not meant any more, delete it (NotificationType 05).")},
    {"duplicate-reference", N_("Send each record once in a message. The last one was taken.")},
    {"notification-type", N_("Use a NotificationType that says what to do: 03 for a full record, "
                             "04 for an update of blocks, 05 to delete.")},
    {"not-published", N_("Nothing to mend if the record was a test. Else send it again with "
                         "NotificationType 03.")},
    {"no-record", N_("Send the full record first (NotificationType 03); updates and deletions need "
                     "one that is there.")},
    {"older", N_("A newer message was imported before. Send the present state with a new "
                 "SentDateTime.")},
    {"product-changed", N_("The same RecordReference stood for another product. If that is a "
                           "mistake, send both records again, each with its own reference.")},
    {"title", N_("Send TitleDetail with TitleType 01 and a TitleText.")},
    {"contributor", N_("Give the contributor a PersonName or a CorporateName, or leave the "
                       "composite out.")},
    {"placeholder", N_("Leave an element out where nothing is known, in place of words such as "
                       "“n/a” or “tbc”.")},
    {"date", N_("Write dates as their dateformat says: 00 is YYYYMMDD, for example 20261130.")},
    {"date-placeholder", N_("Send the true date, or leave it out: a far-off one keeps the title "
                            "from being sold.")},
    {"sent-date", N_("Write SentDateTime as 20261130T0900Z, so that newer messages can be told "
                     "from older ones.")},
    {"message-gap",
     N_("Send what is missing, the oldest first, or a full file: what those messages "
        "changed may be out of date here.")},
    {"sender", N_("Name the sender in the header (SenderIdentifier or SenderName): records belong "
                  "to their sender.")},
    {"sales-restriction", N_("State sales restrictions within the SalesRights they belong to.")},
    {"territory", N_("Use two-letter country codes (ISO 3166-1) with spaces between, or WORLD. "
                     "Sales rights need a Territory.")},
    {"territory-run-together", N_("Put a space between the country codes: “US CA GB”.")},
    {"territory-uk", N_("Write GB for the United Kingdom. It was read so; nothing is lost.")},
    {"currency", N_("Use a currency code of three letters (ISO 4217), such as USD, CNY or EUR.")},
    {"price",
     N_("Write the amount with a point and no more decimals than the currency has: 9.90.")},
    {"price-placeholder", N_("Leave the price out until it is known. What is free has "
                             "UnpricedItemType 01.")},
    {"double-encoding", N_("Save the text as UTF-8 once: it was converted twice, and “é” became "
                           "“Ã©”.")},
    {"product-size", N_("Shorten the record: one product may have 4 MiB at most.")},
    {"text-size", N_("Shorten the text, or leave out pictures and other data that were put into "
                     "it.")},
    {"entity", N_("Write the character itself, or its number: entities are not expanded.")},
    {"not-taken",
     N_("Nothing is wrong with it: this shop has no place for it, here or in the records "
        "that follow. ONIX 3.0 can say more.")},
    {"cannot-say", N_("Send the record as ONIX 3.0, which can say it.")},
    {"rights-missing", N_("Say with SalesRights and NotForSale where the product may be sold.")},
    {"country", N_("Use a country code of two letters (ISO 3166-1), such as US or CN.")},
    {"availability", N_("Use ProductAvailability (list 65), or a code of AvailabilityCode’s own "
                        "list 54.")},
    {"order-time", N_("Write OrderTime as whole days, in one to three digits.")},
    {"stock", N_("Write how many copies there are as a whole number.")},
    {"stock-older", N_("Send a message whose SentDateTime is later than the last count.")},
    {"supply", N_("Put the countries that one supplier serves into one SupplyDetail.")},
    {"sales-rights", N_("Say WORLD in one SalesRights alone, and list where not in NotForSale.")},
    {"file", N_("The file broke off here. Check that it is whole and well-formed XML of ONIX, and "
                "send it again; what came before has been taken.")},
    {"file-empty", N_("The file is empty. Look whether it was written, and send it again.")},
    {"file-picture", N_("This is a picture or a PDF, not ONIX. Send the ONIX file; covers have "
                        "a form of their own.")},
    {"file-zip", N_("This is a ZIP archive. Send the ONIX file itself, or packed by gzip or xz.")},
    {"file-unread", N_("Nothing of it could be read. Check that it is whole and well-formed XML of "
                       "ONIX in the encoding that it declares, and send it again.")},
};

struct str word_mending(const struct page *p, struct str code)
{
    for (size_t i = 0; i < sizeof mendings / sizeof *mendings; i++)
        if (str_eq(code, str_of(mendings[i].code)))
            return word_text(p, mendings[i].mend);
    return word_text(p, N_("Compare the element with the ONIX specification, mend it and send the "
                           "record again."));
}
