import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Imported, Series } from '../../../src/datasets/series.js';
import { fundingRate } from '../../../src/datasets/synthetic/basis.js';
import type { PlantedTruth, SyntheticConfig } from '../../../src/datasets/synthetic/config.js';
import { synthesise } from '../../../src/datasets/synthetic/synthesise.js';

// Twenty seeds a truth: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const H = 3_600_000;
const FROM = Date.UTC(2024, 0, 1);
const BARS_PER_YEAR = 8760;

const market = (symbol: string, volatility = 0.6) => ({ symbol, price: 10_000, volatility, tickSize: 0.01, lotSize: 0.001 });
const config = (truths: PlantedTruth[], bars: number, symbols: string[] = ['A/USDT:USDT'], volatility = 0.6): SyntheticConfig => ({
  markets: symbols.map(symbol => market(symbol, volatility)),
  from: FROM,
  to: FROM + bars * H,
  truths,
  kinds: ['bars'],
});

/** Logarithmic returns from close to close. */
const returnsOf = ({ series }: Imported): number[] => {
  const close = [...(series.columns[3] ?? [])].map(Math.log);
  return close.slice(1).map((value, i) => value - (close[i] ?? NaN));
};
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const deviation = (xs: readonly number[]): number => {
  const mu = mean(xs);
  return Math.sqrt(mean(xs.map(x => (x - mu) * (x - mu))));
};

/** Ordinary least squares y = a + b x: the slope and its standard error. */
const slope = (x: readonly number[], y: readonly number[]): { b: number; se: number } => {
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, value) => sum + (value - mx) * (value - mx), 0);
  const b = x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0) / sxx;
  const residual = y.reduce((sum, value, i) => sum + (value - my - b * ((x[i] ?? 0) - mx)) * (value - my - b * ((x[i] ?? 0) - mx)), 0);
  return { b, se: Math.sqrt(residual / (x.length - 2) / sxx) };
};

/** A mean and its standard error from means of blocks, which allows for dependence shorter than a block. */
const blockMean = (xs: readonly number[], blocks = 25): { b: number; se: number } => {
  const size = Math.floor(xs.length / blocks);
  const means = Array.from({ length: blocks }, (_, k) => mean(xs.slice(k * size, (k + 1) * size)));
  return { b: mean(means), se: (deviation(means) * Math.sqrt(blocks / (blocks - 1))) / Math.sqrt(blocks) };
};

/** Over 20 seeds: at least 16 estimates lie within two standard errors of the truth, and together they are not off to one side. */
const expectTruth = (truth: number, estimate: (seed: number) => { b: number; se: number }): void => {
  const z = Array.from({ length: 20 }, (_, seed) => {
    const { b, se } = estimate(seed + 1);
    return (b - truth) / se;
  });
  expect(z.filter(value => Math.abs(value) < 2).length, `z-scores ${z.map(value => value.toFixed(2)).join(' ')}`).toBeGreaterThanOrEqual(
    16,
  );
  expect(Math.abs(mean(z)), 'mean z-score').toBeLessThan(3 / Math.sqrt(20));
};

const one = (truths: PlantedTruth[], bars: number, seed: number, volatility?: number): number[] => {
  const [first] = synthesise(config(truths, bars, undefined, volatility), seed);
  if (first === undefined) throw new Error('one market was asked for');
  return returnsOf(first);
};

