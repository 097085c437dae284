import type { Ticks } from '../../market/units.js';
import { SLACK } from './slack.js';

/** Price of a taker that pays `away` ticks more than `from`, or gets so much less: rounded to its disadvantage, and never below one tick. */
export const slippedPrice = (buy: boolean, from: number, away: number): Ticks =>
  buy ? Math.ceil(from + away - SLACK) : Math.max(1, Math.floor(from - away + SLACK));
