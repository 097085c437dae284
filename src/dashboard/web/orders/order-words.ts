import type { OrderView, PositionView } from '../../api/accounts-api.js';
import type { Tone } from '../parts/tone.js';

const STATE_TONES: Readonly<Record<string, Tone>> = {
  filled: 'accent',
  accepted: 'accent',
  triggered: 'accent',
  rejected: 'alarm',
  unknown: 'warn',
};

/** Colour of an order's state. */
export const stateTone = (state: string): Tone => STATE_TONES[state] ?? 'neutral';

/** What an order has beside type and price: `gtc · post-only · reduce-only`. */
export const orderTerms = ({ tif, postOnly, reduceOnly }: Pick<OrderView, 'tif' | 'postOnly' | 'reduceOnly'>): string =>
  [tif, ...(postOnly ? ['post-only'] : []), ...(reduceOnly ? ['reduce-only'] : [])].join(' · ');

/** Milliseconds from leaving for the venue to being taken by it; null where one of both has not happened. */
export const acceptLatency = ({ submittedAt, acceptedAt }: Pick<OrderView, 'submittedAt' | 'acceptedAt'>): number | null =>
  submittedAt === null || acceptedAt === null ? null : Math.max(0, acceptedAt - submittedAt);

/** The price that a position is judged at: mark before last. */
export const judgedPrice = ({ markPrice, lastPrice }: Pick<PositionView, 'markPrice' | 'lastPrice'>): number | null =>
  markPrice ?? lastPrice;

/** How far the price must move to reach a level, as a fraction of the price: negative for a fall. Null where one of both is not known. */
export const distanceTo = (level: number | null, position: Pick<PositionView, 'markPrice' | 'lastPrice'>): number | null => {
  const from = judgedPrice(position);
  return level === null || from === null || from === 0 ? null : level / from - 1;
};
