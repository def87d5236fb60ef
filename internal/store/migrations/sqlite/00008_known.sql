-- +goose Up
ALTER TABLE situation ADD COLUMN lines BIGINT NOT NULL DEFAULT 0; -- of its timeline
UPDATE situation SET stale = stale + 1;

-- How statements were read before they were read otherwise: what a timeline as it
-- was known at a moment is made of. A statement is known by its words, since
-- statements are numbered anew when an article is read again.
CREATE TABLE statement_reading (
  article  TEXT NOT NULL,
  words    TEXT NOT NULL, -- hash of speaker and words
  claim    TEXT NOT NULL,
  attitude TEXT NOT NULL,
  until    BIGINT NOT NULL, -- when it was read otherwise
  PRIMARY KEY (article, words, until)
);
CREATE INDEX statement_reading_until ON statement_reading (until, article);

-- Who delivers an alert claims it first, so that of two programs on one database
-- one sends it; a claim ends by itself, so that a crash loses nothing.
ALTER TABLE outbox ADD COLUMN claimed BIGINT NOT NULL DEFAULT 0; -- until when
