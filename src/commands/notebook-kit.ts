import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openDataset } from '../datasets/catalogue.js';
import { loadSeries } from '../datasets/load-series.js';
import { UserError, type ExitCode } from '../errors.js';
import type { Chunk, MarketKind } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import type { Timeframe } from '../market/timeframe.js';
import type { ChartSpec } from '../reports/charts/chart.js';
import { chartOf } from '../reports/export-chart.js';
import { parseTime } from '../time.js';
import { documentOf, readKeptReport } from './kept-report.js';
import { main } from './main.js';
import { chartBundle, tableBundle, type Bundle, type Row } from './notebook-display.js';
import { findRun } from './run-list.js';
import { runSql } from './run-sql.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** A Vega-Lite specification with its rows inside. Colours may be named by role, as reports do: `{ expr: 'accent' }`, `gain`, `loss`, `muted`, `benchmark`. */
export type VegaLite = Readonly<Record<string, unknown>>;

/** The workspace that the notebook is of: `QUANTAI_HOME`, which the kernel sets, else the current folder. */
const workspace = (): Workspace => workspaceAt(process.env['QUANTAI_HOME'] ?? '.');

/** Where outputs go: the kernel's own display; on a plain Node the text of them. */
const display = (bundle: Bundle): void => {
  const { quantaiDisplay } = globalThis as { readonly quantaiDisplay?: (bundle: Bundle) => void };
  if (quantaiDisplay) quantaiDisplay(bundle);
  else process.stdout.write(`${String(bundle.data['text/plain'])}\n`);
};

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string | null };
}

/**
 * Gives a command as on the command line, without the word `quantai`, and returns the document that `--json` would print: `await run<{ runId: string }>('backtest', 'sma-cross', '--dataset', 'sample')`. It is the same code with the
 * same records; `docs/cli.md` says what the documents hold. Throws the command's error with code and fix; verbs that send orders are refused with `no-live-in-notebook`.
 */
export const run = async <Document = unknown>(...words: readonly string[]): Promise<Document> => {
  let [out, err] = ['', ''];
  const code = await main([...words, '--workspace', workspace().root, '--json', '--no-progress'], {
    out: text => (out += text),
    err: text => (err += text),
    interactive: false,
  });
  const document = out.trim() === '' ? null : (JSON.parse(out) as Document | Refusal);
  if (code === 0) return document as Document;
  const isRefusal = (value: unknown): value is Refusal => typeof value === 'object' && value !== null && 'error' in value;
  if (!isRefusal(document)) throw new UserError('command-failed', err.trim() || `quantai ${words.join(' ')} failed.`, code as ExitCode);
  const { error } = document;
  throw new UserError(error.code, error.message, code as ExitCode, error.fix ?? undefined);
};

/** A command that runs beside the notebook. */
export interface Beside {
  /** What it has said so far. */
  said(): string;
  /** Waits until it has said something that matches; throws `command-ended` where it ends without. */
  until(pattern: RegExp): Promise<void>;
  /** Ends it as Ctrl-C would, and waits for that. */
  stop(): Promise<void>;
}

/** Begins a command in a process of its own, such as `begin('practice', '--speed', '1000')`, while cells go on. It ends with the notebook's kernel at the latest. */
export const begin = (...words: readonly string[]): Beside => {
  const program = fileURLToPath(new URL('../cli.js', import.meta.url));
  const child = spawn(process.execPath, [program, ...words, '--workspace', workspace().root, '--no-progress'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let heard = (): void => {};
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      heard();
    });
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()));
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  void ended.then(() => process.off('exit', end));
  return {
    said: () => said,
    until: pattern =>
      new Promise((resolve, reject) => {
        heard = () => {
          if (pattern.test(said)) resolve();
        };
        heard();
        void ended.then(() => reject(new UserError('command-ended', `quantai ${words.join(' ')} ended: ${said.trim()}`, 1)));
      }),
    stop: () => {
      end();
      return ended;
    },
  };
};

/** Answers one SQL query (DuckDB) over the workspace's data, runs and journals, as `quantai sql` does: one object a row. `Columns` is what you say the columns are. */
export const query = async <Columns extends object = Row>(sql: string): Promise<Columns[]> => {
  const { columns, rows } = await runSql(workspace(), sql);
  return rows.map(row => Object.fromEntries(columns.map((name, i) => [name, row[i]])) as Columns);
};

/** Which rows of a dataset. Times are UTC, as on the command line; everything by default. */
export interface History {
  readonly dataset: string;
  readonly symbol: Symbol;
  /** Bars by default. */
  readonly kind?: MarketKind;
  /** Of bars. */
  readonly timeframe?: Timeframe;
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
}

/** Market data of one symbol by column, ascending in time: for bars `ts` is the open, and the columns are open, high, low, close and volume. Throws usage errors for what the dataset does not have. */
export const history = async ({ dataset, symbol, kind = 'bars', timeframe, from, to }: History): Promise<Chunk> =>
  loadSeries(await openDataset(workspace().root, dataset), {
    symbol,
    kind,
    ...(timeframe !== undefined && { timeframe }),
    ...(from !== undefined && { from: parseTime(from) }),
    ...(to !== undefined && { to: parseTime(to) }),
  });

/** Shows rows as a table; `columns` names which and in which order, all by default. */
export const table = (rows: readonly object[], columns?: readonly string[]): void =>
  display(
    tableBundle(
      rows.map(row => ({ ...row })),
      columns,
    ),
  );

/** Shows a chart in the colours of the reports, 720 pixels wide where it does not say. Throws what Vega-Lite says about a wrong specification. */
export const show = async (chart: VegaLite): Promise<void> => {
  const isUnit = 'mark' in chart || 'layer' in chart;
  display(await chartBundle({ ...(isUnit && { width: 720, height: 260 }), ...chart } as ChartSpec));
};

/** A chart of a run's report, to be shown or changed. `run` is the run's id or its beginning; an unknown chart is answered with the names that there are. */
export const reportChart = async (run: string, chart: string): Promise<VegaLite> => {
  const place = workspace();
  const { runId, folder } = await findRun(place, run);
  return { ...chartOf(await documentOf(place, await readKeptReport(folder, runId)), chart) };
};
