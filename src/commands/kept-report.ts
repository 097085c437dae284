import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { findSeries, openDataset, type Dataset } from '../datasets/catalogue.js';
import { loadCloses } from '../datasets/load-series.js';
import { writeFileDurably } from '../durable-file.js';
import { failed } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import type { ReportDocument } from '../reports/document.js';
import { crossValidationDocument, type CrossValidationReportInput } from '../reports/cross-validation.js';
import { frictionDocument, type FrictionReportInput } from '../reports/friction.js';
import type { Benchmark, Closes, Outcome } from '../reports/outcome.js';
import { renderReport } from '../reports/render.js';
import { drawnSymbols } from '../reports/sections/trading.js';
import { sweepDocument, type SweepReportInput } from '../reports/sweep.js';
import { tearsheetDocument, type TearsheetInput } from '../reports/tearsheet.js';
import { walkForwardDocument, type WalkForwardReportInput } from '../reports/walk-forward.js';
import { WEEK } from '../time.js';
import type { Workspace } from './workspace.js';

/** Prices and benchmark are read again from the dataset version that the run read. */
type WithoutPrices<T> = Omit<T, 'prices' | 'benchmark'>;

/** What is kept of a run so that its report can be drawn again: everything but the market data. */
export type KeptReport = { readonly version: 1; readonly dataset: string } & (
  | { readonly kind: 'backtest'; readonly input: WithoutPrices<TearsheetInput> }
  | { readonly kind: 'walkforward'; readonly input: WithoutPrices<WalkForwardReportInput> }
  | { readonly kind: 'sweep'; readonly input: SweepReportInput }
  | { readonly kind: 'friction'; readonly input: FrictionReportInput }
  | { readonly kind: 'crossvalidate'; readonly input: CrossValidationReportInput }
);

const FILE = 'report-input.json.gz';

/** Columns as base64 of their bytes, numbers that JSON lacks by name: both come back exactly. */
const encode = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Float64Array) return { $float64: Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('base64') };
    return typeof item === 'number' && !Number.isFinite(item) ? { $number: String(item) } : item;
  });

const decode = (text: string): unknown =>
  JSON.parse(text, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if ('$float64' in item && typeof item.$float64 === 'string')
      return new Float64Array(new Uint8Array(Buffer.from(item.$float64, 'base64')).buffer);
    return '$number' in item ? Number(item.$number) : item;
  });

/** Keep it in the run's folder. */
export const keepReport = async (folder: string, kept: KeptReport): Promise<void> =>
  writeFileDurably(join(folder, FILE), await promisify(gzip)(encode(kept), { level: 4 }));

/** What an earlier run kept. Throws when it kept nothing, or in a form of another release. */
export const readKeptReport = async (folder: string, runId: string): Promise<KeptReport> => {
  const packed = await readFile(join(folder, FILE)).catch(() => undefined);
  if (packed === undefined)
    throw failed(
      'nothing-kept',
      `Run ${runId} kept nothing to draw its report from.`,
      'Run it again with the command in its manifest.json.',
    );
  const kept = decode((await promisify(gunzip)(packed)).toString()) as KeptReport;
  if (kept.version !== 1)
    throw failed('unknown-format', `Run ${runId} was written by another release.`, 'Run it again with the command in its manifest.json.');
  return kept;
};

const NO_CLOSES: Closes = { ts: new Float64Array(0), close: new Float64Array(0) };

/** Closes of those symbols whose prices are drawn, by symbol: a hundred symbols over a year of minutes would fill the memory. */
const pricesOf = async (
  dataset: Dataset,
  symbols: readonly string[],
  outcome: Pick<Outcome, 'fills'>,
  timeframe: string,
  from: number,
  to: number,
): Promise<Readonly<Record<string, Closes>>> => {
  const drawn = drawnSymbols(symbols, outcome).map(({ symbol }) => symbol);
  const loaded = await loadCloses(dataset, drawn, timeframe, from, to);
  return Object.fromEntries(symbols.map(symbol => [symbol, loaded.get(symbol) ?? NO_CLOSES]));
};

/** The first symbol that traded over all of the run, bought and held; one that was listed later or delisted before cannot be. */
const benchmarkOf = async (
  dataset: Dataset,
  symbols: readonly string[],
  prices: Readonly<Record<string, Closes>>,
  timeframe: string,
  from: number,
  to: number,
): Promise<Benchmark | undefined> => {
  const ms = timeframeMs(timeframe);
  for (const symbol of symbols) {
    const entry = findSeries(dataset, { symbol, kind: 'bars', timeframe });
    // Bars of a series that begins later or ends earlier need not be looked at.
    if (entry.from > from || entry.to + ms < to - WEEK) continue;
    const drawn = prices[symbol] ?? NO_CLOSES;
    const closes = drawn.ts.length > 0 ? drawn : ((await loadCloses(dataset, [symbol], timeframe, from, to)).get(symbol) ?? NO_CLOSES);
    const { ts } = closes;
    if (ts.length > 1 && (ts[0] ?? NaN) <= from + ms && (ts.at(-1) ?? NaN) >= to - WEEK)
      return { name: `${symbol.split('/')[0]} buy and hold, price only`, ts, price: closes.close };
  }
  return undefined;
};

/** The report as a document: what charts it has, and what its page is made from. */
export const documentOf = async (workspace: Workspace, kept: KeptReport): Promise<ReportDocument> => {
  if (kept.kind === 'friction') return frictionDocument(kept.input);
  if (kept.kind === 'sweep') return sweepDocument(kept.input);
  if (kept.kind === 'crossvalidate') return crossValidationDocument(kept.input);
  const { config } = kept.kind === 'backtest' ? kept.input.result.manifest : kept.input.manifest;
  const outcome = kept.kind === 'backtest' ? kept.input.result : kept.input.stitched;
  const { curve } = outcome;
  const ms = timeframeMs(config.timeframe);
  const from = (curve.ts[0] ?? config.from) - ms;
  const to = curve.ts[curve.length - 1] ?? config.to;
  const dataset = await openDataset(workspace.root, kept.dataset);
  const prices = await pricesOf(dataset, config.symbols, outcome, config.timeframe, from, to);
  const benchmark = await benchmarkOf(dataset, config.symbols, prices, config.timeframe, from, to);
  const drawn = { prices, ...(benchmark && { benchmark }) };
  return kept.kind === 'backtest' ? tearsheetDocument({ ...kept.input, ...drawn }) : walkForwardDocument({ ...kept.input, ...drawn });
};

/** Draw the report into the run's folder; returns its path. */
export const drawReport = async (workspace: Workspace, folder: string, kept: KeptReport): Promise<string> => {
  const file = join(folder, 'report.html');
  await writeFileDurably(file, renderReport(await documentOf(workspace, kept)));
  return file;
};

/** Both: keep it, then draw it. */
export const keepAndDraw = async (workspace: Workspace, folder: string, kept: KeptReport): Promise<string> => {
  await keepReport(folder, kept);
  return drawReport(workspace, folder, kept);
};
