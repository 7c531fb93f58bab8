#include "web/routes.h"

#include "app/demand.h"
#include "app/feeds.h"
#include "app/payment_card.h"
#include "epub/epub.h"
#include "web/handlers.h"

enum {
    FORM_MAX = 128 << 10,
    JSON_MAX = 128 << 10,
    LONG_FORM_MAX = 512 << 10, /* each byte of a text may be three of the form */
    PAPER_MAX = 3 << 20,
    BULK_MAX = 4 << 20, /* that a program sends at once */
    /* Of a form with a file, around it its fields. */
    UPLOAD_MAX = PAPER_MAX + FORM_MAX + (16 << 10),
    COVER_UPLOAD_MAX = (20 << 20) + FORM_MAX,
    EPUB_UPLOAD_MAX = EPUB_BYTES_MAX + FORM_MAX,
    STOCK_UPLOAD_MAX = (20 << 20) + FORM_MAX,
    STATEMENT_UPLOAD_MAX = (1 << 20) + FORM_MAX, /* what the page takes is less, and it says so */
    STAFF_UPLOAD_MAX = DOCUMENT_MAX + FORM_MAX + (16 << 10),
};

#define PAGE(pattern, handle)                                                                      \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_PUBLIC, CSRF_READ_ONLY, CACHING_REVALIDATE, KIND_PAGE, 0,      \
            true, handle                                                                           \
    }
#define OWN_PAGE(pattern, access, handle)                                                          \
    {                                                                                              \
        METHOD_GET, pattern, access, CSRF_READ_ONLY, CACHING_NEVER, KIND_PAGE, 0, false, handle    \
    }
#define OWN_FILE(pattern, access, handle)                                                          \
    {                                                                                              \
        METHOD_GET, pattern, access, CSRF_READ_ONLY, CACHING_NEVER, KIND_LOG, 0, false, handle     \
    }
#define UPLOAD(pattern, access, max, handle)                                                       \
    {                                                                                              \
        METHOD_POST, pattern, access, CSRF_UPLOAD, CACHING_NEVER, KIND_PAGE, max, false, handle    \
    }
#define SPOOL(pattern, access, max, handle)                                                        \
    {                                                                                              \
        METHOD_POST, pattern, access, CSRF_UPLOAD, CACHING_NEVER, KIND_PAGE, FORM_MAX, false,      \
            handle, false, SHOP_DUTY_NONE, max                                                     \
    }
#define FORM(pattern, access, handle)                                                              \
    {                                                                                              \
        METHOD_POST, pattern, access, CSRF_FORM, CACHING_NEVER, KIND_PAGE, FORM_MAX, false, handle \
    }
#define LONG_FORM(pattern, access, handle)                                                         \
    {                                                                                              \
        METHOD_POST, pattern, access, CSRF_FORM, CACHING_NEVER, KIND_PAGE, LONG_FORM_MAX, false,   \
            handle                                                                                 \
    }
#define API_READ(pattern, handle)                                                                  \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_PUBLIC, CSRF_READ_ONLY, CACHING_REVALIDATE, KIND_API, 0, true, \
            handle                                                                                 \
    }
#define API_OWN(pattern, handle)                                                                   \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_READER, CSRF_READ_ONLY, CACHING_NEVER, KIND_API, 0, false,     \
            handle                                                                                 \
    }
#define API_WRITE(method, pattern, handle)                                                         \
    {                                                                                              \
        method, pattern, ACCESS_READER, CSRF_BEARER, CACHING_NEVER, KIND_API, JSON_MAX, false,     \
            handle                                                                                 \
    }
/* Of one shop, which is the first capture: for its staff, and its programs of that duty. */
#define API_SHOP(method, csrf, max, pattern, duty, handle)                                         \
    {                                                                                              \
        method, pattern, ACCESS_PARTNER, csrf, CACHING_NEVER, KIND_API, max, false, handle, false, \
            duty                                                                                   \
    }
#define API_SHOP_READ(pattern, duty, handle)                                                       \
    API_SHOP(METHOD_GET, CSRF_READ_ONLY, 0, pattern, duty, handle)
#define API_SHOP_WRITE(method, pattern, duty, handle)                                              \
    API_SHOP(method, CSRF_BEARER, JSON_MAX, pattern, duty, handle)

#define LOG(pattern, caching, handle)                                                              \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_PUBLIC, CSRF_READ_ONLY, caching, KIND_LOG, 0, false, handle    \
    }

#define OPDS_FORM(pattern, handle)                                                                 \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_PUBLIC, CSRF_READ_ONLY, CACHING_REVALIDATE, KIND_LOG, 0, true, \
            handle                                                                                 \
    }
#define OPDS(place, handle)                                                                        \
    OPDS_FORM("/{storefront}/opds/" place, handle), OPDS_FORM("/{storefront}/opds2/" place, handle)

#define KOSYNC(method, csrf, place, handle)                                                        \
    {                                                                                              \
        method, "/kosync/" place, ACCESS_PUBLIC, csrf, CACHING_NEVER, KIND_API, 16 << 10, false,   \
            handle                                                                                 \
    }

#define AT_ONCE(pattern, caching, cached, handle)                                                  \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_PUBLIC, CSRF_READ_ONLY, caching, KIND_LOG, 0, cached, handle,  \
            true                                                                                   \
    }

