import { describe, expect, it } from 'vitest';
import type { GateEvidence, GateSession } from '../../../src/promotion/gates/gate-inputs.js';
import type { GateResult } from '../../../src/promotion/gates/gate.js';
import { judgeGates } from '../../../src/promotion/gates/judge-gates.js';
import { config, costs, evidence, leak, session } from './passing-inputs.js';

const judge = (over: Partial<GateEvidence> = {}, of: Partial<GateSession> = {}): readonly GateResult[] =>
  judgeGates('paper', { evidence: evidence(over), session: session(of) }, config);
const gate = (name: string, over: Partial<GateEvidence> = {}, of: Partial<GateSession> = {}): GateResult => {
  const found = judge(over, of).find(each => each.gate === name);
  if (!found) throw new Error(`no gate ${name}`);
  return found;
};
const verdict = (name: string, over: Partial<GateEvidence> = {}, of: Partial<GateSession> = {}) => gate(name, over, of).verdict;
const missing = { value: null, reason: 'because' };

describe('the gates of paper', () => {
  it('are all open to a result with everything to spare, and have names of their own', () => {
    const results = judge();
    expect(results.filter(({ verdict: said }) => said !== 'pass')).toEqual([]);
    expect(new Set(results.map(({ gate: name }) => name)).size).toBe(results.length);
    expect(results.every(({ change }) => change === '')).toBe(true);
  });

  it('ask for a walk-forward on days that nobody had seen', () => {
    expect(verdict('out-of-sample', { kind: 'backtest' })).toBe('fail');
    expect(verdict('out-of-sample', { kind: 'sweep' })).toBe('fail');
    expect(verdict('out-of-sample', { outOfSample: false })).toBe('fail');
    expect(gate('out-of-sample-days', { outOfSample: false })).toMatchObject({ verdict: 'fail', figure: 0 });
    expect(gate('out-of-sample-trades', { outOfSample: false })).toMatchObject({ verdict: 'fail', figure: 0 });
  });

  it('open at exactly the days and trades that are asked for', () => {
    expect(verdict('out-of-sample-days', { days: 365 })).toBe('pass');
    expect(verdict('out-of-sample-days', { days: 364.9 })).toBe('fail');
    expect(verdict('out-of-sample-trades', { trades: 100 })).toBe('pass');
    expect(verdict('out-of-sample-trades', { trades: 99 })).toBe('fail');
  });

  it('say how long the missing trades take at the rate so far', () => {
    // 28 trades in 102 days: 72 more take 262 days, the ninth month of 30.4 days.
    const { sentence, change, figure, limit } = gate('out-of-sample-trades', { trades: 28, days: 102 });
    expect([figure, limit]).toEqual([28, 100]);
    expect(sentence).toContain('28 closed trades');
    expect(change).toBe('About 9 months more at its rate.');
    expect(gate('out-of-sample-trades', { trades: 0 }).change).toContain('no');
  });

  it('open at exactly the deflated Sharpe that is asked for', () => {
    expect(verdict('deflated-sharpe', { dsr: { value: 0.95, reason: null } })).toBe('pass');
    expect(verdict('deflated-sharpe', { dsr: { value: 0.9499, reason: null } })).toBe('fail');
  });

  it('say how much longer the same Sharpe ratio must last, and that nothing helps where luck explains all of it', () => {
    // Quantiles 1 and 1.6449 (0.8413 and 0.95): the record must be 2.7055 times as long.
    const { change } = gate('deflated-sharpe', { dsr: { value: 0.841344746, reason: null }, days: 100 });
    expect(change).toContain('about 6 months');
    expect(gate('deflated-sharpe', { dsr: { value: 0.5, reason: null } }).change).toContain('No length');
  });

  it('ask for a probability of overfitting below the limit, and for none where nothing was chosen', () => {
    expect(verdict('overfitting', { pbo: 0.499 })).toBe('pass');
    expect(verdict('overfitting', { pbo: 0.5 })).toBe('fail');
    expect(verdict('overfitting', { pbo: null })).toBe('cannot-tell');
    expect(verdict('overfitting', { pbo: null, configurations: 1 })).toBe('pass');
    expect(verdict('overfitting', { pbo: null, configurations: 1, outOfSample: false })).toBe('cannot-tell');
  });

  it('believe SPA before the reality check', () => {
    const [low, high] = [
      { value: 0.05, reason: null },
      { value: 0.051, reason: null },
    ];
    expect(verdict('reality-check', { spa: low, realityCheck: high })).toBe('pass');
    expect(verdict('reality-check', { spa: high, realityCheck: low })).toBe('fail');
    expect(verdict('reality-check', { spa: missing, realityCheck: low })).toBe('pass');
    expect(verdict('reality-check', { spa: missing, realityCheck: high })).toBe('fail');
  });

  it('read off where dearer costs take the profit, and do not guess beyond what was tried', () => {
    // On a straight line of logarithmic growth the profit is gone exactly where it was drawn to be.
    expect(gate('cost-stress', { checks: [costs(1.7)] }).figure).toBeCloseTo(1.7, 9);
    expect(verdict('cost-stress', { checks: [costs(1.51)] })).toBe('pass');
    expect(verdict('cost-stress', { checks: [costs(1.49)] })).toBe('fail');
    const dear = { ...config, paper: { ...config.paper, costMultiple: 4 } };
    const said = judgeGates('paper', { evidence: evidence({ checks: [costs(9)] }), session: session() }, dear);
    expect(said.find(({ gate: name }) => name === 'cost-stress')?.verdict).toBe('cannot-tell');
  });

  it('stay shut on a leak that any check found, for any number of approvers', () => {
    const { verdict: said, overridable } = gate('causality', { checks: [costs(2), leak('causality'), leak('stale-fills', 'fail')] });
    expect([said, overridable]).toEqual(['fail', false]);
    expect(verdict('causality', { checks: [leak('warm-up')] })).toBe('cannot-tell');
    expect(verdict('causality', { checks: [leak('causality', 'untested')] })).toBe('cannot-tell');
    expect(verdict('causality', { checks: [leak('causality', 'fail')] })).toBe('fail');
  });

  it('compare the drawdown with what is allowed, and with what would halt the session', () => {
    expect(verdict('drawdown', { drawdown: 0.25 })).toBe('pass');
    expect(verdict('drawdown', { drawdown: 0.2501 })).toBe('fail');
    const risk = { ...session().config.risk, maxDrawdown: 0.1 };
    const narrow = { config: { ...session().config, risk } };
    expect(gate('drawdown', { drawdown: 0.12 }, narrow)).toMatchObject({ verdict: 'fail', limit: 0.1 });
  });

  it('name each limit that is not declared, and let nobody go on without', () => {
    const { risk } = session().config;
    const said = gate('risk-limits', {}, { config: { ...session().config, risk: { ...risk, maxDrawdown: null, maxDailyLoss: null } } });
    expect(said).toMatchObject({ verdict: 'fail', overridable: false, figure: 1, limit: 3 });
    expect(said.sentence).toContain('maxDrawdown, maxDailyLoss');
    const held = { ...risk, maxExposure: null, maxLeverage: null };
    expect(verdict('risk-limits', {}, { config: { ...session().config, risk: held } })).toBe('fail');
    expect(verdict('risk-limits', {}, { config: { ...session().config, risk: { ...held, maxGross: 1000 } } })).toBe('pass');
  });

  it('let synthetic data through to the practice exchange, and by no approval to a real venue', () => {
    expect(gate('data', { synthetic: true }, { practice: true }).sentence).toContain('Synthetic');
    expect(verdict('data', { synthetic: true }, { practice: true })).toBe('pass');
    expect(gate('data', { synthetic: true })).toMatchObject({ verdict: 'fail', overridable: false });
    expect(verdict('data', { dataErrors: ['gap in BTC'] })).toBe('fail');
    expect(verdict('data', { dataErrors: null })).toBe('cannot-tell');
  });

  it('ask for the parameters that the newest fold chose, and name the others', () => {
    const other = gate('parameters', {}, { params: { fast: 21, slow: 50 } });
    expect(other.verdict).toBe('fail');
    expect(other.change).toContain('--param fast=20');
    expect(other.change).not.toContain('slow');
    expect(verdict('parameters', {}, { params: { fast: 20, slow: 50, more: 1 } })).toBe('fail');
    expect(verdict('parameters', { params: null })).toBe('cannot-tell');
  });

  it('cannot tell without a figure, and never take that for a pass', () => {
    const nothing = judge({
      days: null,
      trades: null,
      dsr: missing,
      pbo: null,
      configurations: null,
      spa: missing,
      realityCheck: missing,
      drawdown: null,
      checks: [],
      dataErrors: null,
      params: null,
    });
    const unsaid = nothing.filter(({ verdict: said }) => said === 'cannot-tell');
    expect(unsaid.map(({ gate: name }) => name)).toEqual([
      'out-of-sample-days',
      'out-of-sample-trades',
      'deflated-sharpe',
      'overfitting',
      'reality-check',
      'cost-stress',
      'causality',
      'drawdown',
      'data',
      'parameters',
    ]);
    expect(unsaid.every(({ figure, change }) => figure === null && change !== '')).toBe(true);
    const nan = { value: Number.NaN, reason: null };
    expect(verdict('deflated-sharpe', { dsr: nan })).toBe('cannot-tell');
    expect(verdict('drawdown', { drawdown: Number.NaN })).toBe('cannot-tell');
  });
});

