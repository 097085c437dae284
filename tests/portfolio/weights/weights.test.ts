import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalRiskWeights } from '../../../src/portfolio/weights/equal-risk.js';
import { hierarchicalRiskWeights } from '../../../src/portfolio/weights/hierarchical-risk.js';
import { minimumVarianceWeights } from '../../../src/portfolio/weights/minimum-variance.js';
import { shrunkCovariance } from '../../../src/portfolio/weights/shrunk-covariance.js';
import { random } from '../../../src/random.js';
import { weightsBy, type WeightScheme } from '../../../src/portfolio/weights/weight-scheme.js';

const METHODS = {
  'equal risk': equalRiskWeights,
  'minimum variance': minimumVarianceWeights,
  'hierarchical risk': hierarchicalRiskWeights,
};

const total = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** L Lᵀ + diag(d²), row-major. */
const ofFactors = (loadings: readonly (readonly number[])[], own: readonly number[]): Float64Array =>
  Float64Array.from({ length: own.length * own.length }, (_, at) => {
    const [i, j] = [Math.floor(at / own.length), at % own.length];
    return loadings[i]!.reduce((sum, a, k) => sum + a * loadings[j]![k]!, i === j ? own[i]! * own[i]! : 0);
  });

const covariances = fc.integer({ min: 2, max: 6 }).chain(size =>
  fc
    .record({
      loadings: fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
        minLength: size,
        maxLength: size,
      }),
      own: fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { minLength: size, maxLength: size }),
    })
    .map(({ loadings, own }) => ({ size, covariance: ofFactors(loadings, own) })),
);

/** Without ties: where two pairs are equally alike, any order of joining them is as good, and rounding chooses. */
const withoutTies = fc.record({ seed: fc.integer(), size: fc.integer({ min: 2, max: 6 }) }).map(({ seed, size }) => {
  const draw = random(seed);
  const loadings = Array.from({ length: size }, () => [draw.normal(), draw.normal(), draw.normal()]);
  return {
    size,
    covariance: ofFactors(
      loadings,
      Array.from({ length: size }, () => 0.3 + draw.next()),
    ),
  };
});

const image = (covariance: Float64Array, w: Float64Array): Float64Array =>
  w.map((_, i) => w.reduce((sum, weight, j) => sum + covariance[i * w.length + j]! * weight, 0));
const variance = (covariance: Float64Array, w: Float64Array): number => total(image(covariance, w).map((value, i) => value * w[i]!));

/** Gauss–Jordan with pivoting: another way to x than the one that is tested. */
const solved = (rows: readonly (readonly number[])[], goal: readonly number[]): number[] => {
  const a = rows.map((row, i) => [...row, goal[i]!]);
  for (let k = 0; k < a.length; k++) {
    const pivot = a.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(a[best]![k]!) ? k + i : best), k);
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    a.forEach((row, i) => {
      if (i === k) return;
      const times = row[k]! / a[k]![k]!;
      a[i] = row.map((value, j) => value - times * a[k]![j]!);
    });
  }
  return a.map((row, i) => row[a.length]! / row[i]!);
};

/** The least variance over all supports whose best weights are positive. */
const leastOfAllSupports = (covariance: Float64Array, size: number): number => {
  let least = Infinity;
  for (let mask = 1; mask < 1 << size; mask++) {
    const members = Array.from({ length: size }, (_, i) => i).filter(i => (mask >> i) & 1);
    const x = solved(
      members.map(i => members.map(j => covariance[i * size + j]!)),
      members.map(() => 1),
    );
    if (x.every(value => value > 0)) least = Math.min(least, 1 / total(x));
  }
  return least;
};

