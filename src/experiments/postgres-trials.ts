import { setTimeout as pause } from 'node:timers/promises';
import type { Postgres, Queries } from '../cluster/postgres/postgres.js';
import { canonicalJson } from '../datasets/canonical-json.js';
import { failed, messageOf, UserError, usageError } from '../errors.js';
import { foldTrials, type TrialsOnRecord } from './read-trials.js';
import { sketchOf } from './returns-sketch.js';
import { trialHash, type TrialOutcome } from './trial.js';
import { RUN_ID, type Trial, type TrialLedger } from './trial-ledger.js';
import type { TrialStore, TrialTableRow } from './trial-store.js';

/** A trial as it is kept: one row for each run, role and name that it was evaluated under. */
export interface TrialRow {
  readonly run: string;
  readonly hash: string;
  readonly role: string;
  readonly strategy: string;
  readonly code: string;
  readonly data: string;
  /** Canonical JSON. */
  readonly params: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly config: string;
  readonly began: number | null;
  /** How often it was announced. */
  readonly lines: number;
}

/** What came of one. */
export interface ResultRow {
  readonly run: string;
  readonly hash: string;
  readonly role: string;
  readonly objective: number | null;
  readonly sharpe: number | null;
  readonly sketch: string | null;
}

/** Rows of one statement: the whole is one document, so that thousands go in one round trip. */
const AT_ONCE = 2_000;

const inPieces = async <T>(rows: readonly T[], visit: (piece: readonly T[]) => Promise<unknown>): Promise<void> => {
  for (let at = 0; at < rows.length; at += AT_ONCE) await visit(rows.slice(at, at + AT_ONCE));
};

const TRIAL_COLUMNS =
  'run text, hash text, role text, strategy text, code text, data text, params json, "from" float8, "to" float8, config text, began float8, lines integer';

/** Put trials on record. `again` says what a row that is there already becomes: `adds` counts one more announcement, `same` is the same line read once more. */
export const putTrials = async ({ query }: Queries, place: string, rows: readonly TrialRow[], again: 'adds' | 'same'): Promise<void> => {
  const lines = again === 'adds' ? 't.lines + excluded.lines' : 'greatest(t.lines, excluded.lines)';
  await inPieces(rows, async piece => {
    // A statement cannot meet the same row twice.
    const merged = new Map<string, TrialRow>();
    for (const row of piece) {
      const key = canonicalJson([row.run, row.hash, row.role, row.strategy]);
      const known = merged.get(key);
      merged.set(key, known === undefined ? row : { ...known, lines: known.lines + row.lines });
    }
    const document = JSON.stringify([...merged.values()].map(row => ({ ...row, params: JSON.parse(row.params) as unknown })));
    await query(
      `INSERT INTO quantai.trials AS t (place, run, hash, role, strategy, code, data, params, from_ms, to_ms, config, began, lines)
       SELECT $1, run, hash, role, strategy, code, data, params, "from", "to", config, began, lines
       FROM json_to_recordset($2::json) AS r(${TRIAL_COLUMNS})
       ON CONFLICT (place, run, hash, role, strategy) DO UPDATE SET lines = ${lines}, began = least(t.began, excluded.began)`,
      [place, document],
    );
    await query(
      `INSERT INTO quantai.trial_names (strategy, code)
       SELECT DISTINCT strategy, code FROM json_to_recordset($1::json) AS r(${TRIAL_COLUMNS}) ON CONFLICT DO NOTHING`,
      [document],
    );
  });
};

/** Note results. The first that says anything stays. One of a trial that was never put on record is left out. */
export const putResults = async ({ query }: Queries, place: string, rows: readonly ResultRow[]): Promise<void> =>
  inPieces(rows, async piece => {
    const merged = new Map<string, ResultRow>();
    for (const row of piece) {
      const key = canonicalJson([row.run, row.hash, row.role]);
      const { objective, sharpe, sketch } = merged.get(key) ?? row;
      merged.set(key, {
        ...row,
        objective: objective ?? row.objective,
        sharpe: sharpe ?? row.sharpe,
        sketch: sketch ?? row.sketch,
      });
    }
    await query(
      `UPDATE quantai.trials AS t SET settled = true, objective = coalesce(t.objective, r.objective),
         sharpe = coalesce(t.sharpe, r.sharpe), sketch = coalesce(t.sketch, r.sketch)
       FROM json_to_recordset($2::json) AS r(run text, hash text, role text, objective float8, sharpe float8, sketch text)
       WHERE t.place = $1 AND t.run = r.run AND t.hash = r.hash AND t.role = r.role`,
      [place, JSON.stringify([...merged.values()])],
    );
  });

