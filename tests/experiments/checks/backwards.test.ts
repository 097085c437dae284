import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../../src/engine/run-config.js';
import { leakChecks } from '../../../src/experiments/checks/leak-checks.js';
import type { LeakResult } from '../../../src/experiments/checks/leak-check.js';
import { sma } from '../../../src/features/trend/sma.js';
import { order, target } from '../../../src/strategies/intent.js';
import { defineStrategy, type Strategy } from '../../../src/strategies/strategy.js';
import { HOUR } from '../../../src/time.js';
import { smallMarket } from '../../arbitraries/market.js';

const { config, instruments, chunks } = smallMarket(5, 24 * 20, 2, {});

const bars = chunks.find(({ kind, symbol }) => kind === 'bars' && symbol === 'A/USDT:USDT')!;
/** What somebody who has seen the history writes into the code: whether each six hours went up. It does not change with the data. */
const TABLE = new Map(
  Array.from({ length: Math.floor(bars.rows / 6) }, (_, k) => [
    bars.ts[6 * k]!,
    Math.sign(bars.columns[3]![Math.min(bars.rows - 1, 6 * k + 5)]! - bars.columns[0]![6 * k]!),
  ]),
);
const hindsight = (at: number): number => TABLE.get(at - ((at - bars.ts[0]!) % (6 * HOUR))) ?? 0;

const causality = async (strategy: Strategy, change: Partial<RunConfig> = {}): Promise<LeakResult> => {
  const subject = { strategyOn: () => strategy, params: {}, config: { ...config, ...change }, instruments, chunks };
  const results = await leakChecks(subject, { only: ['causality'], cuts: 3 });
  return results.find(({ id }) => id === 'causality')!;
};
const named = (name: string, rest: Omit<Strategy, 'name' | 'params'>): Strategy =>
  defineStrategy({ name, params: {}, ...rest } as Strategy);

describe('replacing the future', () => {
  it.each([
    ['targets', named('table', { decide: bar => target(bar.symbol, 0.3 * hindsight(bar.ts)) })],
    [
      'orders',
      named('table-orders', {
        decide: bar => {
          const side = hindsight(bar.ts);
          if (side === hindsight(bar.ts - HOUR)) return undefined;
          return order({ symbol: bar.symbol, side: side > 0 ? 'buy' : 'sell', quantity: 1 });
        },
      }),
    ],
    ['the hour of the day', named('calendar', { decide: bar => target(bar.symbol, (bar.ts / HOUR) % 24 < 12 ? 0.3 : 0) })],
  ])('says nothing of a strategy that goes by a table, and does not claim to: %s', async (_, strategy) => {
    const { verdict, sentence } = await causality(strategy);
    expect([verdict, sentence]).toEqual(['untested', expect.stringContaining('backwards') as string]);
  });

  it.each([
    [
      'an average',
      named('average', {
        indicators: () => ({ mean: sma(12) }),
        decide: (bar, { mean }) => target(bar.symbol, bar.close > (mean as number) ? 0.3 : 0),
      }),
    ],
    ['the last bar', named('last', { decide: bar => target(bar.symbol, bar.close > bar.open ? 0.3 : -0.3) })],
    ['one side in a rare storm', named('rare', { decide: bar => target(bar.symbol, bar.high / bar.low > 1.03 ? 0 : 0.3) })],
    ['nothing: it buys and holds', named('holds', { decide: bar => target(bar.symbol, 0.3) })],
    [
      'the last bar, and throws on any other market',
      named('picky', {
        decide: bar => {
          const open = bars.columns[0]![(bar.openTime - bars.ts[0]!) / HOUR];
          if (bar.symbol === bars.symbol && bar.open !== open) throw new Error('another market');
          return target(bar.symbol, bar.close > bar.open ? 0.3 : -0.3);
        },
      }),
    ],
  ])('is a test of a strategy that goes by %s', async (_, strategy) => {
    expect((await causality(strategy)).verdict).toBe('pass');
  });
});
