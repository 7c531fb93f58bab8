#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/file.h"
#include "search/index.h"

/* Another number for another schema: an older index is rebuilt. */
enum { FORMAT_VERSION = 13 };

const char *const text_column_names[TEXT_COLUMNS] = {
    "title",       "subtitle",   "original", "isbn",        "contributors",
    "collections", "publisher",  "keywords", "sound_title", "sound_name",
    "roman_title", "roman_name", "spelt",
};

static const struct {
    const char *name;
    grn_id type;
} fact_columns[FACT_PRICE] = {
    {"edition", GRN_DB_UINT64},      {"work", GRN_DB_UINT64},
    {"format", GRN_DB_UINT8},        {"language", GRN_DB_UINT64},
    {"subject", GRN_DB_UINT64},      {"year", GRN_DB_INT32},
    {"published", GRN_DB_INT32},     {"rating", GRN_DB_UINT32},
    {"exact_titles", GRN_DB_UINT64}, {"exact_names", GRN_DB_UINT64},
    {"exact_sounds", GRN_DB_UINT64}, {"exact_short", GRN_DB_UINT64},
    {"title_1", GRN_DB_UINT64},      {"title_2", GRN_DB_UINT64},
    {"by_publisher", GRN_DB_UINT64}, {"by_imprint", GRN_DB_UINT64},
    {"traits", GRN_DB_UINT32},
};

const char *const format_codes[FORMAT_CODES] = {"other", "paperback", "hardback", "ebook", "audio"};
const char *const availability_codes[AVAILABILITY_CODES] = {"here", "soon", "not-here"};
const struct trait_code trait_codes[TRAIT_COUNT] = {
    [TRAIT_AGE_0] = {FACET_AGE, "0-5"},
    [TRAIT_AGE_6] = {FACET_AGE, "6-8"},
    [TRAIT_AGE_9] = {FACET_AGE, "9-12"},
    [TRAIT_AGE_13] = {FACET_AGE, "13-17"},
    [TRAIT_SCREEN_READER] = {FACET_ACCESS, "screen-reader"},
    [TRAIT_IMAGES] = {FACET_ACCESS, "images"},
    [TRAIT_STANDARD] = {FACET_ACCESS, "standard"},
    [TRAIT_UNPROTECTED] = {FACET_PROTECTION, "none"},
    [TRAIT_WATERMARK] = {FACET_PROTECTION, "watermark"},
    [TRAIT_LOCKED] = {FACET_PROTECTION, "locked"},
    [TRAIT_PART] = {FACET_SERIES, "part"},
    [TRAIT_ALONE] = {FACET_SERIES, "alone"},
    [TRAIT_MONTH] = {FACET_PUBLISHED, "month"},
    [TRAIT_YEAR] = {FACET_PUBLISHED, "year"},
    [TRAIT_FIVE_YEARS] = {FACET_PUBLISHED, "five-years"},
    [TRAIT_OLDER] = {FACET_PUBLISHED, "older"},
};

enum rc groonga_fault(grn_ctx *ctx, struct fault *fault, const char *doing)
{
    return fault_set(fault, RC_IO, "search index: %s: %s", doing,
                     ctx != NULL && ctx->errbuf[0] != '\0' ? ctx->errbuf : "failed");
}

enum rc search_library_start(struct fault *fault)
{
    grn_default_logger_set_max_level(GRN_LOG_NONE);
    if (grn_init() != GRN_SUCCESS)
        return fault_set(fault, RC_IO, "Groonga does not start");
    return RC_OK;
}

void search_library_end(void)
{
    grn_fin();
}

/* ---- folders ---- */

