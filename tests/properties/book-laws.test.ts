import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { latencyModel } from '../../src/sim/latency/latency-models.js';
import type { TraceEntry } from '../../src/sim/matching/market.js';
import { anyActions, anyBookInput, anyMessages, anyPrints, anyQueue } from '../arbitraries/books.js';
import type { BookInput } from '../sim/book-reference.js';
import { BOOK, ONES, TRADES, TickVenue, bookOf, ticket, tradesOf, type Action, type Said, type Setup } from '../sim/tick-venue.js';

const RUNS = { numRuns: 80 };

/** Orders, cancels and amendments on their way, each for a time of its own. */
const delayed = (actions: readonly Action[], seed: number): Action[] => {
  const latency = latencyModel({ kind: 'log-normal', feed: 0, order: 3, cancel: 2, report: 1, sigma: 1 }, seed);
  const arrivals = actions.map(action => ({
    ...action,
    at: action.at + ('submit' in action ? latency.order(action.at) : latency.cancel(action.at)),
  }));
  return arrivals.sort((a, b) => a.at - b.at);
};

const anyLateInput = fc
  .tuple(anyBookInput, fc.integer({ min: 0, max: 1000 }))
  .map(([input, seed]): BookInput => ({ ...input, actions: delayed(input.actions, seed) }));

const venueOf = ({ messages, prints, queue, ownImpact, held }: BookInput, setup: Setup = {}): TickVenue =>
  new TickVenue([bookOf(messages), tradesOf(prints)], { fills: { kind: 'book', queue, ownImpact }, held, ...setup });

const isFill = ({ what }: Said): boolean => what === 'maker' || what === 'taker';

