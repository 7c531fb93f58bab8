/* Inside web/: every handler that the routes name. */
#ifndef COLOPHON_WEB_HANDLERS_H
#define COLOPHON_WEB_HANDLERS_H

#include "web/server.h"

#define HANDLER(name) enum rc name(struct context *c, struct response *ret, struct fault *fault)

HANDLER(handle_health);
HANDLER(handle_ready);
HANDLER(handle_metrics);
HANDLER(handle_robots);
HANDLER(handle_sitemap_index);
HANDLER(handle_sitemap);
HANDLER(handle_asset);
HANDLER(handle_cover);
HANDLER(handle_cover_form);
HANDLER(handle_card);
HANDLER(handle_contributors);
HANDLER(handle_all_series);
HANDLER(handle_publishers);
HANDLER(handle_storefronts);
HANDLER(handle_opensearch);
HANDLER(handle_manifest);
HANDLER(handle_suggest);
HANDLER(handle_desk_storefronts);
HANDLER(handle_desk_storefront_add);
HANDLER(handle_desk_storefront_set);
HANDLER(handle_desk_shops);
HANDLER(handle_desk_shop_add);
HANDLER(handle_desk_shop_disclose);
HANDLER(handle_desk_staff);
HANDLER(handle_desk_staff_add);
HANDLER(handle_desk_staff_change);
HANDLER(handle_hint_page);
HANDLER(handle_hint);
HANDLER(handle_hint_choice);
HANDLER(handle_partner_hints);
HANDLER(handle_partner_hint_done);
HANDLER(handle_text);
HANDLER(handle_text_version);
HANDLER(handle_desk_texts);
HANDLER(handle_desk_text);
HANDLER(handle_desk_text_save);
HANDLER(handle_desk_misses);
HANDLER(handle_desk_misses_csv);

HANDLER(handle_checkpoint);
HANDLER(handle_tile);
HANDLER(handle_voices_checkpoint);
HANDLER(handle_voices_tile);
HANDLER(handle_list);
HANDLER(handle_checker);
HANDLER(handle_refusals_vkey);
HANDLER(handle_proof);
HANDLER(handle_voices_proof);
HANDLER(handle_vkey);
HANDLER(handle_vkeys);
HANDLER(handle_policy);
HANDLER(handle_schemas);
HANDLER(handle_record_demand);
HANDLER(handle_record_demands);
HANDLER(handle_demand_feed);
HANDLER(api_demands);
HANDLER(handle_record_document);
HANDLER(handle_demand_page);
HANDLER(handle_demand);
HANDLER(handle_demand_status);
HANDLER(handle_demand_receipt);
HANDLER(handle_partner_desk);
HANDLER(handle_partner_shop);
HANDLER(handle_partner_upload);
HANDLER(handle_partner_titles);
HANDLER(handle_partner_titles_csv);
HANDLER(handle_partner_title);
HANDLER(handle_partner_correct);
HANDLER(handle_partner_cover);
HANDLER(handle_partner_feed);
HANDLER(handle_partner_stop);
HANDLER(handle_partner_findings_csv);
HANDLER(handle_partner_findings_lines);
HANDLER(handle_desk_demands);
HANDLER(handle_desk_demand);
HANDLER(handle_desk_acknowledge);
HANDLER(handle_desk_decide);
HANDLER(handle_desk_document);
HANDLER(handle_desk_approve);
HANDLER(handle_desk_drop);
HANDLER(api_demand_add);
HANDLER(handle_schema);
HANDLER(handle_feed);
HANDLER(handle_record_country);
HANDLER(handle_lines);
HANDLER(handle_record_embed);
HANDLER(handle_oembed);
HANDLER(handle_agreements);
HANDLER(handle_ranking);
HANDLER(handle_ranking_text);
HANDLER(handle_report);
HANDLER(handle_report_now);
HANDLER(handle_report_csv);
HANDLER(handle_voices_lines);
HANDLER(handle_record_authority);
HANDLER(handle_record);
HANDLER(handle_record_check);
HANDLER(handle_listings);
HANDLER(handle_listing);
HANDLER(handle_listing_changes);
HANDLER(handle_absence);
HANDLER(handle_listed);
HANDLER(api_absence);
HANDLER(api_pace);
HANDLER(handle_record_restriction);
HANDLER(handle_record_entry);

HANDLER(api_openapi);
HANDLER(api_storefronts);
HANDLER(api_restrictions);
HANDLER(api_edition);
HANDLER(api_search);
HANDLER(api_collection);
HANDLER(api_work);
HANDLER(api_reviews);
HANDLER(api_comments);
HANDLER(api_work_comments);
HANDLER(api_voice);
HANDLER(api_receipts);
HANDLER(api_statements);
HANDLER(api_complaint_add);
HANDLER(api_own_demands);
HANDLER(api_own_demand_complain);
HANDLER(api_demand_by_secret);
HANDLER(api_demand_complain_by_secret);
HANDLER(api_receipt);
HANDLER(api_erase);
HANDLER(api_account_erase);
HANDLER(api_account_add);
HANDLER(api_session_add);
HANDLER(api_session_remove);
HANDLER(api_rating_put);
HANDLER(api_rating_remove);
HANDLER(api_review_add);
HANDLER(api_review_change);
HANDLER(api_review_remove);
HANDLER(api_comment_add);
HANDLER(api_lists);
HANDLER(api_list);
HANDLER(api_list_add);
HANDLER(api_list_change);
HANDLER(api_list_remove);
HANDLER(api_list_put);
HANDLER(api_list_take);
HANDLER(api_following);
HANDLER(api_news);
HANDLER(api_follow);
HANDLER(api_follow_end);
HANDLER(api_helpful_put);
HANDLER(api_helpful_remove);
HANDLER(api_comment_change);
HANDLER(api_comment_remove);

