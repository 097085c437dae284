import { effectiveTrials } from './overfitting/effective-trials.js';
import type { TrialOnRecord } from './read-trials.js';
import { readSketch } from './returns-sketch.js';

/** Fewest numbers in a sketch that a correlation can be had from. */
const FEWEST = 10;
/** Different trials of a window that are looked at, and of those the ones compared pair by pair: a window takes 50 ms at most. */
const MOST = 400;
const COMPARED = 100;

const independentAmong = (sketches: readonly string[]): number => {
  if (sketches.length < 2) return sketches.length;
  const { byEigenvalues, byClusters } = effectiveTrials(sketches.map(readSketch), { most: COMPARED });
  return Math.min(sketches.length, Math.max(byEigenvalues, byClusters));
};

/**
 * How many of the trials of one window are different, by their sketches. Beyond the most that are looked at, each counts as much as one of the second half of those
 * did: new ideas get rarer, so this is rather too many.
 */
const independentIn = (sketches: readonly string[]): number => {
  // Many parameters change nothing: the same returns are one trial.
  const different = [...new Set(sketches)];
  const seen = independentAmong(different.slice(0, MOST));
  if (different.length <= MOST) return seen;
  const each = Math.max(0, Math.min(1, (seen - independentAmong(different.slice(0, MOST / 2))) / (MOST / 2)));
  return seen + each * (different.length - MOST);
};

/**
 * How many independent trials these amount to, 0 for none and otherwise from 1 to their number. Trials on the same data and window are compared by the sketches
 * of their returns (`effectiveTrials`, the larger of its two figures). One without a sketch, be it interrupted or of an earlier release, counts as one of its own.
 * Windows add up, although the same idea on two windows that overlap is hardly two: whether they are alike cannot be told from returns on different dates, and too
 * many is the side to err on.
 */
export const independentTrials = (trials: readonly TrialOnRecord[]): number => {
  const windows = new Map<string, string[]>();
  let alone = 0;
  // By hash: an order as good as drawn by lot, and the same whatever the order of the lines.
  const drawn = trials.toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
  for (const { data, from, to, sketch } of drawn) {
    // Runs that stopped early have fewer numbers, on other dates.
    const length = sketch === null ? 0 : Buffer.byteLength(sketch, 'base64');
    if (sketch === null || length < FEWEST) {
      alone++;
      continue;
    }
    const key = `${data} ${from} ${to} ${length}`;
    const window = windows.get(key);
    if (window) window.push(sketch);
    else windows.set(key, [sketch]);
  }
  let total = alone;
  for (const sketches of windows.values()) total += independentIn(sketches);
  return Math.min(total, trials.length);
};
