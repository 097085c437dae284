import { describe, expect, it } from 'vitest';
import { EquityRecorder } from '../../src/portfolio/equity.js';
import { Ledger } from '../../src/portfolio/ledger.js';

describe('the ledger', () => {
  it('writes each movement of cash from one account to another, so that all balances sum to zero', () => {
    const ledger = new Ledger();
    ledger.post(-1, NaN, null, 'capital', 1000);
    ledger.post(4, 10, 'AAA', 'trading', 250);
    ledger.post(4, 10, 'AAA', 'fees', -30);
    ledger.post(5, 20, 'AAA', 'funding', -7);
    ledger.post(6, 30, 'AAA', 'trading', -100);
    expect(ledger.postings.map(p => [p.seq, p.from, p.to, p.amount])).toEqual([
      [-1, 'capital', 'cash', 1000],
      [4, 'trading', 'cash', 250],
      [4, 'cash', 'fees', 30],
      [5, 'cash', 'funding', 7],
      [6, 'cash', 'trading', 100],
    ]);
    const balances = (['capital', 'cash', 'trading', 'fees', 'funding'] as const).map(name => ledger.balance(name));
    expect(balances).toEqual([-1000, 1113, -150, 30, 7]);
    expect(balances.reduce((a, b) => a + b)).toBe(0);
  });

  it('totals what was earned and paid with the sign that a trader expects', () => {
    const ledger = new Ledger();
    ledger.post(1, 0, 'AAA', 'trading', 5e8);
    ledger.post(1, 0, 'AAA', 'fees', -2e8);
    ledger.post(2, 0, 'AAA', 'fees', 0.5e8);
    ledger.post(3, 0, 'AAA', 'funding', -3e8);
    expect(ledger.totals()).toEqual({ trading: 5, fees: 1.5, funding: -3 });
  });

  it('writes no posting of nothing', () => {
    const ledger = new Ledger();
    ledger.post(1, 0, 'AAA', 'fees', 0);
    ledger.post(1, 0, 'AAA', 'fees', -0);
    expect(ledger.postings).toEqual([]);
  });
});

describe('the equity recorder', () => {
  it('keeps every point in order, however many there are, and corrects only the last', () => {
    const recorder = new EquityRecorder();
    for (let i = 0; i < 10_000; i++) recorder.push(i, 2 * i, 3 * i, 4 * i);
    recorder.amend(-1, -2, -3);
    expect(recorder.length).toBe(10_000);
    const { length, ts, equity, exposure, gross } = recorder.curve();
    expect([length, ts.length, equity.length, exposure.length, gross.length]).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
    expect([...ts].every((t, i) => t === i)).toBe(true);
    expect([...equity.subarray(0, -1)].every((e, i) => e === 2 * i)).toBe(true);
    expect([...exposure.subarray(0, -1)].every((e, i) => e === 3 * i)).toBe(true);
    expect([...gross.subarray(0, -1)].every((g, i) => g === 4 * i)).toBe(true);
    expect([equity[9999], exposure[9999], gross[9999]]).toEqual([-1, -2, -3]);
  });
});
