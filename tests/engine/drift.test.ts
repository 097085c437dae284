import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunResult } from '../../src/engine/run-result.js';
import { defaultDriftRules } from '../../src/models/drift/default-drift-rules.js';
import { random } from '../../src/random.js';
import { backtest } from '../../src/sim/backtest.js';
import { signal } from '../../src/strategies/intent.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { tinyRecipe } from '../arbitraries/forecasting-strategy.js';
import { smallMarket, type SmallMarket } from '../arbitraries/market.js';

const TURN = 900;
const BARS = 1500;

/**
 * Stretches of five bars: a hint, then four bars that go its way. From bar `turn` on they go the other way. Whoever has learned the first half is then surely and confidently wrong.
 */
const turningMarket = (seed: number, turn: number): SmallMarket => {
  const market = smallMarket(seed, BARS, 2);
  // Mark prices of the market that it was made from would liquidate what is held in this one.
  const kept = market.chunks.filter(({ kind }) => kind !== 'mark');
  const chunks = kept.map(chunk => {
    if (chunk.kind !== 'bars') return chunk;
    const draw = random(`${seed}/turning/${chunk.symbol}`);
    const columns = chunk.columns.map(column => Float64Array.from(column));
    let price = 100;
    let way = 1;
    for (let i = 0; i < chunk.rows; i++) {
      const place = i % 5;
      if (place === 0) way = draw.next() < 0.5 ? -1 : 1;
      const move = place === 0 ? 0.01 * way : 0.004 * way * (i < turn ? 1 : -1);
      const open = price;
      price = Math.max(10, Math.round(10 * price * (1 + move + 0.001 * draw.normal())) / 10);
      columns[0]![i] = open;
      columns[1]![i] = Math.max(open, price);
      columns[2]![i] = Math.min(open, price);
      columns[3]![i] = price;
      columns[4]![i] = 1e6;
    }
    return { ...chunk, columns };
  });
  return { ...market, chunks, config: { ...market.config, funding: { kind: 'none' } } };
};

const play = (market: SmallMarket): Promise<RunResult> =>
  backtest({
    strategy: defineStrategy({
      name: 'signals',
      params: {},
      forecasts: () =>
        tinyRecipe({
          drift: defaultDriftRules(),
          training: { modelRetrainEveryNSteps: 5000, historyLimit: 5000, minimumRows: 400, maximumAge: null },
        }),
      decide: (bar, _, { forecast }) => {
        const expected = forecast(bar.symbol);
        if (expected === undefined) return undefined;
        const { up, down, mean, sd, horizon } = expected;
        const direction = Math.abs(up - down) < 0.2 ? 'flat' : up > down ? 'long' : 'short';
        return signal({ symbol: bar.symbol, direction, confidence: Math.max(up, down) / (up + down), horizon, mean, sd });
      },
    }),
    params: {},
    bundle: 'test',
    config: market.config,
    instruments: market.instruments,
    feed: memoryFeed(market.chunks, { from: -Infinity, to: market.config.to }),
  });

describe('drift', () => {
  const start = turningMarket(3, TURN).chunks[0]!.ts[0]!;
  const turnedAt = start + TURN * HOUR;

  it('stops new entries soon after what was learned has turned against the models, and is a fact', async () => {
    const result = await play(turningMarket(3, TURN));
    const levels = result.facts.filter(fact => fact.type === 'DriftChanged' && fact.level === 'drift');
    const first = levels.find(fact => fact.ts > turnedAt)!;
    // Stated in default-drift-rules.ts: within 20 stretches of the horizon; two symbols are no slower than one.
    expect(first.ts - turnedAt).toBeLessThanOrEqual(20 * 4 * HOUR);
    const reducing = result.facts.find(fact => fact.type === 'RiskStateChanged' && fact.state === 'REDUCING' && fact.ts >= first.ts);
    expect(reducing?.ts).toBe(first.ts);
    expect(result.facts.some(fact => fact.type === 'SizeScaled' && fact.factor === 0 && fact.ts === first.ts)).toBe(true);
    const recovered =
      result.facts.find(fact => fact.type === 'RiskStateChanged' && fact.state === 'ACTIVE' && fact.ts > first.ts)?.ts ?? Infinity;
    const between = (ts: number): boolean => ts > first.ts && ts < recovered;
    // Something was traded before, and nothing is entered while it lasts.
    expect(result.facts.filter(fact => fact.type === 'TradePlanned' && fact.ts < turnedAt).length).toBeGreaterThan(20);
    expect(result.facts.filter(fact => fact.type === 'TradePlanned' && between(fact.ts))).toEqual([]);
    expect(recovered - first.ts).toBeGreaterThanOrEqual(3 * 4 * HOUR);
  });

  it('stays quiet where nothing changes', async () => {
    const result = await play(turningMarket(3, Infinity));
    expect(result.facts.filter(fact => fact.type === 'DriftChanged' && fact.level === 'drift')).toEqual([]);
    expect(result.facts.filter(fact => fact.type === 'TradePlanned').length).toBeGreaterThan(50);
  });
});