describe('what is planted can be estimated back within its standard error', () => {
  it('a drift per year', () => {
    expectTruth(2.5, seed => {
      const returns = one([{ kind: 'drift', perYear: 2.5 }], 5000, seed);
      return { b: mean(returns) * BARS_PER_YEAR, se: (deviation(returns) * BARS_PER_YEAR) / Math.sqrt(returns.length) };
    });
  });

  for (const coefficient of [0.1, -0.2])
    it(`an autocorrelation of ${coefficient}`, () => {
      expectTruth(coefficient, seed => {
        const returns = one([{ kind: 'autocorrelation', coefficient }], 5000, seed);
        return slope(returns.slice(0, -1), returns.slice(1));
      });
    });

  it('a reversion to the mean of a half-life of 10 bars', () => {
    expectTruth(Math.SQRT1_2 ** 0.2, seed => {
      let level = 0;
      const levels = one([{ kind: 'mean-reversion', halfLifeBars: 10 }], 5000, seed).map(step => (level += step));
      return slope(levels.slice(0, -1), levels.slice(1));
    });
  });

  it('cross-sectional momentum of 0.3 over 10 bars among six symbols', () => {
    const symbols = ['A', 'B', 'C', 'D', 'E', 'F'];
    expectTruth(0.3, seed => {
      const truths: PlantedTruth[] = [{ kind: 'cross-sectional-momentum', strength: 0.3, lookbackBars: 10 }];
      const returns = synthesise(config(truths, 2500, symbols), seed).map(returnsOf);
      const [x, y]: [number[], number[]] = [[], []];
      for (let t = 10; t < (returns[0]?.length ?? 0); t++) {
        const leads = returns.map(series => mean(series.slice(t - 10, t)));
        const next = returns.map(series => series[t] ?? NaN);
        returns.forEach((_, m) => {
          x.push((leads[m] ?? NaN) - mean(leads));
          y.push((next[m] ?? NaN) - mean(next));
        });
      }
      return slope(x, y);
    });
  });

  it('volatility clustering: the autocorrelation of squared returns is that of GARCH(1,1), α(1−αβ−β²) ÷ (1−2αβ−β²)', () => {
    const [alpha, beta] = [0.15, 0.6];
    const expected = (alpha * (1 - alpha * beta - beta * beta)) / (1 - 2 * alpha * beta - beta * beta);
    expectTruth(expected, seed => {
      const squares = one([{ kind: 'volatility-clustering', alpha, beta }], 20_000, seed).map(r => r * r);
      const [mu, sd] = [mean(squares), deviation(squares)];
      return blockMean(squares.slice(1).map((square, i) => ((square - mu) * ((squares[i] ?? NaN) - mu)) / (sd * sd)));
    });
  });

  it('regimes: variance and drift are those of the states, weighted by the time spent in them', () => {
    const states = [
      { perYear: 3, volatility: 0.5, meanBars: 20 },
      { perYear: -1, volatility: 1.5, meanBars: 60 },
    ];
    const perBar = 0.36 / BARS_PER_YEAR;
    const returns = (seed: number): number[] => one([{ kind: 'regimes', states }], 15_000, seed);
    expectTruth((0.25 * 0.25 + 0.75 * 2.25) * perBar, seed => blockMean(returns(seed).map(r => r * r)));
    expectTruth(0, seed => blockMean(returns(seed)));
  });

  it('jumps: as many a year as asked for', () => {
    expectTruth(100, seed => {
      const bars = 3 * BARS_PER_YEAR;
      const returns = one([{ kind: 'jumps', perYear: 100, size: 0.1 }], bars, seed, 0.05);
      // Of jumps with deviation 0.1, 92.034 % are larger than 0.01; ordinary bars have a deviation of 0.0005.
      const count = returns.filter(r => Math.abs(r) > 0.01).length / 0.92034;
      return { b: count / 3, se: Math.sqrt(count) / 3 };
    });
  });

  it('the volatility and the correlation that were asked for', () => {
    expectTruth(0.6, seed => {
      const returns = one([{ kind: 'none' }], 3000, seed);
      const sd = deviation(returns) * Math.sqrt(BARS_PER_YEAR);
      return { b: sd, se: sd / Math.sqrt(2 * returns.length) };
    });
    expectTruth(0.7, seed => {
      const [a = [], b = []] = synthesise({ ...config([{ kind: 'none' }], 3000, ['A', 'B']), correlation: 0.7 }, seed).map(returnsOf);
      const [ma, mb] = [mean(a), mean(b)];
      const correlation = mean(a.map((x, i) => (x - ma) * ((b[i] ?? NaN) - mb))) / (deviation(a) * deviation(b));
      return { b: correlation, se: (1 - 0.49) / Math.sqrt(a.length) };
    });
  });

  it('nothing: simple returns average zero, and neither they nor their squares remember', () => {
    const noise = (seed: number): number[] => one([{ kind: 'none' }], 5000, seed, 1.5);
    expectTruth(0, seed => {
      const simple = noise(seed).map(r => Math.expm1(r));
      return { b: mean(simple), se: deviation(simple) / Math.sqrt(simple.length) };
    });
    for (const of of [(r: number) => r, (r: number) => r * r])
      expectTruth(0, seed => {
        const values = noise(seed).map(of);
        return slope(values.slice(0, -1), values.slice(1));
      });
  });
});

const all = (overrides: Partial<SyntheticConfig> = {}, seed = 1): Imported[] =>
  synthesise(
    { ...config([{ kind: 'none' }], 2000, ['A/USDT:USDT', 'B/USDT:USDT']), kinds: ['bars', 'mark', 'index', 'funding'], ...overrides },
    seed,
  );
