import pg from 'pg';
import { postgresSettings } from '../postgres/postgres-settings.js';
import { ABANDONED_MS, ALIVE_MS, KEPT_MS, NEWS_AT_ONCE } from './record-times.js';
import { auditId } from './job-content.js';
import { outcomeBody, outcomeFrom, type Death, type JobOutcome } from './job-outcome.js';
import { PatientClient, POSTGRES_PATIENCE } from './postgres-patience.js';
import type { QueuePlace } from './queue-place.js';
import type { DeterminismAlarm, QuarantinedJob, QueueRecords, RunStanding, WorkerRecord, WorkerStanding } from './queue-records.js';

/** Tables beside BullMQ's own, in a schema of their own. */
const SCHEMA = 'quantai_cluster';
/** Channel of PostgreSQL's notifications. */
const CHANNEL = 'quantai_cluster';

/** Statements at once; one more connection listens. */
const CONNECTIONS = 2;

/** Any number, the same for all: who makes the tables takes this lock first. */
const LOCK = 7_245_091;

const TABLES = `
CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
SET search_path TO ${SCHEMA};
CREATE TABLE IF NOT EXISTS run (
  queue text NOT NULL, key text NOT NULL, name text NOT NULL, submitter text NOT NULL, urgency text NOT NULL, jobs integer NOT NULL,
  cancelled boolean NOT NULL DEFAULT false,  begun timestamptz NOT NULL DEFAULT now(), seen timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (queue, key));
-- Each index begins with what it is asked for alone. The planner, which knows little of tables that fill and empty all the time, takes two that begin with the queue for equally good, and reads all jobs of a run for each.
CREATE TABLE IF NOT EXISTS want (queue text NOT NULL, job text NOT NULL, run text NOT NULL, PRIMARY KEY (job, run, queue));
CREATE INDEX IF NOT EXISTS want_run ON want (run, queue);
CREATE TABLE IF NOT EXISTS news (queue text NOT NULL, run text NOT NULL, job text NOT NULL, PRIMARY KEY (queue, run, job));
CREATE TABLE IF NOT EXISTS outcome (
  queue text NOT NULL, job text NOT NULL, kind text NOT NULL, hash text NOT NULL, worker text NOT NULL, body text,
  combined boolean NOT NULL DEFAULT false, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (queue, job));
DO $$ BEGIN
  -- Columns of numbers hardly get shorter, and the attempt costs more than all else of a job. Only once: it locks the table.
  IF (SELECT attstorage FROM pg_attribute WHERE attrelid = 'outcome'::regclass AND attname = 'body') <> 'e' THEN
    ALTER TABLE outcome ALTER COLUMN body SET STORAGE EXTERNAL;
  END IF;
END $$;
CREATE INDEX IF NOT EXISTS outcome_at ON outcome (at);
CREATE TABLE IF NOT EXISTS attempt (
  queue text NOT NULL, job text NOT NULL, worker text NOT NULL, at timestamptz NOT NULL DEFAULT now(), died text, token text NOT NULL, PRIMARY KEY (queue, job, worker, token));
CREATE TABLE IF NOT EXISTS worker (
  queue text NOT NULL, name text NOT NULL, about jsonb NOT NULL, begun timestamptz NOT NULL DEFAULT now(), seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, name));
CREATE TABLE IF NOT EXISTS clock (queue text PRIMARY KEY, virtual_time double precision NOT NULL DEFAULT 0, base double precision NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS alarm (
  queue text NOT NULL, job text NOT NULL, at timestamptz NOT NULL DEFAULT now(), first jsonb NOT NULL, second jsonb NOT NULL, PRIMARY KEY (queue, job, at));
CREATE TABLE IF NOT EXISTS quarantine (queue text NOT NULL, job text NOT NULL, at timestamptz NOT NULL DEFAULT now(), about jsonb NOT NULL, PRIMARY KEY (queue, job));
`;

interface OutcomeRow {
  readonly job: string;
  readonly kind: string;
  readonly hash: string;
  readonly worker: string;
  readonly body: string | null;
}

