import { createHash } from 'node:crypto';
import { badData, didYouMean, failed, usageError } from '../errors.js';
import { checkOwnDatasetId } from '../datasets/layout.js';
import { runChecks } from '../datasets/quality/checks.js';
import type { Finding, Imported } from '../datasets/series.js';
import { writeDataset } from '../datasets/write.js';
import { holesOf, PULLED_KINDS, pulledSeries, pullPages, type PulledKind, type PullRequest } from '../live/feed/pulled-series.js';
import { requestBudget, type RequestBudget } from '../live/feed/request-budget.js';
import type { LiveClock } from '../live/live-clock.js';
import { VenueFailure, type VenueHistory, type VenueMarket } from '../live/venue-transport.js';
import type { Instrument } from '../market/instrument.js';
import { barStart, timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { formatTime, HOUR, parseTime } from '../time.js';
import { findingCounts, findingLines } from './findings.js';
import { grouped } from './figures.js';
import { startProgress, type Progress } from './progress.js';
import { pullPagesIn } from './pull-pages.js';
import { seriesLine, seriesSummary } from './series-summary.js';
import { present, say, terminal } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';
import type { PullArguments } from './data-pull.js';

/** A venue's public history, open for asking. */
export interface PullSource {
  readonly venue: string;
  /** True for a practice exchange: what it gives is generated. */
  readonly synthetic: boolean;
  readonly clock: LiveClock;
  readonly history: VenueHistory;
  markets(): Promise<readonly VenueMarket[]>;
  /** Market time at the venue: what has closed by then is complete. */
  now(): Promise<number>;
  close(): Promise<void>;
}

const kindsOf = (text: string): PulledKind[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')
    .map(word => {
      const kind = PULLED_KINDS.find(each => each === word);
      if (kind === undefined)
        throw usageError(
          'bad-option',
          `--kind knows no "${word}".${didYouMean(word, PULLED_KINDS)}`,
          `It takes ${PULLED_KINDS.join(', ')}.`,
        );
      return kind;
    });

const instrumentsOf = (markets: readonly VenueMarket[], symbols: readonly string[], venue: string): Instrument[] =>
  symbols.map(symbol => {
    const found = markets.find(({ instrument }) => instrument.symbol === symbol);
    if (found) return found.instrument;
    const near = didYouMean(
      symbol,
      markets.map(({ instrument }) => instrument.symbol),
    );
    throw usageError(
      'unknown-symbol',
      `${venue} has no ${symbol}.${near}`,
      'Write it as ccxt does: BTC/USDT:USDT is the linear perpetual.',
    );
  });

/** What a pull works with. */
interface Pull {
  readonly source: PullSource;
  readonly workspace: Workspace;
  readonly budget: RequestBudget;
  readonly resume: boolean;
  readonly now: number;
  /** So much of the time asked for has been looked at; `reused`: before this command began. */
  readonly advance: (ms: number, isReused?: boolean) => void;
}

/** Rows of one series: what was kept, what comes, and a second look at every hole. */
const rowsOf = async (request: PullRequest, { source, workspace, budget, resume, advance }: Pull) => {
  const pages = await pullPagesIn(workspace, source.venue, request, resume);
  if (pages.isThere && !resume)
    say(`An interrupted pull of ${request.kind} of ${request.symbol} is given up; --resume would have gone on with it.`);
  const rows = [...pages.kept.rows];
  const begin = pages.kept.through + 1;
  advance(Math.min(begin, request.to) - request.from, true);
  let at = begin;
  if (begin < request.to)
    for await (const page of pullPages({ ...request, from: begin }, { history: source.history, budget })) {
      await pages.keep(page);
      rows.push(...page.rows);
      advance(Math.min(page.through + 1, request.to) - at);
      at = Math.min(page.through + 1, request.to);
      terminal().signal.throwIfAborted();
    }
  const times = rows.map(([ts = NaN]) => ts).sort((a, b) => a - b);
  let repaired = 0;
  for (const [from, to] of holesOf(request, times))
    for await (const page of pullPages({ ...request, from, to: to + 1 }, { history: source.history, budget })) {
      rows.push(...page.rows);
      repaired += page.rows.length;
    }
  return { rows, repaired, resumed: pages.kept.rows.length, forget: pages.forget };
};

const importedOf = (
  request: PullRequest,
  rows: readonly (readonly number[])[],
  instrument: Instrument,
  interval: number,
  { source, now }: Pull,
): Imported | null => {
  const file = `${source.venue} history`;
  const { series, findings } = pulledSeries(request, rows, { now, interval, file });
  if (series.rows === 0) return null;
  const step = request.kind === 'funding' ? NaN : (series.ts[1] ?? NaN) - (series.ts[0] ?? NaN);
  const context = {
    file,
    exchange: instrument.exchange,
    step: request.kind === 'bars' ? timeframeMs(request.timeframe) : step,
    naive: false,
    locate: () => ({ file }),
  };
  const hash = createHash('sha256');
  for (const column of [series.ts, ...series.columns]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  const compared: Finding = {
    code: 'not-compared',
    severity: 'info',
    file,
    symbol: series.symbol,
    kind: series.kind,
    count: series.rows,
    message: 'Not compared with a second source. Use data check --against.',
  };
  return {
    series,
    instrument,
    source: {
      file,
      sha256: hash.digest('hex'),
      bytes: 0,
      rows: series.rows,
      reading: {
        format: 'venue history',
        venue: source.venue,
        kind: series.kind,
        from: formatTime(request.from),
        to: formatTime(request.to),
      },
    },
    findings: [...findings, ...runChecks(series, context), compared],
    synthetic: source.synthetic,
  };
};

/** A page that the venue refused is the user's to know; one that never came is no fault of the command. */
const explained = (error: unknown): unknown => {
  if (!(error instanceof VenueFailure)) return error;
  return error.kind === 'refused' || error.kind === 'absent'
    ? usageError('refused-by-venue', error.message)
    : failed('venue-failed', `The venue did not answer: ${error.message}`, 'What has arrived is kept: run it again with --resume.');
};

/**
 * `quantai data pull`: pages through a venue's history within a request budget and writes it as a new version of a dataset. Pages are kept until the version is written, so that an interrupted pull goes on with
 * `--resume`. What is running is never asked for, holes are asked for a second time, and what the venue has not stays a gap with its finding.
 */
export const runDataPull = async (args: PullArguments, open: (symbols: readonly string[]) => Promise<PullSource>): Promise<void> => {
  checkOwnDatasetId(args.dataset);
  const workspace = workspaceAt(args.workspace);
  const timeframe = checkedTimeframe(args.timeframe);
  const kinds = kindsOf(args.kind);
  const symbols = [...new Set(args.symbols.split(',').map(symbol => symbol.trim()))].filter(symbol => symbol !== '');
  if (kinds.length === 0 || symbols.length === 0) throw usageError('bad-option', 'Say which --symbols and --kind to pull.');
  if (!(args['weight-per-minute'] > 0)) throw usageError('bad-option', `--weight-per-minute is above 0, not ${args['weight-per-minute']}.`);
  const from = parseTime(args.from);
  const until = args.to === undefined ? Infinity : parseTime(args.to);
  if (!(from < until)) throw usageError('bad-window', `There is nothing between ${args.from} and ${args.to}.`, 'Give --to after --from.');
  const source = await open(symbols);
  const { signal } = terminal();
  let bar: Progress | null = null;
  try {
    const instruments = instrumentsOf(await source.markets(), symbols, source.venue);
    const now = await source.now();
    const requests = instruments.flatMap(({ symbol }) =>
      kinds.map((kind): PullRequest => {
        const length = kind === 'funding' || kind === 'open-interest' ? 1 : timeframeMs(timeframe);
        return {
          kind,
          symbol,
          timeframe,
          from: length === 1 ? from : barStart(from + length - 1, length),
          to: Math.min(until, barStart(now, length)),
        };
      }),
    );
    const total = requests.reduce((sum, each) => sum + Math.max(0, each.to - each.from), 0);
    if (total <= 0)
      throw usageError('bad-window', `Nothing was complete between ${args.from} and now (${formatTime(now)}).`, 'Give an earlier --from.');
    const progress = await startProgress(args, 'pulling', Math.round(total / HOUR), 'h of history');
    bar = progress;
    let [done, reused] = [0, 0];
    const budget = requestBudget({ clock: source.clock, weightPerMinute: args['weight-per-minute'], signal });
    const pulled: { imported: Imported; repaired: number; resumed: number }[] = [];
    const forget: (() => Promise<void>)[] = [];
    for (const request of requests) {
      const instrument = instruments.find(({ symbol }) => symbol === request.symbol);
      if (instrument === undefined || !(request.from < request.to)) continue;
      const pull: Pull = {
        source,
        workspace,
        budget,
        resume: args.resume,
        now,
        advance: (ms, isReused = false) => {
          done += ms;
          if (isReused) reused += ms;
          progress.update(
            Math.round(done / HOUR),
            `${request.kind} ${request.symbol}`,
            Math.round(total / HOUR),
            Math.round(reused / HOUR),
          );
        },
      };
      const got = await rowsOf(request, pull);
      forget.push(got.forget);
      const interval = request.kind === 'funding' ? await budget.ask(1, () => source.history.fundingInterval(request.symbol)) : NaN;
      const imported = importedOf(request, got.rows, instrument, interval, pull);
      if (imported !== null) pulled.push({ imported, repaired: got.repaired, resumed: got.resumed });
    }
    progress.stop();
    if (pulled.length === 0) {
      for (const drop of forget) await drop();
      throw badData(
        'no-rows',
        `${source.venue} has nothing of that between ${args.from} and ${args.to ?? 'now'}.`,
        'Check symbols, kinds and window.',
      );
    }
    const manifest = await writeDataset(
      workspace.root,
      args.dataset,
      pulled.map(({ imported }) => imported),
    );
    for (const drop of forget) await drop();
    const findings = pulled.flatMap(({ imported }) => imported.findings);
    if (!args.json) for (const line of findingLines(findings, 12)) say(line);
    if (source.synthetic) say('From the practice exchange: generated data. Every chart of it will say so.');
    present(
      args,
      {
        dataset: manifest.id,
        version: manifest.version,
        synthetic: source.synthetic,
        requests: budget.requests,
        waitedMs: budget.waited,
        series: pulled.map(({ imported: { series, findings: found }, repaired, resumed }) => ({
          ...seriesSummary(series),
          resumed,
          repaired,
          findings: found,
        })),
      },
      result =>
        [
          ...result.series.map(seriesLine),
          `Findings: ${findingCounts(findings)}`,
          `Dataset ${result.dataset}@${result.version.slice(0, 12)} has them, by ${grouped(result.requests)} requests`,
        ].join('\n'),
    );
  } catch (error) {
    if (signal.aborted) say('What has arrived is kept: run it again with --resume.');
    throw explained(error);
  } finally {
    bar?.stop();
    await source.close();
  }
};