const struct route routes[] = {
    AT_ONCE("/healthz", CACHING_NEVER, false, handle_health),
    AT_ONCE("/readyz", CACHING_NEVER, false, handle_ready),
    AT_ONCE("/static/*", CACHING_FOREVER, true, handle_asset),

    {METHOD_GET, "/.well-known/security.txt", ACCESS_PUBLIC, CSRF_READ_ONLY, CACHING_REVALIDATE,
     KIND_LOG, 0, true, handle_security_txt},
    LOG("/robots.txt", CACHING_REVALIDATE, handle_robots),
    PAGE("/", handle_storefronts),

    /* The Record: its logs as C2SP tlog-tiles says, then its pages. */
    LOG("/record/checkpoint", CACHING_REVALIDATE, handle_checkpoint),
    LOG("/record/tile/*", CACHING_REVALIDATE, handle_tile),
    LOG("/record/voices/checkpoint", CACHING_REVALIDATE, handle_voices_checkpoint),
    LOG("/record/voices/tile/*", CACHING_REVALIDATE, handle_voices_tile),
    LOG("/record/lists/{root}", CACHING_FOREVER, handle_list),
    LOG("/record/listings/", CACHING_REVALIDATE, handle_listings),
    LOG("/record/listings/{root}", CACHING_REVALIDATE, handle_listing),
    LOG("/record/listings/{root}/changes", CACHING_REVALIDATE, handle_listing_changes),
    LOG("/record/proofs/{index}", CACHING_REVALIDATE, handle_proof),
    LOG("/record/voices/proofs/{index}", CACHING_REVALIDATE, handle_voices_proof),
    LOG("/record/refusals/vkey", CACHING_REVALIDATE, handle_refusals_vkey),
    LOG("/record/receipt-checker", CACHING_REVALIDATE, handle_checker),
    LOG("/record/vkey", CACHING_REVALIDATE, handle_vkey),
    LOG("/record/vkeys", CACHING_REVALIDATE, handle_vkeys),
    PAGE("/record/demands/", handle_record_demands),
    LOG("/record/demands/feed.atom", CACHING_REVALIDATE, handle_demand_feed),
    PAGE("/record/demands/{id}", handle_record_demand),
    LOG("/record/demands/{id}/document", CACHING_REVALIDATE, handle_record_document),
    LOG("/record/policy", CACHING_REVALIDATE, handle_policy),
    LOG("/record/schemas/", CACHING_REVALIDATE, handle_schemas),
    LOG("/record/schemas/{file}", CACHING_REVALIDATE, handle_schema),
    LOG("/record/entries.jsonl", CACHING_REVALIDATE, handle_lines),
    LOG("/record/voices/entries.jsonl", CACHING_REVALIDATE, handle_voices_lines),
    LOG("/record/feed.atom", CACHING_REVALIDATE, handle_feed),
    PAGE("/record/", handle_record),
    PAGE("/record/embed", handle_record_embed),
    LOG("/record/oembed", CACHING_REVALIDATE, handle_oembed),
    PAGE("/record/agreements", handle_agreements),
    LOG("/record/agreements/{id}/document", CACHING_REVALIDATE, handle_agreement_copy),
    PAGE("/record/licences/", handle_record_licences),
    PAGE("/record/ranking", handle_ranking),
    LOG("/record/ranking.txt", CACHING_REVALIDATE, handle_ranking_text),
    PAGE("/record/report/", handle_report_now),
    PAGE("/record/report/{year}", handle_report),
    PAGE("/record/report/{year}/{table}", handle_report_csv),
    PAGE("/record/countries/{country}", handle_record_country),
    PAGE("/record/authorities/{name}", handle_record_authority),
    PAGE("/record/check", handle_record_check),
    PAGE("/record/absence", handle_absence),
    PAGE("/record/listed", handle_listed),
    PAGE("/record/restrictions/{id}", handle_record_restriction),
    OWN_PAGE("/record/statements/{secret}", ACCESS_PUBLIC, handle_statement_by_secret),
    FORM("/record/statements/{secret}/complaint", ACCESS_PUBLIC, handle_complaint_by_secret),
    OWN_PAGE("/record/statements/{secret}/receipt", ACCESS_PUBLIC,
             handle_complaint_receipt_by_secret),
    PAGE("/record/entries/{index}", handle_record_entry),

    /* KOReader's progress sync: who it is says each request by headers of its own. */
    KOSYNC(METHOD_POST, CSRF_SECRET, "users/create", handle_kosync_create),
    KOSYNC(METHOD_GET, CSRF_READ_ONLY, "users/auth", handle_kosync_auth),
    KOSYNC(METHOD_PUT, CSRF_SECRET, "syncs/progress", handle_kosync_put),
    KOSYNC(METHOD_GET, CSRF_READ_ONLY, "syncs/progress/{document}", handle_kosync_get),
    KOSYNC(METHOD_GET, CSRF_READ_ONLY, "healthcheck", handle_kosync_health),

    /* What the payment provider tells. */
    {METHOD_POST, "/payments/stripe", ACCESS_PUBLIC, CSRF_SIGNED, CACHING_NEVER, KIND_API,
     CARD_EVENT_MAX, false, handle_card_event},

    /* JSON. */
    API_READ("/api/v1/openapi.json", api_openapi),
    API_READ("/api/v1/storefronts", api_storefronts),
    API_READ("/api/v1/restrictions", api_restrictions),
    API_READ("/api/v1/demands", api_demands),
    API_OWN("/api/v1/demands/mine", api_own_demands),
    API_WRITE(METHOD_POST, "/api/v1/demands/mine/{id}/complaint", api_own_demand_complain),
    {METHOD_GET, "/api/v1/demands/by/{secret}", ACCESS_PUBLIC, CSRF_READ_ONLY, CACHING_NEVER,
     KIND_API, 0, false, api_demand_by_secret},
    {METHOD_POST, "/api/v1/demands/by/{secret}/complaint", ACCESS_PUBLIC, CSRF_JSON, CACHING_NEVER,
     KIND_API, JSON_MAX, false, api_demand_complain_by_secret},
    API_READ("/api/v1/record/absence", api_absence),
    API_READ("/api/v1/record/pace", api_pace),
    API_READ("/api/v1/record/licences", api_record_licences),
    API_READ("/api/v1/{storefront}/editions/{isbn}", api_edition),
    API_READ("/api/v1/{storefront}/search", api_search),
    API_READ("/api/v1/{storefront}/texts", api_texts),
    API_READ("/api/v1/{storefront}/texts/{kind}/{language}/{version}", api_text_version),
    API_READ("/api/v1/{storefront}/collections/{slug}", api_collection),
    API_READ("/api/v1/{storefront}/works/{id}", api_work),
    API_READ("/api/v1/{storefront}/works/{id}/reviews", api_reviews),
    API_READ("/api/v1/{storefront}/works/{id}/comments", api_work_comments),
    API_READ("/api/v1/{storefront}/reviews/{id}/comments", api_comments),
    API_READ("/api/v1/voices/{index}", api_voice),
    API_OWN("/api/v1/{storefront}/receipts", api_receipts),
    API_OWN("/api/v1/{storefront}/account/data", api_own_data),
    API_OWN("/api/v1/{storefront}/statements", api_statements),
    API_WRITE(METHOD_POST, "/api/v1/statements/{id}/complaint", api_complaint_add),
    API_OWN("/api/v1/receipts/{index}", api_receipt),
    API_WRITE(METHOD_POST, "/api/v1/receipts/{index}/erase", api_erase),
    API_WRITE(METHOD_POST, "/api/v1/account/erase", api_account_erase),
    {METHOD_POST, "/api/v1/accounts", ACCESS_PUBLIC, CSRF_JSON, CACHING_NEVER, KIND_API, JSON_MAX,
     false, api_account_add},
    {METHOD_POST, "/api/v1/demands", ACCESS_PUBLIC, CSRF_JSON, CACHING_NEVER, KIND_API, PAPER_MAX,
     false, api_demand_add},
    {METHOD_POST, "/api/v1/session", ACCESS_PUBLIC, CSRF_JSON, CACHING_NEVER, KIND_API, JSON_MAX,
     false, api_session_add},
    API_WRITE(METHOD_DELETE, "/api/v1/session", api_session_remove),
    API_WRITE(METHOD_PUT, "/api/v1/{storefront}/works/{id}/rating", api_rating_put),
    API_WRITE(METHOD_DELETE, "/api/v1/{storefront}/works/{id}/rating", api_rating_remove),
    API_WRITE(METHOD_POST, "/api/v1/{storefront}/works/{id}/reviews", api_review_add),
    API_WRITE(METHOD_PUT, "/api/v1/reviews/{id}", api_review_change),
    API_WRITE(METHOD_DELETE, "/api/v1/reviews/{id}", api_review_remove),
    API_WRITE(METHOD_POST, "/api/v1/reviews/{id}/comments", api_comment_add),
    API_OWN("/api/v1/{storefront}/basket", api_basket),
    API_WRITE(METHOD_PUT, "/api/v1/{storefront}/basket/{isbn}", api_basket_put),
    API_WRITE(METHOD_DELETE, "/api/v1/{storefront}/basket/{isbn}", api_basket_remove),
    API_OWN("/api/v1/{storefront}/checkout", api_checkout),
    API_WRITE(METHOD_POST, "/api/v1/{storefront}/orders", api_order_place),
    API_OWN("/api/v1/orders", api_own_orders),
    API_OWN("/api/v1/orders/{number}", api_own_order),
    API_WRITE(METHOD_POST, "/api/v1/orders/{number}/cancel", api_own_order_cancel),
    API_WRITE(METHOD_POST, "/api/v1/orders/{number}/return", api_own_order_return),
    API_OWN("/api/v1/{storefront}/library", api_library),
    API_OWN("/api/v1/{storefront}/library/{isbn}/file", api_library_file),
    API_OWN("/api/v1/devices", api_devices),
    API_WRITE(METHOD_POST, "/api/v1/devices", api_device_add),
    API_WRITE(METHOD_DELETE, "/api/v1/devices/{id}", api_device_remove),
    API_SHOP_READ("/api/v1/shops/{shop}/orders", SHOP_DUTY_ORDERS, api_shop_orders),
    API_SHOP_READ("/api/v1/shops/{shop}/orders/{number}", SHOP_DUTY_ORDERS, api_shop_order),
    API_SHOP_WRITE(METHOD_POST, "/api/v1/shops/{shop}/orders/{number}/send", SHOP_DUTY_ORDERS,
                   api_shop_order_send),
    API_SHOP_WRITE(METHOD_POST, "/api/v1/shops/{shop}/orders/{number}/cancel", SHOP_DUTY_ORDERS,
                   api_shop_order_cancel),
    API_SHOP_WRITE(METHOD_POST, "/api/v1/shops/{shop}/orders/{number}/return", SHOP_DUTY_ORDERS,
                   api_shop_order_return),
    API_SHOP_WRITE(METHOD_POST, "/api/v1/shops/{shop}/orders/{number}/refund", SHOP_DUTY_ORDERS,
                   api_shop_order_refund),
    API_SHOP_READ("/api/v1/shops/{shop}/stock", SHOP_DUTY_STOCK, api_shop_stock),
    API_SHOP(METHOD_POST, CSRF_BEARER_BODY, BULK_MAX, "/api/v1/shops/{shop}/stock", SHOP_DUTY_STOCK,
             api_shop_stock_file),
    API_SHOP_WRITE(METHOD_PUT, "/api/v1/shops/{shop}/stock/{isbn}", SHOP_DUTY_STOCK,
                   api_shop_stock_put),
    API_SHOP_WRITE(METHOD_DELETE, "/api/v1/shops/{shop}/stock/{isbn}", SHOP_DUTY_STOCK,
                   api_shop_stock_remove),
    API_SHOP_READ("/api/v1/shops/{shop}/sales", SHOP_DUTY_SALES, api_shop_sales),
    API_SHOP_READ("/api/v1/shops/{shop}/payouts", SHOP_DUTY_SALES, api_shop_payouts),
    API_SHOP(METHOD_POST, CSRF_BEARER_BODY, BULK_MAX, "/api/v1/shops/{shop}/feeds", SHOP_DUTY_FEEDS,
             api_shop_feed_add),
    API_SHOP_READ("/api/v1/shops/{shop}/feeds/{id}", SHOP_DUTY_FEEDS, api_shop_feed),
    API_OWN("/api/v1/following", api_following),
    API_WRITE(METHOD_POST, "/api/v1/following/feed", api_following_feed),
    API_WRITE(METHOD_DELETE, "/api/v1/following/letters", api_letters_end),
    API_WRITE(METHOD_PUT, "/api/v1/{storefront}/following/letters", api_letters),
    API_WRITE(METHOD_PUT, "/api/v1/following/{kind}/{id}", api_follow),
    API_WRITE(METHOD_DELETE, "/api/v1/following/{kind}/{id}", api_follow_end),
    API_OWN("/api/v1/{storefront}/news", api_news),
    API_OWN("/api/v1/{storefront}/lists", api_lists),
    {METHOD_GET, "/api/v1/{storefront}/lists/{secret}", ACCESS_PUBLIC, CSRF_READ_ONLY,
     CACHING_NEVER, KIND_API, 0, false, api_list},
    API_WRITE(METHOD_POST, "/api/v1/lists", api_list_add),
    API_WRITE(METHOD_PUT, "/api/v1/lists/{secret}", api_list_change),
    API_WRITE(METHOD_DELETE, "/api/v1/lists/{secret}", api_list_remove),
    API_WRITE(METHOD_PUT, "/api/v1/lists/{secret}/works/{id}", api_list_put),
    API_WRITE(METHOD_DELETE, "/api/v1/lists/{secret}/works/{id}", api_list_take),
    API_WRITE(METHOD_PUT, "/api/v1/{storefront}/reviews/{id}/helpful", api_helpful_put),
    API_WRITE(METHOD_DELETE, "/api/v1/{storefront}/reviews/{id}/helpful", api_helpful_remove),
    API_WRITE(METHOD_PUT, "/api/v1/comments/{id}", api_comment_change),
    API_WRITE(METHOD_DELETE, "/api/v1/comments/{id}", api_comment_remove),

    /* The operator's desk. */
    OWN_PAGE("/desk/", ACCESS_PARTNER, handle_desk),
    OWN_PAGE("/desk/sign-in", ACCESS_PUBLIC, handle_desk_sign_in_page),
    FORM("/desk/sign-in", ACCESS_PUBLIC, handle_desk_sign_in),
    FORM("/desk/sign-in/challenge", ACCESS_PUBLIC, handle_passkey_challenge),
    FORM("/desk/sign-in/passkey", ACCESS_PUBLIC, handle_desk_passkey),
    OWN_PAGE("/desk/sign-in/code", ACCESS_READER, handle_sign_in_code_page),
    FORM("/desk/sign-in/code", ACCESS_READER, handle_sign_in_code),
    FORM("/desk/sign-out", ACCESS_READER, handle_desk_sign_out),
    PAGE("/styleguide", handle_styleguide),
    PAGE("/styleguide/covers/{n}", handle_components_cover),
    OWN_PAGE("/desk/components", ACCESS_OPERATOR, handle_components),
    OWN_PAGE("/desk/components/covers/{n}", ACCESS_OPERATOR, handle_components_cover),
    OWN_PAGE("/desk/complaints", ACCESS_OPERATOR, handle_desk_complaints),
    OWN_PAGE("/desk/complaints/{id}", ACCESS_OPERATOR, handle_desk_complaint),
    FORM("/desk/complaints/{id}", ACCESS_OPERATOR, handle_desk_complaint_decide),
    OWN_PAGE("/desk/disputes", ACCESS_OPERATOR, handle_desk_disputes),
    FORM("/desk/disputes", ACCESS_OPERATOR, handle_desk_dispute_add),
    OWN_PAGE("/desk/disputes/{id}", ACCESS_OPERATOR, handle_desk_dispute),
    FORM("/desk/disputes/{id}", ACCESS_OPERATOR, handle_desk_dispute_settle),
    FORM("/desk/disputes/{id}/correction", ACCESS_OPERATOR, handle_desk_dispute_correct),
    OWN_PAGE("/desk/demands", ACCESS_OPERATOR, handle_desk_demands),
    OWN_PAGE("/desk/demands/{id}", ACCESS_OPERATOR, handle_desk_demand),
    FORM("/desk/demands/{id}", ACCESS_OPERATOR, handle_desk_decide),
    FORM("/desk/demands/{id}/acknowledge", ACCESS_OPERATOR, handle_desk_acknowledge),
    UPLOAD("/desk/demands/{id}/copy", ACCESS_OPERATOR, STAFF_UPLOAD_MAX, handle_desk_copy),
    {METHOD_GET, "/desk/demands/{id}/document", ACCESS_OPERATOR, CSRF_READ_ONLY, CACHING_NEVER,
     KIND_LOG, 0, false, handle_desk_document},
    OWN_PAGE("/desk/proposals", ACCESS_OPERATOR, handle_desk_demands),
    FORM("/desk/proposals/{id}/approve", ACCESS_OPERATOR, handle_desk_approve),
    FORM("/desk/proposals/{id}/drop", ACCESS_OPERATOR, handle_desk_drop),
    OWN_PAGE("/desk/restrictions/add", ACCESS_OPERATOR, handle_desk_add_page),
    FORM("/desk/restrictions/add", ACCESS_OPERATOR, handle_desk_add),
    OWN_PAGE("/desk/restrictions/{id}/lift", ACCESS_OPERATOR, handle_desk_lift_page),
    FORM("/desk/restrictions/{id}/lift", ACCESS_OPERATOR, handle_desk_lift),
    OWN_PAGE("/desk/trail", ACCESS_OPERATOR, handle_desk_trail),
    OWN_PAGE("/desk/storefronts", ACCESS_OPERATOR, handle_desk_storefronts),
    FORM("/desk/storefronts", ACCESS_OPERATOR, handle_desk_storefront_add),
    FORM("/desk/storefronts/set", ACCESS_OPERATOR, handle_desk_storefront_set),
    OWN_PAGE("/desk/shops", ACCESS_OPERATOR, handle_desk_shops),
    FORM("/desk/shops", ACCESS_OPERATOR, handle_desk_shop_add),
    FORM("/desk/shops/disclose", ACCESS_OPERATOR, handle_desk_shop_disclose),
    OWN_PAGE("/desk/licences", ACCESS_OPERATOR, handle_desk_licences),
    FORM("/desk/licences", ACCESS_OPERATOR, handle_desk_licence_add),
    FORM("/desk/licences/need", ACCESS_OPERATOR, handle_desk_licence_need),
    FORM("/desk/licences/change", ACCESS_OPERATOR, handle_desk_licence_change),
    OWN_PAGE("/desk/staff", ACCESS_OPERATOR, handle_desk_staff),
    FORM("/desk/staff", ACCESS_OPERATOR, handle_desk_staff_add),
    FORM("/desk/staff/change", ACCESS_OPERATOR, handle_desk_staff_change),
    OWN_PAGE("/desk/texts", ACCESS_OPERATOR, handle_desk_texts),
    OWN_PAGE("/desk/texts/edit", ACCESS_OPERATOR, handle_desk_text),
    LONG_FORM("/desk/texts/edit", ACCESS_OPERATOR, handle_desk_text_save),
    OWN_PAGE("/desk/misses", ACCESS_OPERATOR, handle_desk_misses),
    OWN_PAGE("/desk/misses.csv", ACCESS_OPERATOR, handle_desk_misses_csv),

    /* Money: what came, what goes back, payouts, taxes. */
    OWN_PAGE("/desk/payments", ACCESS_OPERATOR, handle_desk_payments),
    FORM("/desk/payments/said", ACCESS_OPERATOR, handle_desk_payment_said),
    FORM("/desk/payments/assign", ACCESS_OPERATOR, handle_desk_payment_assign),
    FORM("/desk/payments/back", ACCESS_OPERATOR, handle_desk_payment_back),
    FORM("/desk/payments/refunds", ACCESS_OPERATOR, handle_desk_refunds_sent),
    SPOOL("/desk/payments/statement", ACCESS_OPERATOR, STATEMENT_UPLOAD_MAX, handle_desk_statement),
    LONG_FORM("/desk/payments/statement/take", ACCESS_OPERATOR, handle_desk_statement_take),
    OWN_PAGE("/desk/payouts", ACCESS_OPERATOR, handle_desk_payouts),
    FORM("/desk/payouts/make", ACCESS_OPERATOR, handle_desk_payouts_make),
    FORM("/desk/payouts/sent", ACCESS_OPERATOR, handle_desk_payouts_sent),
    FORM("/desk/payouts/taxes", ACCESS_OPERATOR, handle_desk_taxes_remitted),
    /* Sales orders: of all shops for the operator's staff, of their own for a shop's. */
    OWN_PAGE("/desk/orders", ACCESS_PARTNER, handle_desk_orders),
    OWN_PAGE("/desk/orders/packing", ACCESS_PARTNER, handle_desk_packing_all),
    OWN_PAGE("/desk/orders/{number}/packing", ACCESS_PARTNER, handle_desk_packing),
    OWN_PAGE("/desk/orders/picking", ACCESS_PARTNER, handle_desk_picking),
    OWN_PAGE("/desk/orders/{number}", ACCESS_PARTNER, handle_desk_order),
    FORM("/desk/orders/{number}/send", ACCESS_PARTNER, handle_desk_order_send),
    FORM("/desk/orders/{number}/note", ACCESS_PARTNER, handle_desk_order_note),
    FORM("/desk/orders/{number}/cancel", ACCESS_PARTNER, handle_desk_order_cancel),
    FORM("/desk/orders/{number}/return", ACCESS_PARTNER, handle_desk_order_return),
    FORM("/desk/orders/{number}/close", ACCESS_PARTNER, handle_desk_order_close),
    FORM("/desk/orders/{number}/refund", ACCESS_PARTNER, handle_desk_order_refund),
    /* The partners' desk: each handler begins with partner_begin, which says whose shop it is. */
    OWN_PAGE("/desk/partner/", ACCESS_PARTNER, handle_partner_desk),
    OWN_PAGE("/desk/partner/{shop}/", ACCESS_PARTNER, handle_partner_shop),
    OWN_PAGE("/desk/orders/{number}/invoices/{n}", ACCESS_PARTNER, handle_desk_paper),
    OWN_FILE("/desk/orders/{number}/invoices/{n}/pdf", ACCESS_PARTNER, handle_desk_paper_pdf),
    OWN_PAGE("/desk/partner/{shop}/seller", ACCESS_PARTNER, handle_partner_seller),
    FORM("/desk/partner/{shop}/seller", ACCESS_PARTNER, handle_partner_seller_set),
    OWN_PAGE("/desk/partner/{shop}/hints", ACCESS_PARTNER, handle_partner_hints),
    FORM("/desk/partner/{shop}/hints/done", ACCESS_PARTNER, handle_partner_hints_done),
    FORM("/desk/partner/{shop}/hints/{id}/done", ACCESS_PARTNER, handle_partner_hint_done),
    OWN_PAGE("/desk/terms", ACCESS_OPERATOR, handle_terms),
    FORM("/desk/terms/tax", ACCESS_OPERATOR, handle_terms_tax),
    FORM("/desk/terms/laws", ACCESS_OPERATOR, handle_terms_law),
    FORM("/desk/terms/vouchers", ACCESS_OPERATOR, handle_terms_voucher),
    FORM("/desk/terms/vouchers/{id}/end", ACCESS_OPERATOR, handle_desk_voucher_end),
    OWN_PAGE("/desk/partner/{shop}/terms", ACCESS_PARTNER, handle_terms),
    FORM("/desk/partner/{shop}/terms/delivery", ACCESS_PARTNER, handle_terms_shipping),
    FORM("/desk/partner/{shop}/terms/delivery/{id}/end", ACCESS_PARTNER, handle_terms_shipping_end),
    FORM("/desk/partner/{shop}/terms/vouchers", ACCESS_PARTNER, handle_terms_voucher),
    FORM("/desk/partner/{shop}/terms/vouchers/{id}/end", ACCESS_PARTNER, handle_terms_voucher_end),
    OWN_PAGE("/desk/partner/{shop}/sales", ACCESS_PARTNER, handle_partner_sales),
    OWN_FILE("/desk/partner/{shop}/sales.csv", ACCESS_PARTNER, handle_partner_sales_csv),
    OWN_PAGE("/desk/partner/{shop}/payouts", ACCESS_PARTNER, handle_partner_payouts),
    OWN_FILE("/desk/partner/{shop}/statement.csv", ACCESS_PARTNER, handle_partner_statement_csv),
    OWN_PAGE("/desk/partner/{shop}/programs", ACCESS_PARTNER, handle_programs),
    FORM("/desk/partner/{shop}/programs/keys", ACCESS_PARTNER, handle_shop_key_add),
    FORM("/desk/partner/{shop}/programs/keys/{id}/remove", ACCESS_PARTNER, handle_shop_key_remove),
    FORM("/desk/partner/{shop}/programs/webhook", ACCESS_PARTNER, handle_webhook_set),
    FORM("/desk/partner/{shop}/programs/told/{id}/again", ACCESS_PARTNER, handle_webhook_again),
    OWN_PAGE("/desk/partner/{shop}/stock", ACCESS_PARTNER, handle_partner_stock),
    FORM("/desk/partner/{shop}/stock", ACCESS_PARTNER, handle_partner_stock_set),
    SPOOL("/desk/partner/{shop}/stock/file", ACCESS_PARTNER, STOCK_UPLOAD_MAX,
          handle_partner_stock_file),
    OWN_PAGE("/desk/partner/{shop}/titles", ACCESS_PARTNER, handle_partner_titles),
    OWN_FILE("/desk/partner/{shop}/titles.csv", ACCESS_PARTNER, handle_partner_titles_csv),
    OWN_PAGE("/desk/partner/{shop}/titles/{key}", ACCESS_PARTNER, handle_partner_title),
    FORM("/desk/partner/{shop}/titles/{key}/corrections", ACCESS_PARTNER, handle_partner_correct),
    SPOOL("/desk/partner/{shop}/titles/{key}/cover", ACCESS_PARTNER, COVER_UPLOAD_MAX,
          handle_partner_cover),
    SPOOL("/desk/partner/{shop}/titles/{key}/epub", ACCESS_PARTNER, EPUB_UPLOAD_MAX,
          handle_partner_epub),
    SPOOL("/desk/partner/{shop}/feeds", ACCESS_PARTNER, FEED_BYTES_MAX + FORM_MAX,
          handle_partner_upload),
    OWN_PAGE("/desk/partner/{shop}/feeds/{id}", ACCESS_PARTNER, handle_partner_feed),
    FORM("/desk/partner/{shop}/feeds/{id}/stop", ACCESS_PARTNER, handle_partner_stop),
    OWN_FILE("/desk/partner/{shop}/feeds/{id}/findings.csv", ACCESS_PARTNER,
             handle_partner_findings_csv),
    OWN_FILE("/desk/partner/{shop}/feeds/{id}/findings.jsonl", ACCESS_PARTNER,
             handle_partner_findings_lines),

    /* A storefront. */
    PAGE("/{storefront}/", handle_home),
    PAGE("/{storefront}/books/{isbn}", handle_book),
    PAGE("/{storefront}/books/{isbn}/sample", handle_sample),
    PAGE("/{storefront}/books/{isbn}/sample/{n}", handle_sample_chapter),
    PAGE("/{storefront}/books/{isbn}/sample/pictures/{n}", handle_sample_picture),
    PAGE("/{storefront}/books/{isbn}/reviews", handle_book_reviews),
    PAGE("/{storefront}/books/{isbn}/comments", handle_book_comments),
    PAGE("/{storefront}/books/{isbn}/reviews/{id}/comments", handle_review_comments),
    OWN_PAGE("/{storefront}/books/{isbn}/wrong", ACCESS_PUBLIC, handle_hint_page),
    FORM("/{storefront}/books/{isbn}/wrong", ACCESS_PUBLIC, handle_hint),
    OWN_PAGE("/{storefront}/wrong", ACCESS_PUBLIC, handle_hint_choice),
    PAGE("/{storefront}/reviews-policy", handle_reviews_policy),
    PAGE("/{storefront}/texts/{kind}", handle_text),
    PAGE("/{storefront}/texts/{kind}/{language}/{version}", handle_text_version),
    PAGE("/{storefront}/search", handle_search),
    PAGE("/{storefront}/opensearch.xml", handle_opensearch),
    /* The same for reading apps, in both forms. */
    OPDS_FORM("/{storefront}/opds/authentication", handle_opds_authentication),
    LOG("/{storefront}/opds/files/{file}", CACHING_REVALIDATE, handle_opds_file),
    OWN_FILE("/{storefront}/opds/shelf", ACCESS_DEVICE, handle_opds_shelf),
    OWN_FILE("/{storefront}/opds2/shelf", ACCESS_DEVICE, handle_opds_shelf),
    OPDS_FORM("/{storefront}/opds", handle_opds),
    OPDS_FORM("/{storefront}/opds2", handle_opds),
    OPDS("books", handle_opds_books),
    OPDS("search", handle_opds_search),
    OPDS("subjects", handle_opds_subjects),
    OPDS("subjects/{code}", handle_opds_subject),
    OPDS("languages", handle_opds_languages),
    OPDS("collections", handle_opds_collections),
    OPDS("collections/{slug}", handle_opds_collection),
    OPDS("contributors", handle_opds_contributors),
    OPDS("contributors/{id}", handle_opds_contributor),
    OPDS("books/{isbn}", handle_opds_book),
    OPDS("all", handle_opds_all),
    PAGE("/{storefront}/manifest.webmanifest", handle_manifest),
    LOG("/{storefront}/sitemap.xml", CACHING_REVALIDATE, handle_sitemap_index),
    LOG("/{storefront}/sitemaps/{n}", CACHING_REVALIDATE, handle_sitemap),
    PAGE("/{storefront}/suggest", handle_suggest),
    PAGE("/{storefront}/covers/{isbn}", handle_cover),
    PAGE("/{storefront}/covers/{isbn}/{form}", handle_cover_form),
    PAGE("/{storefront}/cards/{isbn}", handle_card),
    PAGE("/{storefront}/subjects/", handle_subjects),
    PAGE("/{storefront}/subjects/{code}", handle_subject),
    PAGE("/{storefront}/collections/", handle_collections),
    PAGE("/{storefront}/collections/{slug}", handle_collection),
    PAGE("/{storefront}/contributors/", handle_contributors),
    PAGE("/{storefront}/contributors/{id}", handle_contributor),
    PAGE("/{storefront}/series/", handle_all_series),
    {METHOD_GET, "/{storefront}/contributors/{id}/feed.atom", ACCESS_PUBLIC, CSRF_READ_ONLY,
     CACHING_REVALIDATE, KIND_LOG, 0, true, handle_contributor_feed},
    {METHOD_GET, "/{storefront}/series/{id}/feed.atom", ACCESS_PUBLIC, CSRF_READ_ONLY,
     CACHING_REVALIDATE, KIND_LOG, 0, true, handle_series_feed},
    PAGE("/{storefront}/series/{slug}", handle_series),
    PAGE("/{storefront}/publishers/", handle_publishers),
    PAGE("/{storefront}/publishers/{slug}", handle_publisher),
    PAGE("/{storefront}/shops/{slug}", handle_shop),
    OWN_PAGE("/{storefront}/demand", ACCESS_PUBLIC, handle_demand_page),
    UPLOAD("/{storefront}/demand", ACCESS_PUBLIC, UPLOAD_MAX, handle_demand),
    OWN_PAGE("/{storefront}/demand/{secret}", ACCESS_PUBLIC, handle_demand_status),
    {METHOD_GET, "/{storefront}/demand/{secret}/receipt", ACCESS_PUBLIC, CSRF_READ_ONLY,
     CACHING_NEVER, KIND_LOG, 0, false, handle_demand_receipt},
    FORM("/{storefront}/demand/{secret}/complaint", ACCESS_PUBLIC, handle_demand_complaint),
    OWN_PAGE("/{storefront}/demand/{secret}/complaint/receipt", ACCESS_PUBLIC,
             handle_demand_complaint_receipt),
    OWN_PAGE("/{storefront}/sign-up", ACCESS_PUBLIC, handle_sign_up_page),
    FORM("/{storefront}/sign-up", ACCESS_PUBLIC, handle_sign_up),
    OWN_PAGE("/{storefront}/sign-up/confirm", ACCESS_PUBLIC, handle_sign_up_confirm_page),
    FORM("/{storefront}/sign-up/confirm", ACCESS_PUBLIC, handle_sign_up_confirm),
    OWN_PAGE("/{storefront}/sign-in", ACCESS_PUBLIC, handle_sign_in_page),
    FORM("/{storefront}/sign-in", ACCESS_PUBLIC, handle_sign_in),
    FORM("/{storefront}/sign-in/challenge", ACCESS_PUBLIC, handle_passkey_challenge),
    FORM("/{storefront}/sign-in/passkey", ACCESS_PUBLIC, handle_passkey_sign_in),
    OWN_PAGE("/{storefront}/forgot", ACCESS_PUBLIC, handle_forgot_page),
    FORM("/{storefront}/forgot", ACCESS_PUBLIC, handle_forgot),
    OWN_PAGE("/{storefront}/new-password", ACCESS_PUBLIC, handle_new_password_page),
    FORM("/{storefront}/new-password", ACCESS_PUBLIC, handle_new_password),
    FORM("/{storefront}/sign-out", ACCESS_READER, handle_sign_out),
    FORM("/{storefront}/sign-out-everywhere", ACCESS_READER, handle_sign_out_everywhere),
    OWN_PAGE("/{storefront}/confirm", ACCESS_PUBLIC, handle_confirm_page),
    FORM("/{storefront}/confirm", ACCESS_PUBLIC, handle_confirm),
    FORM("/{storefront}/account/confirm", ACCESS_READER, handle_confirm_ask),
    OWN_PAGE("/{storefront}/account", ACCESS_READER, handle_account),
    OWN_PAGE("/{storefront}/basket", ACCESS_PUBLIC, handle_basket),
    {METHOD_POST, "/{storefront}/basket/add", ACCESS_PUBLIC, CSRF_ORIGIN, CACHING_NEVER, KIND_PAGE,
     FORM_MAX, false, handle_basket_add},
    FORM("/{storefront}/basket/bring", ACCESS_PUBLIC, handle_basket_bring),
    FORM("/{storefront}/basket/voucher", ACCESS_PUBLIC, handle_basket_voucher),
    FORM("/{storefront}/basket/{act}", ACCESS_PUBLIC, handle_basket_change),
    OWN_PAGE("/{storefront}/checkout", ACCESS_PUBLIC, handle_checkout),
    FORM("/{storefront}/checkout", ACCESS_PUBLIC, handle_checkout_form),
    OWN_PAGE("/{storefront}/orders/{secret}", ACCESS_PUBLIC, handle_purchase),
    FORM("/{storefront}/orders/{secret}/cancel", ACCESS_PUBLIC, handle_purchase_cancel),
    FORM("/{storefront}/orders/{secret}/pay", ACCESS_PUBLIC, handle_purchase_pay),
    OWN_PAGE("/{storefront}/account/orders", ACCESS_READER, handle_own_orders),
    OWN_PAGE("/{storefront}/account/orders/{number}", ACCESS_READER, handle_own_order),
    FORM("/{storefront}/account/orders/{number}/cancel", ACCESS_READER, handle_own_order_cancel),
    FORM("/{storefront}/account/orders/{number}/pay", ACCESS_READER, handle_own_order_pay),
    OWN_PAGE("/{storefront}/orders/{secret}/{number}/return", ACCESS_PUBLIC,
             handle_return_by_secret),
    FORM("/{storefront}/orders/{secret}/{number}/return", ACCESS_PUBLIC,
         handle_return_by_secret_form),
    OWN_PAGE("/{storefront}/account/orders/{number}/return", ACCESS_READER, handle_own_return),
    FORM("/{storefront}/account/orders/{number}/return", ACCESS_READER, handle_own_return_form),
    OWN_PAGE("/{storefront}/orders/{secret}/{number}/invoices/{n}", ACCESS_PUBLIC,
             handle_paper_by_secret),
    OWN_FILE("/{storefront}/orders/{secret}/{number}/invoices/{n}/pdf", ACCESS_PUBLIC,
             handle_paper_by_secret_pdf),
    OWN_PAGE("/{storefront}/account/orders/{number}/invoices/{n}", ACCESS_READER, handle_own_paper),
    OWN_FILE("/{storefront}/account/orders/{number}/invoices/{n}/pdf", ACCESS_READER,
             handle_own_paper_pdf),
    OWN_PAGE("/{storefront}/account/data", ACCESS_READER, handle_own_data),
    OWN_PAGE("/{storefront}/account/security", ACCESS_READER, handle_security),
    FORM("/{storefront}/account/passkeys", ACCESS_READER, handle_passkey_add),
    FORM("/{storefront}/account/passkeys/challenge", ACCESS_READER, handle_passkey_make_challenge),
    FORM("/{storefront}/account/passkeys/{id}/remove", ACCESS_READER, handle_passkey_remove),
    OWN_PAGE("/{storefront}/account/devices", ACCESS_READER, handle_devices),
    FORM("/{storefront}/account/devices", ACCESS_READER, handle_device_add),
    FORM("/{storefront}/account/devices/{id}/remove", ACCESS_READER, handle_device_remove),
    FORM("/{storefront}/account/password", ACCESS_READER, handle_password_change),
    FORM("/{storefront}/account/address", ACCESS_READER, handle_address_change),
    OWN_PAGE("/{storefront}/new-address", ACCESS_PUBLIC, handle_new_address_page),
    FORM("/{storefront}/new-address", ACCESS_PUBLIC, handle_new_address),
    FORM("/{storefront}/account/sessions/{id}/end", ACCESS_READER, handle_session_end),
    FORM("/{storefront}/account/sessions/end-others", ACCESS_READER, handle_sessions_end_others),
    OWN_PAGE("/{storefront}/account/following", ACCESS_READER, handle_following),
    FORM("/{storefront}/account/following", ACCESS_READER, handle_follow),
    FORM("/{storefront}/account/following/feed", ACCESS_READER, handle_following_feed),
    FORM("/{storefront}/account/following/letters", ACCESS_READER, handle_following_letters),
    {METHOD_GET, "/{storefront}/news/{secret}/feed.atom", ACCESS_PUBLIC, CSRF_READ_ONLY,
     CACHING_REVALIDATE, KIND_LOG, 0, false, handle_news_feed},
    OWN_PAGE("/{storefront}/news/{secret}/stop", ACCESS_PUBLIC, handle_stop_letters_page),
    {METHOD_POST, "/{storefront}/news/{secret}/stop", ACCESS_PUBLIC, CSRF_SECRET, CACHING_NEVER,
     KIND_PAGE, FORM_MAX, false, handle_stop_letters},
    OWN_PAGE("/{storefront}/account/lists", ACCESS_READER, handle_reader_lists),
    FORM("/{storefront}/account/lists", ACCESS_READER, handle_reader_list_make),
    FORM("/{storefront}/account/lists/keep", ACCESS_READER, handle_reader_list_keep),
    OWN_PAGE("/{storefront}/lists/{secret}", ACCESS_PUBLIC, handle_reader_list),
    FORM("/{storefront}/lists/{secret}", ACCESS_READER, handle_reader_list_change),
    OWN_PAGE("/{storefront}/account/library", ACCESS_READER, handle_library),
    FORM("/{storefront}/account/library/{isbn}/hide", ACCESS_READER, handle_library_hide),
    FORM("/{storefront}/account/library/{isbn}/place", ACCESS_READER, handle_reading_place),
    FORM("/{storefront}/account/library/{isbn}/marks", ACCESS_READER, handle_reading_mark),
    FORM("/{storefront}/account/library/{isbn}/marks/{id}", ACCESS_READER,
         handle_reading_mark_change),
    OWN_PAGE("/{storefront}/account/reading", ACCESS_READER, handle_reading),
    FORM("/{storefront}/account/reading", ACCESS_READER, handle_reading_change),
    OWN_PAGE("/{storefront}/read/{isbn}", ACCESS_READER, handle_read),
    OWN_PAGE("/{storefront}/read/{isbn}/sample", ACCESS_PUBLIC, handle_read_sample),
    OWN_PAGE("/{storefront}/read/{isbn}/chapters", ACCESS_READER, handle_read_chapters),
    OWN_PAGE("/{storefront}/read/{isbn}/{n}", ACCESS_READER, handle_read_chapter),
    OWN_FILE("/{storefront}/read/{isbn}/pictures/{name}", ACCESS_READER, handle_read_picture),
    FORM("/{storefront}/books/{isbn}/library", ACCESS_READER, handle_library_add),
    OWN_PAGE("/{storefront}/library/{file}", ACCESS_DEVICE, handle_library_file),
    OWN_PAGE("/{storefront}/account/receipts", ACCESS_READER, handle_receipts),
    OWN_PAGE("/{storefront}/account/demands/{id}", ACCESS_READER, handle_own_demand),
    OWN_PAGE("/{storefront}/account/demands/{id}/receipt", ACCESS_READER,
             handle_own_demand_receipt),
    FORM("/{storefront}/account/demands/{id}/complaint", ACCESS_READER,
         handle_own_demand_complaint),
    OWN_PAGE("/{storefront}/account/demands/{id}/complaint/receipt", ACCESS_READER,
             handle_own_demand_complaint_receipt),
    OWN_PAGE("/{storefront}/account/statements", ACCESS_READER, handle_statements),
    OWN_PAGE("/{storefront}/account/statements/{id}", ACCESS_READER, handle_statement),
    FORM("/{storefront}/account/statements/{id}/complaint", ACCESS_READER, handle_complaint),
    OWN_PAGE("/{storefront}/account/statements/{id}/receipt", ACCESS_READER,
             handle_complaint_receipt),
    OWN_PAGE("/{storefront}/account/receipts/{index}", ACCESS_READER, handle_receipt),
    OWN_PAGE("/{storefront}/account/receipts/{index}/erase", ACCESS_READER, handle_erase_page),
    FORM("/{storefront}/account/receipts/{index}/erase", ACCESS_READER, handle_erase),
    OWN_PAGE("/{storefront}/account/erase", ACCESS_READER, handle_erase_account_page),
    FORM("/{storefront}/account/erase", ACCESS_READER, handle_erase_account),
    OWN_PAGE("/{storefront}/erased", ACCESS_PUBLIC, handle_erased),
    OWN_PAGE("/{storefront}/books/{isbn}/review", ACCESS_READER, handle_review_page),
    FORM("/{storefront}/books/{isbn}/review", ACCESS_READER, handle_review),
    FORM("/{storefront}/books/{isbn}/review/withdraw", ACCESS_READER, handle_review_withdraw),
    FORM("/{storefront}/books/{isbn}/rating", ACCESS_READER, handle_rating),
    FORM("/{storefront}/books/{isbn}/rating/withdraw", ACCESS_READER, handle_unrate),
    FORM("/{storefront}/books/{isbn}/reviews/{id}/comments", ACCESS_READER, handle_comment),
    FORM("/{storefront}/books/{isbn}/reviews/{id}/helpful", ACCESS_READER, handle_helpful),
    FORM("/{storefront}/books/{isbn}/comments/{id}", ACCESS_READER, handle_comment_change),
    FORM("/{storefront}/books/{isbn}/comments/{id}/withdraw", ACCESS_READER,
         handle_comment_withdraw),
};
const size_t route_count = sizeof routes / sizeof *routes;