/** A number that JSON cannot hold is not known. */
const finite = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;

const rowOf = (runId: string, trial: Trial, at: number | null): TrialRow => {
  const { strategy, code, data, params, range, config, role } = trial;
  const window = { from: range.from, to: range.to };
  return {
    run: runId,
    hash: trialHash(trial),
    role,
    strategy,
    code,
    data,
    params: canonicalJson(params),
    ...window,
    config,
    began: at,
    lines: 1,
  };
};

const resultOf = (runId: string, trial: Trial, { objective, sharpe, returns }: TrialOutcome): ResultRow => ({
  run: runId,
  hash: trialHash(trial),
  role: trial.role,
  objective: finite(objective),
  sharpe: finite(sharpe),
  sketch: returns ? sketchOf(returns) : null,
});

/** How long the last results are tried again for, at the close, ms. */
const CLOSE_MS = 10_000;
const AGAIN_MS = 500;

const openRun = (postgres: Postgres, place: string, runId: string, clock: () => number, warn: (text: string) => void): TrialLedger => {
  let queue: Promise<unknown> = Promise.resolve();
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  let waiting: ResultRow[] = [];
  let isWarned = false;
  /** Writes what waits; what cannot be written waits on. */
  const flush = async (): Promise<unknown> => {
    if (waiting.length === 0) return null;
    const rows = waiting;
    waiting = [];
    try {
      await putResults(postgres, place, rows);
      return null;
    } catch (error) {
      waiting = [...rows, ...waiting];
      return error;
    }
  };
  /** Throws where the registry does not take them. */
  const onRecord = async (put: (queries: Queries) => Promise<void>): Promise<void> => {
    try {
      await postgres.transaction(put);
    } catch (error) {
      throw failed(
        error instanceof UserError ? error.code : 'no-ledger',
        `Trials cannot be put on record in ${postgres.shown}, and nothing is evaluated off the record: ${messageOf(error)}`,
        (error instanceof UserError ? error.fix : undefined) ?? 'Let the registry be written, then run the same command again.',
      );
    }
  };
  return {
    begin: trials =>
      enqueue(async () => {
        if (trials.length === 0) return;
        const at = clock();
        await onRecord(queries =>
          putTrials(
            queries,
            place,
            trials.map(trial => rowOf(runId, trial, at)),
            'adds',
          ),
        );
        await flush();
      }),
    recall: done =>
      enqueue(async () => {
        if (done.length === 0) return;
        // When one began that is not there nobody knows any more: it counts as there before all others.
        const rows = done.map(({ trial }) => rowOf(runId, trial, null));
        await onRecord(async queries => {
          await putTrials(queries, place, rows, 'same');
          await putResults(
            queries,
            place,
            done.flatMap(({ trial, outcome }) => (outcome === null ? [] : [resultOf(runId, trial, outcome)])),
          );
        });
      }),
    settle: (trial, outcome) => {
      waiting.push(resultOf(runId, trial, outcome));
      // Results that come while the database is busy go into one statement. A trial counts whether its result is known or not: a search is not ended by it.
      return enqueue(async () => {
        const error = await flush();
        if (error === null || isWarned) return;
        isWarned = true;
        warn(`Results of trials cannot be noted in ${postgres.shown} for now: ${messageOf(error)}`);
      });
    },
    close: () =>
      enqueue(async () => {
        const end = performance.now() + CLOSE_MS;
        for (;;) {
          const error = await flush();
          if (error === null) return;
          if (performance.now() >= end) {
            warn(`${waiting.length} results of trials are not in ${postgres.shown}; the trials count all the same: ${messageOf(error)}`);
            return;
          }
          await pause(AGAIN_MS);
        }
      }),
  };
};

