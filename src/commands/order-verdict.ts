import { span } from '../reports/number-text.js';
import type { LifeMoment } from './order-life.js';

/** The price of the bars that a limit order met which came nearest to its limit. */
export interface Nearest {
  readonly extreme: 'lowest' | 'highest';
  readonly price: number;
  readonly limit: number;
}

const short = (value: number): string => String(Number(value.toPrecision(9)));

const stretch = (ms: number): string => (ms < 10_000 ? `${short(Math.round(ms))} ms` : span(ms));

const lowered = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');

const ENDS: ReadonlySet<string> = new Set(['rejected', 'cancelled', 'expired']);

/** `Gone: we asked for it (requested).` → `we asked for it (requested)`. */
const reasonOf = ({ text }: LifeMoment): string => text.slice(text.indexOf(': ') + 2).replace(/\.$/, '');

const filledText = (life: readonly LifeMoment[], fills: readonly LifeMoment[], asked: number | null): string => {
  const quantity = fills.reduce((sum, fill) => sum + (fill.quantity ?? 0), 0);
  const paid = fills.reduce((sum, fill) => sum + (fill.quantity ?? 0) * (fill.price ?? NaN), 0) / quantity;
  const first = fills[0]!;
  const arrived = life.find(({ event }) => event === 'arrived')?.ts;
  const whole = asked === null || Math.abs(quantity - asked) < 1e-9 * asked;
  const liquidities = [...new Set(fills.map(({ text }) => (text.endsWith('maker.') ? 'maker' : 'taker')))].sort();
  const waited =
    arrived === undefined
      ? ''
      : first.ts === arrived
        ? ', the moment it reached the venue'
        : `, ${stretch(first.ts - arrived)} after it reached the venue`;
  // What the venue saw last before the fill is what brought it about.
  const at = life.findIndex(({ from, event }) => from === 'venue' && event === 'filled');
  const before = at > 0 ? life[at - 1] : undefined;
  const cause = before?.event === 'traded-through' || before?.event === 'traded-at' ? before : life[at];
  return [
    `It filled ${whole ? `all of its ${short(quantity)}` : `${short(quantity)} of ${short(asked)}`} at ${new Set(fills.map(({ price }) => price)).size > 1 ? 'an average of ' : ''}${short(paid)} as ${liquidities.join(' and ')}${waited}`,
    cause === undefined ? '.' : `: ${lowered(cause.text.split(': ')[0] ?? '')}.`,
  ].join('');
};

const restingText = (life: readonly LifeMoment[], nearest: Nearest | null): string => {
  const venue = life.filter(({ from }) => from === 'venue');
  const ahead = venue.findLast(moment => moment.ahead !== null)?.ahead ?? null;
  if (nearest !== null)
    return `the ${nearest.extreme} price while it was there was ${short(nearest.price)}, ${
      (nearest.extreme === 'lowest' ? nearest.price > nearest.limit : nearest.price < nearest.limit)
        ? `which never came to its limit ${short(nearest.limit)}`
        : nearest.price === nearest.limit
          ? 'which touched its limit and did not go through it'
          : `which is beyond its limit ${short(nearest.limit)}, but not on the assumed path while it waited`
    }`;
  const isStop = life.some(({ event, text }) => event === 'approved' && / trigger | trailing by /.test(text));
  if (isStop && !venue.some(({ event }) => event === 'triggered')) return 'its trigger was never reached';
  const arrived = venue.find(({ event }) => event === 'arrived');
  if (arrived === undefined) return 'it never reached the venue';
  if (!venue.some(({ event }) => event === 'rested'))
    return arrived.book === null ? 'the venue had no whole book to take it into' : 'it never rested at the venue';
  if (ahead === null) return 'the market never traded at its price';
  const traded = venue.filter(({ event }) => event === 'traded-at').length;
  return `${short(ahead)} was still ahead of it in the queue${traded === 0 ? ', and nobody traded at its price' : ''}`;
};

/** Why an order filled or did not, in a sentence or two. */
export const orderVerdict = (life: readonly LifeMoment[], nearest: Nearest | null): string => {
  const fills = life.filter(({ from, event }) => from === 'journal' && event === 'filled');
  const amended = life.findLast(({ event }) => event === 'approved');
  const asked = amended?.quantity ?? null;
  const end = life.findLast(({ from, event }) => from === 'journal' && ENDS.has(event));
  const hasAmendments = life.some(({ event }) => event === 'amended');
  const filled = fills.length === 0 ? '' : filledText(life, fills, hasAmendments ? null : asked);
  if (end === undefined) {
    const total = fills.reduce((sum, fill) => sum + (fill.quantity ?? 0), 0);
    const isDone = fills.length > 0 && (asked === null || hasAmendments || total >= asked * (1 - 1e-9));
    if (isDone) return filled;
    return filled === ''
      ? 'It had not filled, and was still at work, when the run ended.'
      : `${filled} The rest was still at work when the run ended.`;
  }
  if (end.event === 'rejected') return `The venue refused it: ${reasonOf(end)}.`;
  if (filled !== '') return `${filled} The rest went because ${reasonOf(end)}.`;
  return `It did not fill: ${restingText(life, nearest)}. It went because ${reasonOf(end)}.`;
};
