-- +goose Up
-- Times are microseconds since 1970 in UTC; 0 means "not stated".

CREATE TABLE source (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL,
  url           TEXT NOT NULL UNIQUE,
  outlet        TEXT NOT NULL,
  country       TEXT NOT NULL DEFAULT '',
  language      TEXT NOT NULL DEFAULT '',
  licence       TEXT NOT NULL,
  paused        BOOLEAN NOT NULL DEFAULT FALSE,
  deleted       BOOLEAN NOT NULL DEFAULT FALSE,
  added         BIGINT NOT NULL,
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  poll_interval BIGINT NOT NULL DEFAULT 0,
  next_poll     BIGINT NOT NULL DEFAULT 0,
  last_attempt  BIGINT NOT NULL DEFAULT 0,
  last_success  BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT NOT NULL DEFAULT '',
  failures      BIGINT NOT NULL DEFAULT 0,
  items_per_day DOUBLE PRECISION NOT NULL DEFAULT 0,
  items         BIGINT NOT NULL DEFAULT 0,
  title         TEXT NOT NULL DEFAULT ''
);
CREATE INDEX source_due ON source (next_poll);

CREATE TABLE item (
  n           INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  key         TEXT NOT NULL,
  source      TEXT NOT NULL,
  url         TEXT NOT NULL,
  guid        TEXT NOT NULL,
  title       TEXT NOT NULL,
  byline      TEXT NOT NULL,
  published   BIGINT NOT NULL,
  updated     BIGINT NOT NULL,
  summary     TEXT NOT NULL,
  content     TEXT NOT NULL,
  future      BOOLEAN NOT NULL,
  seen        BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  fetched     TEXT NOT NULL DEFAULT '', -- the fingerprint the fetch stage has done
  capture     TEXT NOT NULL DEFAULT '', -- hash of the newest capture
  read        TEXT NOT NULL DEFAULT '', -- hash of the capture the read stage has done
  article     TEXT NOT NULL DEFAULT '',
  etag          TEXT NOT NULL DEFAULT '', -- validators of the newest capture
  last_modified TEXT NOT NULL DEFAULT '',
  next_check    BIGINT NOT NULL DEFAULT 0 -- when to look whether the page was edited; 0: no more
);
CREATE INDEX item_to_check ON item (next_check) WHERE next_check > 0;
CREATE INDEX item_to_fetch ON item (n) WHERE fetched <> fingerprint;
CREATE INDEX item_to_read ON item (n) WHERE capture <> read;
CREATE INDEX item_seen ON item (seen);

CREATE TABLE item_source (
  item   TEXT NOT NULL REFERENCES item (id),
  source TEXT NOT NULL,
  seen   BIGINT NOT NULL,
  PRIMARY KEY (item, source)
);

CREATE TABLE capture (
  hash         TEXT PRIMARY KEY,
  url          TEXT NOT NULL,
  final_url    TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         BIGINT NOT NULL,
  at           BIGINT NOT NULL
);

-- One row an article; title and metadata are those of the newest revision.
CREATE TABLE article (
  n              INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  key            TEXT NOT NULL,
  source         TEXT NOT NULL,
  url            TEXT NOT NULL,
  canonical      TEXT NOT NULL,
  title          TEXT NOT NULL,
  bylines        TEXT NOT NULL, -- JSON list
  outlet         TEXT NOT NULL,
  house          TEXT NOT NULL, -- outlet, or the host where none is stated
  published      BIGINT NOT NULL,
  published_from TEXT NOT NULL,
  modified       BIGINT NOT NULL,
  language       TEXT NOT NULL,
  image          TEXT NOT NULL,
  origin_name    TEXT NOT NULL,
  origin_url     TEXT NOT NULL,
  readability    TEXT NOT NULL,
  problem        TEXT NOT NULL,
  capture        TEXT NOT NULL,
  seen           BIGINT NOT NULL,
  first_seen     BIGINT NOT NULL,
  revision       BIGINT NOT NULL,
  future         BOOLEAN NOT NULL,
  at             BIGINT NOT NULL, -- published, or first seen where no usable date is stated
  story          TEXT NOT NULL DEFAULT '',
  copy_of        TEXT NOT NULL DEFAULT '',
  copy_share     DOUBLE PRECISION NOT NULL DEFAULT 0,
  why            TEXT NOT NULL DEFAULT '', -- JSON, the evidence of the grouping
  stated         BIGINT NOT NULL DEFAULT 0, -- statements of the newest revision
  stated_rev     BIGINT NOT NULL DEFAULT 0, -- revision the statement stage has done
  grouped_rev    BIGINT NOT NULL DEFAULT 0  -- revision the story stage has done
);
CREATE INDEX article_story ON article (story, at, copy_of, house, stated);
CREATE INDEX article_copy ON article (copy_of) WHERE copy_of <> '';
CREATE INDEX article_outlet ON article (outlet, at);
CREATE INDEX article_at ON article (at);
CREATE INDEX article_first_seen ON article (first_seen);
CREATE INDEX article_seen ON article (seen);
CREATE INDEX article_to_state ON article (n) WHERE stated_rev < revision;
CREATE INDEX article_to_group ON article (n) WHERE grouped_rev < revision;

CREATE TABLE revision (
  article  TEXT NOT NULL REFERENCES article (id),
  n        BIGINT NOT NULL,
  capture  TEXT NOT NULL,
  title    TEXT NOT NULL,
  modified BIGINT NOT NULL,
  seen     BIGINT NOT NULL,
  text     TEXT NOT NULL,
  PRIMARY KEY (article, n)
);

CREATE TABLE statement (
  article       TEXT NOT NULL REFERENCES article (id),
  revision      BIGINT NOT NULL,
  n             BIGINT NOT NULL,
  id            TEXT NOT NULL,
  content       TEXT NOT NULL, -- JSON list of spans
  cue_start     BIGINT NOT NULL,
  cue_end       BIGINT NOT NULL,
  mention_start BIGINT NOT NULL,
  mention_end   BIGINT NOT NULL,
  speaker       TEXT NOT NULL,
  speaker_key   TEXT NOT NULL, -- folded, for filters
  speaker_type  TEXT NOT NULL,
  role          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  stance        TEXT NOT NULL,
  channel       TEXT NOT NULL,
  said_on       TEXT NOT NULL,
  PRIMARY KEY (article, revision, n)
);
CREATE INDEX statement_speaker ON statement (speaker_key, article, revision);

-- Named speakers and how many statements, of all revisions, are theirs.
CREATE TABLE speaker (
  key  TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  n    BIGINT NOT NULL
);

-- Aggregates of the articles of a story, kept by the store.
CREATE TABLE story (
  id       TEXT PRIMARY KEY,
  title    TEXT NOT NULL,
  started  BIGINT NOT NULL,
  latest   BIGINT NOT NULL,
  articles BIGINT NOT NULL,
  origins  BIGINT NOT NULL,
  outlets  BIGINT NOT NULL,
  stated   BIGINT NOT NULL
);
CREATE INDEX story_latest ON story (latest, id);

CREATE TABLE dead_letter (
  stage    TEXT NOT NULL,
  id       TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  problem  TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (stage, id)
);
CREATE INDEX dead_letter_at ON dead_letter (at);

-- The index holds folded words only; its rowid is article.n.
CREATE VIRTUAL TABLE article_fts USING fts5 (
  title, body, speakers,
  content='', contentless_delete=1, tokenize='ascii'
);
INSERT INTO article_fts (article_fts, rank) VALUES ('rank', 'bm25(8.0, 1.0, 4.0)');