static char *path_in(struct arena *arena, const char *folder, const char *name)
{
    return (char *)arena_printf(arena, "%s/%s", folder, name).p;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

enum rc meta_write_position(struct search_index *index, uint64_t position, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = file_replace(path_in(&arena, index->generation, "meta"),
                              arena_printf(&arena, "colophon-index %d\nposition %llu\nmean %u\n",
                                           FORMAT_VERSION, (unsigned long long)position,
                                           (unsigned)index->mean_milli),
                              fault);
    if (rc == RC_OK)
        index->position = position;
    return rc;
}

enum rc meta_write(struct search_index *index, uint64_t position, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = meta_write_position(index, position, fault);
    if (rc != RC_OK)
        return rc;
    unlink(path_in(&arena, index->generation, "dirty"));
    file_sync_folder(index->generation);
    index->dirty = false;
    return RC_OK;
}

enum rc marker_set(struct search_index *index, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    index->puts++;
    if (index->dirty || index->building)
        return RC_OK;
    enum rc rc = file_write(path_in(&arena, index->generation, "dirty"), STR("1\n"), fault);
    if (rc == RC_OK) {
        file_sync_folder(index->generation);
        index->dirty = true;
    }
    return rc;
}

static enum rc meta_read(struct search_index *index, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    char text[128] = "";
    int version = 0;
    unsigned long long position = 0;
    unsigned mean = 0;
    int fd = open(path_in(&arena, index->generation, "meta"), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return fault_set(fault, RC_CORRUPT, "the search index was not finished");
    if (sscanf(text, "colophon-index %d\nposition %llu\nmean %u", &version, &position, &mean) !=
            3 ||
        version != FORMAT_VERSION)
        return fault_set(fault, RC_CORRUPT, "the search index is of another version");
    index->position = position;
    index->mean_milli = mean;
    if (index->writer && access(path_in(&arena, index->generation, "dirty"), F_OK) == 0)
        return fault_set(fault, RC_CORRUPT, "the search index was left in the middle of a write");
    return RC_OK;
}

/* ---- columns ---- */

static grn_obj *make_column(struct search_index *index, const char *name, grn_id type)
{
    grn_obj *column = grn_ctx_at(index->ctx, type);
    return grn_column_create(index->ctx, index->table, name, (unsigned)strlen(name), NULL,
                             GRN_OBJ_PERSISTENT | GRN_OBJ_COLUMN_SCALAR, column);
}

static void price_name(unsigned storefront, char ret[16])
{
    snprintf(ret, 16, "price_%u", storefront);
}

static grn_obj *name_column(struct search_index *index, const char *name)
{
    return grn_column_create(index->ctx, index->names, name, (unsigned)strlen(name), NULL,
                             GRN_OBJ_PERSISTENT | GRN_OBJ_COLUMN_SCALAR,
                             grn_ctx_at(index->ctx, GRN_DB_TEXT));
}

static bool create_directory(struct search_index *index)
{
    grn_ctx *ctx = index->ctx;
    grn_obj *text = grn_ctx_at(ctx, GRN_DB_SHORT_TEXT);
    index->names = grn_table_create(ctx, "Filed", 5, NULL,
                                    GRN_OBJ_PERSISTENT | GRN_OBJ_TABLE_PAT_KEY, text, NULL);
    index->names_known = grn_table_create(ctx, "Known", 5, NULL,
                                          GRN_OBJ_PERSISTENT | GRN_OBJ_TABLE_HASH_KEY, text, NULL);
    return index->names != NULL && index->names_known != NULL &&
           (index->names_name = name_column(index, "name")) != NULL &&
           (index->names_key = name_column(index, "key")) != NULL;
}

static enum rc create_schema(struct search_index *index, struct fault *fault)
{
    bool ok = true;
    char name[16];
    index->table = grn_table_create(index->ctx, "Editions", 8, NULL,
                                    GRN_OBJ_PERSISTENT | GRN_OBJ_TABLE_HASH_KEY,
                                    grn_ctx_at(index->ctx, GRN_DB_SHORT_TEXT), NULL);
    ok = index->table != NULL;
    for (int i = 0; ok && i < TEXT_COLUMNS; i++)
        ok = (index->texts[i] = make_column(index, text_column_names[i], GRN_DB_TEXT)) != NULL;
    for (int i = 0; ok && i < FACT_PRICE; i++)
        ok = (index->facts[i] = make_column(index, fact_columns[i].name, fact_columns[i].type)) !=
             NULL;
    for (unsigned i = 0; ok && i < SEARCH_STOREFRONTS_MAX; i++) {
        price_name(i, name);
        ok = (index->facts[FACT_PRICE + i] = make_column(index, name, GRN_DB_INT64)) != NULL;
    }
    return ok && create_directory(index) ? RC_OK
                                         : groonga_fault(index->ctx, fault, "making the tables");
}

/* The texts are indexed in parts, each with a table of words of its own, so that a build
 * has work for two cores: titles are about half of all words. Syllables have their own, and so
 * have Latin spellings, so that no search by words walks over them. */
static const struct {
    const char *words, *column;
    enum text_column first, last;
} parts[] = {
    {"Words", "Words.editions", TEXT_TITLE, TEXT_ISBN},
    {"Names", "Names.editions", TEXT_CONTRIBUTORS, TEXT_KEYWORDS},
    {"Sounds", "Sounds.editions", TEXT_SOUND_TITLE, TEXT_SOUND_NAME},
    {"Romans", "Romans.editions", TEXT_ROMAN_TITLE, TEXT_SPELT},
};
enum { PARTS = sizeof parts / sizeof *parts };

static enum rc create_words(grn_ctx *ctx, grn_obj *editions, size_t part, grn_obj **ret,
                            struct fault *fault)
{
    const char *name = parts[part].words;
    grn_obj *words = grn_table_create(ctx, name, (unsigned)strlen(name), NULL,
                                      GRN_OBJ_PERSISTENT | GRN_OBJ_TABLE_PAT_KEY,
                                      grn_ctx_at(ctx, GRN_DB_SHORT_TEXT), NULL);
    if (words == NULL)
        return groonga_fault(ctx, fault, "making a table of words");
    grn_obj_set_info(ctx, words, GRN_INFO_DEFAULT_TOKENIZER, grn_ctx_at(ctx, GRN_DB_BIGRAM));
    /* Texts are folded already; TokenBigram keeps Latin words whole only where a
     * normalizer stands before it. */
    grn_obj_set_info(ctx, words, GRN_INFO_NORMALIZER, grn_ctx_get(ctx, "NormalizerAuto", -1));
    *ret = grn_column_create(ctx, words, "editions", 8, NULL,
                             GRN_OBJ_PERSISTENT | GRN_OBJ_COLUMN_INDEX | GRN_OBJ_WITH_POSITION |
                                 GRN_OBJ_WITH_SECTION,
                             editions);
    return *ret != NULL ? RC_OK : groonga_fault(ctx, fault, "making an index");
}

/* One part of a build, on a thread and with a context of its own. */
struct part_build {
    struct search_index *index;
    size_t part;
    grn_obj *column;
    pthread_t thread;
    enum rc rc;
    struct fault fault;
};

static void *build_part(void *context)
{
    struct part_build *b = context;
    grn_ctx *ctx = grn_ctx_open(0);
    if (ctx == NULL)
        abort();
    grn_ctx_set_wal_role(ctx, GRN_WAL_ROLE_NONE);
    grn_ctx_use(ctx, b->index->db);
    grn_obj sources;
    GRN_RECORD_INIT(&sources, GRN_OBJ_VECTOR, GRN_ID_NIL);
    for (unsigned i = parts[b->part].first; i <= parts[b->part].last; i++)
        GRN_UINT32_PUT(ctx, &sources, grn_obj_id(ctx, b->index->texts[i]));
    grn_rc built = grn_obj_set_info(ctx, b->column, GRN_INFO_SOURCE, &sources);
    GRN_OBJ_FIN(ctx, &sources);
    b->rc = built == GRN_SUCCESS ? RC_OK : groonga_fault(ctx, &b->fault, "building the index");
    grn_ctx_close(ctx);
    return NULL;
}

enum rc index_columns_create(struct search_index *index, struct fault *fault)
{
    struct part_build builds[PARTS];
    enum rc rc = RC_OK;
    size_t started = 0;
    for (size_t i = 0; rc == RC_OK && i < PARTS; i++) {
        builds[i] = (struct part_build){.index = index, .part = i};
        rc = create_words(index->ctx, index->table, i, &builds[i].column, fault);
    }
    for (; rc == RC_OK && started < PARTS; started++)
        if (pthread_create(&builds[started].thread, NULL, build_part, &builds[started]) != 0) {
            rc = fault_set(fault, RC_IO, "starting a thread that builds the index");
            break;
        }
    for (size_t i = 0; i < started; i++) {
        pthread_join(builds[i].thread, NULL);
        if (rc == RC_OK && builds[i].rc != RC_OK)
            rc = fault_set(fault, builds[i].rc, "%s", builds[i].fault.text);
    }
    return rc;
}

enum rc places_hold(struct search_index *index, struct fault *fault)
{
    for (unsigned i = 0; i < FACT_COLUMNS; i++) {
        index->places[i] = grn_column_cache_open(index->ctx, index->facts[i]);
        if (index->places[i] == NULL)
            return groonga_fault(index->ctx, fault, "opening a column");
    }
    return RC_OK;
}

void places_let_go(struct search_index *index)
{
    for (unsigned i = 0; i < FACT_COLUMNS; i++) {
        if (index->places[i] != NULL)
            grn_column_cache_close(index->ctx, index->places[i]);
        index->places[i] = NULL;
    }
}

static enum rc find_columns(struct search_index *index, struct fault *fault)
{
    char name[40];
    bool ok = (index->table = grn_ctx_get(index->ctx, "Editions", -1)) != NULL;
    for (int i = 0; ok && i < TEXT_COLUMNS; i++) {
        snprintf(name, sizeof name, "Editions.%s", text_column_names[i]);
        ok = (index->texts[i] = grn_ctx_get(index->ctx, name, -1)) != NULL;
    }
    for (unsigned i = 0; ok && i < FACT_COLUMNS; i++) {
        char price[16];
        price_name(i - FACT_PRICE, price);
        snprintf(name, sizeof name, "Editions.%s", i < FACT_PRICE ? fact_columns[i].name : price);
        ok = (index->facts[i] = grn_ctx_get(index->ctx, name, -1)) != NULL;
    }
    for (size_t i = 0; ok && i < PARTS; i++)
        ok = grn_ctx_get(index->ctx, parts[i].column, -1) != NULL;
    index->names = grn_ctx_get(index->ctx, "Filed", -1);
    index->names_known = grn_ctx_get(index->ctx, "Known", -1);
    index->names_name = grn_ctx_get(index->ctx, "Filed.name", -1);
    index->names_key = grn_ctx_get(index->ctx, "Filed.key", -1);
    ok = ok && index->names != NULL && index->names_known != NULL && index->names_name != NULL &&
         index->names_key != NULL;
    return ok ? RC_OK : fault_set(fault, RC_CORRUPT, "the search index lacks a column");
}

/* ---- opening, building, closing ---- */

static struct search_index *index_new(const char *folder, bool writer, grn_wal_role wal)
{
    struct search_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        abort();
    index->arena = ARENA_INIT;
    index->folder = arena_z(&index->arena, str_of(folder));
    index->writer = writer;
    index->directory = directory_new();
    index->ctx = grn_ctx_open(0);
    if (index->ctx == NULL)
        abort();
    grn_ctx_set_wal_role(index->ctx, wal);
    return index;
}

void search_close(struct search_index *index)
{
    if (index == NULL)
        return;
    places_let_go(index);
    directory_free(index->directory);
    if (index->db != NULL)
        grn_obj_close(index->ctx, index->db);
    grn_ctx_close(index->ctx);
    struct arena arena = index->arena;
    free(index);
    arena_free(&arena);
}

enum rc search_open(const char *folder, bool writer, struct search_index **ret, struct fault *fault)
{
    struct search_index *index =
        index_new(folder, writer, writer ? GRN_WAL_ROLE_PRIMARY : GRN_WAL_ROLE_SECONDARY);
    char target[64];
    enum rc rc = RC_OK;
    ssize_t n = readlink(path_in(&index->arena, folder, "current"), target, sizeof target - 1);
    if (n < 0) {
        rc = fault_set(fault, RC_NOT_FOUND, "there is no search index yet");
    } else {
        target[n] = '\0';
        index->generation = path_in(&index->arena, folder, target);
        rc = meta_read(index, fault);
    }
    if (rc == RC_OK) {
        index->db = grn_db_open(index->ctx, path_in(&index->arena, index->generation, "db"));
        if (index->db == NULL)
            rc = fault_set(fault, RC_CORRUPT, "the search index cannot be opened: %s",
                           index->ctx->errbuf);
    }
    if (rc == RC_OK)
        rc = find_columns(index, fault);
    if (rc != RC_OK) {
        search_close(index);
        return rc;
    }
    *ret = index;
    return RC_OK;
}

uint32_t search_mean(const struct search_index *index)
{
    return index->mean_milli;
}

void search_set_mean(struct search_index *index, uint32_t mean_milli)
{
    index->mean_milli = mean_milli;
}

uint64_t search_position(const struct search_index *index)
{
    return index->position;
}

uint64_t search_count(const struct search_index *index)
{
    return index->table == NULL ? 0 : grn_table_size(index->ctx, index->table);
}

enum rc search_stored_position(const char *folder, uint64_t *ret, struct fault *fault)
{
    struct search_index index = {.arena = ARENA_INIT};
    char target[64];
    enum rc rc;
    ssize_t n = readlink(path_in(&index.arena, folder, "current"), target, sizeof target - 1);
    if (n < 0) {
        rc = fault_set(fault, RC_NOT_FOUND, "there is no search index yet");
    } else {
        target[n] = '\0';
        index.generation = path_in(&index.arena, folder, target);
        rc = meta_read(&index, fault);
    }
    if (rc == RC_OK)
        *ret = index.position;
    arena_free(&index.arena);
    return rc;
}

/* Removes every generation but these two. */
static void remove_others(struct search_index *index, const char *keep, const char *keep_too)
{
    DIR *dir = opendir(index->folder);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        ARENA_AUTO arena = ARENA_INIT;
        if (strncmp(entry->d_name, "generation-", 11) == 0 && strcmp(entry->d_name, keep) != 0 &&
            strcmp(entry->d_name, keep_too) != 0)
            remove_tree(path_in(&arena, index->folder, entry->d_name));
    }
    if (dir != NULL)
        closedir(dir);
}

static void current_name(struct search_index *index, char ret[64])
{
    ssize_t n = readlink(path_in(&index->arena, index->folder, "current"), ret, 63);
    ret[n < 0 ? 0 : n] = '\0';
}

enum rc search_build_start(const char *folder, struct search_index **ret, struct fault *fault)
{
    char current[64];
    unsigned long number = 0;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", folder, strerror(errno));
    /* A build that does not end is thrown away: nothing in it has to be recovered. */
    struct search_index *index = index_new(folder, true, GRN_WAL_ROLE_NONE);
    index->building = true;
    current_name(index, current);
    sscanf(current, "generation-%lu", &number);
    struct str name = arena_printf(&index->arena, "generation-%lu", number + 1);
    remove_others(index, current, "");
    index->generation = path_in(&index->arena, folder, name.p);
    enum rc rc = RC_OK;
    if (mkdir(index->generation, 0700) != 0)
        rc = fault_set(fault, RC_IO, "%s: %s", index->generation, strerror(errno));
    if (rc == RC_OK) {
        index->db =
            grn_db_create(index->ctx, path_in(&index->arena, index->generation, "db"), NULL);
        if (index->db == NULL)
            rc = groonga_fault(index->ctx, fault, "making the database");
    }
    if (rc == RC_OK)
        rc = create_schema(index, fault);
    if (rc == RC_OK)
        rc = places_hold(index, fault);
    if (rc != RC_OK) {
        search_close(index);
        return rc;
    }
    *ret = index;
    return RC_OK;
}

enum rc search_build_finish(struct search_index *index, uint64_t position, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    char before[64];
    current_name(index, before);
    places_let_go(index);
    enum rc rc = index_columns_create(index, fault);
    if (rc == RC_OK && grn_obj_flush_recursive(index->ctx, index->db) != GRN_SUCCESS)
        rc = groonga_fault(index->ctx, fault, "writing the index");
    if (rc == RC_OK)
        rc = meta_write(index, position, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("index-built");
    const char *name = strrchr(index->generation, '/') + 1;
    char *fresh = path_in(&arena, index->folder, "current.new");
    unlink(fresh);
    if (before[0] == '\0') /* a folder, say, where somebody copied what links lead to */
        remove_tree(path_in(&arena, index->folder, "current"));
    if (symlink(name, fresh) != 0 || rename(fresh, path_in(&arena, index->folder, "current")) != 0)
        return fault_set(fault, RC_IO, "%s: %s", fresh, strerror(errno));
    file_sync_folder(index->folder);
    crash_point("index-swapped");
    index->building = false;
    grn_ctx_set_wal_role(index->ctx, GRN_WAL_ROLE_PRIMARY);
    /* Files that somebody has open live on until they are closed. */
    remove_others(index, name, "");
    return RC_OK;
}
