/* What Prometheus reads (text format 0.0.4). */
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "app/counters.h"
#include "web/handlers.h"
#include "web/routes.h"

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP colophon_%s %s\n# TYPE colophon_%s %s\n", name, help, name, type);
}

static void whole(struct buf *b, const char *name, const char *type, const char *help, uint64_t n)
{
    head(b, name, type, help);
    buf_printf(b, "colophon_%s %llu\n", name, (unsigned long long)n);
}

static void seconds(struct buf *b, const char *name, const char *help, double s)
{
    head(b, name, "gauge", help);
    buf_printf(b, "colophon_%s %.3f\n", name, s);
}

static void labelled(struct buf *b, const char *name, const char *label, const char *value,
                     uint64_t n)
{
    buf_printf(b, "colophon_%s{%s=\"%s\"} %llu\n", name, label, value, (unsigned long long)n);
}

/* `label`: `answer="read",` or empty. */
static void histogram(struct buf *b, const char *name, const char *label, const struct durations *d)
{
    uint64_t n = 0;
    for (size_t i = 0; i < DURATION_BOUNDS; i++) {
        n += counted(&d->within[i]);
        buf_printf(b, "colophon_%s_bucket{%sle=\"%g\"} %llu\n", name, label,
                   (double)duration_bounds[i] / 1e6, (unsigned long long)n);
    }
    n += counted(&d->within[DURATION_BOUNDS]);
    int bare = *label == '\0' ? 0 : (int)strlen(label) - 1; /* without its comma */
    const char *open = bare > 0 ? "{" : "", *close = bare > 0 ? "}" : "";
    buf_printf(b, "colophon_%s_bucket{%sle=\"+Inf\"} %llu\n", name, label, (unsigned long long)n);
    buf_printf(b, "colophon_%s_sum%s%.*s%s %.6f\n", name, open, bare, label, close,
               (double)counted(&d->sum) / 1e6);
    buf_printf(b, "colophon_%s_count%s%.*s%s %llu\n", name, open, bare, label, close,
               (unsigned long long)n);
}

static void requests(struct buf *b, const struct http_state *http)
{
    static const char *const kinds[ANSWER_KINDS] = {
        [KIND_UNSET] = "none", [KIND_PAGE] = "page", [KIND_API] = "api", [KIND_LOG] = "log"};
    static const char *const sources[ANSWER_SOURCES] = {[ANSWER_MEMORY] = "answer=\"memory\",",
                                                        [ANSWER_READ] = "answer=\"read\",",
                                                        [ANSWER_WRITTEN] = "answer=\"written\","};
    const struct traffic *t = &http->connections.traffic;
    head(b, "requests_total", "counter", "Requests answered, by kind of route and status.");
    for (size_t k = 0; k < ANSWER_KINDS; k++)
        for (size_t n = 2; n < ANSWER_CLASSES; n++)
            buf_printf(b, "colophon_requests_total{kind=\"%s\",status=\"%zuxx\"} %llu\n", kinds[k],
                       n, (unsigned long long)counted(&t->answers[k][n]));
    head(b, "request_duration_seconds", "histogram",
         "From the whole request to its answer, by what it took.");
    for (size_t s = 0; s < ANSWER_SOURCES; s++)
        histogram(b, "request_duration_seconds", sources[s], &t->took[s]);
}

static void load(struct buf *b, const struct http_state *http)
{
    whole(b, "connections_open", "gauge", "Clients connected.", http->connections.open);
    whole(b, "connections_total", "counter", "Clients that ever connected.",
          http->connections.accepted);
    whole(b, "connections_ended_total", "counter", "Connections ended because the client was slow.",
          http->connections.ended);
    head(b, "requests_working", "gauge", "Requests that a thread works on or waits for.");
    labelled(b, "requests_working", "lane", "read", http->reads_working);
    labelled(b, "requests_working", "lane", "write", http->writes_working);
    head(b, "requests_waiting", "gauge", "Requests that wait for a thread.");
    labelled(b, "requests_waiting", "lane", "read", http->reads_waiting);
    labelled(b, "requests_waiting", "lane", "write", http->writes_waiting);
    head(b, "requests_refused_total", "counter",
         "Requests answered 503 because of too much to do.");
    labelled(b, "requests_refused_total", "lane", "read", http->refused_reads);
    labelled(b, "requests_refused_total", "lane", "signed-in", http->refused_known);
    labelled(b, "requests_refused_total", "lane", "write", http->refused_writes);
    labelled(b, "requests_refused_total", "lane", "waited", http->refused_waited);
}

static void page_cache(struct buf *b, struct page_cache *cache)
{
    struct page_cache_state s = page_cache_read(cache);
    whole(b, "page_cache_hits_total", "counter", "Requests answered from the page cache.", s.hits);
    whole(b, "page_cache_misses_total", "counter", "Requests looked for there in vain.", s.misses);
    whole(b, "page_cache_bytes", "gauge", "Memory of the pages kept, about.", s.bytes);
    whole(b, "page_cache_pages", "gauge", "Pages kept.", s.pages);
}

