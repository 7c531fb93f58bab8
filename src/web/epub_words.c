/* What is wrong with an EPUB, and how to mend it: for publishers. */
#include "web/epub_words.h"

#define N_(text) text

static const struct {
    const char *text, *mend; /* %1: the detail */
} words[WRONG_COUNT] = {
    [WRONG_NO_ZIP] = {N_("This is no EPUB: an EPUB is a ZIP archive."),
                      N_("Choose the file that ends in .epub, as your tool exported it.")},
    [WRONG_DAMAGED] = {N_("The archive is damaged: %1"),
                       N_("Export the EPUB once more; it may have been cut off on its way.")},
    [WRONG_ENCRYPTED] = {N_("The archive is locked by a password."),
                         N_("Export it without a password.")},
    [WRONG_LARGE] = {N_("The file is larger than is taken here (%1)."),
                     N_("Make the pictures smaller: 64 MB packed and 256 MB unpacked are taken.")},
    [WRONG_FILES] = {N_("It holds more files than are taken here (%1)."),
                     N_("Leave out what the book does not need; 10,000 files are taken.")},
    [WRONG_BOMB] = {N_("A file in it grows when it is unpacked as no book does."),
                    N_("See what this file is, and leave it out.")},
    [WRONG_MIMETYPE] = {N_("The file “mimetype” is not as an EPUB has it: %1"),
                        N_("It must come first in the archive, not packed, without extra fields, "
                           "and hold application/epub+zip and nothing else. Pack the EPUB with a "
                           "tool made for that.")},
    [WRONG_NAME] = {N_("A file’s name cannot be used: %1"),
                    N_("Rename it: UTF-8, none of \" * : < > ? \\ |, no dot at the end.")},
    [WRONG_NAME_OUTSIDE] = {N_("A file’s name leads out of the archive."),
                            N_("Names begin with a folder or a file of the book, without .. or / "
                               "before them.")},
    [WRONG_NAME_TWICE] = {N_("Two files have the same name, or names that many systems take for "
                             "the same."),
                          N_("Rename one of them.")},
    [WRONG_CONTAINER] = {N_("META-INF/container.xml names no package: %1"),
                         N_("It must name the package file as its rootfile.")},
    [WRONG_DRM] = {N_("The book is locked by copy protection (%1)."),
                   N_("Send the file without it: nothing sold here is locked.")},
    [WRONG_PACKAGE_MISSING] = {N_("The package file is not there."),
                               N_("META-INF/container.xml names it: put it there.")},
    [WRONG_XML] = {N_("The file is not well-formed: %1"),
                   N_("Mend it at the line named; readers would see nothing of it.")},
    [WRONG_VERSION] = {N_("This version of EPUB is not known: “%1”."),
                       N_("The package’s version is 2.0 or 3.0.")},
    [WRONG_TITLE] = {N_("The package names no title."), N_("Add dc:title.")},
    [WRONG_IDENTIFIER] = {N_("The package has no identifier, or does not say which is its own."),
                          N_("Add dc:identifier, and name its id as unique-identifier.")},
    [WRONG_LANGUAGE] = {N_("The package names no language."), N_("Add dc:language.")},
    [WRONG_MODIFIED] = {N_("The package does not say when it was changed."),
                        N_("Add a meta with the property dcterms:modified.")},
    [WRONG_ITEM] = {N_("A file of the manifest lacks its %1."),
                    N_("Each item has an id, an href and a media-type.")},
    [WRONG_ITEM_TWICE] = {N_("The manifest names this twice: %1"), N_("Leave one of the two out.")},
    [WRONG_ITEM_MISSING] = {N_("The manifest names a file that is not there."),
                            N_("Add the file, or take it out of the manifest.")},
    [WRONG_ITEM_OUTSIDE] = {N_("The manifest leads out of the archive: %1"),
                            N_("Name files of the book alone.")},
    [WRONG_SPINE] = {N_("The reading order (spine) is empty."),
                     N_("List the chapters there, in their order.")},
    [WRONG_SPINE_ITEM] = {N_("The reading order names what the manifest does not have: %1"),
                          N_("Give the item’s id as idref.")},
    [WRONG_NAVIGATION] = {N_("There is no table of contents to move by."),
                          N_("Add a navigation document (EPUB 3) or an NCX (EPUB 2).")},
    [WRONG_COVER] = {N_("No picture is marked as the cover."),
                     N_("Mark one with properties=\"cover-image\", so that shelves can show it.")},
    [WRONG_REMOTE] = {N_("The book fetches this from the web: %1"),
                      N_("Put it into the book: it is not fetched where samples are read.")},
    [WRONG_SCRIPT] = {N_("The book holds scripts."),
                      N_("They are not run where samples are read.")},
    [WRONG_ISBN] = {N_("The package names another identifier: %1"),
                    N_("Name the ISBN of this product, so that readers’ devices know it.")},
    [WRONG_NO_SAMPLE] = {N_("No sample was made of it: %1"), N_("A sample needs text that flows.")},
    [WRONG_EPUBCHECK] = {N_("EPUBCheck says: %1"),
                         N_("Mend it in the file and at the line named.")},
    [WRONG_EPUBCHECK_WARNS] = {N_("EPUBCheck says: %1"),
                               N_("Mend it in the file and at the line named.")},
    [WRONG_UNCHECKED] = {N_("It was not checked by EPUBCheck: %1"), NULL},
};

const char *epub_wrong_text(enum epub_wrong wrong)
{
    return words[wrong].text;
}

const char *epub_wrong_mend(enum epub_wrong wrong)
{
    return words[wrong].mend;
}

/* What the reader itself says of a place comes in a few English words that are known. */
static struct str word_detail(const struct page *p, struct str detail)
{
    static const char *const known[] = {
        N_("it is not the first file"),
        N_("it has an extra field"),
        N_("it is packed"),
        N_("it holds something else"),
        N_("it is not there"),
        N_("no rootfile"),
        N_("it is laid out in pages"),
        N_("it has too little text"),
        N_("it took too long"),
        N_("it did not run"),
        N_("there is no room for it"),
        N_("it said nothing that can be read"),
        N_("it is not installed here"),
        N_("reading it took more memory or time than a book does"),
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(detail, known[i]))
            return word_text(p, known[i]);
    return detail;
}

struct str word_epub_problem(const struct page *p, const struct epub_problem *problem)
{
    struct str detail = word_detail(p, problem->detail);
    return word_filled(p, words[problem->wrong].text, &detail, 1);
}

struct str word_epub_mend(const struct page *p, const struct epub_problem *problem)
{
    const char *mend = words[problem->wrong].mend;
    return mend == NULL ? STR_NONE : word_text(p, mend);
}
