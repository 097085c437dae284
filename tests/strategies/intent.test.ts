import { describe, expect, it } from 'vitest';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { bars, defineStrategy } from '../../src/strategies/strategy.js';
import { EMPTY } from 'rxjs';

describe('intents', () => {
  it('make a ticket whose type follows from the prices that it names', () => {
    const base = { symbol: 'AAA', side: 'buy', quantity: 1 } as const;
    expect(order(base).type).toBe('market');
    expect(order({ ...base, limit: 10 }).type).toBe('limit');
    expect(order({ ...base, stop: 10 }).type).toBe('stop');
    expect(order({ ...base, stop: 10, limit: 11 }).type).toBe('stop-limit');
  });

  it('fill in what a ticket leaves out, and change nothing that it says', () => {
    expect(order({ symbol: 'AAA', side: 'sell', quantity: 2 })).toEqual({
      intent: 'order',
      symbol: 'AAA',
      side: 'sell',
      type: 'market',
      quantity: 2,
      limit: null,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: false,
      id: null,
      reason: '',
    });
    const full = {
      symbol: 'AAA',
      side: 'buy',
      quantity: 2,
      limit: 9,
      stop: 8,
      tif: 'ioc',
      postOnly: true,
      reduceOnly: true,
      id: 'x',
      reason: 'y',
    } as const;
    expect(order(full)).toEqual({ ...full, intent: 'order', type: 'stop-limit' });
  });

  it('say a target and a cancel with or without a reason', () => {
    expect(target('AAA', -0.5)).toEqual({ intent: 'target', symbol: 'AAA', exposure: -0.5, reason: '' });
    expect(target('AAA', 1, { reason: 'up' }).reason).toBe('up');
    expect(cancel('mine')).toEqual({ intent: 'cancel', id: 'mine', reason: '' });
    expect(cancel('mine', { reason: 'late' }).reason).toBe('late');
  });
});

describe('declaring a strategy', () => {
  it('takes exactly one form', () => {
    expect(() => defineStrategy({ name: 'none', params: {} })).toThrow(/has 0 of decide, decideSlice and run/);
    expect(() => defineStrategy({ name: 'two', params: {}, decide: () => undefined, run: () => EMPTY })).toThrow(/has 2 of/);
    for (const form of [{ decide: () => undefined }, { decideSlice: () => undefined }, { run: () => EMPTY }])
      expect(defineStrategy({ name: 'one-form', params: {}, ...form }).name).toBe('one-form');
  });

  it('takes a name in kebab-case', () => {
    for (const name of ['', 'Upper', 'a b', '1st', 'under_score'])
      expect(() => defineStrategy({ name, params: {}, decide: () => undefined })).toThrow(/kebab-case/);
  });

  it('states needs of bars with no warm-up unless it is said', () => {
    expect(bars(['AAA'], '1h')).toEqual({ kind: 'bars', symbols: ['AAA'], timeframe: '1h', warmup: 0 });
    expect(bars(['AAA'], '4h', { warmup: 12 }).warmup).toBe(12);
  });
});
