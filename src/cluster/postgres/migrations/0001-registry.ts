import type { Migration } from './migration.js';

/** Trials, runs, the audit log and passwords. `place` is the workspace that a row comes from: machine and folder. Times are epoch ms. */
export const registry: Migration = {
  number: 1,
  name: 'registry',
  sql: `
CREATE TABLE quantai.trials (
  id bigint GENERATED ALWAYS AS IDENTITY,
  place text NOT NULL,
  run text NOT NULL,
  hash text NOT NULL,
  role text NOT NULL,
  strategy text NOT NULL,
  code text NOT NULL,
  data text NOT NULL,
  params json NOT NULL,
  from_ms float8,
  to_ms float8,
  config text NOT NULL,
  began float8,
  lines integer NOT NULL,
  settled boolean NOT NULL DEFAULT false,
  objective float8,
  sharpe float8,
  sketch text,
  PRIMARY KEY (place, run, hash, role, strategy)
);
CREATE INDEX trials_by_strategy ON quantai.trials (strategy);
CREATE INDEX trials_by_data ON quantai.trials (data, hash);
CREATE INDEX trials_in_order ON quantai.trials (id);

-- Which names ever ran which code: small, where trials are many.
CREATE TABLE quantai.trial_names (
  strategy text NOT NULL,
  code text NOT NULL,
  PRIMARY KEY (strategy, code)
);

CREATE TABLE quantai.runs (
  id bigint GENERATED ALWAYS AS IDENTITY,
  place text NOT NULL,
  run text NOT NULL,
  kind text NOT NULL,
  strategy text NOT NULL,
  bundle text NOT NULL,
  dataset text NOT NULL,
  version text NOT NULL,
  versions text[] NOT NULL,
  seed float8,
  config text NOT NULL,
  fingerprint text NOT NULL,
  metrics json NOT NULL,
  final_equity float8,
  made_by text NOT NULL,
  at float8 NOT NULL,
  folder text NOT NULL,
  manifest json NOT NULL,
  PRIMARY KEY (place, run)
);
CREATE INDEX runs_by_time ON quantai.runs (at);
CREATE INDEX runs_by_strategy ON quantai.runs (strategy, at);

-- One chain is the team's; others are logs of workspaces from before they joined, kept as they were.
CREATE TABLE quantai.audit_chains (
  chain text PRIMARY KEY,
  is_team boolean NOT NULL,
  place text NOT NULL
);
CREATE UNIQUE INDEX audit_chains_one_team ON quantai.audit_chains (is_team) WHERE is_team;

CREATE TABLE quantai.audit_records (
  chain text NOT NULL REFERENCES quantai.audit_chains,
  seq integer NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (chain, seq)
);
CREATE TABLE quantai.audit_heads (
  chain text NOT NULL REFERENCES quantai.audit_chains,
  seq integer NOT NULL,
  head text NOT NULL,
  place text NOT NULL,
  PRIMARY KEY (chain, seq)
);

-- The chain shows what was changed; this keeps people from changing it by mistake.
CREATE FUNCTION quantai.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever appended to';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quantai.audit_records
  FOR EACH STATEMENT EXECUTE FUNCTION quantai.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quantai.audit_heads
  FOR EACH STATEMENT EXECUTE FUNCTION quantai.refuse_change();

CREATE TABLE quantai.passwords (
  name text PRIMARY KEY,
  hash text NOT NULL,
  at float8 NOT NULL
);

-- For people with psql. The program reads the records and checks them.
CREATE VIEW quantai.audit_log AS
  SELECT r.seq, to_timestamp((r.line::json->>'at')::float8 / 1000) AS ts, r.line::json->>'actor' AS actor,
    r.line::json->'word'->>'type' AS type, r.line::json->'word' AS word, r.line::json->>'hash' AS hash
  FROM quantai.audit_records r JOIN quantai.audit_chains c USING (chain) WHERE c.is_team;
CREATE VIEW quantai.users AS
  SELECT name, roles FROM (
    SELECT DISTINCT ON (word->>'user') word->>'user' AS name, word->'roles' AS roles, type
    FROM quantai.audit_log WHERE type IN ('UserAdded', 'UserRolesChanged', 'UserRemoved') ORDER BY word->>'user', seq DESC
  ) latest WHERE type <> 'UserRemoved';
CREATE VIEW quantai.promotion_history AS
  SELECT seq, ts, actor, coalesce(word->>'promotion', word->'request'->>'promotion') AS promotion, type, word
  FROM quantai.audit_log WHERE coalesce(word->>'promotion', word->'request'->>'promotion') IS NOT NULL;
`,
};
