import { usageError } from '../../errors.js';
import { linearRegression } from '../../statistics/linear-regression.js';
import { mean } from '../../statistics/moments.js';

/** What combinatorially symmetric cross-validation says about choosing the best configuration. */
export interface Overfitting {
  /** Share of splits in which the best in sample was at or below the median out of sample. */
  readonly pbo: number;
  /** ln(w ÷ (1 − w)) per split, w the relative rank out of sample of the best in sample; splits in lexicographic order. */
  readonly logits: Float64Array;
  /** Share of splits in which the best in sample had a negative Sharpe ratio out of sample. */
  readonly probabilityOfLoss: number;
  /** Sharpe ratio (per observation) of each split's choice in sample and out of sample. */
  readonly inSample: Float64Array;
  readonly outOfSample: Float64Array;
  /** Line of `outOfSample` on `inSample`: a negative slope means that the better it looked, the worse it did. */
  readonly slope: number;
  readonly intercept: number;
  /** Number of splits, C(blocks, blocks ÷ 2). */
  readonly combinations: number;
  /** Rows used: the first `rows mod blocks` are dropped. */
  readonly rows: number;
}

/** Count, mean and sum of squared deviations of a set of returns: enough for a Sharpe ratio, and two of them merge. */
interface Aggregate {
  count: number;
  mean: number;
  squares: number;
}

/** Chan, Golub & LeVeque (1979): no cancellation, and a flat configuration stays exactly flat. */
const merge = (into: Aggregate, part: Aggregate): void => {
  const count = into.count + part.count;
  const gap = part.mean - into.mean;
  into.squares += part.squares + (gap * gap * into.count * part.count) / count;
  into.mean += (gap * part.count) / count;
  into.count = count;
};

const aggregate = (values: Float64Array): Aggregate => {
  const centre = mean(values);
  let squares = 0;
  for (const x of values) squares += (x - centre) * (x - centre);
  return { count: values.length, mean: centre, squares };
};

/** Mean ÷ standard deviation (divisor n − 1); 0 for a configuration that did nothing, ∓Infinity for a constant loss or gain. */
const sharpeOf = ({ count, mean: centre, squares }: Aggregate): number => (centre === 0 ? 0 : centre / Math.sqrt(squares / (count - 1)));

/** All ways to choose `k` of `n`, as ascending index lists in lexicographic order. The list is reused between steps. */
function* choices(n: number, k: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    yield chosen;
    let i = k - 1;
    while (i >= 0 && chosen[i] === n - k + i) i--;
    if (i < 0) return;
    chosen[i]!++;
    for (let j = i + 1; j < k; j++) chosen[j] = chosen[j - 1]! + 1;
  }
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation. `configurations` holds one column of per-period returns
 * per configuration, all of one length and on the same dates. Time is cut into `blocks` equal blocks (even, 2 to 24; 16 when left out); each half of
 * them is in sample once, the other half out of sample. The configuration with the highest Sharpe ratio in sample (the first of equals) is
 * ranked out of sample (ties share the average rank).
 * Throws a usage error for fewer than two configurations, ragged columns, or fewer than two rows a block.
 * Source: Bailey, Borwein, López de Prado & Zhu, The Probability of Backtest Overfitting, Journal of Computational Finance 20 (2016).
 */
export const probabilityOfOverfitting = (configurations: readonly Float64Array[], blocks = 16): Overfitting => {
  const length = configurations[0]?.length ?? 0;
  if (configurations.length < 2)
    throw usageError('too-few-configurations', 'Overfitting needs at least two configurations to choose from.');
  if (configurations.some(c => c.length !== length))
    throw usageError('ragged-returns', 'The configurations have returns of different length.', 'Evaluate all of them on the same dates.');
  if (!(Number.isInteger(blocks / 2) && blocks >= 2 && blocks <= 24))
    throw usageError('bad-blocks', `${blocks} is not a number of blocks.`, 'Use an even number from 2 to 24, such as 16.');
  const size = Math.floor(length / blocks);
  if (size < 2)
    throw usageError('too-few-samples', `${length} returns are too few for ${blocks} blocks.`, 'Use fewer blocks or a longer run.');

  const skipped = length - size * blocks;
  const parts = configurations.map(column =>
    Array.from({ length: blocks }, (_, b) => aggregate(column.subarray(skipped + b * size, skipped + (b + 1) * size))),
  );
  const sharpes = (members: readonly number[], into: Float64Array): void => {
    parts.forEach((part, c) => {
      const total: Aggregate = { count: 0, mean: 0, squares: 0 };
      for (const b of members) merge(total, part[b]!);
      into[c] = sharpeOf(total);
    });
  };
  const inside = new Float64Array(configurations.length);
  const outside = new Float64Array(configurations.length);
  const logits: number[] = [];
  const inSample: number[] = [];
  const outOfSample: number[] = [];
  for (const train of choices(blocks, blocks / 2)) {
    const test = Array.from({ length: blocks }, (_, b) => b).filter(b => !train.includes(b));
    sharpes(train, inside);
    sharpes(test, outside);
    let best = 0;
    for (let c = 1; c < inside.length; c++) if (inside[c]! > inside[best]!) best = c;
    const chosen = outside[best]!;
    let below = 0;
    let equal = 0;
    for (const s of outside) {
      if (s < chosen) below++;
      else if (s === chosen) equal++;
    }
    const rank = (below + (equal + 1) / 2) / (configurations.length + 1);
    logits.push(Math.log(rank / (1 - rank)));
    inSample.push(inside[best]!);
    outOfSample.push(chosen);
  }
  const share = (values: readonly number[], test: (value: number) => boolean): number => values.filter(test).length / values.length;
  const { slope, intercept } = linearRegression(inSample, outOfSample);
  return {
    pbo: share(logits, logit => logit <= 0),
    logits: Float64Array.from(logits),
    probabilityOfLoss: share(outOfSample, s => s < 0),
    inSample: Float64Array.from(inSample),
    outOfSample: Float64Array.from(outOfSample),
    slope,
    intercept,
    combinations: logits.length,
    rows: size * blocks,
  };
};