describe('a venue on the order book', () => {
  it('never fills a resting order before the queue ahead of it is gone', () => {
    fc.assert(
      fc.property(anyLateInput, input => {
        const entries: TraceEntry[] = [];
        const venue = venueOf(input, { trace: entry => entries.push(entry) });
        venue.play(input.actions);
        const makers = venue.said.filter(({ what }) => what === 'maker');
        const filled = entries.filter(({ event, text }) => event === 'filled' && text.startsWith('A taker'));
        expect(filled.length).toBe(makers.length);
        for (const { ahead } of filled) expect(ahead).toBe(0);
      }),
      RUNS,
    );
  });

  it('never has more ahead of an order than before, unless the order loses its place', () => {
    fc.assert(
      fc.property(anyLateInput, input => {
        const ahead = new Map<string, number>();
        const note = ({ orderId, event, ahead: now }: TraceEntry): void => {
          if (event === 'rested' || event === 'amended') ahead.delete(orderId);
          else if (!Number.isNaN(now)) expect(now).toBeLessThanOrEqual(ahead.get(orderId) ?? Infinity);
          if (event !== 'amended' && !Number.isNaN(now)) ahead.set(orderId, now);
        };
        venueOf(input, { trace: note }).play(input.actions);
      }),
      RUNS,
    );
  });

  it('never gives a taker better than the book: not its best price, and not more than is displayed', () => {
    fc.assert(
      fc.property(anyLateInput, input => {
        let arrived: TraceEntry | undefined;
        const taken = new Map<string, number>();
        const venue = venueOf(input, {
          trace: entry => {
            if (entry.event !== 'filled' || !entry.text.startsWith('It took')) return;
            const buy = input.actions.some(a => 'submit' in a && a.submit.orderId === entry.orderId && a.submit.side === 'buy');
            const levels = buy ? entry.asks : entry.bids;
            expect(buy ? entry.price >= entry.ask : entry.price <= entry.bid).toBe(true);
            // One moment, one display: all that is taken at a price together is no more than is shown there.
            if (arrived?.ts !== entry.ts) taken.clear();
            arrived = entry;
            const sum = (taken.get(`${buy} ${entry.price}`) ?? 0) + entry.lots;
            taken.set(`${buy} ${entry.price}`, sum);
            const level = levels.find(([price]) => price === entry.price);
            if (level && !input.messages.some(({ ts }) => ts === entry.ts)) expect(sum).toBeLessThanOrEqual(level[1]);
          },
        });
        venue.play(input.actions);
      }),
      RUNS,
    );
  });

  it('conserves lots and money: what the account holds is what it held and what its fills say, and no order fills more than it is for', () => {
    fc.assert(
      fc.property(anyLateInput, input => {
        const venue = venueOf(input);
        const said = venue.play(input.actions);
        const orders = input.actions.flatMap(a => ('submit' in a ? [a.submit] : []));
        let net = 0;
        for (const order of orders) {
          const lots = venue.fills(order.orderId).reduce((sum, [, n]) => sum + n!, 0);
          net += order.side === 'buy' ? lots : -lots;
          const totals = input.actions.flatMap(a =>
            'amend' in a && a.amend.orderId === order.orderId && a.amend.lots !== null ? [a.amend.lots] : [],
          );
          expect(lots).toBeLessThanOrEqual(Math.max(order.lots, ...totals));
          const left = venue.market.working.find(o => o.ticket.orderId === order.orderId);
          if (left) expect(left.remaining + lots).toBe(left.lots);
          for (const { price } of said.filter(
            s => s.orderId === order.orderId && isFill(s) && order.limit !== null && order.type === 'limit',
          ))
            if (totals.length === 0 && !input.actions.some(a => 'amend' in a && a.amend.orderId === order.orderId))
              expect(order.side === 'buy' ? price! <= order.limit! : price! >= order.limit!).toBe(true);
        }
        expect(venue.held).toBe(input.held + net);
      }),
      RUNS,
    );
  });

  it('ends every order at most once, and says nothing of it afterwards', () => {
    fc.assert(
      fc.property(anyLateInput, input => {
        const venue = venueOf(input);
        const said = venue.play(input.actions);
        const working = new Set(venue.market.working.map(o => o.ticket.orderId));
        for (const { submit } of input.actions.flatMap(a => ('submit' in a ? [a] : []))) {
          const words = said.filter(s => s.orderId === submit.orderId && s.what !== 'cancel-rejected' && s.what !== 'amend-rejected');
          const ends = words.filter(({ what }) => /^(expired|cancelled|rejected) /.test(what));
          expect(ends.length).toBeLessThanOrEqual(1);
          if (ends.length === 1) expect(words[words.length - 1]).toBe(ends[0]);
          expect(working.has(submit.orderId) && ends.length === 1).toBe(false);
        }
      }),
      RUNS,
    );
  });

  it('lets a race of cancel and fill end in one way only: nothing fills after the cancel was confirmed, and a confirmed cancel was in time', () => {
    fc.assert(
      fc.property(anyLateInput, input => {
        const said = venueOf(input).play(input.actions);
        said.forEach(({ orderId, what }, i) => {
          if (what === 'cancelled requested') expect(said.slice(i + 1).some(s => s.orderId === orderId && isFill(s))).toBe(false);
        });
      }),
      RUNS,
    );
  });

  it('uses nothing that comes later: without the data and orders after a moment, all up to it is the same', () => {
    fc.assert(
      fc.property(anyLateInput, fc.integer({ min: 0, max: 70 }), (input, cut) => {
        const before = { ...input, messages: input.messages.filter(m => m.ts <= cut), prints: input.prints.filter(p => p[0] <= cut) };
        const whole = venueOf(input)
          .play(input.actions)
          .filter(({ ts }) => ts <= cut);
        const first = venueOf(before).play(input.actions, cut);
        expect(first.filter(({ ts }) => ts <= cut)).toEqual(whole);
      }),
      RUNS,
    );
  });

  it('gives the same however the data is cut into chunks and loaded on the way, and whether anyone asks for prices', () => {
    fc.assert(
      fc.property(anyLateInput, fc.integer({ min: 0, max: 70 }), (input, cut) => {
        const venue = venueOf({
          ...input,
          messages: input.messages.filter(m => m.ts <= cut),
          prints: input.prints.filter(p => p[0] <= cut),
        });
        venue.play(
          input.actions.filter(({ at }) => at <= cut),
          cut,
        );
        const ids = input.messages.map((m, i) => ({ ...m, id: i + 1 }));
        venue.market.load(bookOf(ids.filter(m => m.ts > cut)), cut);
        venue.market.load(tradesOf(input.prints.filter(p => p[0] > cut)), cut);
        venue.market.lastPrice(cut);
        const rest = input.actions.filter(({ at }) => at > cut);
        for (const action of rest) {
          venue.market.lastPrice(venue.now);
          venue.play([action], action.at);
        }
        venue.walk(Infinity);
        expect(venue.said).toEqual(venueOf(input).play(input.actions));
      }),
      RUNS,
    );
  });

  it('fills no more and no sooner with the pessimistic queue than with any other', () => {
    const anyOrder = fc.record({
      at: fc.integer({ min: 0, max: 40 }),
      buy: fc.boolean(),
      limit: fc.integer({ min: 96, max: 104 }),
      lots: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(anyMessages, anyPrints, anyOrder, anyQueue, (messages, prints, { at, buy, limit, lots }, queue) => {
        const filled = (model: QueueConfig): number[] => {
          const venue = new TickVenue([bookOf(messages), tradesOf(prints)], { fills: { ...BOOK, queue: model } });
          venue.play([{ at, submit: ticket({ side: buy ? 'buy' : 'sell', lots, limit }) }]);
          return Array.from({ length: 71 }, (_, ts) => venue.fills().reduce((sum, [when, n]) => sum + (when! <= ts ? n! : 0), 0));
        };
        const least = filled({ kind: 'pessimistic' });
        filled(queue).forEach((lotsThen, ts) => expect(lotsThen).toBeGreaterThanOrEqual(least[ts]!));
      }),
      RUNS,
    );
  });

  it('survives data that cannot be, and never fills at a price or a size that cannot be', () => {
    const odd = fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, 0, -5, 0.3, 1e300), fc.integer({ min: 95, max: 105 }));
    const anyChunk = fc
      .tuple(
        fc.constantFrom<[kind: Chunk['kind'], columns: number]>(['book', 7], ['quotes', 4], ['trades', 3]),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.array(odd, { minLength: 7, maxLength: 7 }), fc.boolean()), { maxLength: 30 }),
      )
      .map(([[kind, width], rows]): Chunk => {
        rows.sort(([a], [b]) => a - b);
        const column = (c: number): Float64Array =>
          // Sides and snapshots are mostly as they should be, or no book would ever begin.
          Float64Array.from(rows, ([, row, plain]) => (plain && kind === 'book' && (c === 0 || c === 3) ? 1 : row[c]!));
        return {
          kind,
          symbol: ONES.symbol,
          rows: rows.length,
          ts: Float64Array.from(rows, ([ts]) => ts),
          columns: Array.from({ length: width }, (_, c) => column(c)),
        };
      });
    fc.assert(
      fc.property(
        fc.array(anyChunk, { maxLength: 3 }),
        anyMessages,
        anyActions,
        fc.constantFrom(BOOK, TRADES),
        (bad, messages, actions, fills) => {
          const venue = new TickVenue([bookOf(messages), ...bad], { fills });
          venue.market.watch(96, 104, 0);
          venue.play(actions);
          for (const [, lots, price] of venue.fills()) {
            expect(Number.isSafeInteger(lots) && lots! > 0).toBe(true);
            expect(Number.isSafeInteger(price) && price! > 0).toBe(true);
          }
          venue.market.sweep(true, 3, 100, (lots, price) => expect(lots > 0 && Number.isSafeInteger(price) && price > 0).toBe(true));
        },
      ),
      RUNS,
    );
  });

  it('does the same again for the same actions', () => {
    fc.assert(
      fc.property(anyLateInput, anyActions, (input, more) => {
        const actions = [...input.actions, ...more.filter(a => !('submit' in a))].sort((a, b) => a.at - b.at);
        expect(venueOf(input).play(actions)).toEqual(venueOf(input).play(actions));
      }),
      { numRuns: 50 },
    );
  });
});