const find = (imported: readonly Imported[], kind: string): Series => {
  const found = imported.find(({ series }) => series.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found.series;
};

describe('synthetic data', () => {
  it('is labelled as such in every series, with seed and truths', () => {
    for (const { synthetic, instrument, source } of all()) {
      expect(synthetic).toBe(true);
      expect(instrument).toMatchObject({ exchange: 'synthetic', source: expect.stringContaining('synthetic') });
      expect(source.reading).toMatchObject({ seed: '1', truths: 'none: pure noise' });
    }
    const [bars] = all({ truths: [{ kind: 'autocorrelation', coefficient: 0.1 }] });
    expect(bars?.findings).toMatchObject([
      { code: 'planted-truth', message: expect.stringContaining('autocorrelation {"coefficient":0.1}') },
    ]);
  });

  it('has bars on the grid whose high and low hold open and close, and that open where the last one closed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0.3, 3), (seed, volatility) => {
        const [bars] = synthesise(config([{ kind: 'jumps', perYear: 400, size: 0.1 }], 300, ['A'], volatility), seed);
        const [open = [], high = [], low = [], close = [], volume = []] = (bars?.series.columns ?? []).map(column => [...column]);
        open.forEach((o, i) => {
          const [h = NaN, l = NaN, c = NaN, v = NaN] = [high[i], low[i], close[i], volume[i]];
          expect(h >= Math.max(o, c) && l <= Math.min(o, c) && l > 0 && v > 0).toBe(true);
          for (const price of [o, h, l, c]) expect(price).toBe(Number(price.toFixed(2)));
          expect(v).toBe(Number(v.toFixed(3)));
          if (i > 0) expect(o).toBe(close[i - 1]);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('is the same for the same seed and different for another; a market more does not change the others', () => {
    expect(all()).toEqual(all());
    expect(find(all({}, 2), 'bars').columns).not.toEqual(find(all(), 'bars').columns);
    const alone = all({ markets: [market('A/USDT:USDT')] });
    expect(find(alone, 'bars').columns).toEqual(find(all(), 'bars').columns);
  });

  it('does not change its past when it is made longer', () => {
    const [short, long] = [all(), all({ to: FROM + 3000 * H })];
    for (const kind of ['bars', 'mark', 'index', 'funding']) {
      const [a, b] = [find(short, kind), find(long, kind)];
      expect(b.columns.map(column => column.slice(0, a.rows))).toEqual(a.columns);
    }
  });

  it('trades more when it moves more', () => {
    const bars = find(all({ truths: [{ kind: 'volatility-clustering', alpha: 0.1, beta: 0.85 }] }), 'bars');
    const [, high = new Float64Array(), low = new Float64Array(), , volume = new Float64Array()] = bars.columns;
    const { b, se } = slope(
      [...high].map((h, i) => Math.log(h / (low[i] ?? NaN))),
      [...volume],
    );
    expect(b / se).toBeGreaterThan(5);
  });

  it('settles funding every eight hours and, where it is told so, every four from a day on', () => {
    const change = { at: FROM + 10 * 24 * H, interval: 4 * H };
    const { ts, columns } = find(all({ funding: { interval: 8 * H, change } }), 'funding');
    const hoursAfterStart = [...ts].map(t => (t - FROM) / H);
    const expected = Array.from({ length: 2000 }, (_, h) => h).filter(h => h > 0 && (h < 240 ? h % 8 === 0 : h % 4 === 0));
    expect(hoursAfterStart).toEqual(expected);
    expect([...(columns[1] ?? [])].map(interval => interval / H)).toEqual(expected.map(h => (h < 240 ? 8 : 4)));
  });

  it('pays funding the way the premium leans: rates go with the mean premium of bar closes over the index', () => {
    const imported = all();
    const [bars, index, funding] = [find(imported, 'bars'), find(imported, 'index'), find(imported, 'funding')];
    const premiums = [...funding.ts].map(ts => {
      const at = (ts - FROM) / H;
      const hours = Array.from({ length: 8 }, (_, k) => at - 7 + k);
      return mean(hours.map(i => (bars.columns[3]?.[i - 1] ?? NaN) / (index.columns[0]?.[i] ?? NaN) - 1));
    });
    const rates = [...(funding.columns[0] ?? [])];
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(fundingRate(premiums[i] ?? NaN, 8 * H), 5));
    expect(deviation(rates)).toBeGreaterThan(1e-5);
  });

  it('computes funding as Binance does: interest within the band, premium beyond it, in proportion to the interval', () => {
    expect(fundingRate(0, 8 * H)).toBe(0.0001);
    expect(fundingRate(0.0004, 8 * H)).toBe(0.0001);
    expect(fundingRate(0.002, 8 * H)).toBe(0.0015);
    expect(fundingRate(-0.002, 8 * H)).toBe(-0.0015);
    expect(fundingRate(0, 4 * H)).toBe(0.00005);
    expect(fundingRate(0.1, 8 * H)).toBe(0.0075);
  });

  it('names the field that is wrong in a configuration', () => {
    expect(() => all({ correlation: 1.5 })).toThrow(/correlation is wrong/);
    expect(() => all({ truths: [{ kind: 'none' }, { kind: 'drift', perYear: 1 }] })).toThrow(/stands alone/);
    expect(() => all({ truths: [{ kind: 'volatility-clustering', alpha: 0.5, beta: 0.6 }] })).toThrow(/below 1/);
    expect(() => all({ to: FROM })).toThrow(/to must be after from/);
    expect(() => all({ timeframe: '1x' })).toThrow(/not a timeframe/);
  });
});