interface ReadRow {
  readonly id: number;
  readonly hash: string;
  readonly code: string;
  readonly data: string;
  readonly from_ms: number | null;
  readonly to_ms: number | null;
  readonly began: number | null;
  readonly strategy: string;
  readonly role: string;
  readonly lines: number;
  readonly settled: boolean;
  readonly sketch: string | null;
  readonly sharpe: number | null;
}

/** Names that ran the same code, followed as far as it goes. */
const LINEAGE = `WITH RECURSIVE names(strategy) AS (
    SELECT $1::text
    UNION
    SELECT other.strategy FROM names JOIN quantai.trial_names own USING (strategy) JOIN quantai.trial_names other USING (code)
  )`;
const COLUMNS = 'id::float8 AS id, hash, code, data, from_ms, to_ms, began, strategy, role, lines, settled, sketch, sharpe';
/** Of those, every row: one that ran under another name as well keeps that name. */
const OF_NAMES = `SELECT ${COLUMNS} FROM quantai.trials WHERE id > $1 AND ($2::text[] IS NULL OR strategy = ANY($2::text[])) ORDER BY id LIMIT`;
/** Rows of a page, when trials are counted: what is held is the fold and one page, however many there are. */
const PAGE = 5_000;

const readAll = async ({ query }: Queries, strategy: string | undefined, page = PAGE): Promise<TrialsOnRecord> => {
  const names =
    strategy === undefined
      ? null
      : (await query<{ strategy: string }>(`${LINEAGE} SELECT strategy FROM names`, [strategy])).map(row => row.strategy);
  const fold = foldTrials();
  for (let behind = 0; ;) {
    const rows = await query<ReadRow>(`${OF_NAMES} ${page}`, [behind, names]);
    for (const { hash, from_ms: from, to_ms: to, began: at, ...row } of rows) {
      fold.begun(hash, { ...row, from, to, at });
      if (row.settled) fold.ended(hash, { role: row.role, sketch: row.sketch, sharpe: row.sharpe });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return fold.onRecord();
    behind = last.id;
  }
};

/** A row for each trial of each run, whatever roles it had there, in pages that go on behind the last row of the one before. */
const pages = async function* ({ query }: Queries): AsyncGenerator<readonly TrialTableRow[]> {
  for (let from: readonly [place: string, run: string, hash: string] = ['', '', '']; ;) {
    const rows = await query<TrialTableRow>(
      `SELECT run AS run_id, hash, min(strategy) AS strategy, min(role) AS role, min(from_ms) AS "from", min(to_ms) AS "to", min(params::text)::json AS params,
         max(objective) AS objective, max(sharpe) AS sharpe, bool_or(settled) AS settled, max(sketch) AS sketch, min(code) AS code, min(data) AS data,
         min(config) AS config, min(began) AS begun, place
       FROM quantai.trials WHERE (place, run, hash) > ($1, $2, $3) GROUP BY place, run, hash ORDER BY place, run, hash LIMIT ${AT_ONCE}`,
      from,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    from = [last.place, last.run_id, last.hash];
  }
};

/** The team's trials in its registry. `place` names this workspace among the others; `warn` is told of what did not stop a search. */
export const postgresTrials = (postgres: Postgres, place: string, warn: (text: string) => void = () => undefined): TrialStore => ({
  open: async (runId, clock) => {
    if (!RUN_ID.test(runId))
      throw usageError('bad-run-id', `"${runId}" is not a run id.`, 'Use letters, digits, dots, dashes and underscores.');
    return openRun(postgres, place, runId, clock, warn);
  },
  scope: async () => {
    const [team] = await postgres.query<{ chain: string }>('SELECT chain FROM quantai.audit_chains WHERE is_team');
    return team?.chain ?? 'a team without a log';
  },
  read: strategy => readAll(postgres, strategy),
  table: () => pages(postgres),
  onData: async data => {
    const [row] = await postgres.query<{ n: number }>(
      'SELECT count(DISTINCT hash)::int AS n FROM quantai.trials WHERE data = ANY($1::text[])',
      [data],
    );
    return row?.n ?? 0;
  },
  began: async runId => {
    const [row] = await postgres.query<{ at: number | null }>('SELECT min(began) AS at FROM quantai.trials WHERE place = $1 AND run = $2', [
      place,
      runId,
    ]);
    return row?.at ?? NaN;
  },
});
