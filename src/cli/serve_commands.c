#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "app/address.h"
#include "app/apart.h"
#include "app/payment_card.h"
#include "cli/groups.h"
#include "web/server.h"

static void print_address(void *context, const char *address)
{
    struct cli *cli = context;
    struct str url = cli_value(cli, "public-url");
    if (url.n > 0)
        printf("%s serves %.*s\n", address, STR_ARG(url));
    else
        printf("%s\n", address);
    fflush(stdout);
}

/* glibc's malloc gives every thread a heap of its own, up to eight for each core, and each keeps
 * what it once held: twice as many as cores are serve no slower, from a fifth less memory. */
static void share_heaps(void)
{
#ifdef M_ARENA_MAX
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    mallopt(M_ARENA_MAX, cores < 2 ? 2 : cores > 16 ? 32 : (int)cores * 2);
#endif
}

static enum rc run_serve(struct cli *cli, struct fault *fault)
{
    struct site *site;
    share_heaps();
    apart_close_memory();
    ARENA_AUTO arena = ARENA_INIT;
    struct server_options options = {.listen = cli_value_z(cli, "listen"),
                                     .metrics_listen = cli_value_z(cli, "metrics-listen"),
                                     .public_url = cli_value(cli, "public-url"),
                                     .trust_proxy = cli_flag(cli, "trust-proxy")};
    struct str url = options.public_url, capacity = cli_value(cli, "capacity");
    uint64_t at_once = 0;
    options.fetch_covers = cli_flag(cli, "fetch-covers");
    options.fetch_from_loopback = cli_flag(cli, "fetch-from-loopback");
    if (options.listen == NULL && getenv("LISTEN_FDS") == NULL)
        return cli_usage(cli, fault, "--listen is needed, or a socket in LISTEN_FDS");
    if (url.n > 0 && !str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        return cli_usage(cli, fault, "--public-url %.*s: http:// or https:// is needed",
                         STR_ARG(url));
    if (capacity.n > 0 && (!str_to_u64(capacity, &at_once) || at_once < 1 || at_once > 512))
        return cli_usage(cli, fault, "--capacity %.*s: a number from 1 to 512 is needed",
                         STR_ARG(capacity));
    options.capacity = at_once;
    if (cli_value(cli, "contact").n > 0 &&
        address_for_mail(&arena, cli_value(cli, "contact"), &options.contact, NULL) != RC_OK)
        return cli_usage(cli, fault, "--contact %.*s: this is no mail address",
                         STR_ARG(cli_value(cli, "contact")));
    while (options.public_url.n > 0 && options.public_url.p[options.public_url.n - 1] == '/')
        options.public_url.n--;
    struct card *card = NULL;
    enum rc rc = cli_value(cli, "payment-provider").n == 0
                     ? RC_OK
                     : card_open(cli_value_z(cli, "payment-provider"), &card, fault);
    options.card = card;
    if (rc == RC_OK)
        rc = site_open(cli->dir, &site, fault);
    if (rc != RC_OK) {
        card_close(card);
        return rc;
    }
    const struct str *replicas;
    size_t n = cli_list(cli, "replica", &replicas);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = site_add_replica(site, replicas[i], fault);
    if (rc != RC_OK) {
        site_close(site);
        card_close(card);
        return rc;
    }
    if (cli_value(cli, "head-file").n > 0)
        site_use_head(site, cli_value_z(cli, "head-file"));
    if (cli_value(cli, "key-file").n > 0)
        site_use_key(site, cli_value_z(cli, "key-file"));
    if (cli_value(cli, "signer").n > 0)
        site_use_signer(site, cli_value_z(cli, "signer"));
    if (apart_lack() != NULL)
        fprintf(stderr, "colophon: %s\n", apart_lack());
    rc = server_run(site, &options, print_address, cli, fault);
    site_close(site);
    card_close(card);
    return rc;
}

static const struct option_spec serve_options[] = {{"listen", OPTION_VALUE, false},
                                                   {"key-file", OPTION_VALUE, false},
                                                   {"head-file", OPTION_VALUE, false},
                                                   {"signer", OPTION_VALUE, false},
                                                   {"public-url", OPTION_VALUE, false},
                                                   {"trust-proxy", OPTION_FLAG, false},
                                                   {"capacity", OPTION_VALUE, false},
                                                   {"replica", OPTION_LIST, false},
                                                   {"metrics-listen", OPTION_VALUE, false},
                                                   {"fetch-covers", OPTION_FLAG, false},
                                                   {"fetch-from-loopback", OPTION_FLAG, false},
                                                   {"contact", OPTION_VALUE, false},
                                                   {"payment-provider", OPTION_VALUE, false},
                                                   {NULL, 0, false}};

const struct command serve_commands[] = {
    {"serve",
     "serve --listen 127.0.0.1:8080 [--public-url URL] [--trust-proxy] [--metrics-listen "
     "127.0.0.1:9090] [--capacity N] [--contact ADDRESS] [--fetch-covers [--fetch-from-loopback]]\n"
     "           [--key-file FILE | --signer SOCKET] [--head-file FILE] [--replica "
     "postgresql://…]...\n"
     "           [--payment-provider FILE]",
     serve_options, 0, 0, true, run_serve},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
