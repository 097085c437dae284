import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlName, sqlText } from '../duckdb.js';
import { RUN_TABLES, type ColumnKind } from './tables.js';

/** How a kind of column is kept in the file, and how the view shows it. */
const KINDS: Readonly<Record<ColumnKind, { readonly kept: string; readonly shown: (column: string) => string }>> = {
  time: { kept: 'DOUBLE', shown: column => `make_timestamp(CAST(round(${column} * 1000) AS BIGINT))` },
  number: { kept: 'DOUBLE', shown: column => column },
  flag: { kept: 'DOUBLE', shown: column => `${column} <> 0` },
  text: { kept: 'VARCHAR', shown: column => column },
  json: { kept: 'VARCHAR', shown: column => `TRY_CAST(${column} AS JSON)` },
};

/** The folder that holds a file is the run's id, with either slash. */
const RUN_ID = `regexp_extract(filename, '([^/\\\\]+)[/\\\\][^/\\\\]+$', 1)`;

const none = (columns: Readonly<Record<string, string>>): string =>
  `SELECT ${Object.entries(columns)
    .map(([name, type]) => `NULL::${type} AS ${sqlName(name)}`)
    .join(', ')} WHERE false`;

/** One table of all runs. A file that lacks a column (an older release wrote it) shows NULL there. */
const tableView = (paths: readonly string[], columns: Readonly<Record<string, ColumnKind>>): string => {
  const kept = Object.fromEntries(Object.entries(columns).map(([name, kind]) => [name, KINDS[kind].kept]));
  const shown = Object.entries(columns).map(([name, kind]) => `${KINDS[kind].shown(sqlName(name))} AS ${sqlName(name)}`);
  const files = `SELECT ${RUN_ID} AS run_id, * EXCLUDE (filename) FROM read_parquet(${sqlList(paths)}, union_by_name = true, filename = true)`;
  const rows = [none({ run_id: 'VARCHAR', ...kept }), ...(paths.length === 0 ? [] : [files])].join(' UNION ALL BY NAME ');
  return `SELECT run_id, ${shown.join(', ')} FROM (${rows})`;
};

/** Documents as JSON, one row a run; one that is no JSON is left out. */
const documents = (paths: readonly string[]): string =>
  paths.length === 0
    ? none({ run_id: 'VARCHAR', document: 'JSON' })
    : `SELECT ${RUN_ID} AS run_id, content::JSON AS document FROM read_text(${sqlList(paths)}) WHERE json_valid(content)`;

/** Headline figures of a run, as the view `runs` has them in snake case. */
export const FIGURES = [
  'totalReturn',
  'cagr',
  'sharpe',
  'sortino',
  'calmar',
  'maxDrawdown',
  'volatility',
  'winRate',
  'profitFactor',
  'trades',
];
export const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** What a manifest says of a run, with the headline figures of its result; those of a walk-forward are out of sample. */
const runsView = (manifests: readonly string[], results: readonly string[]): string => {
  const says = (...paths: readonly string[]): string => `coalesce(${paths.map(path => `m.document->>'$.${path}'`).join(', ')}, NULL)`;
  const figure = (...paths: readonly string[]): string =>
    `TRY_CAST(coalesce(${paths.map(path => `r.document->>'$.${path}'`).join(', ')}, NULL) AS DOUBLE)`;
  const columns = [
    'm.run_id AS run_id',
    `${says('command', 'mode')} AS command`,
    `${says('strategy.name', 'strategy')} AS strategy`,
    `${says('dataset.id', 'dataset')} AS dataset`,
    `${says('dataset.version', 'datasetVersion')} AS dataset_version`,
    `TRY_CAST(${says('seed')} AS DOUBLE) AS seed`,
    `${says('fingerprint')} AS fingerprint`,
    ...FIGURES.map(name => `${figure(`metrics.${name}`, `outOfSample.${name}`)} AS ${snake(name)}`),
    `${figure('finalEquity')} AS final_equity`,
    'm.document AS manifest',
  ];
  return `SELECT ${columns.join(', ')} FROM (${documents(manifests)}) m LEFT JOIN (${documents(results)}) r USING (run_id)`;
};

/** Everything that a run was set to, one row a setting: `config.fees.taker`, `params.fast`. Rows without a run are the workspace's own, now. */
const settingsView = (manifests: readonly string[], own: readonly WorkspaceSetting[]): string =>
  [
    manifestSettings(manifests),
    ...own.map(({ key, value, source }) => `SELECT NULL, ${[key, value, source].map(sqlText).join(', ')}`),
  ].join(' UNION ALL ');

const manifestSettings = (manifests: readonly string[]): string =>
  `SELECT m.run_id AS run_id, substr(t.fullkey, 3) AS key, t.atom->>'$' AS value, 'run' AS source
   FROM (${documents(manifests)}) m, json_tree(m.document) t
   WHERE t.type NOT IN ('OBJECT', 'ARRAY') AND regexp_matches(t.fullkey, '^\\$\\.(config|params|fixed|sampler|objective)[.\\[]')`;

/** What a run left in words: notes of the strategy, refusals and what risk did, by market time. */
const RUN_LOGS = `SELECT run_id, NULL::VARCHAR AS account, ts, CASE type WHEN 'NoteWritten' THEN 'info' ELSE 'warning' END AS level, strategy, type AS source,
  coalesce(payload->>'$.text', type) AS message, payload AS detail
  FROM events WHERE type IN ('NoteWritten', 'IntentDenied', 'RiskStateChanged', 'AccountLiquidated')`;