const outcomeOf = ({ kind, hash, worker, body }: OutcomeRow): JobOutcome => outcomeFrom(kind, hash, worker, body);
const mapOf = (rows: readonly OutcomeRow[]): ReadonlyMap<string, JobOutcome> => new Map(rows.map(row => [row.job, outcomeOf(row)]));
/** Whole milliseconds. */
const MS = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)::double precision`;
const INTERVAL = (ms: number): string => `interval '${ms} milliseconds'`;

/** The records of one queue in PostgreSQL. Rejects with what `pg` says when nothing answers. */
export const postgresRecords = async (place: QueuePlace, queue: string): Promise<QueueRecords> => {
  const config = {
    ...postgresSettings(place.url),
    ...POSTGRES_PATIENCE,
    application_name: 'quantai',
    // What is lost with a database that breaks down is done again; BullMQ's own commits, which follow, carry these with them.
    options: `-c search_path=${SCHEMA} -c synchronous_commit=off`,
  };
  const pool = new pg.Pool({ ...config, max: CONNECTIONS });
  // Connections that break while nobody uses them are replaced; the next statement says what is wrong.
  pool.on('error', () => undefined);
  let closed = false;
  let listening: pg.Client | undefined;
  let waiting: NodeJS.Timeout | undefined;

  const rowsOf = async <R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> =>
    (await pool.query<R>(text, [...values])).rows;

  const tables = async (): Promise<void> => {
    const client = await pool.connect();
    // A connection that breaks is told by the statement; unheard it would end the process.
    client.on('error', () => undefined);
    try {
      await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
      await client.query(TABLES);
      await client.query('INSERT INTO clock (queue) VALUES ($1) ON CONFLICT DO NOTHING', [queue]);
    } finally {
      // The lock goes with the connection, also of one that no longer answers.
      client.release(true);
    }
  };
  try {
    await tables();
  } catch (error) {
    await pool.end();
    throw error;
  }

  const outcomes: QueueRecords['outcomes'] = async ids =>
    ids.length === 0
      ? new Map()
      : mapOf(
          await rowsOf<OutcomeRow>('SELECT job, kind, hash, worker, body FROM outcome WHERE queue = $1 AND job = ANY($2)', [queue, ids]),
        );

  /** Who asks for an outcome now goes on to need it. A defect keeps its age, by which it is told from one of the run that asks. */
  const refresh = async (ids: readonly string[]): Promise<void> => {
    await rowsOf(
      `UPDATE outcome SET at = now() WHERE queue = $1 AND job = ANY($2) AND kind IN ('result', 'mistake') AND at < now() - ${INTERVAL(KEPT_MS / 7)}`,
      [queue, ids],
    );
  };

  const workersWhere = async (which: string): Promise<readonly WorkerStanding[]> =>
    (
      await rowsOf<{ about: WorkerRecord; begun: number; seen: number; alive: boolean }>(
        `SELECT about, ${MS('begun')} AS begun, ${MS('seen')} AS seen, w.seen > now() - ${INTERVAL(ALIVE_MS)} AS alive FROM worker w WHERE ${which} ORDER BY w.begun`,
        [queue],
      )
    ).map(({ about, begun, seen, alive }) => ({ ...about, begun, seen, alive }));

  const alarm: QueueRecords['alarm'] = async ({ job, first, second }) => {
    await rowsOf('INSERT INTO alarm (queue, job, first, second) VALUES ($1, $2, $3, $4)', [
      queue,
      job,
      JSON.stringify(first),
      JSON.stringify(second),
    ]);
  };

  const hear: QueueRecords['hear'] = async listener => {
    if (closed) return;
    const client = new PatientClient(config);
    const again = (): void => {
      if (listening === client) listening = undefined;
      if (closed || waiting !== undefined) return;
      waiting = setTimeout(() => {
        waiting = undefined;
        hear(listener).catch(() => again());
      }, 1000);
      waiting.unref();
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ payload = '' }) => {
      const [of, word = '', run = ''] = payload.split('\n');
      if (of === queue) listener(word === 'news' ? { news: run } : 'released');
    });
    await client.connect();
    listening = client;
    await client.query(`LISTEN ${CHANNEL}`);
  };

  return {
    enter: async ({ key, name, submitter, urgency, jobs }) => {
      const [row] = await rowsOf<{ virtual_time: number; base: number; own: number; others: number; cancelled: boolean }>(
        `WITH here AS (
           INSERT INTO run (queue, key, name, submitter, urgency, jobs) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (queue, key) DO UPDATE SET seen = now(), jobs = EXCLUDED.jobs RETURNING cancelled),
         alive AS (SELECT submitter FROM run WHERE queue = $1 AND key <> $2 AND seen > now() - ${INTERVAL(ALIVE_MS)})
         SELECT virtual_time, base, 1 + (SELECT count(*)::int FROM alive WHERE submitter = $4) AS own, (SELECT count(*)::int FROM alive) AS others, (SELECT cancelled FROM here) AS cancelled
         FROM clock WHERE queue = $1`,
        [queue, key, name, submitter, urgency, jobs],
      );
      return {
        virtualTime: row?.virtual_time ?? 0,
        base: row?.base ?? 0,
        runsOfSubmitter: row?.own ?? 1,
        otherRuns: row?.others ?? 0,
        isCancelled: row?.cancelled ?? false,
      };
    },
    cancel: async run => {
      await rowsOf('UPDATE run SET cancelled = true WHERE queue = $1 AND key = $2', [queue, run]);
    },
    leave: async run => {
      await rowsOf('DELETE FROM news WHERE queue = $1 AND run = $2', [queue, run]);
      await rowsOf('DELETE FROM run WHERE queue = $1 AND key = $2', [queue, run]);
    },
    want: async (run, ids) => {
      await rowsOf('INSERT INTO want (queue, run, job) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING', [queue, run, ids]);
      const again = await rowsOf<{ job: string }>(
        `DELETE FROM outcome o USING run r
         WHERE o.queue = $1 AND o.job = ANY($3) AND o.kind = 'defect' AND r.queue = $1 AND r.key = $2 AND o.at < r.begun RETURNING o.job`,
        [queue, run, ids],
      );
      await refresh(ids);
      const shared = await rowsOf<{ job: string }>(
        `SELECT DISTINCT job FROM want w WHERE queue = $1 AND job = ANY($3) AND run <> $2
           AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.queue = $1 AND o.job = w.job)`,
        [queue, run, ids],
      );
      return { known: await outcomes(ids), again: again.map(({ job }) => job), shared: shared.map(({ job }) => job) };
    },
    news: async (run, isThorough = false) => {
      // By address of the row: the planner knows little of tables that fill and empty all the time.
      const told = isThorough
        ? await rowsOf<{ job: string }>(
            `SELECT w.job FROM want w JOIN outcome o ON o.queue = w.queue AND o.job = w.job WHERE w.queue = $1 AND w.run = $2 LIMIT ${NEWS_AT_ONCE}`,
            [queue, run],
          )
        : await rowsOf<{ job: string }>(
            `DELETE FROM news WHERE ctid = ANY (ARRAY(SELECT ctid FROM news WHERE queue = $1 AND run = $2 LIMIT ${NEWS_AT_ONCE})) RETURNING job`,
            [queue, run],
          );
      if (told.length === 0) return [];
      const ids = told.map(({ job }) => job);
      const [found] = await Promise.all([
        outcomes(ids),
        // By the jobs: by the run it would read all that the run still waits for.
        rowsOf(`DELETE FROM want WHERE queue = $1 AND run || '' = $2 AND job = ANY($3)`, [queue, run, ids]),
      ]);
      return [...found].map(([id, outcome]) => ({ id, outcome }));
    },
    release: async (run, ids) => {
      const rows = await rowsOf<{ job: string }>(
        `WITH gone AS (DELETE FROM want WHERE queue = $1 AND run = $2 AND ($3::text[] IS NULL OR job = ANY($3)) RETURNING job),
         heard AS (SELECT pg_notify('${CHANNEL}', $1 || E'\\nreleased') WHERE EXISTS (SELECT 1 FROM gone))
         SELECT job FROM gone, (SELECT count(*) FROM heard) h WHERE NOT EXISTS (SELECT 1 FROM want w WHERE w.queue = $1 AND w.job = gone.job AND w.run <> $2)`,
        [queue, run, ids ?? null],
      );
      return rows.map(({ job }) => job);
    },
    outcomes,
    begin: async (id, { worker, attempt }, tag, takesSuspects) => {
      const [row] = await rowsOf<{ done: boolean; wanted: boolean; deaths: readonly Death[] | null }>(
        `WITH moved AS (UPDATE clock SET virtual_time = $4 WHERE queue = $1 AND virtual_time < $4),
         lost AS (
           SELECT a.worker, ${MS('a.at')} AS at, coalesce(a.died, 'the worker is gone') AS seen FROM attempt a
           WHERE a.queue = $1 AND a.job = $2 AND (a.died IS NOT NULL OR NOT EXISTS (
             SELECT 1 FROM worker w WHERE w.queue = $1 AND w.name = a.worker AND w.begun <= a.at AND w.seen > now() - ${INTERVAL(ALIVE_MS)})) ORDER BY a.at),
         begun AS (INSERT INTO attempt (queue, job, worker, token) SELECT $1, $2, $3, $5 WHERE $6 OR NOT EXISTS (SELECT 1 FROM lost) ON CONFLICT DO NOTHING)
         SELECT EXISTS (SELECT 1 FROM outcome WHERE queue = $1 AND job = $2) AS done, EXISTS (SELECT 1 FROM want WHERE queue = $1 AND job = $2) AS wanted,
           (SELECT json_agg(lost) FROM lost) AS deaths`,
        [queue, id, worker, tag, attempt, takesSuspects],
      );
      return { done: row?.done ?? false, wanted: row?.wanted ?? true, deaths: row?.deaths ?? [] };
    },
    finish: async (id, outcome, isCombined = false) => {
      const [row] = await rowsOf<{ put: number }>(
        `WITH put AS (
           INSERT INTO outcome (queue, job, kind, hash, worker, body, combined) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (queue, job) DO UPDATE SET kind = EXCLUDED.kind, hash = EXCLUDED.hash, worker = EXCLUDED.worker, body = EXCLUDED.body, combined = EXCLUDED.combined, at = now()
             WHERE outcome.kind IN ('defect', 'poison') RETURNING 1),
         over AS (DELETE FROM attempt WHERE queue = $1 AND job = $2),
         told AS (INSERT INTO news (queue, run, job) SELECT $1, run, $2 FROM want WHERE queue = $1 AND job = $2 ON CONFLICT DO NOTHING RETURNING run),
         heard AS (SELECT pg_notify('${CHANNEL}', $1 || E'\\nnews\\n' || run) FROM told)
         SELECT count(*)::int AS put, (SELECT count(*) FROM heard) FROM put`,
        [queue, id, outcome.kind, outcome.hash, outcome.worker, outcomeBody(outcome), isCombined],
      );
      if ((row?.put ?? 0) > 0 || outcome.kind === 'defect' || outcome.kind === 'poison') return { first: (row?.put ?? 0) > 0, alarm: null };
      await refresh([id]);
      const known = (await outcomes([id])).get(id);
      if (known === undefined || known.hash === outcome.hash) return { first: false, alarm: null };
      const differing = {
        job: id,
        first: { worker: known.worker, hash: known.hash },
        second: { worker: outcome.worker, hash: outcome.hash },
      };
      await alarm(differing);
      return { first: false, alarm: { ...differing, at: Date.now() } };
    },
    giveBack: async (id, worker) => {
      await rowsOf('DELETE FROM attempt WHERE queue = $1 AND job = $2 AND worker = $3 AND died IS NULL', [queue, id, worker]);
    },
    died: async (id, worker, seen) => {
      await rowsOf(`UPDATE attempt SET died = $4 WHERE queue = $1 AND job = $2 AND worker = $3 AND died IS NULL`, [
        queue,
        id,
        worker,
        seen,
      ]);
      return rowsOf<Death>(
        `SELECT worker, ${MS('at')} AS at, coalesce(died, 'the worker is gone') AS seen FROM attempt a WHERE queue = $1 AND job = $2 AND (died IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM worker w WHERE w.queue = $1 AND w.name = a.worker AND w.begun <= a.at AND w.seen > now() - ${INTERVAL(ALIVE_MS)})) ORDER BY a.at`,
        [queue, id],
      );
    },
    unwanted: async ids =>
      ids.length === 0
        ? []
        : (
            await rowsOf<{ job: string }>(
              'SELECT job FROM unnest($2::text[]) AS job WHERE NOT EXISTS (SELECT 1 FROM want w WHERE w.queue = $1 AND w.job = job.job)',
              [queue, ids],
            )
          ).map(({ job }) => job),
    beat: async (worker, gone) => {
      const isOf = (host: string, pid: string): string => `worker.about->>'host' = ${host} AND worker.about->>'pid' = ${pid}`;
      const { name, host, pid } = worker;
      for (;;) {
        const [kept] = await rowsOf<{ now: number }>(
          `INSERT INTO worker (queue, name, about) VALUES ($1, $2, $3) ON CONFLICT (queue, name) DO UPDATE
             SET about = EXCLUDED.about, seen = now(), begun = CASE WHEN ${isOf('$4', '$5')} THEN worker.begun ELSE now() END
             WHERE (${isOf('$4', '$5')}) OR (${isOf('$6', '$7')}) OR worker.seen <= now() - ${INTERVAL(ALIVE_MS)}
           RETURNING ${MS('now()')} AS now`,
          [queue, name, JSON.stringify(worker), host, String(pid), gone?.host ?? null, gone === undefined ? null : String(gone.pid)],
        );
        if (kept !== undefined) return { now: kept.now, holder: null };
        const [other] = await rowsOf<{ about: WorkerRecord; seen: number; now: number }>(
          `SELECT about, ${MS('seen')} AS seen, ${MS('now()')} AS now FROM worker WHERE queue = $1 AND name = $2`,
          [queue, name],
        );
        // It may have ended in between.
        if (other !== undefined) return { now: other.now, holder: { ...other.about, seen: other.seen } };
      }
    },
    withdraw: async worker => {
      await rowsOf('DELETE FROM worker WHERE queue = $1 AND name = $2', [queue, worker]);
    },
    moveBase: async (from, to) => {
      await rowsOf('UPDATE clock SET base = $3 WHERE queue = $1 AND base = $2', [queue, from, to]);
      const [row] = await rowsOf<{ base: number }>('SELECT base FROM clock WHERE queue = $1', [queue]);
      return row?.base ?? 0;
    },
    alarm,
    quarantine: async job => {
      await rowsOf(
        'INSERT INTO quarantine (queue, job, about) VALUES ($1, $2, $3) ON CONFLICT (queue, job) DO UPDATE SET about = EXCLUDED.about, at = now()',
        [queue, job.job, JSON.stringify(job)],
      );
    },
    forget: async id => {
      const own = [id, auditId(id)];
      for (const from of ['quarantine', 'alarm', 'attempt'])
        await rowsOf(`DELETE FROM ${from} WHERE queue = $1 AND job = ANY($2)`, [queue, own]);
      const gone = await rowsOf<{ job: string }>(
        `DELETE FROM outcome WHERE queue = $1 AND (job = ANY($2) OR (combined AND kind <> 'poison')) RETURNING job`,
        [queue, own],
      );
      return [...new Set([...own, ...gone.map(({ job }) => job)])];
    },
    runs: () =>
      rowsOf<RunStanding>(
        `SELECT key, name, submitter, urgency, jobs, ${MS('begun')} AS begun, ${MS('seen')} AS seen,
           (SELECT count(*)::int FROM want w WHERE w.queue = $1 AND w.run = r.key) AS waiting
         FROM run r WHERE queue = $1 ORDER BY r.begun`,
        [queue],
      ),
    workers: () => workersWhere('queue = $1'),
    otherWorkers: () => workersWhere(`queue <> $1 AND seen > now() - ${INTERVAL(ALIVE_MS)}`),
    alarms: () =>
      rowsOf<DeterminismAlarm>(`SELECT job, ${MS('at')} AS at, first, second FROM alarm a WHERE queue = $1 ORDER BY a.at`, [queue]),
    quarantined: async () =>
      (
        await rowsOf<{ about: QuarantinedJob; at: number }>(
          `SELECT about, ${MS('at')} AS at FROM quarantine q WHERE queue = $1 ORDER BY q.at`,
          [queue],
        )
      ).map(({ about, at }) => ({ ...about, at })),
    // Of all queues: nobody may ever serve that of an older build again.
    tidy: async () => {
      await rowsOf(`DELETE FROM run WHERE seen < now() - ${INTERVAL(ABANDONED_MS)}`);
      // Also what was asked for by a statement that came after its run had left.
      for (const from of ['want', 'news'])
        await rowsOf(`DELETE FROM ${from} f WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.queue = f.queue AND r.key = f.run)`);
      await rowsOf(
        `DELETE FROM outcome o WHERE at < now() - ${INTERVAL(KEPT_MS)} AND kind <> 'poison' AND NOT EXISTS (SELECT 1 FROM want w WHERE w.queue = o.queue AND w.job = o.job)`,
      );
      // As long as a result is kept, so is the doubt about it.
      await rowsOf(
        `DELETE FROM alarm a WHERE at < now() - ${INTERVAL(KEPT_MS)} AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.queue = a.queue AND o.job = a.job)`,
      );
      await rowsOf(`DELETE FROM attempt WHERE at < now() - ${INTERVAL(KEPT_MS)}`);
      await rowsOf(`DELETE FROM worker WHERE seen < now() - ${INTERVAL(KEPT_MS)}`);
    },
    hear,
    close: async () => {
      if (closed) return;
      closed = true;
      clearTimeout(waiting);
      await listening?.end().catch(() => undefined);
      await pool.end();
    },
  };
};
