import { quantile } from '../../statistics/quantile.js';
import { figure } from '../evidence/figure-text.js';
import { recordedSeries } from '../synthetic-history/recorded-series.js';
import type { Check, CheckSubject } from './check.js';
import { dataJitter } from './data-jitter.js';

/** Largest noise, bp. */
const NOISE = 5;
/** And never more than this part of what a bar usually moves: on short bars five points are more than the market does. */
const PART_OF_MOVE = 0.2;

const usualMove = ({ shared: { chunks, config } }: CheckSubject): number => {
  const moves = recordedSeries(
    chunks.filter(({ kind, timeframe }) => kind === 'bars' && (timeframe ?? config.timeframe) === config.timeframe),
  ).map(({ columns, rows }) => {
    const close = columns[3]!;
    return quantile(
      Float64Array.from({ length: Math.max(0, rows - 1) }, (_, i) => Math.abs(Math.log(close[i + 1]! / close[i]!))),
      0.5,
    );
  });
  return Math.min(...moves.filter(move => move > 0));
};

/**
 * Every close shifted by a normal draw of 5 bp, or of a fifth of what a bar usually moves where that is less, as if each bar had ended a moment earlier or later: does the result hang on the last
 * digits? The exchange fills at these bars too.
 */
export const noisyClosesCheck = (draws = 5): Check =>
  dataJitter(
    {
      id: 'noisy-closes',
      title: 'Noisy closes',
      axis: 'noise on closes, bp',
      size: subject => {
        const bps = Number(Math.min(NOISE, PART_OF_MOVE * 10_000 * usualMove(subject)).toPrecision(2));
        return { x: bps, words: `closes ${figure(bps, bps < 1 ? 2 : 1)} bp off`, change: seed => ({ kind: 'noisy-closes', bps, seed }) };
      },
    },
    draws,
  );
