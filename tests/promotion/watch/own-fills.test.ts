import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { ownFills, type OwnFill } from '../../../src/promotion/watch/own-fills.js';
import { proposeFills } from '../../../src/promotion/watch/propose-fills.js';
import { random } from '../../../src/random.js';
import { BTC } from '../../scenarios/quoted-minutes.js';

const SYMBOL = BTC.symbol;
const envelope = (seq: number, ts: number, knownAt = ts) => ({
  seq,
  version: 1,
  ts,
  knownAt,
  account: 'main',
  strategy: 's',
  correlationId: 0,
  causationId: -1,
});
const submitted = (seq: number, ts: number, orderId: string): Fact => ({
  ...envelope(seq, ts),
  type: 'OrderSubmitted',
  orderId,
  symbol: SYMBOL,
});
const filled = (seq: number, ts: number, knownAt: number, orderId: string, price: number, lots: number, more: object = {}): Fact => ({
  ...envelope(seq, ts, knownAt),
  type: 'OrderFilled',
  orderId,
  symbol: SYMBOL,
  side: 'buy',
  price: Math.round(price / BTC.tickSize),
  lots,
  fee: 0,
  liquidity: 'taker',
  slippage: 0,
  realised: 0,
  ...more,
});

describe('own fills', () => {
  test('are one an order, with the way there and back and the market’s price at arrival', () => {
    const facts = [
      submitted(0, 1000, 'a'),
      filled(1, 1080, 1130, 'a', 100.1, 1),
      filled(2, 1090, 1140, 'a', 100.3, 3),
      { ...filled(3, 1090, 1140, 'b', 90, 1), strategy: 'other' },
    ];
    const [one, ...rest] = ownFills(facts, 's', [BTC], (_, ts) => (ts === 1080 ? 100 : NaN));
    expect(rest).toEqual([]);
    expect(one).toMatchObject({ orderId: 'a', side: 1, orderMs: 80, reportMs: 50, arrival: 100, ts: 1080 });
    // 1 at 100.1 and 3 at 100.3.
    expect(one!.price).toBeCloseTo(100.25, 9);
  });

  test('of a simulated venue arrive at the price that they paid less their slippage', () => {
    // Slippage in amounts of 1e-8: 0.1 % of the notional.
    const plain = ownFills([filled(0, 1, 1, 'a', 100, 10)], 's', [BTC], null)[0]!;
    const facts = [filled(0, 1, 1, 'a', 100, 10, { slippage: Math.round(plain.notional * 0.001 * 1e8) })];
    expect(ownFills(facts, 's', [BTC], null)[0]!.arrival).toBeCloseTo(99.9, 6);
  });
});

const made = (n: number, cost: (i: number) => number, more: Partial<OwnFill> = {}): OwnFill[] =>
  Array.from({ length: n }, (_, i) => {
    const side = i % 2 === 0 ? 1 : -1;
    return {
      orderId: `o${i}`,
      symbol: SYMBOL,
      ts: i,
      side,
      liquidity: 'taker',
      quantity: 1,
      price: 100 * (1 + (side * cost(i)) / 10_000),
      arrival: 100,
      notional: 100,
      fee: 0.05,
      orderMs: 80,
      reportMs: 40,
      ...more,
    };
  });

const proposal = (fills: readonly OwnFill[], modelBps: number | null = 1) =>
  proposeFills({
    promotion: 'p',
    strategy: 's',
    account: 'main',
    venue: 'bybit',
    practice: true,
    sources: [],
    fills,
    modelBps,
    now: {
      latency: { kind: 'constant', order: 1, cancel: 1, report: 1, feed: 7 },
      fees: { kind: 'maker-taker', maker: 0.0001, taker: 0.0006 },
    },
    seed: 1,
  });

describe('a proposal from own fills', () => {
  test('finds the slippage, latency and fees that were put in', () => {
    const draw = random('fills');
    const { slippageBps, patch, latency } = proposal(made(400, () => 3 + draw.normal()));
    expect(Math.abs(slippageBps!.value - 3)).toBeLessThan(0.2);
    expect(slippageBps!.low).toBeLessThan(3);
    expect(slippageBps!.high).toBeGreaterThan(3);
    // Mean of 400 with deviation 1: ± 1.96 ÷ 20.
    expect(slippageBps!.high - slippageBps!.low).toBeCloseTo(0.196, 1);
    expect(latency).toMatchObject({ order: { value: 80 }, report: { value: 40 }, sigma: 0 });
    expect(patch.latency).toEqual({ kind: 'log-normal', order: 80, cancel: 80, report: 40, feed: 7, sigma: 0 });
    expect(patch.fees).toEqual({ kind: 'maker-taker', maker: 0.0001, taker: 0.0005 });
    expect(patch.slippage).toEqual({ kind: 'fixed-bps', bps: Number(slippageBps!.value.toFixed(2)) });
  });

  test('finds the spread of latencies that are log-normal', () => {
    const draw = random('late');
    const fills = made(1000, () => 1).map(fill => ({ ...fill, orderMs: 50 * Math.exp(0.4 * draw.normal()) }));
    const { latency } = proposal(fills);
    expect(Math.abs(latency!.order.value - 50)).toBeLessThan(3);
    expect(Math.abs(latency!.sigma - 0.4)).toBeLessThan(0.05);
  });

  test('is not moved by a few prices that cannot be', () => {
    expect(proposal(made(200, i => (i % 50 === 7 ? 5000 : 2))).slippageBps!.value).toBeCloseTo(2, 9);
  });

  test('says whether the model is too cheap, and proposes nothing from a few fills', () => {
    const draw = random('word');
    expect(proposal(made(100, () => 3 + draw.normal())).sentence).toContain('are too few');
    expect(
      proposal(
        made(100, () => 3 + draw.normal()),
        9,
      ).sentence,
    ).toContain('are too many');
    const few = proposal(made(29, () => 3));
    expect([few.patch, few.slippageBps, few.latency]).toEqual([{}, null, null]);
    expect(few.sentence).toContain('too few');
  });

  test('leaves out what has no price at arrival and what came back before it left', () => {
    expect(proposal(made(100, () => 3, { arrival: NaN })).slippageBps).toBeNull();
    expect(proposal(made(100, () => 3, { orderMs: -1 })).latency).toBeNull();
  });
});
