-- Times are milliseconds since 1970, UTC. Texts that sort do so by their bytes.

CREATE TABLE projects (
  name       TEXT COLLATE "C" PRIMARY KEY,
  folder     TEXT   NOT NULL,
  version    BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE workflows (
  name       TEXT COLLATE "C" NOT NULL,
  revision   INTEGER NOT NULL,
  source     TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  PRIMARY KEY (name, revision)
);

CREATE TABLE runs (
  id          TEXT COLLATE "C" PRIMARY KEY,
  project     TEXT COLLATE "C" NOT NULL,
  workflow    TEXT,
  run_order   BYTEA   NOT NULL, -- JSON, as it was accepted
  labels      BYTEA   NOT NULL, -- JSON, as they are now; run_labels has them to be searched
  version     BIGINT  NOT NULL,
  status      TEXT    NOT NULL,
  phase       TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  due         BIGINT,
  canceling   BOOLEAN NOT NULL,
  last_seq    BIGINT  NOT NULL,
  last_digest TEXT    NOT NULL, -- of the last line, which the next one names
  generation  BIGINT  NOT NULL, -- raised with each change of hands
  worker      TEXT,
  lease_until BIGINT,
  ready_at    BIGINT  NOT NULL, -- when nobody held it any more
  wanted_at   BIGINT,           -- of the oldest open command
  created_at  BIGINT  NOT NULL,
  started_at  BIGINT,
  ended_at    BIGINT
);
CREATE INDEX runs_open ON runs (project) WHERE ended_at IS NULL;
CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE UNIQUE INDEX runs_at_work ON runs (project) WHERE worker IS NOT NULL;

CREATE TABLE run_labels (
  run   TEXT COLLATE "C" NOT NULL,
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, name)
);
CREATE INDEX run_labels_value ON run_labels (name, value);

CREATE TABLE events (
  run     TEXT COLLATE "C" NOT NULL,
  seq     BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  type    TEXT   NOT NULL,
  task    TEXT,
  attempt INTEGER,
  line    BYTEA  NOT NULL, -- JSON, byte for byte as in events.jsonl
  PRIMARY KEY (run, seq)
);

-- Texts that are too long for a line.
CREATE TABLE bodies (
  run    TEXT COLLATE "C" NOT NULL,
  digest TEXT  NOT NULL,
  body   BYTEA NOT NULL,
  PRIMARY KEY (run, digest)
);

CREATE TABLE commands (
  run      TEXT COLLATE "C" NOT NULL,
  number   BIGINT NOT NULL,
  wish     BYTEA  NOT NULL, -- JSON
  urgent   BOOLEAN NOT NULL, -- whether the run is worked on for it, though it waits
  asked_by TEXT   NOT NULL,
  asked_at BIGINT NOT NULL,
  done_at  BIGINT,
  PRIMARY KEY (run, number)
);

CREATE TABLE workers (
  id         TEXT COLLATE "C" PRIMARY KEY,
  host       TEXT    NOT NULL,
  pid        BIGINT  NOT NULL,
  slots      INTEGER NOT NULL,
  started_at BIGINT  NOT NULL,
  beat_at    BIGINT  NOT NULL,
  draining   BOOLEAN NOT NULL
);

CREATE TABLE artifacts (
  id         TEXT COLLATE "C" PRIMARY KEY,
  run        TEXT COLLATE "C" NOT NULL,
  name       TEXT   NOT NULL,
  kind       TEXT   NOT NULL,
  uri        TEXT   NOT NULL,
  size       BIGINT NOT NULL,
  sha256     TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (run, name)
);

CREATE TABLE api_keys (
  id         TEXT COLLATE "C" PRIMARY KEY,
  name       TEXT   NOT NULL,
  digest     TEXT   NOT NULL UNIQUE,
  scopes     TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  used_at    BIGINT
);

CREATE TABLE idempotency (
  owner    TEXT COLLATE "C" NOT NULL,
  name     TEXT COLLATE "C" NOT NULL,
  digest   TEXT    NOT NULL, -- of the request
  asked_at BIGINT  NOT NULL,
  status   INTEGER,          -- of the answer; none while it is under way
  location TEXT,
  body     BYTEA,
  PRIMARY KEY (owner, name)
);
CREATE INDEX idempotency_age ON idempotency (asked_at);

-- As db-scheduler wants it.
CREATE TABLE scheduled_tasks (
  task_name            TEXT NOT NULL,
  task_instance        TEXT NOT NULL,
  task_data            BYTEA,
  execution_time       TIMESTAMP WITH TIME ZONE NOT NULL,
  picked               BOOLEAN NOT NULL,
  picked_by            TEXT,
  last_success         TIMESTAMP WITH TIME ZONE,
  last_failure         TIMESTAMP WITH TIME ZONE,
  consecutive_failures INTEGER,
  last_heartbeat       TIMESTAMP WITH TIME ZONE,
  version              BIGINT NOT NULL,
  priority             SMALLINT,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_beat ON scheduled_tasks (last_heartbeat);
