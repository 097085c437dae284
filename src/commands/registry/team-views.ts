import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName } from '../../duckdb.js';
import type { TrialPlace } from '../../experiments/trial-store.js';
import { FIGURES, snake } from '../../journal/views.js';
import type { RegisteredRun } from './run-registry.js';

type Columns = Readonly<Record<string, string>>;

const text = (name: string): string => `r->>'$.${name}'`;
const number = (name: string): string => `TRY_CAST(r->>'$.${name}' AS DOUBLE)`;
const time = (name: string): string => `make_timestamp(CAST(round(TRY_CAST(r->>'$.${name}' AS DOUBLE) * 1000) AS BIGINT))`;

const TRIALS: Columns = {
  ...Object.fromEntries(['run_id', 'hash', 'strategy', 'role'].map(name => [name, text(name)])),
  from: time('from'),
  to: time('to'),
  params: `r->'$.params'`,
  objective: number('objective'),
  sharpe: number('sharpe'),
  settled: `CAST(r->>'$.settled' AS BOOLEAN)`,
  ...Object.fromEntries(['sketch', 'code', 'data', 'config'].map(name => [name, text(name)])),
  begun: time('begun'),
  place: text('place'),
};

const RUNS: Columns = {
  run_id: text('runId'),
  command: text('kind'),
  strategy: text('strategy'),
  dataset: text('dataset'),
  dataset_version: text('version'),
  seed: number('seed'),
  fingerprint: text('fingerprint'),
  ...Object.fromEntries(FIGURES.map(name => [snake(name), number(`metrics.${name}`)])),
  final_equity: number('finalEquity'),
  manifest: `r->'$.manifest'`,
  made_by: text('by'),
  made: time('at'),
  place: text('place'),
  folder: text('folder'),
};

/** A table of these rows in the place of the view of that name. They come from PostgreSQL by this process: the query itself reaches no network. */
const fill = async (
  connection: DuckDBConnection,
  name: string,
  columns: Columns,
  pieces: AsyncIterable<readonly object[]> | Iterable<readonly object[]>,
): Promise<void> => {
  const selected = Object.entries(columns).map(([column, from]) => `${from} AS ${sqlName(column)}`);
  const rowsOf = `SELECT ${selected.join(', ')} FROM (SELECT unnest(from_json($1::JSON, '["JSON"]')) AS r)`;
  const run = async (statement: string, rows: readonly object[]): Promise<void> => {
    const prepared = await connection.prepare(statement);
    prepared.bindVarchar(1, JSON.stringify(rows));
    await prepared.run();
  };
  await connection.run(`DROP VIEW IF EXISTS ${sqlName(name)}`);
  await run(`CREATE OR REPLACE TEMP TABLE ${sqlName(name)} AS ${rowsOf}`, []);
  for await (const rows of pieces) await run(`INSERT INTO ${sqlName(name)} ${rowsOf}`, rows);
};

/** The team's trials as `trials`, with the columns of a workspace's own and the workspace that made each. */
export const registerTeamTrials = async (connection: DuckDBConnection, trials: TrialPlace): Promise<void> => {
  if (typeof trials !== 'string') await fill(connection, 'trials', TRIALS, trials.table());
};

/** The team's runs as `runs`, with who made each, when and where. */
export const registerTeamRuns = async (connection: DuckDBConnection, runs: readonly RegisteredRun[]): Promise<void> =>
  fill(connection, 'runs', RUNS, [runs]);