describe('the terms of evidence and session', () => {
  const under = (over: Partial<GateSession['config']>): GateResult => gate('same-terms', {}, { config: { ...session().config, ...over } });

  it('are the same whatever the order of symbols, the capital and the window', () => {
    const two = { ...evidence().config, symbols: ['B', 'A'], capital: 5, from: 7 };
    expect(verdict('same-terms', { config: two }, { config: { ...session().config, symbols: ['A', 'B'] } })).toBe('pass');
  });

  const changes: readonly (readonly [string, Partial<GateSession['config']>])[] = [
    ['symbols', { symbols: ['ETH/USDT:USDT'] }],
    ['timeframe', { timeframe: '5m' }],
    ['leverage', { leverage: 5 }],
    ['rebalanceBand', { rebalanceBand: 0.1 }],
    ['risk.maxDailyLoss', { risk: { ...session().config.risk, maxDailyLoss: 0.1 } }],
    ['plan.stopMultiple', { plan: { ...session().config.plan!, stopMultiple: 9 } }],
  ];
  it.each(changes)('differ in %s, which is named', (path, over) => {
    const said = under(over);
    expect(said.verdict).toBe('fail');
    expect(said.sentence).toContain(path);
  });

  it('may be dearer in the evidence than in the session, and not milder', () => {
    const fees = (taker: number) => ({ fees: { kind: 'maker-taker', maker: 0.0002, taker } }) as const;
    expect(under(fees(0.0003)).verdict).toBe('pass');
    expect(under(fees(0.0006)).verdict).toBe('fail');
    expect(under(fees(0.0006)).sentence).toContain('fees.taker');
    const impact = (coefficient: number) => ({ slippage: { kind: 'sqrt-impact', spreadBps: 1, coefficient } }) as const;
    expect(under(impact(0.5)).verdict).toBe('pass');
    expect(under(impact(1.5)).verdict).toBe('fail');
    expect(under({ slippage: { kind: 'half-spread', spreadBps: 1 } }).verdict).toBe('fail');
    expect(under({ latency: { kind: 'constant', order: 300, cancel: 100, report: 50 } }).verdict).toBe('fail');
    expect(verdict('same-terms', { config: { ...evidence().config, funding: { kind: 'none' } } })).toBe('fail');
    expect(verdict('same-terms', { config: { ...evidence().config, slippage: { kind: 'none' } } })).toBe('fail');
  });

  it('look at the tier that an account begins on', () => {
    const tiers = [
      { volume: 0, maker: 0.0002, taker: 0.0006 },
      { volume: 1e6, maker: 0.0001, taker: 0.0003 },
    ];
    const tiered = (volume: number) => ({ fees: { kind: 'tiered', tiers, volume, coin: null } }) as const;
    expect(under(tiered(0)).verdict).toBe('fail');
    expect(under(tiered(2e6)).verdict).toBe('pass');
  });
});