HANDLER(handle_desk);
HANDLER(handle_components);
HANDLER(handle_styleguide);
HANDLER(handle_components_cover);
HANDLER(handle_desk_sign_in_page);
HANDLER(handle_desk_sign_in);
HANDLER(handle_desk_passkey);
HANDLER(handle_desk_sign_out);
HANDLER(handle_desk_add_page);
HANDLER(handle_desk_add);
HANDLER(handle_desk_lift_page);
HANDLER(handle_desk_lift);
HANDLER(handle_desk_trail);
HANDLER(handle_forgot_page);
HANDLER(handle_forgot);
HANDLER(handle_new_password_page);
HANDLER(handle_new_password);
HANDLER(handle_sign_in_code_page);
HANDLER(handle_sign_in_code);

HANDLER(handle_home);
HANDLER(handle_book);
HANDLER(handle_book_reviews);
HANDLER(handle_book_comments);
HANDLER(handle_review_comments);
HANDLER(handle_search);
HANDLER(handle_subjects);
HANDLER(handle_subject);
HANDLER(handle_collections);
HANDLER(handle_collection);
HANDLER(handle_contributor);
HANDLER(handle_series);
HANDLER(handle_publisher);
HANDLER(handle_shop);
HANDLER(handle_sign_up_page);
HANDLER(handle_sign_up);
HANDLER(handle_sign_up_confirm_page);
HANDLER(handle_sign_up_confirm);
HANDLER(handle_sign_in_page);
HANDLER(handle_sign_in);
HANDLER(handle_sign_out);
HANDLER(handle_sign_out_everywhere);
HANDLER(handle_account);
HANDLER(handle_security);
HANDLER(handle_own_data);
HANDLER(api_own_data);
HANDLER(handle_security_txt);
HANDLER(handle_passkey_challenge);
HANDLER(handle_passkey_sign_in);
HANDLER(handle_passkey_make_challenge);
HANDLER(handle_passkey_add);
HANDLER(handle_passkey_remove);
HANDLER(handle_password_change);
HANDLER(handle_session_end);
HANDLER(handle_sessions_end_others);
HANDLER(handle_receipts);
HANDLER(handle_confirm_page);
HANDLER(handle_confirm);
HANDLER(handle_confirm_ask);
HANDLER(handle_desk_copy);
HANDLER(handle_agreement_copy);
HANDLER(handle_own_demand);
HANDLER(handle_own_demand_receipt);
HANDLER(handle_own_demand_complaint);
HANDLER(handle_own_demand_complaint_receipt);
HANDLER(handle_demand_complaint);
HANDLER(handle_demand_complaint_receipt);
HANDLER(handle_statements);
HANDLER(handle_statement);
HANDLER(handle_statement_by_secret);
HANDLER(handle_complaint);
HANDLER(handle_complaint_by_secret);
HANDLER(handle_complaint_receipt);
HANDLER(handle_complaint_receipt_by_secret);
HANDLER(handle_desk_complaints);
HANDLER(handle_desk_complaint);
HANDLER(handle_desk_complaint_decide);
HANDLER(handle_desk_disputes);
HANDLER(handle_desk_dispute_add);
HANDLER(handle_desk_dispute);
HANDLER(handle_desk_dispute_settle);
HANDLER(handle_desk_dispute_correct);
HANDLER(handle_receipt);
HANDLER(handle_erase_page);
HANDLER(handle_erase);
HANDLER(handle_erase_account_page);
HANDLER(handle_erase_account);
HANDLER(handle_erased);
HANDLER(handle_review_page);
HANDLER(handle_review);
HANDLER(handle_review_withdraw);
HANDLER(handle_rating);
HANDLER(handle_comment);
HANDLER(handle_comment_change);
HANDLER(handle_helpful);
HANDLER(handle_reviews_policy);
HANDLER(handle_reader_lists);
HANDLER(handle_reader_list_make);
HANDLER(handle_reader_list_keep);
HANDLER(handle_reader_list);
HANDLER(handle_reader_list_change);
HANDLER(handle_following);
HANDLER(handle_follow);
HANDLER(handle_following_feed);
HANDLER(handle_following_letters);
HANDLER(handle_stop_letters_page);
HANDLER(handle_stop_letters);
HANDLER(handle_news_feed);
HANDLER(handle_contributor_feed);
HANDLER(handle_series_feed);
HANDLER(handle_comment_withdraw);

/* Answers for what failed, as a page or as problem details (RFC 9457). */
void error_page(struct context *c, int status, struct str reason, struct response *ret);
void error_problem(struct context *c, int status, struct str reason, struct response *ret);
/* What a restriction refused, with its slip. Status 403, or 451 where the law demands it. */
void withheld_page(struct context *c, const struct restriction *r, struct str reason,
                   struct response *ret);
void withheld_problem(struct context *c, const struct restriction *r, struct str reason,
                      struct response *ret);
/* Has the statement of a refusal signed, into c->refusal, where something was sent:
 * before its page or its problem is made. `read`: the body was. */
void refuse(struct context *c, enum rc rc, int status, bool read);
/* The HTTP status of a result. */
int status_of(enum rc rc);

/* Makes a page again, with what was refused above its form. */
typedef enum rc (*show_page)(struct context *c, struct str error, struct response *ret,
                             struct fault *fault);
/* What a form was answered with: where `rc` says that it was refused, its page again, under a
 * status that tells so. What was done, what failed by itself and what is not there stay as
 * they are. */
enum rc show_refused(struct context *c, enum rc rc, show_page show, struct response *ret,
                     struct fault *fault) MUST_CHECK;

#endif
