-- +goose Up
-- What was published of situations. Rows are only added: a correction is
-- another version.
CREATE TABLE briefing (
  situation TEXT NOT NULL,
  n         BIGINT NOT NULL, -- from 1, within the situation
  version   BIGINT NOT NULL, -- from 1, within the briefing
  title     TEXT NOT NULL,
  since     BIGINT NOT NULL, -- what it covers
  until     BIGINT NOT NULL,
  at        BIGINT NOT NULL, -- when this version was published
  who       TEXT NOT NULL,
  sentences TEXT NOT NULL, -- JSON, in their order
  PRIMARY KEY (situation, n, version)
);
-- +goose StatementBegin
CREATE FUNCTION briefing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a briefing that was published is neither changed nor deleted';
END $$;
-- +goose StatementEnd
CREATE TRIGGER briefing_kept BEFORE UPDATE OR DELETE ON briefing FOR EACH ROW EXECUTE FUNCTION briefing_kept();
