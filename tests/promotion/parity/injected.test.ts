import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { RunResult } from '../../../src/engine/run-result.js';
import { GAP_CAUSES, type GapCause, type ParityCertificate } from '../../../src/promotion/parity/certificate.js';
import { A, T0, type BarRow } from '../../engine/scenario.js';
import { BASE, certify, MINUTE, missing, missingOf, run, swing, walk, type Trial } from './parity-stage.js';

const LATE: Partial<RunConfig> = { latency: { kind: 'constant', order: 250, cancel: 250, report: 20 } };
const DEAR: Partial<RunConfig> = { slippage: { kind: 'fixed-bps', bps: 4 } };
const TIER: Partial<RunConfig> = { fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.00055 } };

const whole = walk('parity', 600);
/** The session never heard of the bar of minute 50. */
const holed: BarRow[] = whole.map((bar, i) => (i === 50 ? null : bar));
const trial: Trial = { bars: { [A]: whole }, deciding: swing(7, 0.2) };
const blind: Trial = { ...trial, bars: { [A]: holed } };

/**
 * What was injected, worked out by hand from what the session traded. A market order that arrives in a bar meets a straight line from its open to the extreme that comes first: the low for who is long, the high for
 * who is short, the nearer one (the low when alike) for who holds nothing.
 */
const slowly = (result: RunResult) => {
  let [held, latency, slippage, fees] = [0, 0, 0, 0];
  for (const { ts, side, quantity, price } of result.fills) {
    const bar = whole[Math.floor((ts - T0) / MINUTE)]!;
    const [open, high, low] = bar;
    const first = held > 0 ? low : held < 0 ? high : high - open < open - low ? high : low;
    const after = (ms: number): number => open + ((first - open) * ms) / (MINUTE / 3);
    const signed = side === 'buy' ? quantity : -quantity;
    latency += signed * (after(250) - after(50));
    slippage += quantity * after(ts % MINUTE) * 3e-4;
    fees += quantity * price * 0.5e-4;
    held += signed;
    if (Math.abs(held) < 1e-9) held = 0;
  }
  return { latency, fillPrice: slippage, fees };
};

const share = (part: number, of: number): number => Math.abs(part - of) / Math.abs(of);
const others = (made: ParityCertificate, ...known: readonly GapCause[]): number =>
  GAP_CAUSES.filter(cause => !known.includes(cause)).reduce((most, cause) => Math.max(most, Math.abs(made.gap.causes[cause])), 0);

let base: RunResult;
beforeAll(async () => {
  base = await run(trial);
});
const session = (changed: Partial<RunConfig>, on = trial): Promise<RunResult> => run({ ...on, config: { ...BASE, ...changed } });

describe('a certificate of a session into which nothing was injected', () => {
  it('has a gap of exactly nothing, and all decisions and fills in pairs', () => {
    const made = certify(trial, base.facts, base.facts);
    expect(base.fills.length).toBeGreaterThan(90);
    expect(made.gap.total).toBe(0);
    for (const cause of GAP_CAUSES) expect(made.gap.causes[cause]).toBe(0);
    expect(made.decisions).toMatchObject({ explained: 0, unexplained: 0 });
    expect(made.fills).toEqual({ session: base.fills.length, backtest: base.fills.length, paired: made.pairs.length });
    expect(made.passed).toBe(true);
  });
});

describe('a certificate names what was injected, within 2 % of what it cost', () => {
  it.each([
    ['200 ms of latency', LATE, 'latency'],
    ['3 bp of slippage', DEAR, 'fillPrice'],
    ['another fee tier', TIER, 'fees'],
  ] as const)('%s', async (_, changed, cause) => {
    const result = await session(changed);
    const made = certify(trial, result.facts, base.facts);
    const cost = slowly(result)[cause];
    expect(share(-made.gap.causes[cause], cost)).toBeLessThan(0.02);
    expect(made.profit.session).toBeCloseTo(result.finalEquity - result.initialCapital, 6);
    expect(made.profit.backtest).toBeCloseTo(base.finalEquity - base.initialCapital, 6);
    expect(others(made, cause)).toBeLessThan(0.02 * cost);
    expect(Math.abs(made.gap.causes.unexplained)).toBeLessThan(0.05 * Math.abs(made.gap.total));
    expect([missing(made), missingOf(made)]).toEqual([0, 0]);
  });

  it('a missing bar, by what recorded history would have made of it', async () => {
    const result = await run(blind);
    const made = certify(blind, result.facts, result.facts, { recorded: base.facts, reference: { dataset: 'history', version: '1' } });
    expect(result.finalEquity).not.toBe(base.finalEquity);
    expect(made.gap.causes.data).toBeCloseTo(result.finalEquity - base.finalEquity, 6);
    expect(others(made, 'data')).toBe(0);
    expect(missing(made)).toBe(0);
  });

  it('all four together', async () => {
    const replay = await run(blind);
    const result = await session({ ...LATE, ...DEAR, ...TIER }, blind);
    const made = certify(blind, result.facts, replay.facts, { recorded: base.facts, reference: { dataset: 'history', version: '1' } });
    const costs = slowly(result);
    for (const cause of ['latency', 'fillPrice', 'fees'] as const) expect(share(-made.gap.causes[cause], costs[cause])).toBeLessThan(0.02);
    expect(made.gap.causes.data).toBeCloseTo(replay.finalEquity - base.finalEquity, 6);
    expect(made.gap.total).toBeCloseTo(result.finalEquity - base.finalEquity, 6);
    expect(Math.abs(made.gap.causes.unexplained)).toBeLessThan(0.05 * Math.abs(made.gap.total));
    expect([missing(made), missingOf(made)]).toEqual([0, 0]);
  });
});
