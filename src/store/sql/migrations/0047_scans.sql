-- What readers said here lately is found behind any number of reviews that were taken over; all versions of
-- the texts are listed without reading past their bodies.
CREATE INDEX review_own ON review (id) WHERE state = 'shown' AND source = '';
CREATE INDEX shop_text_versions ON shop_text (storefront_id, kind, language, version, starts, saved, gone);
