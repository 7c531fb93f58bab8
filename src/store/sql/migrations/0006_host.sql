-- A host name that is a storefront's own; '' where its pages lie under its slug alone.
ALTER TABLE storefront ADD COLUMN host TEXT NOT NULL DEFAULT '';
