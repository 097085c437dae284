import { formatTime } from '../time.js';
import type { LifeMoment } from './order-life.js';

/** A line of an order's life, with what is shown under it. */
interface Line {
  readonly ts: number;
  readonly event: string;
  readonly text: string;
  readonly under: readonly string[];
}

/** More moments of one sort in a row than this are told together. */
const MOST = 3;

const short = (value: number): string => String(Number(value.toPrecision(9)));
const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);

const levels = (side: readonly (readonly [number, number])[]): string =>
  side
    .slice(0, 3)
    .map(([price, quantity]) => `${price} × ${quantity}`)
    .join(', ');

const isTrade = ({ from, event, ahead }: LifeMoment): boolean =>
  event === 'filled' || event === 'traded-through' || (from === 'venue' && event === 'traded-at' && ahead === 0);

const sortOf = (moment: LifeMoment): 'trade' | 'queue' | 'other' =>
  isTrade(moment) ? 'trade' : moment.event === 'queue' || moment.event === 'traded-at' ? 'queue' : 'other';

/** What the journal says again a moment after the venue, or the other way round, is said once. */
const saidOnce = (life: readonly LifeMoment[]): LifeMoment[] => {
  const journal = (events: readonly string[], ts: number): boolean =>
    life.some(moment => moment.from === 'journal' && moment.ts === ts && events.includes(moment.event));
  const isVenues = (events: readonly string[], ts: number): boolean =>
    life.some(moment => moment.from === 'venue' && moment.ts === ts && events.includes(moment.event));
  return life.filter(({ from, event, ts }) => {
    if (from === 'venue' && event === 'filled') return !journal(['filled'], ts);
    if (from === 'venue' && event === 'ended') return !journal(['cancelled', 'expired', 'rejected'], ts);
    if (from === 'venue' && (event === 'triggered' || event === 'amended')) return !journal([event], ts);
    return !(from === 'journal' && event === 'accepted' && isVenues(['rested'], ts));
  });
};

const grouped = (life: readonly LifeMoment[]): LifeMoment[][] => {
  const groups: LifeMoment[][] = [];
  for (const moment of life) {
    const last = groups.at(-1);
    if (last !== undefined && sortOf(moment) !== 'other' && sortOf(last[0]!) === sortOf(moment)) last.push(moment);
    else groups.push([moment]);
  }
  return groups;
};

const aheadOf = ({ ahead }: LifeMoment): string[] => (ahead === null ? [] : [`${short(ahead)} ahead in the queue`]);

const plain = (moment: LifeMoment): Line => ({ ts: moment.ts, event: moment.event, text: moment.text, under: aheadOf(moment) });

const queueMoves = (group: readonly LifeMoment[], before: number | null): Line => {
  const [first, last] = [group[0]!, group.at(-1)!];
  const trades = group.filter(({ event }) => event === 'traded-at');
  const traded = trades.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);
  const parts = [
    ...(trades.length > 0 ? [`the market traded at its price ${times(trades.length)} (${short(traded)} in all)`] : []),
    ...(trades.length < group.length ? [`the level shrank without a trade ${times(group.length - trades.length)}`] : []),
  ];
  return {
    ts: first.ts,
    event: 'queue',
    text: `Until ${formatTime(last.ts).slice(11)}: ${parts.join(', ')}.`,
    under: [`${before === null ? '' : `${short(before)} → `}${short(last.ahead ?? NaN)} ahead in the queue`],
  };
};

/** The first of the trades that reached it, and what filled at each price. */
const fillsTogether = (group: readonly LifeMoment[]): Line[] => {
  const first = group.find(({ event }) => event !== 'filled');
  const fills = group.filter(({ event }) => event === 'filled');
  const byPrice = new Map<string, LifeMoment[]>();
  for (const fill of fills) {
    const terms = fill.text.slice(fill.text.indexOf(' at ') + 1);
    byPrice.set(terms, [...(byPrice.get(terms) ?? []), fill]);
  }
  return [
    ...(first === undefined ? [] : [plain(first)]),
    ...[...byPrice].map(([terms, of]): Line => {
      const [one, last] = [of[0]!, of.at(-1)!];
      const until = last.ts === one.ts ? '' : ` until ${formatTime(last.ts).slice(11)}`;
      const all = of.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);
      const text = of.length === 1 ? one.text : `${times(of.length)}${until}, ${short(all)} in all ${terms}`;
      return { ts: one.ts, event: 'filled', text, under: [] };
    }),
  ];
};

const bookUnder = (moment: LifeMoment | undefined): string[] => {
  const book = moment?.book ?? null;
  return book === null ? [] : [`bids ${levels(book.bids) || 'none'} | asks ${levels(book.asks) || 'none'}`];
};

/** An order's life for the terminal: what repeats is told together, and the book is shown where something came of it. */
export const lifeLines = (life: readonly LifeMoment[]): string[] => {
  const groups = grouped(saidOnce(life));
  let before: number | null = null;
  const lines = groups.flatMap((group): Line[] => {
    const sort = sortOf(group[0]!);
    const from = before;
    before = group.at(-1)!.ahead ?? before;
    if (sort === 'queue' && group.length > MOST) return [queueMoves(group, from)];
    if (sort === 'trade') {
      const [first, ...rest] = fillsTogether(group);
      const seen = group.find(({ book }) => book !== null);
      return first === undefined ? [] : [{ ...first, under: [...first.under, ...bookUnder(seen)] }, ...rest];
    }
    return group.map(moment => {
      const isShown = moment.event === 'arrived' || moment.event === 'triggered' || moment.event === 'rejected';
      const isEnd = ['cancelled', 'expired'].includes(moment.event);
      const end = isEnd ? life.find(each => each.event === 'ended' && each.ts === moment.ts) : undefined;
      const line = plain(moment);
      return { ...line, under: [...(end ? aheadOf(end) : line.under), ...bookUnder(isShown ? moment : end)] };
    });
  });
  const stamp = Math.max(...lines.map(({ ts }) => formatTime(ts).length));
  const width = Math.max(...lines.map(({ event }) => event.length));
  const margin = ' '.repeat(stamp + width + 4);
  return lines.flatMap(({ ts, event, text, under }) => [
    `${formatTime(ts).padEnd(stamp)}  ${event.padEnd(width)}  ${text}`,
    ...under.map(each => `${margin}${each}`),
  ]);
};
