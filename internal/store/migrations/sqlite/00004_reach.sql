-- +goose Up
-- What is measured.
CREATE TABLE service (
  n            INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  target       TEXT NOT NULL,
  status       TEXT NOT NULL, -- answers that count as reached
  text         TEXT NOT NULL, -- must stand on the page
  slow         BIGINT NOT NULL, -- microseconds, 0: never said
  private      BOOLEAN NOT NULL,
  country      TEXT NOT NULL,
  asn          BIGINT NOT NULL,
  aliases      TEXT NOT NULL, -- JSON lists
  addresses    TEXT NOT NULL,
  prefixes     TEXT NOT NULL,
  name_servers TEXT NOT NULL,
  maintenance  TEXT NOT NULL,
  added        BIGINT NOT NULL,
  deleted      BOOLEAN NOT NULL DEFAULT FALSE,
  verdict      BIGINT NOT NULL DEFAULT 0, -- the newest, reviews aside
  place        BIGINT NOT NULL DEFAULT 0 -- gazetteer id, 0: not stated
);

-- Who measures.
CREATE TABLE vantage (
  n       INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  asn     BIGINT NOT NULL,
  country TEXT NOT NULL,
  hosting TEXT NOT NULL, -- model.Vantage.Group
  name    TEXT NOT NULL,
  token   TEXT NOT NULL, -- SHA-256, '': none
  own     BOOLEAN NOT NULL, -- the server's
  created BIGINT NOT NULL,
  revoked BIGINT NOT NULL DEFAULT 0,
  seen    BIGINT NOT NULL DEFAULT 0,
  skew    BIGINT NOT NULL DEFAULT 0, -- microseconds
  version TEXT NOT NULL DEFAULT '',
  place   BIGINT NOT NULL DEFAULT 0 -- gazetteer id, 0: not stated
);

-- What was measured, in the order it came, which is the order it is judged in.
CREATE TABLE observation (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,
  service     BIGINT NOT NULL,
  vantage     BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  received    BIGINT NOT NULL,
  asn         BIGINT NOT NULL,
  country     TEXT NOT NULL,
  hosting     TEXT NOT NULL,
  valid       BOOLEAN NOT NULL,
  outcome     TEXT NOT NULL,
  layer       TEXT NOT NULL,
  failure     TEXT NOT NULL,
  status      BIGINT NOT NULL,
  dns         DOUBLE PRECISION NOT NULL, -- milliseconds
  tcp         DOUBLE PRECISION NOT NULL,
  tls         DOUBLE PRECISION NOT NULL,
  ttfb        DOUBLE PRECISION NOT NULL,
  maintenance BOOLEAN NOT NULL,
  addresses   TEXT NOT NULL, -- separated by spaces
  UNIQUE (service, vantage, at)
);

CREATE TABLE observation_evidence (
  n        BIGINT PRIMARY KEY, -- of the observation
  received BIGINT NOT NULL,
  good     BOOLEAN NOT NULL, -- nothing failed: kept for a shorter time
  evidence TEXT NOT NULL -- JSON
);
CREATE INDEX observation_evidence_good ON observation_evidence (n) WHERE good;

-- Counts of observations by interval; vantage 0 is all of them together.
CREATE TABLE rollup (
  service BIGINT NOT NULL,
  width   BIGINT NOT NULL, -- seconds
  start   BIGINT NOT NULL,
  vantage BIGINT NOT NULL,
  ok      BIGINT NOT NULL,
  slow    BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  fail    BIGINT NOT NULL,
  invalid BIGINT NOT NULL,
  dns     BIGINT NOT NULL, -- failures by layer
  tcp     BIGINT NOT NULL,
  tls     BIGINT NOT NULL,
  http    BIGINT NOT NULL,
  ttfb    DOUBLE PRECISION NOT NULL, -- their sum, milliseconds
  timed   BIGINT NOT NULL, -- how many
  PRIMARY KEY (service, width, start, vantage)
) WITHOUT ROWID;
CREATE INDEX rollup_old ON rollup (width, start);

-- How much of a day a service was reached, over the intervals of 5 minutes in
-- which a valid observation was made.
CREATE TABLE service_day (
  day       BIGINT NOT NULL, -- its start
  service   BIGINT NOT NULL,
  intervals BIGINT NOT NULL,
  reached   DOUBLE PRECISION NOT NULL, -- sum of the shares of their valid observations that reached it
  refused   DOUBLE PRECISION NOT NULL, -- and that were turned away
  PRIMARY KEY (day, service)
) WITHOUT ROWID;

-- Counts a vantage point sent of what it had dropped; they are in the roll-ups.
CREATE TABLE spooled (
  service BIGINT NOT NULL,
  vantage BIGINT NOT NULL,
  start   BIGINT NOT NULL,
  PRIMARY KEY (service, vantage, start)
);

-- What was judged, every change, for ever.
CREATE TABLE verdict (
  n           INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  service     BIGINT NOT NULL,
  outage      TEXT NOT NULL, -- '': outside one
  event       TEXT NOT NULL,
  at          BIGINT NOT NULL,
  since       BIGINT NOT NULL, -- from when the service has been in this state
  state       TEXT NOT NULL,
  class       TEXT NOT NULL,
  onset       BIGINT NOT NULL,
  uncertainty BIGINT NOT NULL, -- microseconds
  ended       BIGINT NOT NULL,
  rule        TEXT NOT NULL,
  reviewed    BOOLEAN NOT NULL,
  grounds     TEXT NOT NULL -- JSON
);
CREATE INDEX verdict_outage ON verdict (outage, n) WHERE outage <> '';
CREATE INDEX verdict_service ON verdict (service, n);

-- An event on one service, as its verdicts have it.
CREATE TABLE outage (
  id          TEXT PRIMARY KEY,
  service     BIGINT NOT NULL,
  event       TEXT NOT NULL,
  state       TEXT NOT NULL, -- the gravest
  grave       BOOLEAN NOT NULL, -- half of the vantage points lost it at some time
  class       TEXT NOT NULL,
  onset       BIGINT NOT NULL,
  uncertainty BIGINT NOT NULL,
  confirmed   BIGINT NOT NULL,
  ended       BIGINT NOT NULL, -- 0 while it lasts
  reviewed    BIGINT NOT NULL DEFAULT 0 -- the newest observation its review knew
);
CREATE INDEX outage_event ON outage (service, event);
CREATE INDEX outage_onset ON outage (onset, id);
CREATE INDEX outage_open ON outage (service) WHERE ended = 0;

-- What outside sources said.
CREATE TABLE signal (
  n        INTEGER PRIMARY KEY,
  source   TEXT NOT NULL,
  service  BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  ratio    DOUBLE PRECISION NOT NULL,
  stale    BIGINT NOT NULL, -- microseconds
  class    TEXT NOT NULL,
  received BIGINT NOT NULL,
  after_n  BIGINT NOT NULL, -- the newest observation when it came
  UNIQUE (source, service, at, ratio, stale, class)
);

-- How far verdicts are stored.
CREATE TABLE judged (
  observation BIGINT NOT NULL,
  signal      BIGINT NOT NULL,
  at          BIGINT NOT NULL
);
INSERT INTO judged (observation, signal, at) VALUES (0, 0, 0);