enum rc routes_check(struct fault *fault)
{
    for (size_t i = 0; i < route_count; i++) {
        const struct route *r = &routes[i];
        if (r->method == METHOD_UNSET || r->pattern == NULL || r->access == ACCESS_UNSET ||
            r->csrf == CSRF_UNSET || r->caching == CACHING_UNSET || r->kind == KIND_UNSET ||
            r->handle == NULL)
            return fault_set(fault, RC_INVALID, "route %zu (%s) has a column unset", i,
                             r->pattern == NULL ? "without a pattern" : r->pattern);
        if ((r->method == METHOD_GET) != (r->csrf == CSRF_READ_ONLY))
            return fault_set(fault, RC_INVALID, "route %s: only GET is read-only", r->pattern);
    }
    return RC_OK;
}

/* ---- matching ---- */

/* Which storefront a path names does not depend on the pattern, only on where in the path
 * it is looked for: found once, and not once for each of them. */
struct named {
    bool known, is_one;
    size_t from, to;
    const struct storefront *storefront;
    struct str language;
};

struct match {
    const struct storefront *own; /* whose paths these are, without a slug; NULL: none's */
    const struct storefront *storefront;
    struct str language;
    struct str captures[4];
    struct named *named; /* kept from one pattern to the next */
};

/* The storefront, and where one of its other languages follows, or another that the
 * interface has, that too. */
