import type { Dataset } from '../datasets/catalogue.js';
import type { RunConfig } from '../engine/run-config.js';
import { usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import { timeframeMs } from '../market/timeframe.js';
import type { FillOverrides } from './run-options.js';

/** Whether every symbol has data of a kind in the window; `slack` 0 and more: over all of it, but for so long at its ends. */
const hasAll = (dataset: Dataset, kind: MarketKind, symbols: readonly string[], { from, to }: RunConfig, slack = to - from): boolean =>
  symbols.every(symbol =>
    dataset.entries.some(
      e =>
        e.kind === kind &&
        e.symbol === symbol &&
        e.rows > 0 &&
        e.from <= from + slack &&
        e.to >= to - slack &&
        e.from <= to &&
        e.to >= from,
    ),
  );

/** The finest bars that every symbol has and that fit into the run's; undefined when there are none. */
const finestBars = (dataset: Dataset, symbols: readonly string[], timeframe: string): string | undefined => {
  const length = timeframeMs(timeframe);
  const fits = (frame: string): boolean => timeframeMs(frame) < length && length % timeframeMs(frame) === 0;
  const has = (symbol: string, frame: string): boolean =>
    dataset.entries.some(entry => entry.kind === 'bars' && entry.symbol === symbol && entry.timeframe === frame);
  const frames = new Set(dataset.entries.flatMap(({ kind, timeframe: frame }) => (kind === 'bars' && frame !== undefined ? [frame] : [])));
  return [...frames]
    .filter(frame => fits(frame) && symbols.every(symbol => has(symbol, frame)))
    .sort((a, b) => timeframeMs(a) - timeframeMs(b))[0];
};

/** The option behind each setting. */
const OPTION: Readonly<Record<string, string>> = {
  queue: '--queue',
  ownImpact: '--own-impact',
  path: '--path',
  limits: '--limits',
  participation: '--participation',
  finer: '--finer',
};

const NAME = { bars: 'bars', trades: 'trades', book: 'the order book' } as const;

/** Throws a usage error for finer bars that are not there, or do not fit into the run's. */
const requireFiner = (dataset: Dataset, symbols: readonly string[], timeframe: string, finer: string): void => {
  const [step, length] = [timeframeMs(finer), timeframeMs(timeframe)];
  const finest = finestBars(dataset, symbols, timeframe);
  const fix = `Use --finer ${finest === undefined ? '' : `${finest}, or --finer `}none.`;
  if (!(step < length) || length % step !== 0)
    throw usageError('bad-finer', `Bars of ${finer} do not fit inside those of ${timeframe}.`, fix);
  const lacking = symbols.filter(
    symbol => !dataset.entries.some(entry => entry.kind === 'bars' && entry.symbol === symbol && entry.timeframe === finer),
  );
  if (lacking.length > 0)
    throw usageError(
      'bad-finer',
      `Dataset "${dataset.id}" has no ${finer} bars of ${lacking.join(', ')} to walk inside those of ${timeframe}.`,
      fix,
    );
};

/** How fills are matched: the depth asked for, or the deepest that the data has for every symbol. Throws a usage error for a depth without data and for settings of another depth. */
export const fillsOf = (dataset: Dataset, config: RunConfig, wanted: FillOverrides, symbols: readonly string[]): RunConfig['fills'] => {
  const { kind, path, limits, participation, finer, queue, spreadBps, ownImpact } = wanted;
  const hasBook = hasAll(dataset, 'book', symbols, config);
  const hasTrades = hasAll(dataset, 'trades', symbols, config);
  // A few trades beside years of bars are no reason to match on them.
  const covers = (each: MarketKind): boolean => hasAll(dataset, each, symbols, config, 10 * timeframeMs(config.timeframe));
  const depth = kind ?? (covers('book') ? 'book' : covers('trades') ? 'trades' : 'bars');
  const lacking = depth === 'book' ? !hasBook : depth === 'trades' && !hasTrades;
  if (lacking)
    throw usageError(
      'missing-depth',
      `Dataset "${dataset.id}" has no ${depth === 'book' ? 'order book' : 'trades'} of ${symbols.join(', ')} in this window.`,
      `Import it with --kind ${depth}, or match on what there is with --depth bars.`,
    );
  const foreign = Object.entries(depth === 'bars' ? { queue, ownImpact, spreadBps } : { path, limits, participation, finer })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => OPTION[name] ?? name);
  if (foreign.length > 0) {
    const others = (depth === 'bars' ? (['book', 'trades'] as const) : (['bars'] as const)).filter(
      kindOfDepth => kindOfDepth === 'bars' || (kindOfDepth === 'book' ? hasBook : hasTrades),
    );
    const whose = depth === 'bars' ? 'a depth with single trades or an order book' : 'matching on bars';
    throw usageError(
      'wrong-depth',
      `${foreign.join(' and ')} ${foreign.length === 1 ? 'belongs' : 'belong'} to ${whose}, and this run matches on ${NAME[depth]}.`,
      others.length === 0
        ? `Leave it out: dataset "${dataset.id}" has no trades and no order book to match on in this window.`
        : `Leave it out, or use --depth ${others.join(' or --depth ')}.`,
    );
  }
  const chosen = queue ?? { kind: 'pessimistic' as const };
  if (depth === 'book') return { kind: 'book', queue: chosen, ownImpact: ownImpact ?? true };
  if (depth === 'trades') return { kind: 'trades', queue: chosen, spreadBps: spreadBps ?? spreadOf(config.slippage) };
  const inside = finer === 'none' ? undefined : (finer ?? finestBars(dataset, symbols, config.timeframe));
  if (finer !== undefined && inside !== undefined) requireFiner(dataset, symbols, config.timeframe, inside);
  const base = config.fills.kind === 'bars' ? config.fills : ({ path: 'pessimistic', limits: 'through', participation: 0.1 } as const);
  return {
    kind: 'bars',
    path: path ?? base.path,
    limits: limits ?? base.limits,
    participation: participation === undefined ? base.participation : participation,
    ...(inside === undefined ? {} : { finer: inside }),
  };
};

const spreadOf = (slippage: RunConfig['slippage']): number => ('spreadBps' in slippage ? slippage.spreadBps : 1);

/** The finer bars that a run walks, for its feed. */
export const finerBars = ({ fills }: Pick<RunConfig, 'fills'>): { readonly finer?: string } =>
  fills.kind === 'bars' && fills.finer !== undefined ? { finer: fills.finer } : {};
