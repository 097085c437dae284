import { readFile } from 'node:fs/promises';
import { equityFiles, readEquity, type EquityPoint } from '../../live/record/equity-file.js';

/** Equity over time by column, thinned to so many points: of each stretch the first and the last of the least and the most are kept, so that no fall is hidden. */
export const thinned = (points: readonly EquityPoint[], most: number): readonly EquityPoint[] => {
  if (points.length <= most) return points;
  const buckets = Math.max(1, Math.floor(most / 2));
  const kept: EquityPoint[] = [];
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * points.length) / buckets);
    const to = Math.floor(((b + 1) * points.length) / buckets);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if (points[i]!.equity < points[low]!.equity) low = i;
      if (points[i]!.equity > points[high]!.equity) high = i;
    }
    for (const i of b === buckets - 1 ? [Math.min(low, high), to - 1] : [Math.min(low, high), Math.max(low, high)])
      if (kept.at(-1) !== points[i]) kept.push(points[i]!);
  }
  return kept;
};

/** The equity that an account's sessions wrote down, oldest first. */
export const equityPoints = async (folder: string): Promise<readonly EquityPoint[]> =>
  readEquity(await Promise.all(equityFiles(folder).map(path => readFile(path, 'utf8').catch(() => ''))));