static void shop(struct buf *b, struct server *s)
{
    const struct counters *counters = site_counters(s->site);
    struct pulse_state pulse = pulse_read(s->pulse);
    uint64_t batches = 0;
    for (size_t i = 0; i <= DURATION_BOUNDS; i++)
        batches += counted(&counters->batches.within[i]);
    whole(b, "writer_waiting", "gauge", "Writes that wait for a batch.", writer_waiting(s->writer));
    head(b, "writer_batch_duration_seconds", "histogram",
         "The writer's transactions, commit included.");
    histogram(b, "writer_batch_duration_seconds", "", &counters->batches);
    whole(b, "writer_jobs_total", "counter", "Writes done in them.",
          counted(&counters->batch_jobs));
    whole(b, "writer_batches_failed_total", "counter", "Transactions of those that failed whole.",
          counted(&counters->batches_failed));
    head(b, "record_entries", "gauge", "Entries under the last checkpoint of each log.");
    labelled(b, "record_entries", "log", "decisions", pulse.decisions);
    labelled(b, "record_entries", "log", "voices", pulse.voices);
    whole(b, "change_feed_position", "gauge", "The end of the change feed.", pulse.position);
    whole(b, "index_lag_changes", "gauge", "Changes that are not in the search index.",
          pulse.changes);
    seconds(b, "index_lag_seconds", "Since the index had all changes.", pulse.behind);
    whole(b, "index_present", "gauge", "Whether there is an index to search in.",
          indexer_present(s->indexer));
    whole(b, "gate_sound", "gauge", "Whether the gate took in what was committed last.",
          gate_sound(s->gate));
    whole(b, "gate_failures_total", "counter", "Times that the gate could not.",
          counted(&counters->gate_failures));
    whole(b, "cover_forms_missing_total", "counter", "Forms of covers that could not be made.",
          counted(&counters->cover_forms_missing));
    whole(b, "sales_findings", "gauge", "What did not agree at the last daily check of sales.",
          counted(&counters->sales_findings));
    whole(b, "purchases_stuck_total", "counter",
          "Times that a purchase past its day could not be ended.",
          counted(&counters->purchases_stuck));
    whole(b, "letters_waiting", "gauge", "Letters that wait to be sent.", pulse.letters_waiting);
    whole(b, "letters_failed", "gauge", "Letters that were given up.", pulse.letters_failed);
    head(b, "letter_attempts_total", "counter", "Attempts to send a letter, by their outcome.");
    labelled(b, "letter_attempts_total", "outcome", "sent",
             counted(&counters->letters[LETTER_SENT]));
    labelled(b, "letter_attempts_total", "outcome", "later",
             counted(&counters->letters[LETTER_LATER]));
    labelled(b, "letter_attempts_total", "outcome", "failed",
             counted(&counters->letters[LETTER_FAILED]));
    whole(b, "database_up", "gauge", "Whether the database answered lately.", pulse.alive);
    seconds(b, "database_silent_seconds", "Since the database answered a probe.", pulse.silent);
    whole(b, "database_probe_failures_total", "counter", "Probes of the database that failed.",
          counted(&counters->probe_failures));
    whole(b, "database_connections_total", "counter", "Reading connections that were made.",
          counted(&counters->connections));
    whole(b, "database_connection_failures_total", "counter", "Reading connections that were not.",
          counted(&counters->connection_failures));
}

static void replicas(struct buf *b, struct server *s)
{
    const struct counters *counters = site_counters(s->site);
    if (site_replicas(s->site) == 0)
        return;
    whole(b, "replica_reads_total", "counter", "Pages that were made from a replica.",
          counted(&counters->replica_reads));
    whole(b, "replica_behind_total", "counter",
          "Times that a replica lacked what the gate had taken in.",
          counted(&counters->replica_behind));
    whole(b, "replica_failures_total", "counter", "Times that a replica could not be read.",
          counted(&counters->replica_failures));
    whole(b, "replica_lag_changes", "gauge",
          "How many changes and entries the replica lacked that was asked last.",
          counted(&counters->replica_lag));
}

/* Under the names that every exporter uses. */
static void process(struct buf *b)
{
    struct rusage usage;
    unsigned long pages = 0, resident = 0;
    unsigned long long started = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f != NULL) {
        if (fscanf(f, "%lu %lu", &pages, &resident) != 2)
            resident = 0;
        fclose(f);
    }
    f = fopen("/proc/self/stat", "re");
    if (f != NULL) {
        /* The second field is "(colophon)"; the 22nd is when it began. */
        if (fscanf(f,
                   "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
                   "%*d %*d %*d %llu",
                   &started) != 1)
            started = 0;
        fclose(f);
    }
    getrusage(RUSAGE_SELF, &usage);
    struct timespec now, up;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &up);
    double since =
        (double)now.tv_sec - (double)up.tv_sec + (double)started / (double)sysconf(_SC_CLK_TCK);
    buf_printf(b,
               "# HELP process_cpu_seconds_total CPU time, of the user and of the system.\n"
               "# TYPE process_cpu_seconds_total counter\n"
               "process_cpu_seconds_total %.2f\n"
               "# HELP process_resident_memory_bytes Memory in use.\n"
               "# TYPE process_resident_memory_bytes gauge\n"
               "process_resident_memory_bytes %lu\n"
               "# HELP process_virtual_memory_bytes Address space in use.\n"
               "# TYPE process_virtual_memory_bytes gauge\n"
               "process_virtual_memory_bytes %lu\n"
               "# HELP process_start_time_seconds When the process began, since 1970.\n"
               "# TYPE process_start_time_seconds gauge\n"
               "process_start_time_seconds %.2f\n",
               (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
               resident * (unsigned long)sysconf(_SC_PAGESIZE),
               pages * (unsigned long)sysconf(_SC_PAGESIZE), since);
}

enum rc handle_metrics(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    struct server *s = c->server;
    struct buf *b = &ret->body;
    struct http_state http;
    http_read(s->http, &http);
    requests(b, &http);
    load(b, &http);
    page_cache(b, s->cache);
    shop(b, s);
    replicas(b, s);
    process(b);
    ret->content_type = "text/plain; version=0.0.4; charset=utf-8";
    return RC_OK;
}