const LOG_LINE = { level: 'INTEGER', time: 'VARCHAR', type: 'VARCHAR', strategy: 'VARCHAR', fact: 'JSON', msg: 'VARCHAR' } as const;

/** The words of runs and, by wall time, the lines of sessions' logs; secrets were taken out when they were written. A line that is cut off is skipped. */
const logsView = (sessionLogs: readonly string[]): string => {
  if (sessionLogs.length === 0) return RUN_LOGS;
  const types = Object.entries(LOG_LINE)
    .map(([name, type]) => `${sqlName(name)}: '${type}'`)
    .join(', ');
  const lines = `read_json(${sqlList(sessionLogs)}, format = 'newline_delimited', ignore_errors = true, filename = true, columns = {${types}})`;
  return `${RUN_LOGS} UNION ALL SELECT NULL, regexp_extract(filename, '([^/\\\\]+)[/\\\\][^/\\\\]+$', 1), TRY_CAST(time AS TIMESTAMP),
    CASE WHEN level >= 50 THEN 'error' WHEN level >= 40 THEN 'warning' WHEN level >= 30 THEN 'info' ELSE 'debug' END,
    strategy, coalesce(type, 'session'), coalesce(fact->>'$.text', msg), fact FROM ${lines} WHERE time IS NOT NULL`;
};

/** A setting of the workspace as it is in force; the value is JSON, a word stands for itself. */
export interface WorkspaceSetting {
  readonly key: string;
  readonly value: string;
  readonly source: string;
}

const TRIAL_LINE = {
  type: 'VARCHAR',
  hash: 'VARCHAR',
  strategy: 'VARCHAR',
  code: 'VARCHAR',
  data: 'VARCHAR',
  params: 'JSON',
  from: 'DOUBLE',
  to: 'DOUBLE',
  config: 'VARCHAR',
  role: 'VARCHAR',
  at: 'DOUBLE',
  objective: 'DOUBLE',
  sharpe: 'DOUBLE',
  sketch: 'VARCHAR',
} as const;

/**
 * One row for each trial of each run, with its result where it has one (`settled`): N is `count(DISTINCT hash)`. `sharpe` is per return observation, `sketch` the shape of
 * the returns as base64 (docs/trials.md). A run that was cut off leaves half a last
 * line: that line is skipped, the others count.
 */
const trialsView = (files: readonly string[]): string => {
  const types = Object.entries(TRIAL_LINE)
    .map(([name, type]) => `${sqlName(name)}: '${type}'`)
    .join(', ');
  const lines =
    files.length === 0
      ? none({ filename: 'VARCHAR', ...TRIAL_LINE })
      : `SELECT * FROM read_json(${sqlList(files)}, format = 'newline_delimited', ignore_errors = true, filename = true, columns = {${types}})`;
  const first = (name: string): string => `min(${sqlName(name)})`;
  return `SELECT regexp_extract(filename, '([^/\\\\]+)\\.ndjson$', 1) AS run_id, hash, ${first('strategy')} AS strategy, ${first('role')} AS role,
    ${KINDS.time.shown(first('from'))} AS "from", ${KINDS.time.shown(first('to'))} AS "to", CAST(min(params::VARCHAR) AS JSON) AS params,
    max(objective) AS objective, max(sharpe) AS sharpe, bool_or(type = 'result') AS settled, max(sketch) AS sketch, ${first('code')} AS code, ${first('data')} AS data, ${first('config')} AS config, ${KINDS.time.shown(first('at'))} AS begun
    FROM (${lines}) WHERE hash IS NOT NULL GROUP BY ALL`;
};

/**
 * Creates the views over a workspace's runs and trial ledger: `events` (the journals), `orders`, `fills`, `trades` (round trips), `equity_curve`, `funding_payments`,
 * `plots`, `folds`, `configurations`, `runs`, `settings`, `logs`, `trials`, each with the run's id. A view without data is empty and has its columns. Times are UTC
 * timestamps. They show the runs that are finished when they are made.
 */
export const registerRunViews = async (
  connection: DuckDBConnection,
  {
    reports,
    ledger,
    sessionLogs = [],
    settings = [],
  }: {
    readonly reports: string;
    readonly ledger: string;
    readonly sessionLogs?: readonly string[];
    readonly settings?: readonly WorkspaceSetting[];
  },
): Promise<void> => {
  const create = async (name: string, query: string): Promise<void> => {
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${sqlName(name)} AS ${query}`);
  };
  const folders = (await readdir(reports, { withFileTypes: true }).catch(() => []))
    .filter(item => item.isDirectory())
    .map(item => item.name);
  const present = (file: string, names: readonly string[]): string[] => names.map(name => join(reports, name, file)).filter(existsSync);
  // The manifest is written last: a folder with one is a whole run.
  const finished = folders.filter(name => existsSync(join(reports, name, 'manifest.json'))).sort();
  const manifests = present('manifest.json', finished);
  for (const [name, { file, columns }] of Object.entries(RUN_TABLES)) await create(name, tableView(present(file, finished), columns));
  await create('runs', runsView(manifests, present('result.json', finished)));
  await create('settings', settingsView(manifests, settings));
  await create('logs', logsView(sessionLogs));
  const ledgers = (await readdir(ledger).catch(() => [])).filter(name => name.endsWith('.ndjson')).sort();
  await create('trials', trialsView(ledgers.map(name => join(ledger, name))));
};
