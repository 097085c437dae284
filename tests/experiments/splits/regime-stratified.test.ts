import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceBlocks } from '../../../src/experiments/splits/balance-blocks.js';
import { purgedKFold } from '../../../src/experiments/splits/purged-k-fold.js';
import { regimeStratified } from '../../../src/experiments/splits/regime-stratified.js';
import { random } from '../../../src/random.js';
import { barsIn, firstLeak, hourly, isOrdered, splitCases } from './split-market.js';

/** Regimes that last `mean` bars on average, the rarer the higher their number. */
const hidden = (count: number, kinds: number, mean: number, seed: number): Float64Array => {
  const draw = random(seed);
  let state = 0;
  return Float64Array.from({ length: count }, () => {
    if (draw.next() * mean < 1) state = Math.min(draw.int(kinds), draw.int(kinds));
    return state;
  });
};

/** Shares of the regimes among bars. */
const sharesOf = (regimes: Float64Array, bars: readonly number[], kinds: number): number[] =>
  Array.from({ length: kinds }, (_, kind) => bars.filter(bar => regimes[bar] === kind).length / bars.length);

const worst = (shares: readonly (readonly number[])[], whole: readonly number[]): number =>
  Math.max(...shares.flatMap(each => each.map((share, kind) => Math.abs(share - whole[kind]!))));

/** Σ (count − share)² ÷ share, reckoned afresh. */
const imbalance = (counts: readonly (readonly number[])[], owner: readonly number[], parts: number): number => {
  let total = 0;
  for (let kind = 0; kind < counts[0]!.length; kind++) {
    const share = counts.reduce((sum, each) => sum + each[kind]!, 0) / parts;
    if (share === 0) continue;
    for (let set = 0; set < parts; set++) {
      const held = counts.reduce((sum, each, block) => sum + (owner[block] === set ? each[kind]! : 0), 0);
      total += ((held - share) * (held - share)) / share;
    }
  }
  return total;
};

