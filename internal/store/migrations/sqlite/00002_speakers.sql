-- +goose Up
-- A position stands beside the statements; outer_n is the statement that
-- reports this one; alias says whose it is across articles.
ALTER TABLE statement ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE statement ADD COLUMN outer_n BIGINT NOT NULL DEFAULT 0;
ALTER TABLE statement ADD COLUMN alias TEXT NOT NULL DEFAULT '';
CREATE INDEX statement_alias ON statement (alias, article, revision) WHERE alias <> '';

-- Speakers across articles.
DROP TABLE speaker;
CREATE TABLE speaker (
  id     TEXT PRIMARY KEY,
  name   TEXT NOT NULL, -- the one in most use
  type   TEXT NOT NULL,
  n      BIGINT NOT NULL, -- statements, of all revisions
  merged TEXT NOT NULL DEFAULT '' -- the speaker this one has become part of
);
CREATE INDEX speaker_n ON speaker (n, id) WHERE merged = '';

-- The descriptions a speaker goes by.
CREATE TABLE speaker_alias (
  id       TEXT PRIMARY KEY,
  speaker  TEXT NOT NULL REFERENCES speaker (id),
  key      TEXT NOT NULL, -- name, folded
  name     TEXT NOT NULL,
  type     TEXT NOT NULL,
  role     TEXT NOT NULL,
  role_key TEXT NOT NULL,
  scope    TEXT NOT NULL, -- outlet, for names that say little by themselves
  by_hand  BOOLEAN NOT NULL DEFAULT FALSE,
  n        BIGINT NOT NULL -- statements, of all revisions
);
CREATE INDEX speaker_alias_speaker ON speaker_alias (speaker, n);
CREATE INDEX speaker_alias_key ON speaker_alias (key);

-- Where speakers are looked up; see speaker.Keys.
CREATE TABLE speaker_block (
  block   TEXT NOT NULL,
  speaker TEXT NOT NULL REFERENCES speaker (id),
  PRIMARY KEY (block, speaker)
);
CREATE INDEX speaker_block_speaker ON speaker_block (speaker);

-- Speakers who may be the same.
CREATE TABLE speaker_doubt (
  a   TEXT NOT NULL REFERENCES speaker (id), -- a < b
  b   TEXT NOT NULL REFERENCES speaker (id),
  why TEXT NOT NULL,
  PRIMARY KEY (a, b)
);
CREATE INDEX speaker_doubt_b ON speaker_doubt (b);

-- What people have decided, for ever.
CREATE TABLE speaker_decision (
  n       INTEGER PRIMARY KEY,
  verb    TEXT NOT NULL, -- merge or split
  speaker TEXT NOT NULL,
  other   TEXT NOT NULL, -- what it became part of, or what was split from it
  name    TEXT NOT NULL, -- what was split off
  who     TEXT NOT NULL,
  at      BIGINT NOT NULL
);

-- The statement stage goes over every article again, to learn who speaks.
UPDATE article SET stated_rev = 0;
