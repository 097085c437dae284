/**
 * Winkler's interval score of a central interval that is to hold `coverage` of the values, in their unit: its width, plus 2 ÷ (1 − coverage) times the distance by which
 * the value missed it. Small for intervals that are narrow and right. NaN where a part is missing. Proper.
 * Source: R. L. Winkler, Journal of the American Statistical Association 67 (1972); Gneiting & Raftery (2007), eq. 43.
 */
export const intervalScore = (low: number, high: number, value: number, coverage: number): number =>
  high - low + (2 / (1 - coverage)) * (Math.max(0, low - value) + Math.max(0, value - high));
