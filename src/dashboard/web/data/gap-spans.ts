import type { DatasetView } from '../../api/data-api.js';

type Gap = DatasetView['gaps'][number];

/** A mark on a timeline of one series: place and width as shares of the whole, and what it stands for. */
export interface GapMark {
  readonly left: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
  readonly bars: number;
  /** Gaps that are drawn as one, for they would touch. */
  readonly gaps: number;
}

/**
 * Gaps as marks on a line that is `pixels` wide: what is under a pixel gets a pixel, and marks that would touch become one, so that ten thousand gaps are no more marks than the line has pixels.
 */
export const gapMarks = (
  gaps: readonly Gap[],
  range: { readonly from: number; readonly to: number },
  pixels: number,
): readonly GapMark[] => {
  const span = range.to - range.from;
  if (span <= 0) return [];
  const least = 1 / pixels;
  const marks: GapMark[] = [];
  for (const { from, to, bars } of [...gaps].sort((a, b) => a.from - b.from)) {
    const left = Math.min(1 - least, Math.max(0, (from - range.from) / span));
    const width = Math.min(1 - left, Math.max(least, (Math.min(to, range.to) - Math.max(from, range.from)) / span));
    const last = marks.at(-1);
    if (last !== undefined && left <= last.left + last.width + least)
      marks[marks.length - 1] = {
        ...last,
        width: Math.max(last.width, left + width - last.left),
        to: Math.max(last.to, to),
        bars: last.bars + bars,
        gaps: last.gaps + 1,
      };
    else marks.push({ left, width, from, to, bars, gaps: 1 });
  }
  return marks;
};

/** Share of the bars of a series that are there: rows ÷ (rows + missing). 1 for an empty series without gaps. */
export const coverage = (rows: number, gaps: readonly Pick<Gap, 'bars'>[]): number => {
  const missing = gaps.reduce((sum, { bars }) => sum + bars, 0);
  return rows + missing === 0 ? 1 : rows / (rows + missing);
};
