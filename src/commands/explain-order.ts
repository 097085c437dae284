import { usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { Bar } from '../events/market.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { depthText } from '../reports/sections/fills.js';
import type { TraceEntry } from '../sim/matching/market.js';
import { effectiveLimits } from '../risk/limits-in-force.js';
import { formatTime } from '../time.js';
import { causesLines } from './causal-text.js';
import { forecastSteps, isOfDatum, type SeenBar } from './decision-steps.js';
import { chainTo, explainCauses, firstBar, type Causes, type ExplainedStream } from './explain-causes.js';
import { loadInputs, recordedFacts, recordedJournal, recordedManifest } from './recorded-run.js';
import { lifeLines } from './order-life-text.js';
import { orderLife, type LifeMoment } from './order-life.js';
import { orderVerdict, type Nearest } from './order-verdict.js';
import { rerun } from './rerun.js';
import { RUN_KINDS, runKind } from './run-kinds.js';
import { findRun, runManifests, type RunOnDisk } from './run-list.js';
import { present } from './terminal.js';
import { whySubject } from './why-subject.js';
import type { Workspace } from './workspace.js';

/** What `why --json` prints. */
interface Explanation {
  readonly runId: string;
  /** Null for a fact that is about no order. */
  readonly orderId: string | null;
  readonly symbol: string | null;
  /** The fact whose causes are told, by seq. */
  readonly fact: number;
  readonly depth: string;
  readonly causes: Causes;
  /** Why it filled or did not, in a sentence; null where no order was asked for. */
  readonly verdict: string | null;
  readonly life: readonly LifeMoment[];
  /** Bars in which something happened to it and the one that came nearest to its limit, for runs that matched on bars. */
  readonly bars: readonly Bar[];
  /** The way through a bar that was assumed; null for runs that did not match on bars. */
  readonly path: string | null;
}

const latestBacktest = async (workspace: Workspace): Promise<string> => {
  const runs = await runManifests(workspace);
  const found = runs.find(({ manifest }) => (runKind(manifest) ?? 'backtest') === 'backtest');
  if (found) return found.runId;
  throw usageError('no-run', 'No backtest is kept in this workspace.', 'Run one: quantai backtest sma-cross --dataset sample');
};

/** Throws a usage error for a run whose orders nobody kept. */
const requireOrders = ({ runId, manifest }: RunOnDisk): void => {
  const kind = runKind(manifest) ?? 'backtest';
  if (kind === 'backtest') return;
  throw usageError(
    'not-a-backtest',
    `Run ${runId} is ${RUN_KINDS[kind]}: it keeps no orders.`,
    'Run the strategy by itself, with the params of interest (quantai backtest …), and ask about that run.',
  );
};

const PATHS: Readonly<Record<string, string>> = {
  pessimistic: 'the extreme that is worse for what is held and what is at work first',
  adaptive: 'the shorter way through the bar',
  'nearest-first': 'the extreme nearer to the open first',
  'high-first': 'the high first',
  'low-first': 'the low first',
};

const lines = ({ runId, orderId, symbol, fact, depth, causes, verdict, life, bars, path }: Explanation): string =>
  [
    verdict === null
      ? `Fact ${fact}${symbol === null ? '' : ` of ${symbol}`} in ${runId}, matched on ${depth}`
      : `Order ${orderId} of ${symbol} in ${runId}, matched on ${depth}`,
    ...(verdict === null ? [] : [verdict]),
    '',
    ...causesLines(causes),
    ...(life.length > 0 ? ['', 'Its life, as the journal and the venue tell it:', ...lifeLines(life)] : []),
    ...(bars.length > 0
      ? [
          '',
          `The market that it met, as far as bars show it. Inside a bar the price is assumed to go to ${PATHS[path ?? ''] ?? path}:`,
          ...bars.map(
            bar =>
              `${formatTime(bar.openTime)}  ${bar.timeframe} bar: open ${bar.open}, high ${bar.high}, low ${bar.low}, close ${bar.close}, volume ${Number(bar.volume.toPrecision(9))}`,
          ),
        ]
      : []),
  ].join('\n');

/** A kept backtest with a journal, or the latest one. Throws a usage error for a run of another kind. */
export const runWithFacts = async (workspace: Workspace, wanted: string): Promise<RunOnDisk> => {
  const run = await findRun(workspace, wanted === 'latest' ? await latestBacktest(workspace) : wanted);
  requireOrders(run);
  return run;
};

/** Tell the causes and the life of an order, or of one of its fills, of a kept backtest. Throws a usage error for what the run does not have, and for a name that several orders had. */
export const explainInRun = async (
  args: { readonly json: boolean; readonly subject: string },
  workspace: Workspace,
  run: RunOnDisk,
): Promise<void> => {
  const recorded = await recordedFacts(recordedJournal(run));
  const { runId } = run;
  const subject = whySubject(
    recorded,
    args.subject,
    `run ${runId}`,
    `See its orders: quantai sql "SELECT order_id, symbol, side, type, ended FROM orders WHERE run_id = '${runId}'"`,
  );
  const manifest = recordedManifest(run);
  const { config, instruments } = manifest;
  const { fills, timeframe } = config;
  const limits = effectiveLimits(config.risk);
  const stream: ExplainedStream = {
    facts: recorded,
    instruments,
    capital: config.capital,
    hedge: config.margin?.positions === 'hedge',
    timeframe: checkedTimeframe(timeframe),
    barDelayMs: config.delays.bars,
    limitsAt: () => limits,
  };
  const chain = chainTo(stream, subject.seq);
  const datum = firstBar(chain);
  const { orderId, symbol, seq } = subject;
  const trace: TraceEntry[] = [];
  const seen: SeenBar[] = [];
  const { facts } = await rerun(
    workspace,
    run,
    manifest,
    recorded,
    entry => {
      if (entry.orderId === orderId) trace.push(entry);
    },
    (bar, values) => {
      if (datum !== null && isOfDatum(bar, datum)) seen.push({ bar, values });
    },
  );
  const forecasts = datum === null ? [] : await forecastSteps(run.folder, datum.symbol ?? '', chain[0]?.fact.ts ?? NaN);
  const causes = explainCauses(stream, seq, seen, forecasts);
  const said = { runId, orderId, symbol, fact: seq, depth: depthText(fills), causes };
  const instrument = instruments.find(each => each.symbol === symbol);
  // What no order of ours asked for has causes, and no life.
  const isAsked =
    orderId !== null && instrument !== undefined && recorded.some(fact => fact.type === 'OrderApproved' && fact.ticket.orderId === orderId);
  if (!isAsked) return present(args, { ...said, verdict: null, life: [], bars: [], path: null } satisfies Explanation, lines);
  const life = orderLife(facts, trace, { orderId, symbol: instrument.symbol }, instrument);
  const met =
    fills.kind === 'bars'
      ? await barsMet(
          workspace,
          manifest.inputs.filter(i => i.kind === 'bars' && i.symbol === symbol && i.timeframe === timeframe),
          life,
          facts.find(fact => fact.type === 'OrderApproved' && fact.ticket.orderId === orderId),
        )
      : { bars: [], nearest: null };
  const explanation: Explanation = {
    ...said,
    verdict: orderVerdict(life, met.nearest),
    life,
    bars: met.bars,
    path: fills.kind === 'bars' ? fills.path : null,
  };
  present(args, explanation, lines);
};

/** Bars of the run in which the order reached the venue, triggered, filled or ended, and of a limit order that rested the one that came nearest to its limit. */
const barsMet = async (
  workspace: Workspace,
  inputs: Parameters<typeof loadInputs>[1],
  life: readonly LifeMoment[],
  approved: Fact | undefined,
): Promise<{ readonly bars: readonly Bar[]; readonly nearest: Nearest | null }> => {
  const atVenue = life.filter(({ event }) => !['intent', 'approved', 'sent', 'cancel sent', 'amend sent'].includes(event));
  const [begun = Infinity, ended = -Infinity] = [atVenue[0]?.ts, atVenue.at(-1)?.ts];
  const side = approved?.type === 'OrderApproved' && approved.ticket.type === 'limit' ? approved.ticket.side : null;
  const limit = life.find(({ event }) => event === 'approved')?.price ?? NaN;
  const rested = atVenue.some(({ event }) => event === 'rested');
  const loaded = await loadInputs(workspace, inputs);
  const bars: Bar[] = [];
  let closest: Bar | undefined;
  for (const { chunk } of loaded) {
    const length = timeframeMs(chunk.timeframe ?? '');
    for (let row = 0; row < chunk.rows; row++) {
      const openTime = chunk.ts[row] ?? NaN;
      if (openTime > ended || openTime + length < begun) continue;
      const column = (k: number): number => chunk.columns[k]?.[row] ?? NaN;
      const bar: Bar = {
        symbol: chunk.symbol,
        timeframe: chunk.timeframe ?? '1h',
        openTime,
        ts: openTime + length,
        open: column(0),
        high: column(1),
        low: column(2),
        close: column(3),
        volume: column(4),
      };
      const isWithin = openTime < ended && bar.ts > begun;
      if (isWithin && (closest === undefined || (side === 'buy' ? bar.low < closest.low : bar.high > closest.high))) closest = bar;
      // What happens at a close belongs to the bar that ends then, but a fill at the open to the bar that opens.
      if (atVenue.some(({ ts, event }) => (ts > openTime && ts <= bar.ts) || (ts === openTime && event === 'filled'))) bars.push(bar);
    }
  }
  if (side === null || closest === undefined || !rested || atVenue.some(({ event }) => event === 'filled')) return { bars, nearest: null };
  const seen = bars.some(({ openTime }) => openTime === closest.openTime);
  return {
    bars: seen ? bars : [...bars, closest].sort((a, b) => a.openTime - b.openTime),
    nearest: { extreme: side === 'buy' ? 'lowest' : 'highest', price: side === 'buy' ? closest.low : closest.high, limit },
  };
};
