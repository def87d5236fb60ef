-- +goose Up
-- What a desk follows. The counts are kept by the store.
CREATE TABLE situation (
  id        TEXT PRIMARY KEY,
  revision  BIGINT NOT NULL,
  removed   BOOLEAN NOT NULL DEFAULT FALSE,
  todo      BIGINT NOT NULL DEFAULT 0, -- articles up to this article.n are still to be compared with the newest revision
  stale     BIGINT NOT NULL DEFAULT 1, -- rises with every change since the counts were taken; 0: none
  articles  BIGINT NOT NULL DEFAULT 0,
  origins   BIGINT NOT NULL DEFAULT 0,
  stories   BIGINT NOT NULL DEFAULT 0,
  claims    BIGINT NOT NULL DEFAULT 0,
  disputed  BIGINT NOT NULL DEFAULT 0,
  speakers  BIGINT NOT NULL DEFAULT 0,
  reversals BIGINT NOT NULL DEFAULT 0,
  outages   BIGINT NOT NULL DEFAULT 0,
  latest    BIGINT NOT NULL DEFAULT 0
);

-- Every definition it ever had.
CREATE TABLE situation_revision (
  situation  TEXT NOT NULL REFERENCES situation (id),
  n          BIGINT NOT NULL,
  definition TEXT NOT NULL, -- JSON; '': it was removed
  who        TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (situation, n)
);

-- What people have decided about members, for ever; the newest of each holds.
CREATE TABLE situation_pin (
  n         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  situation TEXT NOT NULL REFERENCES situation (id),
  article   TEXT NOT NULL, -- '': about a story
  story     TEXT NOT NULL,
  verb      TEXT NOT NULL, -- pin, exclude or free
  who       TEXT NOT NULL,
  at        BIGINT NOT NULL
);
CREATE INDEX situation_pin_article ON situation_pin (article, situation, n) WHERE article <> '';
CREATE INDEX situation_pin_story ON situation_pin (story, situation, n) WHERE story <> '';
CREATE INDEX situation_pin_situation ON situation_pin (situation, n);

-- The articles that belong.
CREATE TABLE situation_member (
  situation  TEXT NOT NULL REFERENCES situation (id),
  article    TEXT NOT NULL,
  definition BIGINT NOT NULL, -- revision it was compared with
  story      TEXT NOT NULL,
  root       TEXT NOT NULL, -- the article, or the one it copies
  at         BIGINT NOT NULL,
  seen       BIGINT NOT NULL,
  why        TEXT NOT NULL, -- JSON, a model.Member
  PRIMARY KEY (situation, article)
);
CREATE INDEX situation_member_article ON situation_member (article);
CREATE INDEX situation_member_story ON situation_member (situation, story);
CREATE INDEX situation_member_root ON situation_member (situation, root);
CREATE INDEX situation_member_definition ON situation_member (situation, definition);

-- The claims of its members, with what they are listed by.
CREATE TABLE situation_claim (
  situation TEXT NOT NULL REFERENCES situation (id),
  claim     TEXT NOT NULL,
  contested BIGINT NOT NULL, -- 1: some uphold and some dispute it
  speakers  BIGINT NOT NULL,
  origins   BIGINT NOT NULL,
  PRIMARY KEY (situation, claim)
);
CREATE INDEX situation_claim_claim ON situation_claim (claim);
CREATE INDEX situation_claim_listed ON situation_claim (situation, contested, speakers, origins, claim);

-- The timeline. An entry that stopped being so keeps its row, with when.
CREATE TABLE situation_entry (
  serial     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- rises with what becomes known
  situation  TEXT NOT NULL REFERENCES situation (id),
  id         TEXT COLLATE "C" NOT NULL,
  kind       TEXT NOT NULL,
  at         BIGINT NOT NULL,
  happened   BIGINT NOT NULL,
  said       BIGINT NOT NULL,
  published  BIGINT NOT NULL,
  seen       BIGINT NOT NULL,
  gone       BIGINT NOT NULL, -- 0: it is so
  text       TEXT NOT NULL,
  detail     TEXT NOT NULL, -- of a movement
  speaker    TEXT NOT NULL,
  speaker_id TEXT NOT NULL,
  stance     TEXT NOT NULL,
  was        TEXT NOT NULL, -- the stance before a reversal
  claim      TEXT NOT NULL,
  story      TEXT NOT NULL,
  article    TEXT NOT NULL,
  statement  TEXT NOT NULL,
  service    TEXT NOT NULL,
  outage     TEXT NOT NULL,
  place      BIGINT NOT NULL,
  outlet     TEXT NOT NULL,
  origins    BIGINT NOT NULL,
  voice      TEXT NOT NULL DEFAULT '', -- of statements: whose it is, what it copies, and when it can have been said
  root       TEXT NOT NULL DEFAULT '',
  dated      BIGINT NOT NULL DEFAULT 0,
  n          BIGINT NOT NULL DEFAULT 0,
  UNIQUE (situation, id, seen)
);
CREATE INDEX situation_entry_at ON situation_entry (situation, at, id);
CREATE INDEX situation_entry_kind ON situation_entry (situation, kind, at, id);
CREATE INDEX situation_entry_claim ON situation_entry (situation, claim, at, id) WHERE claim <> '';
CREATE INDEX situation_entry_speaker ON situation_entry (situation, speaker_id, at, id) WHERE speaker_id <> '';
CREATE INDEX situation_entry_service ON situation_entry (situation, service, at, id) WHERE service <> '';
CREATE INDEX situation_entry_place ON situation_entry (situation, place, at, id) WHERE place <> 0;
CREATE INDEX situation_entry_article ON situation_entry (situation, article);
CREATE INDEX situation_entry_story ON situation_entry (situation, story) WHERE kind = 'story';

-- Spans of a revision that name places.
CREATE TABLE mention (
  article    TEXT NOT NULL REFERENCES article (id),
  revision   BIGINT NOT NULL,
  n          BIGINT NOT NULL,
  start_byte BIGINT NOT NULL,
  end_byte   BIGINT NOT NULL,
  name       TEXT NOT NULL, -- as the article writes it
  place      BIGINT NOT NULL, -- gazetteer id, 0: it could not be told which
  place_name TEXT NOT NULL,
  country    TEXT NOT NULL,
  kind       TEXT NOT NULL,
  lat        DOUBLE PRECISION NOT NULL,
  lon        DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (article, revision, n)
);
CREATE INDEX mention_place ON mention (place, article, revision) WHERE place <> 0;

-- What a revision of an article tells of movements.
CREATE TABLE movement (
  article  TEXT NOT NULL REFERENCES article (id),
  revision BIGINT NOT NULL,
  n        BIGINT NOT NULL,
  doc      TEXT NOT NULL, -- JSON of model.Movement
  PRIMARY KEY (article, revision, n)
);

-- The places the members of a situation name.
CREATE TABLE situation_place (
  situation  TEXT NOT NULL REFERENCES situation (id),
  place      BIGINT NOT NULL,
  article    TEXT NOT NULL,
  root       TEXT NOT NULL,
  statements BIGINT NOT NULL, -- in the sentences that name it
  PRIMARY KEY (situation, place, article)
);
CREATE INDEX situation_place_article ON situation_place (situation, article);

ALTER TABLE article ADD COLUMN situated_rev BIGINT NOT NULL DEFAULT 0; -- revision the situation stage has done
UPDATE article SET situated_rev = claimed_rev; -- there are no situations yet
CREATE INDEX article_to_situate ON article (n) WHERE situated_rev < revision;
CREATE INDEX article_source ON article (source, n);
CREATE INDEX moved_now ON moved (noun, now);
