import { usageError } from '../../errors.js';
import type { Vector } from '../../numeric/vector.js';
import { balanceBlocks } from './balance-blocks.js';
import { cutEvenly, numberedBars } from './bar-ranges.js';
import type { Calendar } from './calendar.js';
import type { SplitFold } from './fold.js';
import { checkedParts, purgeOf, someTraining } from './purge.js';
import type { KFoldOptions } from './purged-k-fold.js';

/** How history is shared out so that each test meets each regime. */
export interface RegimeStratifiedOptions extends KFoldOptions {
  /**
   * Contiguous blocks that each test is made of. More blocks bring each regime's share in a test nearer to its share in history; each costs training one purge and
   * embargo on both sides. Default: 4.
   */
  readonly blocks?: number;
}

/** A fold and what it tests. */
export interface RegimeFold extends SplitFold {
  /** Share of the test's labelled bars in each regime; index is the regime. Sums to 1. */
  readonly shares: readonly number[];
}

const countsOf = (regimes: Vector, kinds: number, first: number, end: number): readonly number[] => {
  const counts = Array.from({ length: kinds }, () => 0);
  for (let bar = first; bar < end; bar++) if (!Number.isNaN(regimes[bar]!)) counts[regimes[bar]!]!++;
  return counts;
};

const checkedKinds = (regimes: Vector, count: number): number => {
  if (regimes.length !== count)
    throw usageError('bad-split', `There are ${regimes.length} regime labels for ${count} bars.`, 'Give one label for each bar.');
  let highest = -1;
  for (let i = 0; i < count; i++) {
    const regime = regimes[i]!;
    if (Number.isNaN(regime)) continue;
    if (!Number.isInteger(regime) || regime < 0 || regime > 255)
      throw usageError('bad-split', `${regime} is not a regime.`, 'Number regimes 0, 1, 2 and so on; NaN where none is known.');
    highest = Math.max(highest, regime);
  }
  if (highest < 0) throw usageError('too-short', 'No bar has a regime.', 'Label the bars, or use a purged k-fold.');
  return highest + 1;
};

/**
 * Purged k-fold whose tests hold each regime about as often as history does, so that no fold is judged in the calm alone. History is cut into equal contiguous
 * blocks, dealt to the folds in turn; blocks then change places while that brings the shares nearer. Every bar is tested exactly once; training is purged around
 * every block. `regimes` has one label per bar of the calendar: whole numbers from 0 to 255, NaN where none is known (such bars fall where they fall).
 * Labels made with hindsight are allowed: they choose what is tested together and reach no strategy.
 * Throws a usage error where some fold would miss a regime altogether, for labels that are none, and as `purgedKFold` does.
 */
export const regimeStratified = (calendar: Calendar, regimes: Vector, options: RegimeStratifiedOptions): readonly RegimeFold[] => {
  const bars = numberedBars(calendar);
  const kinds = checkedKinds(regimes, bars.count);
  const parts = checkedParts(options.folds, 2, 'folds');
  const blocksEach = checkedParts(options.blocks ?? 4, 1, 'blocks');
  const all = [{ first: 0, end: bars.count }];
  const blocks = cutEvenly(all, parts * blocksEach).flat();
  const counts = blocks.map(({ first, end }) => countsOf(regimes, kinds, first, end));
  const owner = balanceBlocks(counts, parts);
  const purge = purgeOf(calendar, bars, options);
  return Array.from({ length: parts }, (_, index) => {
    const test = blocks.filter((_, block) => owner[block] === index);
    const held = Array.from({ length: kinds }, (_, regime) =>
      counts.reduce((sum, each, b) => (owner[b] === index ? sum + each[regime]! : sum), 0),
    );
    held.forEach((bars, regime) => {
      if (bars === 0 && counts.some(each => each[regime]! > 0))
        throw usageError(
          'too-short',
          `Fold ${index} would test no bar of regime ${regime}: it is too rare, or comes in too few stretches.`,
          'Use fewer folds, more blocks or more data.',
        );
    });
    const labelled = held.reduce((a, b) => a + b, 0);
    return {
      index,
      train: someTraining(purge(all, test), index).map(bars.spanOf),
      test: test.map(bars.spanOf),
      shares: held.map(n => n / labelled),
    };
  });
};