describe('a regime-stratified split', () => {
  test('tests every bar once in contiguous blocks, and shares no outcome with training', () => {
    const cases = fc.record({
      one: splitCases(200, 260, 2),
      seed: fc.nat(),
      folds: fc.integer({ min: 2, max: 4 }),
      blocks: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(cases, ({ one, seed, folds, blocks }) => {
        const { opens } = one.calendar;
        const regimes = hidden(opens.length, 2, 5, seed);
        const split = regimeStratified(one.calendar, regimes, { folds, blocks, ...one.options });
        const tested = split.flatMap(fold => barsIn(opens, fold.test)).sort((a, b) => a - b);
        expect(tested).toEqual([...opens.keys()]);
        for (const fold of split) {
          expect(fold.test).toHaveLength(blocks);
          expect(isOrdered(fold.train, one.calendar) && isOrdered(fold.test, one.calendar)).toBe(true);
          expect(firstLeak(one, fold.train, fold.test)).toBeNull();
          sharesOf(regimes, barsIn(opens, fold.test), 2).forEach((share, kind) => expect(fold.shares[kind]).toBeCloseTo(share, 12));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('holds each regime in proportion where plain folds do not', () => {
    // Regimes of 200 bars on average, the third a ninth of the time. With eight blocks a fold, half a block is a sixteenth of a test.
    const calendar = hourly(Array.from({ length: 12_000 }, () => 1));
    for (const seed of [1, 2, 3, 4, 5]) {
      const regimes = hidden(12_000, 3, 200, seed);
      const whole = sharesOf(regimes, [...regimes.keys()], 3);
      const plain = purgedKFold(calendar, { folds: 5 }).map(fold => sharesOf(regimes, barsIn(calendar.opens, fold.test), 3));
      const stratified = regimeStratified(calendar, regimes, { folds: 5, blocks: 8, purge: 24 }).map(({ shares }) => shares);
      expect(worst(stratified, whole)).toBeLessThan(1 / 16);
      expect(worst(stratified, whole)).toBeLessThan(worst(plain, whole) / 2);
    }
  });

  test('gives each fold exactly its share where that can be had: halves of calm and storm, one block of each', () => {
    const calendar = hourly(Array.from({ length: 80 }, () => 1));
    const regimes = Float64Array.from({ length: 80 }, (_, i) => (i < 40 ? 0 : 1));
    for (const { shares } of regimeStratified(calendar, regimes, { folds: 4, blocks: 2 })) expect(shares).toEqual([0.5, 0.5]);
  });

  test('leaves bars without a regime out of the shares and in the tests', () => {
    const calendar = hourly(Array.from({ length: 80 }, () => 1));
    const regimes = Float64Array.from({ length: 80 }, (_, i) => (i < 10 ? NaN : i % 2));
    const split = regimeStratified(calendar, regimes, { folds: 4, blocks: 2 });
    expect(split.flatMap(fold => barsIn(calendar.opens, fold.test))).toHaveLength(80);
    for (const { shares } of split) expect(shares[0]! + shares[1]!).toBe(1);
  });

  test('says what is wrong with labels and lengths', () => {
    const calendar = hourly(Array.from({ length: 40 }, () => 1));
    const calm = new Float64Array(40);
    const once = Float64Array.from(calm, (_, i) => (i === 7 ? 1 : 0));
    expect(() => regimeStratified(calendar, new Float64Array(39), { folds: 2 })).toThrow('39 regime labels for 40 bars');
    expect(() => regimeStratified(calendar, calm.fill(0.5), { folds: 2 })).toThrow('0.5 is not a regime');
    expect(() => regimeStratified(calendar, calm.fill(NaN), { folds: 2 })).toThrow('No bar has a regime');
    expect(() => regimeStratified(calendar, once, { folds: 2 })).toThrow('no bar of regime 1');
    expect(() => regimeStratified(calendar, once, { folds: 2, blocks: 21 })).toThrow('40 bars do not make 42 groups');
    expect(() => regimeStratified(calendar, once, { folds: 2, blocks: 0 })).toThrow('0 is not a number of blocks');
    expect(() => regimeStratified(calendar, calm.fill(0), { folds: 2, purge: 20 })).toThrow('nothing to train on in fold 0');
  });
});

test('blocks are dealt nearer to proportion than by the luckiest of a thousand shuffles', () => {
  const draw = random(11);
  const counts = Array.from({ length: 40 }, () => {
    const storm = draw.int(301);
    return [300 - storm, storm];
  });
  const dealt = imbalance(counts, balanceBlocks(counts, 5), 5);
  for (let shuffle = 0; shuffle < 1000; shuffle++) {
    const owner = counts.map((_, i) => i % 5);
    for (let i = owner.length - 1; i > 0; i--) {
      const j = draw.int(i + 1);
      [owner[i], owner[j]] = [owner[j]!, owner[i]!];
    }
    expect(dealt).toBeLessThanOrEqual(imbalance(counts, owner, 5));
  }
});

test('blocks are dealt in equal numbers, and no two could change places for the better', () => {
  const block = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 3 });
  const cases = fc
    .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .chain(([parts, each]) =>
      fc.record({ parts: fc.constant(parts), counts: fc.array(block, { minLength: parts * each, maxLength: parts * each }) }),
    );
  fc.assert(
    fc.property(cases, ({ parts, counts }) => {
      const owner = balanceBlocks(counts, parts);
      for (let set = 0; set < parts; set++) expect(owner.filter(each => each === set)).toHaveLength(counts.length / parts);
      const reached = imbalance(counts, owner, parts);
      for (let a = 0; a < owner.length; a++)
        for (let b = a + 1; b < owner.length; b++) {
          const swapped = owner.map((set, i) => (i === a ? owner[b]! : i === b ? owner[a]! : set));
          expect(imbalance(counts, swapped, parts)).toBeGreaterThan(reached - 1e-6);
        }
    }),
  );
});
