-- +goose Up
-- What people want to be told of, and what is on its way to them.
CREATE TABLE alert_rule (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  doc     TEXT NOT NULL, -- JSON of model.AlertRule
  created BIGINT NOT NULL
);

CREATE TABLE alert (
  id      TEXT PRIMARY KEY, -- of rule and event
  rule    TEXT NOT NULL,
  changed BIGINT NOT NULL,
  doc     TEXT NOT NULL -- JSON of model.Alert
);
CREATE INDEX alert_changed ON alert (changed);
CREATE INDEX alert_rule_changed ON alert (rule, changed);

CREATE TABLE outbox (
  id        TEXT PRIMARY KEY,
  rule      TEXT NOT NULL,
  recipient TEXT NOT NULL,
  doc       TEXT NOT NULL, -- JSON of model.AlertItem
  gather    BOOLEAN NOT NULL,
  since     BIGINT NOT NULL, -- when it was first to be sent
  due       BIGINT NOT NULL, -- next try
  tries     BIGINT NOT NULL,
  err       TEXT NOT NULL, -- of the last try
  state     TEXT NOT NULL, -- waiting, sent or given up
  done      BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due, id) WHERE state = 'waiting';
CREATE INDEX outbox_done ON outbox (done) WHERE state <> 'waiting';

-- The entries of timelines as they became known, once for each number of
-- origins: what a dry run replays.
CREATE TABLE alert_entry (
  situation TEXT NOT NULL,
  id        TEXT NOT NULL,
  origins   BIGINT NOT NULL,
  known     BIGINT NOT NULL,
  doc       TEXT NOT NULL, -- JSON of model.Entry
  PRIMARY KEY (situation, id, origins)
);
CREATE INDEX alert_entry_known ON alert_entry (known);

-- How far timelines have been held against the rules.
CREATE TABLE alert_mark (
  one    BIGINT PRIMARY KEY, -- 1
  serial BIGINT NOT NULL
);