describe.each(Object.entries(METHODS))('%s', (_, weigh) => {
  test('gives long-only weights that sum to 1', () => {
    fc.assert(
      fc.property(covariances, ({ covariance, size }) => {
        const weights = weigh(covariance, size);
        expect(total(weights)).toBeCloseTo(1, 12);
        for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('does not depend on the order in which strategies are named, nor on the unit of returns', () => {
    fc.assert(
      fc.property(withoutTies, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), ({ covariance, size }, unit) => {
        const weights = weigh(covariance, size);
        const backwards = weigh(
          covariance.map((_, at) => unit * covariance[(size - 1 - Math.floor(at / size)) * size + (size - 1 - (at % size))]!),
          size,
        );
        backwards.reverse().forEach((weight, i) => expect(weight).toBeCloseTo(weights[i]!, 9));
      }),
    );
  });

  test('shares what two copies get between them', () => {
    const weights = weigh(Float64Array.of(1, 1, 0, 1, 1, 0, 0, 0, 1), 3);
    expect(weights[0]).toBeCloseTo(weights[1]!, 6);
    expect(total(weights)).toBeCloseTo(1, 12);
  });
});

describe('equal risk contribution', () => {
  test('makes the contributions equal', () => {
    fc.assert(
      fc.property(covariances, ({ covariance, size }) => {
        const weights = equalRiskWeights(covariance, size);
        const risk = variance(covariance, weights);
        image(covariance, weights).forEach((value, i) => expect((weights[i]! * value) / risk).toBeCloseTo(1 / size, 9));
      }),
    );
  });

  test('is inverse volatility for two strategies, whatever their correlation (Maillard, Roncalli & Teïletche 2010, eq. 5)', () => {
    for (const rho of [-0.99, -0.3, 0, 0.5, 0.99]) {
      const weights = equalRiskWeights(Float64Array.of(4, 6 * rho, 6 * rho, 9), 2);
      expect(weights[0]).toBeCloseTo(3 / 5, 10);
    }
  });
});

describe('minimum variance', () => {
  test('is as low as the best of all supports, solved one by one', () => {
    fc.assert(
      fc.property(covariances, ({ covariance, size }) => {
        const least = leastOfAllSupports(covariance, size);
        expect(variance(covariance, minimumVarianceWeights(covariance, size)) / least).toBeCloseTo(1, 9);
      }),
    );
  });

  test('is the closed form for two strategies, and all in the calmer where that would sell the wilder', () => {
    // (σ₂² − ρσ₁σ₂) ÷ (σ₁² + σ₂² − 2ρσ₁σ₂) with σ = 1, 2.
    for (const [rho, first] of [
      [-0.5, 5 / 7],
      [0, 0.8],
      [0.25, 3.5 / 4],
      [0.9, 1],
    ] as const)
      expect(minimumVarianceWeights(Float64Array.of(1, 2 * rho, 2 * rho, 4), 2)[0]).toBeCloseTo(first, 12);
  });
});

describe('without correlation', () => {
  test('weights go by inverse volatility or inverse variance', () => {
    const diagonal = Float64Array.of(1, 0, 0, 0, 0, 4, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0.25);
    const byVariance = [1, 1 / 4, 1 / 16, 4].map(x => x / (1 + 1 / 4 + 1 / 16 + 4));
    const byVolatility = [1, 1 / 2, 1 / 4, 2].map(x => x / 3.75);
    const all: readonly (readonly [Float64Array, readonly number[]])[] = [
      [equalRiskWeights(diagonal, 4), byVolatility],
      [minimumVarianceWeights(diagonal, 4), byVariance],
      [hierarchicalRiskWeights(diagonal, 4), byVariance],
    ];
    for (const [weights, expected] of all) weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected[i]!, 12));
  });
});

describe('hierarchical risk parity', () => {
  /** By the code in the appendix of López de Prado (2016) over SciPy's linkage, on covariances of these factors. */
  const PUBLISHED = [
    {
      loadings: [
        [-2, -1, 3, 2],
        [-1, -2, 7, 0],
        [2, 0, -4, -6],
        [-6, 6, 7, 2],
        [6, -8, -6, -5],
        [-9, -8, -3, -1],
        [4, 4, -9, -7],
      ],
      own: [3, 3, 8, 6, 2, 7, 7],
      weights: [0.398726127561, 0.170882626098, 0.084209381739, 0.114699884324, 0.093067440846, 0.090522947922, 0.04789159151],
    },
    {
      loadings: [
        [-1, 0, 2, -4],
        [-7, -2, 2, 0],
        [-4, -1, -4, 9],
        [3, 3, 3, -8],
        [1, -2, -7, -9],
        [-6, 3, 5, -5],
        [-6, 8, 6, 7],
        [3, 6, -9, 6],
        [9, -8, -4, -2],
        [-9, -9, -7, 9],
      ],
      own: [5, 3, 2, 6, 3, 8, 1, 8, 8, 3],
      weights: [
        0.35680511267, 0.06274850815, 0.084205102314, 0.129236497503, 0.116213035409, 0.026046550553, 0.089971382252, 0.076283807919,
        0.025479365114, 0.033010638116,
      ],
    },
  ];

  test('gives the weights of the published code', () => {
    for (const { loadings, own, weights } of PUBLISHED) {
      const found = hierarchicalRiskWeights(ofFactors(loadings, own), own.length);
      found.forEach((weight, i) => expect(weight).toBeCloseTo(weights[i]!, 11));
    }
  });

  test('is inverse variance for two strategies', () => {
    expect(hierarchicalRiskWeights(Float64Array.of(4, 3, 3, 9), 2)[0]).toBeCloseTo(9 / 13, 14);
  });
});

describe('the shrunk covariance', () => {
  const COLUMNS = [
    [-15, 4, -1, 2, 10, 15, -2, 15, -10, 18, 20, -8],
    [-30, 8, -15, -16, 28, 10, 5, 0, -3, 31, 40, -6],
    [4, 11, -5, 3, 25, -8, 19, 1, -7, 23, -5, 9],
    [0, -19, 18, -15, 5, 0, -9, 12, 1, 2, -12, -1],
  ].map(column => Float64Array.from(column));

  test('agrees with the published program of its authors (covCor.m, with divisor n)', () => {
    const { matrix, intensity } = shrunkCovariance(COLUMNS);
    expect(intensity).toBeCloseTo(0.4496761438404468, 12);
    const rows = [
      [124.66666666666666, 111.94841390076215, 14.607245379100164, 7.373471709050895],
      [111.94841390076215, 394.55555555555554, 55.716751813951504, -5.511420011845324],
      [14.607245379100164, 55.716751813951504, 124.80555555555556, -0.5560023115322039],
      [7.373471709050895, -5.511420011845324, -0.5560023115322039, 106.91666666666666],
    ].flat();
    matrix.forEach((value, at) => expect(value).toBeCloseTo(rows[at]!, 9));
  });

  test('is the sample’s own for two strategies, whose mean correlation is the sample’s', () => {
    const { intensity } = shrunkCovariance(COLUMNS.slice(0, 2));
    expect(intensity).toBe(0);
  });
});

describe('weights by past returns', () => {
  const SCHEMES: readonly WeightScheme[] = ['equal-weight', 'equal-risk', 'hierarchical-risk', 'minimum-variance'];
  const moving = Float64Array.of(0.01, -0.02, 0.03, 0, 0.01);
  const idle = new Float64Array(5);

  test('leave out a strategy that did not trade, but not out of equal weights', () => {
    for (const scheme of SCHEMES) expect([...weightsBy(scheme, [moving, idle])]).toEqual(scheme === 'equal-weight' ? [0.5, 0.5] : [1, 0]);
  });

  test('are equal when none traded', () => {
    for (const scheme of SCHEMES) expect([...weightsBy(scheme, [idle, idle])]).toEqual([0.5, 0.5]);
  });
});
