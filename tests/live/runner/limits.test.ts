import { describe, expect, it } from 'vitest';
import { keptLimitsText } from '../../../src/commands/session-limits.js';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { Fact } from '../../../src/events/fact.js';
import { engineRunner } from '../../../src/live/runner/engine-runner.js';
import type { RunnerStart } from '../../../src/live/runner/strategy-runner.js';
import { keptLimits } from '../../../src/risk/limits-in-force.js';
import type { RiskLimits } from '../../../src/risk/limits.js';
import { simulatedExchange } from '../../../src/sim/exchange-rules.js';
import { order } from '../../../src/strategies/intent.js';
import { defineStrategy } from '../../../src/strategies/strategy.js';
import { A, NO_RISK, stage, T0, type BarRow } from '../../engine/scenario.js';

const HOUR = 3_600_000;

/** Buys one unit worth 100 at each of four bars, and at the third the limits change: what came of each. */
const buys = (risk: RunConfig['risk'], start: Pick<RunnerStart, 'limits'>, change: RiskLimits | null): readonly string[] => {
  const flat: BarRow = [100, 101, 99, 100, 1_000];
  const { chunks, config, instruments } = stage({
    bars: { [A]: Array.from({ length: 6 }, () => flat) },
    config: { from: T0 + HOUR, risk },
  });
  const facts: Fact[] = [];
  const hear = (output: { readonly facts: readonly Fact[]; readonly failure: string | null }): void => {
    expect(output.failure).toBeNull();
    facts.push(...output.facts);
  };
  const runner = engineRunner({
    tag: 'buyer',
    account: 'paper',
    strategy: defineStrategy({
      name: 'buyer',
      params: {},
      decide: ({ symbol }) => order({ symbol, side: 'buy', quantity: 1 }),
    }),
    params: {},
    config,
    instruments,
    manifestHash: '',
    inputs: [],
    venueOf: run => {
      const venue = simulatedExchange(run, instruments, []);
      return { venue, costs: venue.rules, feedLatency: () => 0 };
    },
  });
  const [chunk] = chunks;
  if (!chunk) throw new Error('no bars');
  const rows = (i: number) => ({
    ...chunk,
    rows: 1,
    ts: chunk.ts.slice(i, i + 1),
    columns: chunk.columns.map(column => column.slice(i, i + 1)),
  });
  runner.start({ history: [rows(0)], from: T0 + HOUR, state: null, epoch: 1, ...start }, hear);
  for (let i = 1; i < 5; i++) {
    const now = T0 + (i + 1) * HOUR;
    if (i === 3 && change !== null) runner.deliver({ input: 'limits', limits: change, now }, hear);
    runner.deliver({ input: 'market', chunks: [rows(i)], now }, hear);
  }
  return facts.flatMap(fact => (fact.type === 'OrderApproved' ? ['bought'] : fact.type === 'IntentDenied' ? [fact.code] : []));
};

describe("a strategy's own gate", () => {
  const refused = 'max-order-notional';
  const tight: RiskLimits = { ...NO_RISK, maxOrderNotional: 50 };

  it('goes by the limits in force at its start, and not by those that it is configured with', () => {
    expect(buys(NO_RISK, {}, null)).toEqual(['bought', 'bought', 'bought', 'bought']);
    expect(buys(NO_RISK, { limits: tight }, null)).toEqual([refused, refused, refused, refused]);
    expect(buys({ ...NO_RISK, maxOrderNotional: 50 }, { limits: NO_RISK }, null)).toEqual(['bought', 'bought', 'bought', 'bought']);
  });

  it('goes by others from when it is told', () => {
    expect(buys(NO_RISK, {}, tight)).toEqual(['bought', 'bought', refused, refused]);
    expect(buys(NO_RISK, { limits: tight }, NO_RISK)).toEqual([refused, refused, 'bought', 'bought']);
  });
});

describe('what a start says of limits that it does not take as configured', () => {
  const limits = (inForce: number | null, set: { by: string; reason: string } | null) => ({
    maxLeverage: { configured: 2, inForce, set },
  });

  it('is which stay tighter, and how to loosen them', () => {
    const kept = keptLimits(limits(1, { by: 'ann', reason: '' }), { ...NO_RISK, maxLeverage: 2 }, T0);
    expect(keptLimitsText('main', kept)).toEqual([
      'A restart loosens nothing. These limits stay as they were: maxLeverage 1 (configured 2; as ann set it). To loosen one: quantai limits --account main --set maxLeverage=2 --reason "why".',
    ]);
  });

  it('is which stay loosened', () => {
    const kept = keptLimits(limits(null, { by: 'ann', reason: 'calm' }), { ...NO_RISK, maxLeverage: 2 }, T0);
    expect(keptLimitsText('main', kept)).toEqual([
      'These limits stay loosened, as somebody set them under this same configuration: maxLeverage off (configured 2; as ann set it: calm).',
    ]);
  });

  it('is nothing when all are as configured', () => {
    expect(keptLimitsText('main', keptLimits(limits(2, null), { ...NO_RISK, maxLeverage: 2 }, T0))).toEqual([]);
  });
});
