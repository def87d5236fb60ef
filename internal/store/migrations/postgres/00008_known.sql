-- +goose Up
ALTER TABLE situation ADD COLUMN lines BIGINT NOT NULL DEFAULT 0; -- of its timeline
UPDATE situation SET stale = stale + 1;
