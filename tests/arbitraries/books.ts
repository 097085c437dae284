import fc from 'fast-check';
import type { QueueConfig } from '../../src/engine/run-config.js';
import type { OrderType, Ticket } from '../../src/events/order.js';
import type { BookInput } from '../sim/book-reference.js';
import { ONES, type Action, type Message, type Print } from '../sim/tick-venue.js';

/** Prices of the small books. */
const MIDDLE = 100;
const around = (reach: number) => fc.integer({ min: MIDDLE - reach, max: MIDDLE + reach });
const HORIZON = 60;

const anyMessage = fc.record({
  ts: fc.integer({ min: 1, max: HORIZON }),
  middle: around(2),
  // Levels keep to their side of a middle that moves, so that most messages cross nothing, and a stated share does.
  levels: fc.array(fc.record({ offset: fc.integer({ min: 1, max: 5 }), bid: fc.boolean(), lots: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  snapshot: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
  careless: fc.integer({ min: 0, max: 19 }).map(n => n === 0),
});

/** A snapshot, then messages that move, take away and now and then cross. */
export const anyMessages: fc.Arbitrary<Message[]> = fc
  .tuple(fc.boolean(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 8 }), fc.array(anyMessage, { maxLength: 25 }))
  .map(([late, first, rest]) => {
    const start: Message = {
      ts: late ? 5 : 0,
      snapshot: true,
      levels: first.map((lots, i) => (i < 4 ? ['bid', MIDDLE - 1 - i, lots] : ['ask', MIDDLE + 1 + i - 4, lots])),
    };
    const messages: Message[] = [start];
    for (const { ts, middle, levels, snapshot, careless } of rest) {
      const whole = snapshot ? [...levels, { offset: 4, bid: true, lots: 3 }, { offset: 4, bid: false, lots: 3 }] : levels;
      const rows = new Map<string, Message['levels'][number]>();
      for (const { offset, bid, lots } of whole) {
        const side = bid ? 'bid' : 'ask';
        const price = bid ? middle - offset : middle + offset;
        rows.set(`${side}${price}`, [side, price, lots]);
        // What the new level would cross is taken away with it.
        if (!careless)
          for (let p = MIDDLE - 8; p <= MIDDLE + 8; p++) {
            const other = bid ? 'ask' : 'bid';
            if (lots > 0 && (bid ? p <= price : p >= price)) rows.set(`${other}${p}`, [other, p, 0]);
          }
      }
      messages.push({ ts: start.ts + ts, snapshot, levels: [...rows.values()] });
    }
    return messages.sort((a, b) => a.ts - b.ts);
  });

export const anyPrints: fc.Arbitrary<Print[]> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: HORIZON + 5 }),
      fc.constantFrom('buy', 'sell', 'buy', 'sell', 'buy', 'sell', '?').map(taker => taker as Print[1]),
      around(4),
      fc.integer({ min: 1, max: 12 }),
    ),
    { maxLength: 25 },
  )
  .map(prints => prints.map(p => p as Print).sort((a, b) => a[0] - b[0]));

export const anyQueue: fc.Arbitrary<QueueConfig> = fc.constantFrom<QueueConfig>(
  { kind: 'pessimistic' },
  { kind: 'proportional' },
  { kind: 'power', exponent: 1 },
  { kind: 'power', exponent: 3 },
  { kind: 'log' },
);

const anyTicket = fc.record({
  at: fc.integer({ min: 0, max: HORIZON }),
  buy: fc.boolean(),
  type: fc.constantFrom<OrderType>('market', 'limit', 'limit', 'limit', 'limit', 'stop', 'stop-limit', 'take-profit', 'take-profit-limit'),
  tif: fc.constantFrom('gtc', 'gtc', 'gtc', 'gtd', 'ioc', 'fok').map(tif => tif as Ticket['tif']),
  lots: fc.integer({ min: 1, max: 12 }),
  limit: around(4),
  stop: around(4),
  postOnly: fc.integer({ min: 0, max: 4 }).map(n => n === 0),
  reduceOnly: fc.integer({ min: 0, max: 4 }).map(n => n === 0),
  life: fc.integer({ min: 0, max: 30 }),
  // Milliseconds until a cancel or an amendment comes after it; −1 for none.
  cancel: fc.integer({ min: -1, max: 30 }),
  amend: fc.integer({ min: -1, max: 30 }),
  toLots: fc.option(fc.integer({ min: 1, max: 12 })),
  toLimit: fc.option(around(4)),
});

/** Orders of every kind with cancels and amendments, in order of time. */
export const anyActions: fc.Arbitrary<Action[]> = fc.array(anyTicket, { maxLength: 8 }).map(orders =>
  orders
    .flatMap((o, i): Action[] => {
      const orderId = `o${i}`;
      const hasLimit = o.type === 'limit' || o.type.endsWith('-limit');
      const submit: Ticket = {
        orderId,
        symbol: ONES.symbol,
        side: o.buy ? 'buy' : 'sell',
        type: o.type,
        lots: o.lots,
        limit: hasLimit ? o.limit : null,
        stop: o.type === 'market' || o.type === 'limit' ? null : o.stop,
        tif: o.tif,
        postOnly: hasLimit && o.postOnly && (o.tif === 'gtc' || o.tif === 'gtd'),
        reduceOnly: o.reduceOnly,
        ...(o.tif === 'gtd' ? { goodTill: o.at + o.life } : {}),
      };
      return [
        { at: o.at, submit },
        ...(o.cancel < 0 ? [] : [{ at: o.at + o.cancel, cancel: orderId }]),
        ...(o.amend < 0
          ? []
          : [{ at: o.at + o.amend, amend: { orderId, lots: o.toLots, limit: hasLimit ? o.toLimit : null, stop: null } }]),
      ];
    })
    .sort((a, b) => a.at - b.at),
);

export const anyBookInput: fc.Arbitrary<BookInput> = fc.record({
  messages: anyMessages,
  prints: anyPrints,
  actions: anyActions,
  queue: anyQueue,
  ownImpact: fc.boolean(),
  held: fc.integer({ min: -6, max: 6 }),
});
