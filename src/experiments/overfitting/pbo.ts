import { usageError } from '../../errors.js';
import { nextChoice } from '../../numeric/next-choice.js';
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

/** Mean and sum of squared deviations of every configuration over some of the rows. */
interface Aggregates {
  readonly means: Float64Array;
  readonly squares: Float64Array;
}

const emptyAggregates = (configurations: number): Aggregates => ({
  means: new Float64Array(configurations),
  squares: new Float64Array(configurations),
});

const aggregateBlock = (configurations: readonly Float64Array[], from: number, to: number): Aggregates => {
  const block = emptyAggregates(configurations.length);
  configurations.forEach((column, c) => {
    const values = column.subarray(from, to);
    const centre = mean(values);
    let squares = 0;
    for (const x of values) squares += (x - centre) * (x - centre);
    block.means[c] = centre;
    block.squares[c] = squares;
  });
  return block;
};

/**
 * One more block of `size` rows beside the `count` rows before it. Means and squared deviations are merged, never sums of squares subtracted: a
 * variance then keeps all its digits however small it is beside the mean, and a flat configuration stays exactly flat. Source: Chan, Golub & LeVeque,
 * Updating Formulae and a Pairwise Algorithm for Computing Sample Variances (1979).
 */
const extend = (before: Aggregates, count: number, block: Aggregates, size: number, into: Aggregates): void => {
  const share = size / (count + size);
  const spread = count * share;
  for (let c = 0; c < into.means.length; c++) {
    const gap = block.means[c]! - before.means[c]!;
    into.means[c] = before.means[c]! + gap * share;
    into.squares[c] = before.squares[c]! + block.squares[c]! + gap * gap * spread;
  }
};

/**
 * Sharpe ratios of a growing and shrinking list of blocks. What a list shares with the one before it from the left is not merged again: from one
 * choice to the next in lexicographic order that leaves two merges on average, whatever the number of blocks.
 */
const sharpesOfBlocks = (blocks: readonly Aggregates[], size: number): ((members: readonly number[], out: Float64Array) => void) => {
  const configurations = blocks[0]!.means.length;
  const merged = blocks.map(() => emptyAggregates(configurations));
  const held: number[] = [];
  return (members, out) => {
    let depth = 0;
    while (depth < held.length && held[depth] === members[depth]) depth++;
    held.length = depth;
    for (; depth < members.length; depth++) {
      const block = blocks[members[depth]!]!;
      held.push(members[depth]!);
      if (depth > 0) extend(merged[depth - 1]!, depth * size, block, size, merged[depth]!);
      else {
        merged[0]!.means.set(block.means);
        merged[0]!.squares.set(block.squares);
      }
    }
    const { means, squares } = merged[members.length - 1]!;
    const freedom = members.length * size - 1;
    for (let c = 0; c < configurations; c++) {
      // 0 for a configuration that did nothing, ∓Infinity for a constant loss or gain; one without a ratio is no better than ruin.
      const sharpe = means[c] === 0 ? 0 : means[c]! / Math.sqrt(squares[c]! / freedom);
      out[c] = Number.isNaN(sharpe) ? -Infinity : sharpe;
    }
  };
};

const indexOfBest = (values: Float64Array): number => {
  let best = 0;
  for (let c = 1; c < values.length; c++) if (values[c]! > values[best]!) best = c;
  return best;
};

/** ln(w ÷ (1 − w)) of the relative rank w of one configuration among all; ties share the average rank. */
const logitOfRank = (values: Float64Array, which: number): number => {
  const chosen = values[which]!;
  let below = 0;
  let equal = 0;
  for (let c = 0; c < values.length; c++) {
    if (values[c]! < chosen) below++;
    else if (values[c] === chosen) equal++;
  }
  const w = (below + (equal + 1) / 2) / (values.length + 1);
  return Math.log(w / (1 - w));
};

const binomial = (n: number, k: number): number => {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
};

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
  const parts = Array.from({ length: blocks }, (_, b) => aggregateBlock(configurations, skipped + b * size, skipped + (b + 1) * size));
  const combinations = binomial(blocks, blocks / 2);
  const logits = new Float64Array(combinations);
  const inSample = new Float64Array(combinations);
  const outOfSample = new Float64Array(combinations);
  const judge = (split: number, train: Float64Array, test: Float64Array): void => {
    const best = indexOfBest(train);
    logits[split] = logitOfRank(test, best);
    inSample[split] = train[best]!;
    outOfSample[split] = test[best]!;
  };
  const sharpesOfLow = sharpesOfBlocks(parts, size);
  const sharpesOfHigh = sharpesOfBlocks(parts, size);
  const low = new Float64Array(configurations.length);
  const high = new Float64Array(configurations.length);
  const chosen = Array.from({ length: blocks / 2 }, (_, i) => i);
  // The complement of the i-th choice is the i-th from the end, so each pair of halves is judged both ways at once.
  for (let split = 0; split < combinations / 2; split++) {
    const others = parts.map((_, b) => b).filter(b => !chosen.includes(b));
    sharpesOfLow(chosen, low);
    sharpesOfHigh(others, high);
    judge(split, low, high);
    judge(combinations - 1 - split, high, low);
    nextChoice(chosen, blocks);
  }
  const share = (values: Float64Array, test: (value: number) => boolean): number => values.filter(test).length / values.length;
  const { slope, intercept } = linearRegression(inSample, outOfSample);
  return {
    pbo: share(logits, logit => logit <= 0),
    logits,
    probabilityOfLoss: share(outOfSample, s => s < 0),
    inSample,
    outOfSample,
    slope,
    intercept,
    combinations,
    rows: size * blocks,
  };
};