static bool find_storefront(const struct context *c, size_t *at, struct match *m)
{
    const struct request *r = c->request;
    if (m->own != NULL && *at == 0) {
        m->storefront = m->own; /* the host names it, the path need not */
    } else {
        m->storefront = gate_storefront(c->view, r->segments.v[*at]);
        if (m->storefront == NULL)
            return false;
        (*at)++;
    }
    m->language = m->storefront->languages.v[0];
    struct str spoken;
    for (size_t i = 1; *at < r->segments.n && (spoken = context_spoken(c, m->storefront, i)).n > 0;
         i++)
        if (str_eq(spoken, r->segments.v[*at])) {
            m->language = spoken;
            (*at)++;
            break;
        }
    return true;
}

static bool match_storefront(const struct context *c, size_t *at, struct match *m)
{
    struct named *named = m->named;
    if (!named->known || named->from != *at) {
        *named = (struct named){.known = true, .from = *at};
        named->is_one = find_storefront(c, at, m);
        named->to = *at;
        named->storefront = m->storefront;
        named->language = m->language;
    }
    *at = named->to;
    m->storefront = named->storefront;
    m->language = named->language;
    return named->is_one;
}

static bool match_pattern(const struct context *c, const char *pattern, struct match *m)
{
    const struct request *r = c->request;
    struct str first = r->segments.n > 0 ? r->segments.v[0] : STR_NONE;
    char begins = pattern[1];
    if (begins != '\0' && begins != '{' && begins != '*' && (first.n == 0 || first.p[0] != begins))
        return false; /* most are, and need not be taken apart */
    struct str rest = str_of(pattern + 1);
    size_t at = 0, captured = 0;
    for (size_t from = 0; from <= rest.n;) {
        size_t end = from + str_find(str_sub(rest, from, rest.n), '/');
        struct str part = str_sub(rest, from, end);
        from = end + 1;
        if (str_eq(part, STR("*"))) {
            size_t skip = (size_t)(rest.p + (from - 2) - (pattern + 1)) + 1;
            m->captures[captured] = str_sub(r->path, skip, r->path.n);
            return at < r->segments.n;
        }
        if (at >= r->segments.n)
            return false;
        if (str_eq(part, STR("{storefront}"))) {
            if (!match_storefront(c, &at, m))
                return false;
            continue;
        }
        struct str segment = r->segments.v[at++];
        if (part.n > 0 && part.p[0] == '{') {
            if (segment.n == 0)
                return false;
            m->captures[captured++] = segment;
        } else if (!str_eq(part, segment)) {
            return false;
        }
    }
    return at == r->segments.n;
}

