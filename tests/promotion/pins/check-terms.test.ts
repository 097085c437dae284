import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinnedConfig } from '../../../src/promotion/pins/pinned-config.js';
import { checkTerms } from '../../../src/promotion/pins/check-terms.js';
import { runConfig } from '../../../src/sim/run-defaults.js';

const config = (more: object = {}) =>
  runConfig({ exchange: 'binance', from: 0, to: 1, symbols: ['BTC/USDT:USDT'], timeframe: '1h', ...more });

describe('the pinned configuration', () => {
  it('is everything but capital and window', () => {
    const told = (more: object) => checkTerms('config', pinnedConfig(config()), pinnedConfig(config(more)));
    expect(told({ capital: 5, from: 10, to: 20 })).toEqual([]);
    expect(told({ fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.0004 } }).map(({ text }) => text)).toEqual([
      'fees.taker: 0.0005 when promoted, 0.0004 now.',
    ]);
    expect(Object.keys(config()).sort()).toEqual([...Object.keys(pinnedConfig(config())), 'capital', 'from', 'to'].sort());
  });
});

describe('terms that differ', () => {
  const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.constant(null));
  const keys = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 4 });

  it('are named by their path, each once, and nothing else is', () => {
    fc.assert(
      fc.property(keys, keys, fc.infiniteStream(leaf), fc.nat(), fc.nat(), leaf, (outer, inner, values, a, b, other) => {
        const make = () => Object.fromEntries(outer.map(key => [key, Object.fromEntries(inner.map(name => [name, 0 as unknown]))]));
        const before = make();
        for (const key of outer) for (const name of inner) before[key]![name] = values.next().value;
        const after = structuredClone(before);
        expect(checkTerms('config', before, after)).toEqual([]);
        const [key, name] = [outer[a % outer.length]!, inner[b % inner.length]!];
        after[key]![name] = other;
        const isSame = JSON.stringify(before[key]![name]) === JSON.stringify(other);
        expect(checkTerms('config', before, after).map(fault => fault.name)).toEqual(isSame ? [] : [`${key}.${name}`]);
      }),
    );
  });
});
