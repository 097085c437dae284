import { DAY, formatDuration, formatTime } from '../../time.js';
import { finding, grouped, type Check } from './check.js';

const LEAST_STEP = Math.log(1.8);

/** Nearest power of ten (10 or more) within 5 %, or integer from 2 to 100 within 1 %, of a ratio above 1; undefined when none is. */
const roundRatio = (ratio: number): number | undefined => {
  const power = Number(`1e${Math.round(Math.log10(ratio))}`);
  if (power >= 10 && Math.abs(ratio / power - 1) < 0.05) return power;
  const whole = Math.round(ratio);
  return whole >= 2 && whole <= 100 && Math.abs(ratio / whole - 1) < 0.01 ? whole : undefined;
};

const times = (ratio: number): string =>
  ratio >= 1 ? `×${grouped(Number(ratio.toPrecision(6)))}` : `÷${grouped(Number((1 / ratio).toPrecision(6)))}`;

/**
 * Prices that change their unit. After a halt: a new price near 10^k or an integer times the old one is a `redenomination` (a split of the coin),
 * any other multiple above 3 means that another asset trades under the old name (`symbol-reuse`). Without a halt only a lasting
 * step near 10, 100, 1000… counts, in that no market moves so. A strategy that holds through it books a profit or loss that nobody had.
 */
export const redenomination: Check = (series, context) => {
  if (series.kind !== 'bars') return [];
  const [open, , , close] = series.columns;
  const { ts, rows } = series;
  if (!open || !close) return [];
  const findings = [];
  for (let i = 1; i < rows; i++) {
    const before = close[i - 1] ?? NaN;
    const reopened = (open[i] ?? NaN) / before;
    const settled = (close[i] ?? NaN) / before;
    if (!(before > 0 && reopened > 0 && settled > 0)) continue;
    if (Math.abs(Math.log(reopened)) < LEAST_STEP && Math.abs(Math.log(settled)) < LEAST_STEP) continue;
    const pause = (ts[i] ?? NaN) - (ts[i - 1] ?? NaN);
    const halted = pause > 3 * context.step || pause > DAY + context.step;
    const larger = reopened >= 1 ? reopened : 1 / reopened;
    const unit = larger > 1.8 ? roundRatio(larger) : undefined;
    const after = close[Math.min(i + 5, rows - 1)] ?? NaN;
    const lasting = Math.abs(Math.log(after / before)) > 0.7 * Math.abs(Math.log(reopened));
    const where = `at line ${context.locate(i).row} (${formatTime(ts[i] ?? NaN)})`;
    const figures = `the last close was ${before}, the next open is ${open[i]} (${times(reopened)}), its close ${close[i]} (${times(settled)})`;
    const halt = halted ? ` after a halt of ${formatDuration(pause)}` : '';
    if (unit !== undefined && lasting && (halted || unit >= 10))
      findings.push(
        finding(
          series,
          context,
          'redenomination',
          'error',
          i,
          1,
          `The unit of the price changes by 1:${grouped(unit)} ${where}${halt}: ${figures}. Prices before and after are not comparable.`,
        ),
      );
    else if (halted && Math.max(Math.abs(Math.log(reopened)), Math.abs(Math.log(settled))) > Math.log(3))
      findings.push(
        finding(
          series,
          context,
          'symbol-reuse',
          'error',
          i,
          1,
          `Another asset seems to trade under this symbol ${where}${halt}: ${figures}, which is no redenomination in a round ratio.`,
        ),
      );
  }
  return findings;
};
