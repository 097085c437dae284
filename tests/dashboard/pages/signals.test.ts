import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForecastView } from '../../../src/dashboard/api/accounts-api.js';
import { newestSignals, widestRange } from '../../../src/dashboard/web/signals/newest-signals.js';
import { weightRows } from '../../../src/dashboard/web/signals/weight-rows.js';

type Signal = ForecastView['signals'][number];

const signal = (seq: number, symbol: string, more: Partial<Signal> = {}): Signal => ({
  seq,
  ts: seq * 1000,
  symbol,
  direction: 'long',
  confidence: 0.6,
  riskScore: 0.1,
  horizon: 24,
  mean: 0.01,
  sd: 0.02,
  ...more,
});

const view = (strategy: string, signals: readonly Signal[]): ForecastView => ({
  strategy,
  signals: [...signals],
  weights: [],
  models: [],
  drift: [],
  plans: [],
  size: null,
});

describe('newest forecasts', () => {
  it('are one for each strategy and symbol, the last that was given, in an order that new ones do not change', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 }), seqs => {
        const signals = seqs.map(seq => signal(seq, seq % 2 === 0 ? 'BTC' : 'ETH'));
        const rows = newestSignals([view('b', signals), view('a', signals)]);
        expect(rows.map(({ symbol, strategy, seq }) => `${symbol} ${strategy} ${seq}`)).toEqual([
          'BTC a 8',
          'BTC b 8',
          'ETH a 7',
          'ETH b 7',
        ]);
      }),
    );
  });

  it('are those of one strategy where one is chosen', () => {
    expect(newestSignals([view('a', [signal(1, 'BTC')]), view('b', [signal(2, 'BTC')])], 'b').map(({ strategy }) => strategy)).toEqual([
      'b',
    ]);
  });

  it('share a scale that holds the widest of them', () => {
    const rows = newestSignals([view('a', [signal(1, 'BTC', { mean: -0.03, sd: 0.01 }), signal(2, 'ETH', { mean: NaN })])]);
    expect(widestRange(rows)).toBeCloseTo(0.04);
    expect(widestRange([])).toBe(0);
  });
});

describe('weights over time', () => {
  it('have every model at every time, so that the stack has no hole', () => {
    const rows = weightRows([
      { ts: 1, weights: { a: 1 } },
      { ts: 2, weights: { a: 0.4, b: 0.6 } },
    ]);
    expect(rows).toEqual([
      { ts: 1, model: 'a', weight: 1 },
      { ts: 1, model: 'b', weight: 0 },
      { ts: 2, model: 'a', weight: 0.4 },
      { ts: 2, model: 'b', weight: 0.6 },
    ]);
  });

  it('are thinned where there are very many, with the first and the newest kept, and carried on to now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), count => {
        const rows = weightRows(
          Array.from({ length: count }, (_, ts) => ({ ts, weights: { a: 1 } })),
          count + 10,
        );
        expect(rows.length).toBeLessThanOrEqual(401);
        expect(rows[0]?.ts).toBe(0);
        expect(rows.at(-2)?.ts).toBe(count - 1);
        expect(rows.at(-1)?.ts).toBe(count + 10);
        expect(rows.every(({ ts }, at) => at === 0 || ts >= rows[at - 1]!.ts)).toBe(true);
      }),
    );
    expect(weightRows([])).toEqual([]);
  });
});
