import { describe, expect, it } from 'vitest';
import type { FillQuality } from '../../src/metrics/fill-quality.js';
import { comparisonDocument, type ComparedRun } from '../../src/reports/comparison.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import { flattery, measuredAgainst } from '../../src/reports/sections/matching-flattery.js';
import { matchingRows, type MatchingRow } from '../../src/reports/sections/matching-rows.js';
import { depthText } from '../../src/reports/sections/fills.js';
import { tearsheetInput } from './fixture.js';

const row = (terms: Partial<MatchingRow> & Pick<MatchingRow, 'run' | 'kind'>): MatchingRow => ({
  runId: terms.run,
  depth: terms.kind,
  maker: 100,
  taker: 0,
  notional: 10_000,
  fees: 2,
  pnl: -3,
  pnlBps: -3,
  markouts: [{ horizon: '1.0 s', bps: -1, error: 0.03, text: '' }],
  ...terms,
});

const BOOK = row({ run: 'book', kind: 'book', depth: 'order book, queue pessimistic' });
const after = (bps: number, error: number) => ({ markouts: [{ horizon: '1.0 s', bps, error, text: '' }] });

describe('how far a depth flatters', () => {
  it('is told by PnL per notional, against the deepest', () => {
    const bars = row({ run: 'bars', kind: 'bars', maker: 130, notional: 15_000, pnl: -1.5, pnlBps: -1, ...after(-0.5, 0.04) });
    // The error of a difference of two: √(0.03² + 0.04²) = 0.05.
    expect(flattery([bars, BOOK])).toEqual([
      '“bars” flatters by 2.00 bp of notional against “book”: it trades 50.0% more (130 fills against 100), and 1.0 s after its maker fills the market stands 0.50 ± 0.05 bp better.',
    ]);
  });

  it('is no flattery where the cheap depth earns less, however little it loses in all', () => {
    const bars = row({ run: 'bars', kind: 'bars', maker: 10, notional: 1_000, pnl: -0.4, pnlBps: -4, ...after(-1.05, 0.04) });
    expect(flattery([bars, BOOK])).toEqual([
      '“bars” is harder than “book” by 1.00 bp of notional: it trades 90.0% less (10 fills against 100), and 1.0 s after its maker fills the market stands 0.05 ± 0.05 bp worse, which may be chance.',
    ]);
  });

  it('speaks of fills where one of them has none', () => {
    const none = row({
      run: 'none',
      kind: 'book',
      depth: 'order book, queue log',
      maker: 0,
      notional: 0,
      pnl: 0,
      pnlBps: NaN,
      markouts: [],
    });
    expect(flattery([row({ run: 'bars', kind: 'bars' }), none])).toEqual(['“bars” trades 100 times where “none” does not trade at all.']);
    expect(flattery([none, BOOK])).toEqual(['“none” does not trade; “book” does, 100 times.']);
    expect(flattery([{ ...none, run: 'bars', kind: 'bars', depth: 'bars' }, none])).toEqual([]);
  });

  it('is measured against the book before trades before bars, and against the queue that assumes the worst', () => {
    const log = row({ run: 'log', kind: 'book', depth: 'order book, queue log' });
    const trades = row({ run: 'trades', kind: 'trades', depth: 'trades, queue pessimistic' });
    expect(measuredAgainst([row({ run: 'bars', kind: 'bars' }), trades])).toBe(trades);
    expect(measuredAgainst([trades, log, BOOK])).toBe(BOOK);
    expect(measuredAgainst([trades, log])).toBe(log);
    expect(measuredAgainst([])).toBeUndefined();
  });

  it('says nothing of runs that matched alike', () => {
    expect(flattery([BOOK, { ...BOOK, run: 'again' }])).toEqual([]);
  });
});

describe('a comparison of fills', () => {
  const quality = (bps: number): FillQuality => ({
    maker: { fills: 4, notional: 4_000, fees: 0.8, slippage: 0 },
    taker: { fills: 1, notional: 1_000, fees: 0.5, slippage: 0.1 },
    markouts: { 'BTC/USDT:USDT': [{ horizonMs: 1_000, fills: 4, bps, error: 0.2, money: (bps * 4_000) / 1e4 }] },
  });
  const { result } = tearsheetInput(500);
  const run = (name: string, fills: RunConfig['fills'], more: Partial<ComparedRun> = {}): ComparedRun => ({
    name,
    runId: `id-${name}`,
    sample: 'in-sample',
    outcome: result,
    params: { ticks: 1 },
    strategy: 'quotes',
    inputs: [],
    fingerprint: 'f',
    synthetic: false,
    matching: { fills, quality: quality(-0.7) },
    ...more,
  });
  const TOUCH: RunConfig['fills'] = { kind: 'bars', path: 'adaptive', limits: 'touch', participation: 0.1, finer: '1m' };
  const ON_BOOK: RunConfig['fills'] = { kind: 'book', queue: { kind: 'power', exponent: 3 }, ownImpact: true };

  it('names what orders were matched on', () => {
    expect(depthText(TOUCH)).toBe('bars, adaptive path along 1m bars, limits touch');
    expect(depthText(ON_BOOK)).toBe('order book, queue power 3');
  });

  it('has a row a run, with net PnL over everything that was traded and the markout with its error', () => {
    const [first] = matchingRows([run('bars', TOUCH), run('plain', ON_BOOK, { matching: null })]);
    const pnl = result.curve.equity[result.curve.length - 1]! - result.initialCapital;
    expect(first).toMatchObject({
      run: 'bars',
      runId: 'id-bars',
      maker: 4,
      taker: 1,
      notional: 5_000,
      fees: 1.3,
      pnl,
      pnlBps: (1e4 * pnl) / 5_000,
    });
    expect(first?.markouts).toEqual([{ horizon: '1.0 s', bps: -0.7, error: 0.2, text: '−0.70 ± 0.20' }]);
    expect(matchingRows([run('plain', ON_BOOK, { matching: null })])).toEqual([]);
  });

  it('speaks of flattery only where nothing but the matching differs', () => {
    const leadOf = (runs: readonly ComparedRun[]): string | undefined =>
      comparisonDocument({ title: 'c', runs, command: 'c' }).sections.find(({ id }) => id === 'fills')?.lead;
    const alike = /^The same decisions, matched differently/;
    expect(leadOf([run('a', TOUCH), run('b', ON_BOOK)])).toMatch(alike);
    expect(leadOf([run('a', TOUCH), run('b', ON_BOOK, { strategy: 'other' })])).not.toMatch(alike);
    expect(leadOf([run('a', TOUCH), run('b', ON_BOOK, { params: { ticks: 2 } })])).not.toMatch(alike);
  });
});
