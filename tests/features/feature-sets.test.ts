import { describe, expect, it } from 'vitest';
import { featureNames, featureSetId, featureSetNeeds, featureSetWarmup } from '../../src/features/feature-set.js';
import { createPanelFold } from '../../src/features/panel-fold.js';
import { FEATURE_SETS, featureSetByName } from '../../src/features/sets/feature-sets.js';
import { randomUniverse, type Instant } from './universe.js';

const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'];

describe('feature sets', () => {
  it('core has at least sixty columns, futures and other symbols among them, and warms up within a thousand bars', () => {
    const core = featureSetByName('core');
    expect(featureNames(core).length).toBeGreaterThanOrEqual(60);
    expect(featureSetId(core)).toBe('core@1');
    expect(featureSetNeeds(core)).toEqual(['funding', 'index', 'mark', 'open-interest', 'universe']);
    expect(featureSetWarmup(core)).toBeLessThanOrEqual(1000);
  });

  it('price-only and small need nothing but bars', () => {
    for (const name of ['price-only', 'small']) expect(featureSetNeeds(featureSetByName(name))).toEqual([]);
    expect(featureNames(featureSetByName('small')).length).toBe(12);
  });

  it('a name that is none is refused with the nearest one', () => {
    expect(() => featureSetByName('cor')).toThrow('There is no feature set "cor". Did you mean "core"?');
  });

  for (const set of FEATURE_SETS)
    describe(set.name, () => {
      const rows = featureSetWarmup(set) + 60;
      const instants = randomUniverse(31, SYMBOLS, rows);
      const names = featureNames(set);
      const matrix = (of: readonly Instant[]): number[][] => {
        const { width, step } = createPanelFold(set, SYMBOLS);
        const out = new Float64Array(width * SYMBOLS.length);
        return of.map(({ bars, futures }) => {
          step(bars, futures, out);
          return [...out];
        });
      };
      const whole = matrix(instants);

      it('has no two columns of one name', () => {
        expect(new Set(names).size).toBe(names.length);
      });

      it('is all numbers once it has warmed up', () => {
        for (const row of whole.slice(featureSetWarmup(set) - 1)) expect(row.every(Number.isFinite)).toBe(true);
      });

      it('says the same of a market whose prices, volumes and open interest are counted in another unit', () => {
        const price = 1024;
        const amount = 1 / 64;
        const other = instants.map(({ bars, futures }): Instant => ({
          bars: bars.map(
            bar =>
              bar && {
                ...bar,
                open: bar.open * price,
                high: bar.high * price,
                low: bar.low * price,
                close: bar.close * price,
                volume: bar.volume * amount,
              },
          ),
          futures: futures.map(view => ({
            ...view,
            mark: view.mark * price,
            index: view.index * price,
            openInterest: view.openInterest * amount,
          })),
        }));
        const scaled = matrix(other);
        const differs = whole.flatMap((row, i) =>
          row.flatMap((x, k) => {
            const y = scaled[i]?.[k] ?? NaN;
            const same = Number.isNaN(x) ? Number.isNaN(y) : Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x));
            return same ? [] : [`${names[k % names.length]} at ${i}: ${x} and ${y}`];
          }),
        );
        expect(differs).toEqual([]);
      });
    });
});
