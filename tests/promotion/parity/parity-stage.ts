import { memoryFeed } from '../../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { RunResult } from '../../../src/engine/run-result.js';
import type { Fact } from '../../../src/events/fact.js';
import { certifyParity, type ParityInput } from '../../../src/promotion/parity/certify.js';
import { GAP_CAUSES, type ParityCertificate } from '../../../src/promotion/parity/certificate.js';
import { closingPrice } from '../../../src/promotion/parity/closing-price.js';
import { random } from '../../../src/random.js';
import { backtest } from '../../../src/sim/backtest.js';
import type { Decision } from '../../../src/strategies/intent.js';
import { target } from '../../../src/strategies/intent.js';
import { defineStrategy, type Context, type Strategy } from '../../../src/strategies/strategy.js';
import type { Bar } from '../../../src/events/market.js';
import { NO_RISK, stage, T0, type BarRow, type Scenario } from '../../engine/scenario.js';

export const MINUTE = 60_000;

/** A market of minutes that goes up and down by some basis points, in hundredths. */
export const walk = (seed: string, length: number, start = 100): (readonly [number, number, number, number, number])[] => {
  const dice = random(seed);
  let last = Math.round(start * 100);
  return Array.from({ length }, () => {
    const open = last + Math.round(dice.normal() * 2);
    const close = open + Math.round(dice.normal() * 12);
    const high = Math.max(open, close) + Math.abs(Math.round(dice.normal() * 6));
    const low = Math.min(open, close) - Math.abs(Math.round(dice.normal() * 6));
    last = close;
    return [open / 100, high / 100, low / 100, close / 100, 1e6];
  });
};

/** What a strategy does at a bar, with the closes that it has seen of the symbol, this one last. */
export type Deciding = (bar: Bar, seen: readonly number[], context: Context) => Decision;

/** A strategy with a memory of its own for each run. */
const strategyOf = (deciding: Deciding): Strategy =>
  defineStrategy({
    name: 'swing',
    params: {},
    memory: () => new Map<string, number[]>(),
    decide: (bar, _, context) => {
      const seen = context.memory.get(bar.symbol) ?? [];
      context.memory.set(bar.symbol, seen);
      seen.push(bar.close);
      return deciding(bar, seen, context);
    },
  });

/** Long above the close of some bars ago, short below. */
export const swing =
  (back = 7, exposure = 0.5): Deciding =>
  (bar, seen) => {
    const before = seen[seen.length - 1 - back];
    return before === undefined ? undefined : target(bar.symbol, bar.close > before ? exposure : -exposure);
  };

/** A base of costs that is modest and not nothing. */
export const BASE: Partial<RunConfig> = {
  fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.0005 },
  slippage: { kind: 'fixed-bps', bps: 1 },
  latency: { kind: 'constant', order: 50, cancel: 50, report: 20 },
  fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null },
  risk: NO_RISK,
  capital: 100_000,
};

export interface Trial {
  readonly bars: Readonly<Record<string, readonly BarRow[]>>;
  readonly deciding: Deciding;
  readonly config?: Partial<RunConfig>;
  readonly funding?: NonNullable<Scenario['funding']>;
}

const scenarioOf = ({ bars, config, funding }: Trial): Scenario => ({
  bars,
  timeframe: '1m',
  config: { ...BASE, ...(funding && { funding: { kind: 'settled' } }), ...config },
  ...(funding && { funding }),
  instruments: Object.fromEntries(Object.keys(bars).map(symbol => [symbol, { tickSize: 0.00001, lotSize: 0.001 }])),
});

/** The strategy over the bars under the base's costs, less what is changed. */
export const run = (trial: Trial): Promise<RunResult> => {
  const { chunks, config, instruments } = stage(scenarioOf(trial));
  return backtest({ strategy: strategyOf(trial.deciding), params: {}, bundle: 'test', config, instruments, feed: memoryFeed(chunks) });
};

/** The certificate of a session that is a run itself, beside other runs. */
export const certify = (
  trial: Trial,
  journal: readonly Fact[],
  replay: readonly Fact[],
  more: Partial<ParityInput> = {},
): ParityCertificate => {
  const { chunks, instruments, config } = stage(scenarioOf(trial));
  return certifyParity({
    account: 'paper',
    venue: 'test',
    practice: true,
    mode: 'paper',
    strategy: 'swing',
    bundle: 'test',
    promotion: null,
    manifest: '',
    synthetic: true,
    from: T0,
    to: config.to,
    capture: { dataset: 'capture', version: '1' },
    reference: null,
    tolerance: { bps: 5, unexplained: 0.2 },
    instruments,
    barMs: MINUTE,
    journal,
    replay,
    recorded: null,
    opening: new Map(),
    close: closingPrice(chunks, '1m'),
    market: null,
    assumed: [],
    ...more,
  });
};

/** Units of 1e-8 by which the causes miss the gap. */
export const missing = ({ gap }: ParityCertificate): number =>
  GAP_CAUSES.reduce((sum, cause) => sum + Math.round(gap.causes[cause] * 1e8), 0) - Math.round(gap.total * 1e8);

/** Units by which pairs, settlements and what was carried miss the causes, but for data. */
export const missingOf = (made: ParityCertificate): number => {
  const whole = (value: number): number => Math.round(value * 1e8);
  return GAP_CAUSES.filter(cause => cause !== 'data').reduce((most, cause) => {
    const parts =
      whole(made.carried[cause]) +
      made.settlements.reduce((sum, { gap }) => sum + whole(gap[cause]), 0) -
      made.pairs.reduce((sum, { gap }) => sum + whole(gap[cause]), 0);
    return Math.max(most, Math.abs(parts - whole(made.gap.causes[cause])));
  }, 0);
};
