-- +goose Up
-- An article a person has put into its story stays there.
ALTER TABLE article ADD COLUMN pinned BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE article ADD COLUMN copy_from TEXT NOT NULL DEFAULT ''; -- the text it seems taken from: its origin, or a copy of that
ALTER TABLE article ADD COLUMN copy_change TEXT NOT NULL DEFAULT ''; -- what was cut or changed in it, in words
ALTER TABLE article ADD COLUMN credit TEXT NOT NULL DEFAULT ''; -- the agency its text is from, where the original was not collected
ALTER TABLE article ADD COLUMN claimed_rev BIGINT NOT NULL DEFAULT 0; -- revision the claim stage has done
CREATE INDEX article_to_claim ON article (n) WHERE claimed_rev < revision;

-- Where the id of a story or claim leads that has become part of another.
CREATE TABLE moved (
  noun TEXT NOT NULL, -- story or claim
  id   TEXT NOT NULL,
  now  TEXT NOT NULL,
  PRIMARY KEY (noun, id)
);

-- Claims.
ALTER TABLE statement ADD COLUMN claim TEXT NOT NULL DEFAULT '';
ALTER TABLE statement ADD COLUMN attitude TEXT NOT NULL DEFAULT ''; -- to the claim's proposition
ALTER TABLE statement ADD COLUMN claim_why TEXT NOT NULL DEFAULT ''; -- JSON, the evidence
CREATE INDEX statement_claim ON statement (claim, article, revision) WHERE claim <> '';
CREATE INDEX statement_id ON statement (id);

CREATE TABLE claim (
  id         TEXT PRIMARY KEY,
  text       TEXT NOT NULL DEFAULT '', -- the words of that statement
  statement  TEXT NOT NULL DEFAULT '',
  started    BIGINT NOT NULL,
  latest     BIGINT NOT NULL,
  statements BIGINT NOT NULL,
  origins    BIGINT NOT NULL,
  speakers   BIGINT NOT NULL,
  upheld     BIGINT NOT NULL,
  disputed   BIGINT NOT NULL
);
CREATE INDEX claim_latest ON claim (latest, id);
CREATE INDEX claim_disputed ON claim (latest, id) WHERE upheld > 0 AND disputed > 0;

-- The statements a person has put into a claim, or given an attitude. They are
-- known by their words, since statements are numbered anew when an article is
-- read again.
CREATE TABLE claim_pin (
  article  TEXT NOT NULL,
  words    TEXT NOT NULL, -- hash of speaker and words
  claim    TEXT NOT NULL,
  attitude TEXT NOT NULL, -- '': left to the machine
  PRIMARY KEY (article, words)
);

-- What people have decided about stories and claims, for ever.
CREATE TABLE decision (
  n     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  noun  TEXT NOT NULL, -- story or claim
  verb  TEXT NOT NULL, -- merge, split, move or attitude
  id    TEXT NOT NULL, -- of the story or claim they were in
  other TEXT NOT NULL, -- of the one they are in now, or the attitude
  parts TEXT NOT NULL, -- JSON list of the articles or statements
  who   TEXT NOT NULL,
  at    BIGINT NOT NULL
);