static const char *method_name(enum method method)
{
    static const char *const names[] = {
        [METHOD_GET] = "GET, HEAD",
        [METHOD_POST] = "POST",
        [METHOD_PUT] = "PUT",
        [METHOD_DELETE] = "DELETE",
    };
    return names[method];
}

bool routes_match_at_once(struct context *c)
{
    struct named named = {0};
    for (size_t i = 0; i < route_count && routes[i].at_once; i++) {
        struct match m = {.named = &named};
        if (!match_pattern(c, routes[i].pattern, &m))
            continue;
        c->route = &routes[i];
        memcpy(c->captures, m.captures, sizeof c->captures);
        return true;
    }
    return false;
}

static bool match_here(const struct context *c, const struct route *route, struct match *m)
{
    /* The list of storefronts is the shop's; here a storefront's home is. */
    if (m->own != NULL && strcmp(route->pattern, "/") == 0)
        return false;
    return match_pattern(c, route->pattern, m);
}

static enum rc match_routes(struct context *c, const struct storefront *own,
                            struct str *ret_language, struct str *ret_allow)
{
    struct str allow = STR_NONE;
    struct named named = {0};
    for (size_t i = 0; i < route_count; i++) {
        struct match m = {.own = own, .named = &named};
        if (routes[i].method != c->request->method || !match_here(c, &routes[i], &m))
            continue;
        c->route = &routes[i];
        c->storefront = m.storefront;
        memcpy(c->captures, m.captures, sizeof c->captures);
        *ret_language = m.language;
        return RC_OK;
    }
    for (size_t i = 0; i < route_count; i++) {
        struct match m = {.own = own, .named = &named};
        if (routes[i].method != c->request->method && match_here(c, &routes[i], &m))
            allow =
                arena_printf(c->arena, "%.*s, %s", STR_ARG(allow.n > 0 ? allow : STR("OPTIONS")),
                             method_name(routes[i].method));
    }
    *ret_allow = allow;
    return allow.n > 0 ? RC_INVALID : RC_NOT_FOUND;
}

/* What is not there is below a storefront still, and is said in its language and under its head. */
static struct str language_there(struct context *c)
{
    struct match m = {0};
    size_t at = 0;
    bool named = c->request->segments.n > 0 && find_storefront(c, &at, &m);
    m.own = c->at_host;
    if (!named && (m.own == NULL || !find_storefront(c, &at, &m)))
        return STR_NONE;
    c->storefront = m.storefront;
    return m.language;
}

/* On its own host a storefront's paths go first, then all paths as everywhere. */
enum rc routes_match(struct context *c, struct str *ret_language, struct str *ret_allow)
{
    enum rc rc = RC_NOT_FOUND;
    c->at_host = gate_storefront_at(c->view, c->request->host);
    if (c->at_host != NULL)
        rc = match_routes(c, c->at_host, ret_language, ret_allow);
    if (rc == RC_NOT_FOUND)
        rc = match_routes(c, NULL, ret_language, ret_allow);
    if (rc != RC_OK)
        *ret_language = language_there(c);
    return rc;
}
