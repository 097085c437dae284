import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { GAP_CAUSES } from '../../../src/promotion/parity/certificate.js';
import { order, target } from '../../../src/strategies/intent.js';
import { A, B, T0 } from '../../engine/scenario.js';
import { certify, MINUTE, missing, missingOf, run, swing, walk, type Deciding, type Trial } from './parity-stage.js';

const LATE = { kind: 'constant', order: 400, cancel: 400, report: 20 } as const;
const two = { [A]: walk('a', 240), [B]: walk('b', 240, 40) };

/** The facts as a session that was refused one order: what it filled later is what it filled. */
const without = (facts: readonly Fact[], orderId: string): readonly Fact[] =>
  facts.map(fact =>
    fact.type === 'OrderFilled' && fact.orderId === orderId ? { ...fact, type: 'OrderRejected' as const, code: 'too-many-requests' } : fact,
  );

describe('the causes of a gap', () => {
  it('add up to it to the unit, with the pairs, whatever is injected', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.string({ minLength: 1, maxLength: 4 }),
          back: fc.integer({ min: 1, max: 12 }),
          exposure: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
          bps: fc.integer({ min: 0, max: 20 }),
          ms: fc.integer({ min: 0, max: 5_000 }),
          taker: fc.double({ min: 0, max: 0.002, noNaN: true }),
          rate: fc.double({ min: -0.001, max: 0.001, noNaN: true }),
        }),
        async ({ seed, back, exposure, bps, ms, taker, rate }) => {
          const trial: Trial = {
            bars: { [A]: walk(`${seed}a`, 90), [B]: walk(`${seed}b`, 90, 30) },
            deciding: swing(back, exposure),
            funding: [20, 40, 60].flatMap(minute => [A, B].map(symbol => [symbol, T0 + minute * MINUTE, rate] as const)),
          };
          const session = await run({
            ...trial,
            config: {
              slippage: { kind: 'fixed-bps', bps },
              latency: { kind: 'constant', order: ms, cancel: ms, report: 0 },
              fees: { kind: 'maker-taker', maker: 0, taker },
            },
          });
          const base = await run(trial);
          const made = certify(trial, session.facts, base.facts);
          expect([missing(made), missingOf(made)]).toEqual([0, 0]);
          expect(made.profit.session).toBeCloseTo(session.finalEquity - session.initialCapital, 5);
          expect(made.profit.backtest).toBeCloseTo(base.finalEquity - base.initialCapital, 5);
          expect(Math.abs(made.gap.causes.unexplained)).toBeLessThanOrEqual(0.05 * Math.abs(made.gap.total) + 1e-6);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('of two windows are those of both together', async () => {
    const trial: Trial = { bars: two, deciding: swing() };
    const session = await run({ ...trial, config: { latency: LATE, slippage: { kind: 'fixed-bps', bps: 6 } } });
    const base = await run(trial);
    const [from, middle, to] = [T0, T0 + 101 * MINUTE, T0 + 240 * MINUTE];
    const whole = certify(trial, session.facts, base.facts, { from, to });
    const [first, second] = [
      certify(trial, session.facts, base.facts, { from, to: middle }),
      certify(trial, session.facts, base.facts, { from: middle, to }),
    ];
    expect(second.carried.fillPrice).not.toBe(0);
    for (const cause of GAP_CAUSES) expect(first.gap.causes[cause] + second.gap.causes[cause]).toBeCloseTo(whole.gap.causes[cause], 4);
    expect(first.gap.total + second.gap.total).toBeCloseTo(whole.gap.total, 6);
    expect(first.profit.session + second.profit.session).toBeCloseTo(whole.profit.session, 6);
    expect([missing(second), missingOf(second)]).toEqual([0, 0]);
  });

  it('add up in a window that only one of both had filled an order before, and funding was booked before', async () => {
    const trial: Trial = {
      bars: { [A]: walk('straddle', 60) },
      deciding: (bar, seen) => (seen.length === 10 ? target(bar.symbol, 0.5) : undefined),
      funding: [[A, T0 + 20 * MINUTE, 0.001]],
    };
    const { facts } = await run(trial);
    const later = (type: Fact['type'], ms: number): readonly Fact[] =>
      facts.map(fact => (fact.type === type ? { ...fact, ts: fact.ts + ms } : fact));
    const [begin, end] = [T0, T0 + 60 * MINUTE];
    for (const [session, replay, edge] of [
      [later('OrderFilled', 3 * MINUTE), facts, 12],
      [facts, later('OrderFilled', 3 * MINUTE), 12],
      [later('FundingSettled', -1_000), facts, 20],
      [later('FundingSettled', 30_000), facts, 20],
    ] as const) {
      const middle = T0 + edge * MINUTE;
      const [whole, first, second] = [
        [begin, end],
        [begin, middle],
        [middle, end],
      ].map(([from, to]) => certify(trial, session, replay, { from: from!, to: to! }));
      for (const made of [whole, first, second]) expect([missing(made!), missingOf(made!)]).toEqual([0, 0]);
      expect(first!.gap.total + second!.gap.total).toBeCloseTo(whole!.gap.total, 8);
    }
  });

  it('has all that a refused entry did under rejected orders: what the position would have made, and its costs', async () => {
    // In at minute 10, out at minute 30.
    const bars = { [A]: walk('refused', 60) };
    const deciding: Deciding = (bar, seen) => target(bar.symbol, seen.length >= 10 && seen.length < 30 ? 0.5 : 0);
    const trial: Trial = { bars, deciding };
    const base = await run(trial);
    const [entry, exit] = base.fills;
    const refused = without(base.facts, entry!.orderId).filter(fact => !('orderId' in fact && fact.orderId === exit!.orderId));
    const made = certify(trial, refused, base.facts);
    expect(made.profit.session).toBe(0);
    expect(made.gap.causes.rejected).toBeCloseTo(-(base.finalEquity - base.initialCapital), 6);
    expect(made.gap.causes.rejected).toBeCloseTo(made.gap.total, 8);
    expect(made.differences[0]?.why).toBe('refused: too-many-requests');
    expect(missing(made)).toBe(0);
  });

  it('are not unexplained where orders are sized by the strategy from its equity', async () => {
    const deciding: Deciding = (bar, seen, { equity, position }) => {
      if (seen.length % 9 !== 0) return undefined;
      const held = position(bar.symbol).quantity;
      const quantity = held === 0 ? Math.floor(((equity * 0.3) / bar.close) * 1000) / 1000 : Math.abs(held);
      return order({ symbol: bar.symbol, side: held > 0 ? 'sell' : 'buy', quantity });
    };
    const trial: Trial = { bars: { [A]: walk('sized', 240) }, deciding };
    const base = await run(trial);
    const session = await run({ ...trial, config: { slippage: { kind: 'fixed-bps', bps: 9 } } });
    const made = certify(trial, session.facts, base.facts);
    expect(base.fills.length).toBeGreaterThan(20);
    expect(made.decisions.unexplained).toBe(0);
    expect(made.decisions.explained).toBeGreaterThan(10);
    expect(Math.abs(made.gap.causes.unexplained)).toBeLessThan(0.01 * Math.abs(made.gap.total));
    expect(made.gap.causes.fillPrice / made.gap.total).toBeCloseTo(1, 2);
  });

  it('are unexplained where a fill has no decision of either', async () => {
    const trial: Trial = { bars: { [A]: walk('hand', 60) }, deciding: () => undefined };
    const { facts } = await run(trial);
    const last = facts.at(-1)!;
    const byHand: Fact = {
      ...last,
      seq: last.seq + 1,
      ts: T0 + 10 * MINUTE + 5,
      strategy: 'swing',
      type: 'ExternalFilled',
      symbol: A,
      side: 'buy',
      price: 10_000_000,
      lots: 1_000,
      fee: 0,
      realised: 0,
      cause: 'manual',
      execution: 'e',
      venueOrderId: '',
    };
    const made = certify(trial, [...facts, byHand], facts);
    // One unit bought at 100 and held to the last close.
    expect(made.gap.causes.unexplained).toBeCloseTo(trial.bars[A]![59]![3] - 100, 6);
    expect(made.passed).toBe(false);
  });

  it('are no breach again on a day on which a position is merely held that an earlier day made larger or smaller', async () => {
    const exposures = new Map([
      [5, 0.5],
      [8, 0],
      [12, 0.5],
    ]);
    const deciding: Deciding = (bar, seen) => {
      const exposure = exposures.get(seen.length);
      return exposure === undefined ? undefined : target(bar.symbol, exposure);
    };
    const trial: Trial = { bars: { [A]: walk('held', 60) }, deciding, funding: [[A, T0 + 30 * MINUTE, 0.001]] };
    const base = await run(trial);
    const session = await run({ ...trial, config: { slippage: { kind: 'fixed-bps', bps: 30 } } });
    const judged = (from: number, to: number) =>
      certify(trial, session.facts, base.facts, { from: T0 + from * MINUTE, to: T0 + to * MINUTE });
    const [first, later] = [judged(0, 20), judged(20, 60)];
    expect(first).toMatchObject({ passed: false, fills: { session: 3 } });
    expect(later).toMatchObject({ passed: true, fills: { session: 0, backtest: 0 }, turnover: 0, gap: { bps: null } });
    expect(later.gap.total).not.toBe(0);
    expect([missing(later), missingOf(later)]).toEqual([0, 0]);
  });

  it('have a position closed by a halt, and what it would have made, under rejected orders', async () => {
    const trial: Trial = {
      bars: { [A]: walk('halt', 60) },
      deciding: (bar, seen) => (seen.length === 5 ? target(bar.symbol, 0.5) : undefined),
    };
    const base = await run(trial);
    const entry = base.facts.find(fact => fact.type === 'OrderFilled');
    if (entry?.type !== 'OrderFilled') throw new Error('nothing filled');
    const ts = T0 + 20 * MINUTE;
    const after = { ...entry, ts: ts + 100, strategy: 'swing' };
    const facts: Fact[] = [
      ...base.facts,
      { ...after, strategy: '', ts, seq: 900, type: 'RiskStateChanged', state: 'HALTED', code: 'operator', text: '' },
      { ...after, seq: 901, orderId: 'exit-1', side: 'sell', price: entry.price, fee: 0, slippage: 0 },
    ];
    const made = certify(trial, facts, base.facts);
    const quantity = base.fills[0]!.quantity;
    // Sold at the price of the entry instead of being held to the last close.
    expect(made.gap.causes.rejected).toBeCloseTo(quantity * (base.fills[0]!.price - trial.bars[A]![59]![3]), 6);
    expect(made.gap.causes.rejected).toBeCloseTo(made.gap.total, 8);
  });

  it('have what the venue charged otherwise for funding under funding, and what a larger position paid under its own cause', async () => {
    const funding = [60, 120, 180].map(minute => [A, T0 + minute * MINUTE, 0.002] as const);
    const trial: Trial = { bars: { [A]: walk('funded', 240) }, deciding: bar => target(bar.symbol, 0.8), funding };
    const base = await run(trial);
    const session = await run({ ...trial, funding: funding.map(([symbol, ts]) => [symbol, ts, 0.003] as const) });
    const made = certify(trial, session.facts, base.facts);
    const paid = (facts: readonly Fact[]): number =>
      facts.reduce((sum, fact) => sum + (fact.type === 'FundingSettled' ? fact.amount / 1e8 : 0), 0);
    expect(made.gap.causes.funding).toBeCloseTo(paid(session.facts) - paid(base.facts), 8);
    expect(made.settlements).toHaveLength(3);
    // Turned round after a dear entry the position is smaller, and pays less: that is the price's doing.
    const turning: Trial = { ...trial, deciding: (bar, seen) => target(bar.symbol, seen.length < 30 ? 0.8 : -0.8) };
    const [cheap, dear] = [await run(turning), await run({ ...turning, config: { slippage: { kind: 'fixed-bps', bps: 60 } } })];
    const smaller = certify(turning, dear.facts, cheap.facts);
    expect(Math.abs(paid(dear.facts) - paid(cheap.facts))).toBeGreaterThan(1);
    expect(Math.abs(smaller.gap.causes.funding)).toBeLessThan(0.01);
    expect(smaller.settlements[0]!.gap.fillPrice).toBeCloseTo(smaller.settlements[0]!.session - smaller.settlements[0]!.backtest, 2);
  });

  it('are nothing but latency where a simulated order merely arrived later', async () => {
    const trial: Trial = { bars: two, deciding: swing() };
    const made = certify(trial, (await run({ ...trial, config: { latency: LATE } })).facts, (await run(trial)).facts);
    expect(made.gap.causes.latency / made.gap.total).toBeGreaterThan(0.95);
  });
});
