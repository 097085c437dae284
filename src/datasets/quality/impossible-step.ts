import { MINUTE, formatTime } from '../../time.js';
import type { Finding, Series, Severity } from '../series.js';
import { finding, medianOf, type Check, type CheckContext } from './check.js';

const BLOCK = 256;

/** Median of the absolute values by block of 256, the larger of it and its neighbours': what a bar there usually moves. Zeros are left out. */
const localScale = (values: Float64Array): Float64Array => {
  const blocks = Math.max(1, Math.ceil(values.length / BLOCK));
  const medians = new Float64Array(blocks);
  for (let b = 0; b < blocks; b++) medians[b] = medianOf(values.slice(b * BLOCK, (b + 1) * BLOCK).filter(value => value > 0)) || 0;
  return medians.map((median, b) => Math.max(median, medians[b - 1] ?? 0, medians[b + 1] ?? 0, 0.0002));
};

interface Suspect {
  readonly index: number;
  readonly severity: Severity;
  readonly text: string;
}

const report = (series: Series, context: CheckContext, code: string, what: string, suspects: readonly Suspect[]): Finding[] => {
  const first = suspects.find(suspect => suspect.severity === 'error') ?? suspects[0];
  if (!first) return [];
  const shown = [first, ...suspects.filter(suspect => suspect !== first)].slice(0, 4);
  const list = shown.map(s => `line ${context.locate(s.index).row} (${formatTime(series.ts[s.index] ?? NaN)}) ${s.text}`).join('; ');
  return [
    finding(series, context, code, first.severity, first.index, suspects.length, `${what}: ${list}${suspects.length > 4 ? '; …' : ''}.`),
  ];
};

const percent = (log: number): string => `${((Math.exp(log) - 1) * 100).toFixed(1)} %`;

/**
 * Prices that go where no trade goes, against what bars nearby usually move (median of 256-bar blocks, which a few bad ticks do not shift):
 * `price-spike`, a close that leaves and comes back in the next bar; `wick-spike`, a high or low far outside that the bars beside
 * it never near; `level-jump`, one that stays. Thresholds: 20, 30 and 40 times the usual move and at least 3 % × √minutes of the bar (at most
 * 60 %). A flash crash looks the same, so only moves above 50 % (spike) or threefold (wick, jump) are errors. Steps over a halt and by a
 * power of ten belong to `redenomination`.
 */
export const impossibleStep: Check = (series, context) => {
  if (series.kind !== 'bars' || series.rows < 20) return [];
  const [open, high, low, close] = series.columns;
  const { ts, rows } = series;
  if (!open || !high || !low || !close) return [];
  const least = Math.min(0.6, 0.03 * Math.sqrt(Math.max(1, context.step / MINUTE)));
  const returns = new Float64Array(rows);
  const moves = new Float64Array(rows);
  const ranges = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const r = i === 0 ? 0 : Math.log((close[i] ?? NaN) / (close[i - 1] ?? NaN));
    returns[i] = Number.isFinite(r) ? r : 0;
    moves[i] = Math.abs(returns[i] ?? 0);
    const range = Math.log((high[i] ?? NaN) / (low[i] ?? NaN));
    ranges[i] = Number.isFinite(range) ? range : 0;
  }
  const usualMove = localScale(moves);
  const usualRange = localScale(ranges);
  const spikes: Suspect[] = [];
  const wicks: Suspect[] = [];
  const jumps: Suspect[] = [];
  let back = -1;
  for (let i = 1; i < rows; i++) {
    const block = Math.floor(i / BLOCK);
    const r = returns[i] ?? 0;
    const scale = 1.4826 * (usualMove[block] ?? 0);
    const halted = (ts[i] ?? NaN) - (ts[i - 1] ?? NaN) > 3 * context.step;
    const next = returns[i + 1] ?? NaN;
    if (i !== back && Math.abs(r) > Math.max(least / 2, 20 * scale) && Math.abs(r + next) < 0.25 * Math.abs(r)) {
      spikes.push({ index: i, severity: Math.abs(r) > Math.log(1.5) ? 'error' : 'warning', text: `${percent(r)} and back` });
      back = i + 1;
    } else if (i !== back && !halted && Math.abs(r) > Math.max(least, 40 * scale)) {
      const power = Math.round(Math.abs(r) / Math.LN10);
      const unitChange = power >= 1 && Math.abs(Math.abs(r) - power * Math.LN10) < 0.05;
      if (!unitChange) jumps.push({ index: i, severity: Math.abs(r) > Math.log(3) ? 'error' : 'warning', text: percent(r) });
    }
    const top = Math.max(open[i] ?? NaN, close[i] ?? NaN);
    const bottom = Math.min(open[i] ?? NaN, close[i] ?? NaN);
    const up = Math.log((high[i] ?? NaN) / top);
    const down = Math.log(bottom / (low[i] ?? NaN));
    const limit = Math.max(least, 30 * (usualRange[block] ?? 0));
    const nearHigh = Math.max(high[i - 1] ?? 0, high[i + 1] ?? 0);
    const nearLow = Math.min(low[i - 1] ?? Infinity, low[i + 1] ?? Infinity);
    if (up > limit && up < Infinity && Math.log(nearHigh / top) < up / 2)
      wicks.push({ index: i, severity: up > Math.log(3) ? 'error' : 'warning', text: `high ${percent(up)} above the body` });
    if (down > limit && down < Infinity && Math.log(bottom / nearLow) < down / 2)
      wicks.push({ index: i, severity: down > Math.log(3) ? 'error' : 'warning', text: `low ${percent(-down)} below the body` });
  }
  return [
    ...report(series, context, 'price-spike', 'Closes that leave and come back in one bar', spikes),
    ...report(series, context, 'wick-spike', 'Highs or lows far outside that no bar beside them nears', wicks),
    ...report(series, context, 'level-jump', 'Closes that step further than this market moves', jumps),
  ];
};
