import type { Vector } from '../numeric/vector.js';
import { finiteOr } from './metric.js';
import type { Metric } from './metric.js';
import { outcomesOf } from './outcome-columns.js';

/** Share of outcomes above zero; a tie is not a win. NaN for none. */
export const winningShare = (outcomes: Vector): number => {
  let wins = 0;
  for (let i = 0; i < outcomes.length; i++) if (outcomes[i]! > 0) wins++;
  return wins / outcomes.length;
};

/** Share of closed round trips with a profit after fees and funding. */
export const winRate: Metric = track => finiteOr(winningShare(outcomesOf(track).netPnl), 'no closed trades');
