import { describe, expect, it } from 'vitest';
import { fixedBps } from '../../src/costs/slippage.js';
import { CLOSE_ALL } from '../../src/events/order.js';
import type { TraceEntry } from '../../src/sim/matching/market.js';
import { BOOK, ONES, TickVenue, TRADES, bookOf, quotesOf, ticket, tradesOf, type Message, type Print, type Setup } from './tick-venue.js';

/** Bids 100 and 99, asks 102 and 103, five lots each, at time 0. */
const START: Message = {
  ts: 0,
  snapshot: true,
  levels: [
    ['bid', 100, 5],
    ['bid', 99, 5],
    ['ask', 102, 5],
    ['ask', 103, 5],
  ],
};

const venue = (messages: readonly Message[], prints: readonly Print[] = [], setup: Setup = {}): TickVenue =>
  new TickVenue([bookOf([START, ...messages]), tradesOf(prints)], setup);

describe('a taker', () => {
  it('walks the book level by level, at the price of each, and its slippage is counted from the middle', () => {
    const v = venue([]);
    const order = ticket({ side: 'buy', lots: 8 });
    v.play([{ at: 1, submit: order }]);
    expect(v.said).toEqual([
      { ts: 1, orderId: order.orderId, what: 'taker', lots: 5, price: 102, m: 101 },
      { ts: 1, orderId: order.orderId, what: 'taker', lots: 3, price: 103, m: 101 },
    ]);
  });

  it('takes nothing beyond its limit, and its rest waits there', () => {
    const v = venue([]);
    const order = ticket({ side: 'buy', lots: 8, limit: 102 });
    v.play([{ at: 1, submit: order }]);
    expect(v.fills()).toEqual([[1, 5, 102]]);
    expect(v.market.working.map(o => [o.state, o.remaining, o.ahead])).toEqual([['resting', 3, 0]]);
  });

  it('whose rest waits does not trade again with what it took, only with what comes to the level once that has shrunk', () => {
    const v = venue([
      { ts: 20, levels: [['ask', 102, 2]] },
      { ts: 30, levels: [['ask', 102, 6]] },
    ]);
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 8, limit: 102 }) }], 20);
    expect(v.fills()).toEqual([[1, 5, 102]]);
    v.walk(30);
    expect(v.fills()).toEqual([
      [1, 5, 102],
      [30, 3, 102],
    ]);
  });

  it('that must be whole takes all or nothing', () => {
    const v = venue([]);
    const [tooMuch, enough] = [ticket({ side: 'buy', lots: 11, tif: 'fok' }), ticket({ side: 'buy', lots: 6, limit: 103, tif: 'fok' })];
    v.play([
      { at: 1, submit: tooMuch },
      { at: 2, submit: enough },
    ]);
    expect(v.words(tooMuch.orderId)).toEqual(['expired not-filled']);
    expect(v.fills(enough.orderId)).toEqual([
      [2, 5, 102],
      [2, 1, 103],
    ]);
  });

  it('that must be immediate leaves nothing behind', () => {
    const v = venue([]);
    const [market, far] = [ticket({ side: 'buy', lots: 11, tif: 'ioc' }), ticket({ side: 'sell', lots: 1, limit: 101, tif: 'ioc' })];
    v.play([
      { at: 1, submit: market },
      { at: 2, submit: far },
    ]);
    expect(v.words(market.orderId)).toEqual(['expired not-filled']);
    expect(v.market.working).toEqual([]);
    // Every ask is gone, so that there is no market for the second.
    expect(v.words(far.orderId)).toEqual(['expired no-market']);
  });

  it('leaves a hole where it took until the level is shown anew, with own impact', () => {
    const messages: Message[] = [
      { ts: 10, levels: [['bid', 99, 6]] },
      { ts: 20, levels: [['ask', 102, 7]] },
    ];
    const takes = [1, 11, 21].map(at => ({ at, submit: ticket({ side: 'buy', lots: 5 }) }));
    const own = venue(messages);
    own.play(takes);
    expect(own.fills()).toEqual([
      [1, 5, 102],
      [11, 5, 103],
      [21, 5, 102],
    ]);
    const none = venue(messages, [], { fills: { ...BOOK, ownImpact: false } });
    none.play(takes);
    expect(none.fills()).toEqual([
      [1, 5, 102],
      [11, 5, 102],
      [21, 5, 102],
    ]);
  });

  it('does not get what a trade has taken although the display still shows it', () => {
    const v = venue([], [[5, 'buy', 102, 4]]);
    v.play([{ at: 5, submit: ticket({ side: 'buy', lots: 3 }) }]);
    expect(v.fills()).toEqual([
      [5, 1, 102],
      [5, 2, 103],
    ]);
  });

  it('larger than the book waits with its rest for the next message', () => {
    const v = venue([{ ts: 10, levels: [['ask', 105, 4]] }]);
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 12 }) }]);
    expect(v.fills()).toEqual([
      [1, 5, 102],
      [1, 5, 103],
      [10, 2, 105],
    ]);
  });

  it('fills what its margin carries and ends there', () => {
    const v = venue([], [], { carries: (lots, price) => (price > 102 ? 1 : lots) });
    const order = ticket({ side: 'buy', lots: 8 });
    const whole = ticket({ side: 'buy', lots: 4, tif: 'fok' });
    v.play([
      { at: 1, submit: order },
      { at: 2, submit: whole },
    ]);
    expect(v.fills()).toEqual([
      [1, 5, 102],
      [1, 1, 103],
    ]);
    expect(v.words(order.orderId)).toEqual(['expired margin']);
    expect(v.words(whole.orderId)).toEqual(['expired margin']);
  });

  it('that only reduces takes no more than the position, and ends with it', () => {
    const v = venue([], [], { held: -3 });
    const order = ticket({ side: 'buy', lots: 8, reduceOnly: true });
    v.play([{ at: 1, submit: order }]);
    expect(v.fills()).toEqual([[1, 3, 102]]);
    // A fill says that it was accepted.
    expect(v.words(order.orderId)).toEqual(['cancelled reduce-only']);
  });
});

describe('a resting order', () => {
  it('waits behind what is displayed, then fills in part as the market trades at its price', () => {
    const v = venue(
      [],
      [
        [10, 'sell', 100, 3],
        [11, 'buy', 102, 9],
        [12, 'sell', 100, 4],
        [13, 'sell', 100, 1],
      ],
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 100 }) }]);
    expect(v.fills()).toEqual([
      [12, 2, 100],
      [13, 1, 100],
    ]);
    expect(v.said.map(s => s.what)).toEqual(['accepted', 'maker', 'maker']);
  });

  it('does not move forward by what is cancelled as long as there may be something behind it (pessimistic)', () => {
    const v = venue(
      [
        { ts: 10, levels: [['bid', 100, 9]] },
        { ts: 20, levels: [['bid', 100, 5]] },
        { ts: 30, levels: [['bid', 100, 2]] },
      ],
      [
        [25, 'sell', 100, 1],
        [35, 'sell', 100, 3],
      ],
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 100 }) }]);
    // 5 ahead; 9 then 5 shown: still 5. One trades: 4. Two are shown: 2. Three trade: one is ours.
    expect(v.fills()).toEqual([[35, 1, 100]]);
  });

  it('moves forward by its share of what is cancelled (proportional)', () => {
    const v = venue(
      [
        { ts: 10, levels: [['bid', 100, 10]] },
        { ts: 20, levels: [['bid', 100, 4]] },
      ],
      [[25, 'sell', 100, 3]],
      {
        fills: { ...BOOK, queue: { kind: 'proportional' } },
      },
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 100 }) }]);
    // 5 of 10 ahead, 6 cancelled: 2 of 4.
    expect(v.fills()).toEqual([[25, 1, 100]]);
  });

  it('does not count a trade as a cancellation as well', () => {
    const v = venue(
      [
        { ts: 10, levels: [['bid', 100, 10]] },
        { ts: 20, levels: [['bid', 100, 7]] },
      ],
      [[20, 'sell', 100, 3]],
      {
        fills: { ...BOOK, queue: { kind: 'proportional' } },
      },
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 100 }) }]);
    expect(v.market.working[0]!.ahead).toBe(2);
  });

  it('is first once its level is gone, and no cancellation behind it matters', () => {
    const v = venue(
      [
        { ts: 10, levels: [['bid', 100, 0]] },
        { ts: 20, levels: [['bid', 100, 8]] },
      ],
      [[25, 'sell', 100, 3]],
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 100 }) }]);
    expect(v.fills()).toEqual([[25, 3, 100]]);
  });

  it('fills at its price, up to what traded, when the market trades through it, and nothing is ahead of it then', () => {
    const v = venue(
      [],
      [
        [10, 'sell', 99, 3],
        [11, 'sell', 100, 2],
        [12, 'sell', 98, 9],
      ],
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 6, limit: 100 }) }]);
    expect(v.fills()).toEqual([
      [10, 3, 100],
      [11, 2, 100],
      [12, 1, 100],
    ]);
  });

  it('between the best prices is the first to be hit', () => {
    const v = venue([], [[10, 'sell', 100, 3]]);
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 2, limit: 101 }) }]);
    expect(v.fills()).toEqual([[10, 2, 101]]);
  });

  it('is hit by whoever offers at its price, for what is offered, once', () => {
    const messages: Message[] = [
      {
        ts: 10,
        levels: [
          ['bid', 100, 0],
          ['ask', 100, 3],
        ],
      },
      { ts: 20, levels: [['bid', 98, 1]] },
      { ts: 30, levels: [['ask', 100, 2]] },
    ];
    const v = venue(messages);
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 9, limit: 100 }) }]);
    expect(v.fills()).toEqual([[10, 3, 100]]);
  });

  it('shares a trade by price, then by the order of arrival, and never counts our own size as queue', () => {
    const v = venue([], [[10, 'sell', 100, 9]]);
    const [first, better, second] = [100, 101, 100].map(limit => ticket({ side: 'buy', lots: 2, limit }));
    v.play([first!, better!, second!].map((submit, i) => ({ at: i + 1, submit })));
    expect(v.said.filter(s => s.what === 'maker').map(s => [s.orderId, s.lots, s.price])).toEqual([
      [better!.orderId, 2, 101],
      [first!.orderId, 2, 100],
    ]);
    // 9 lots: 2 better, 5 of the others, 2 of ours.
    expect(v.market.working.map(o => [o.remaining, o.ahead])).toEqual([[2, 0]]);
  });

  it('has its share of the lots that came between two of ours', () => {
    const v = venue([{ ts: 5, levels: [['bid', 100, 8]] }], [[10, 'sell', 100, 11]]);
    const [first, second] = [ticket({ side: 'buy', lots: 2, limit: 100 }), ticket({ side: 'buy', lots: 2, limit: 100 })];
    v.play([
      { at: 1, submit: first },
      { at: 6, submit: second },
    ]);
    // Five others, two of ours, three others, one of ours.
    expect(v.fills(first.orderId)).toEqual([[10, 2, 100]]);
    expect(v.fills(second.orderId)).toEqual([[10, 1, 100]]);
  });

  it('does not stand behind what has traded and is still displayed', () => {
    const v = venue([{ ts: 20, levels: [['bid', 100, 4]] }], [[10, 'sell', 100, 4]], {
      fills: { ...BOOK, queue: { kind: 'proportional' } },
    });
    v.play([{ at: 11, submit: ticket({ side: 'buy', lots: 2, limit: 100 }) }], 15);
    expect(v.market.working[0]!.ahead).toBe(1);
    // Five less four, and three more behind us.
    v.walk(20);
    expect(v.market.working[0]!.ahead).toBe(1);
  });

  it('behind what can be seen does not know its place until its level comes into sight', () => {
    const v = venue(
      [
        { ts: 10, levels: [['bid', 95, 7]] },
        {
          ts: 20,
          levels: [
            ['bid', 100, 0],
            ['bid', 99, 0],
          ],
        },
      ],
      [[30, 'sell', 95, 8]],
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 95 }) }], 5);
    expect(v.market.working[0]!.ahead).toBeNaN();
    v.walk(15);
    expect(v.market.working[0]!.ahead).toBe(7);
    v.walk(30);
    expect(v.fills()).toEqual([[30, 1, 95]]);
  });

  it('that is post-only is refused where it would take', () => {
    const v = venue([]);
    const order = ticket({ side: 'buy', lots: 1, limit: 102, postOnly: true });
    v.play([{ at: 1, submit: order }]);
    expect(v.words(order.orderId)).toEqual(['rejected post-only']);
  });

  it('keeps its place when it gets smaller, and loses it with a new price or a larger size', () => {
    const prints: Print[] = [[10, 'sell', 100, 4]];
    const smaller = venue([], prints);
    const order = ticket({ side: 'buy', lots: 4, limit: 100 });
    const amend = (terms: { lots?: number; limit?: number }) => ({
      at: 20,
      amend: { orderId: order.orderId, lots: null, limit: null, stop: null, ...terms },
    });
    smaller.play([{ at: 1, submit: order }, amend({ lots: 2 })]);
    expect(smaller.words(order.orderId)).toEqual(['accepted', 'amended, keeps its place']);
    expect(smaller.market.working.map(o => [o.remaining, o.ahead])).toEqual([[2, 1]]);
    // Displayed are still five, of which four have traded.
    const larger = venue([{ ts: 15, levels: [['bid', 100, 3]] }], prints);
    larger.play([{ at: 1, submit: order }, amend({ lots: 5 })]);
    expect(larger.words(order.orderId)).toEqual(['accepted', 'amended']);
    expect(larger.market.working.map(o => [o.remaining, o.ahead])).toEqual([[5, 3]]);
    const moved = venue([], prints);
    moved.play([{ at: 1, submit: order }, amend({ limit: 99 })]);
    expect(moved.market.working.map(o => [o.limit, o.remaining, o.ahead])).toEqual([[99, 4, 5]]);
    const across = venue([], prints);
    across.play([{ at: 1, submit: order }, amend({ limit: 102 })]);
    expect(across.said.map(s => [s.what, s.lots ?? 0])).toEqual([
      ['accepted', 0],
      ['amended', 0],
      ['taker', 4],
    ]);
  });

  it('expires when it is good no longer, after the trades of that moment', () => {
    const v = venue(
      [],
      [
        [10, 'sell', 99, 1],
        [11, 'sell', 99, 1],
      ],
    );
    const order = ticket({ side: 'buy', lots: 4, limit: 100, tif: 'gtd', goodTill: 10 });
    v.play([{ at: 1, submit: order }]);
    expect(v.fills()).toEqual([[10, 1, 100]]);
    expect(v.words(order.orderId)).toEqual(['accepted', 'expired gtd']);
    const late = ticket({ side: 'buy', lots: 4, limit: 103, tif: 'gtd', goodTill: 10 });
    const w = venue([]);
    w.play([{ at: 10, submit: late }]);
    expect(w.said.map(s => s.what)).toEqual(['expired gtd']);
  });

  it('is cancelled too late at the moment of its fill', () => {
    const v = venue([], [[10, 'sell', 99, 9]]);
    const order = ticket({ side: 'buy', lots: 4, limit: 100 });
    v.play([
      { at: 1, submit: order },
      { at: 10, cancel: order.orderId },
    ]);
    expect(v.said.map(s => s.what)).toEqual(['accepted', 'maker', 'cancel-rejected']);
  });
});

describe('a trigger', () => {
  it('of a stop is a trade at its price or beyond, and it takes what is displayed then', () => {
    const v = venue(
      [],
      [
        [10, 'buy', 102, 1],
        [20, 'buy', 103, 1],
      ],
    );
    const order = ticket({ side: 'buy', lots: 2, type: 'stop', stop: 103 });
    v.play([{ at: 1, submit: order }]);
    expect(v.said).toEqual([
      { ts: 1, orderId: order.orderId, what: 'accepted' },
      { ts: 20, orderId: order.orderId, what: 'triggered', price: 103 },
      { ts: 20, orderId: order.orderId, what: 'taker', lots: 2, price: 102, m: 101 },
    ]);
  });

  it('of a take-profit is a trade in its favour', () => {
    const v = venue([], [[10, 'sell', 99, 1]]);
    const order = ticket({ side: 'buy', lots: 2, type: 'take-profit-limit', stop: 99, limit: 101 });
    v.play([{ at: 1, submit: order }]);
    expect(v.words(order.orderId)).toEqual(['accepted', 'triggered']);
    expect(v.market.working.map(o => [o.state, o.limit])).toEqual([['resting', 101]]);
  });

  it('of a trailing stop follows the best trade', () => {
    const v = venue(
      [],
      [
        [10, 'buy', 110, 1],
        [11, 'sell', 105, 1],
        [12, 'sell', 104, 1],
      ],
      { held: 1 },
    );
    const order = ticket({
      side: 'sell',
      lots: 1,
      type: 'trailing-stop',
      reduceOnly: true,
      trail: { bps: null, distance: 6, activation: null },
    });
    v.play([{ at: 1, submit: order }]);
    expect(v.said.map(s => [s.ts, s.what])).toEqual([
      [1, 'accepted'],
      [12, 'triggered'],
      [12, 'taker'],
    ]);
  });

  it('by the mark price looks at nothing else', () => {
    const v = venue([], [[10, 'sell', 50, 1]], { held: 2, mark: 101 });
    const order = ticket({
      side: 'sell',
      lots: CLOSE_ALL,
      type: 'stop',
      stop: 90,
      reduceOnly: true,
      closePosition: true,
      triggerBy: 'mark',
    });
    v.play([{ at: 1, submit: order }]);
    expect(v.market.watchesMark).toBe(true);
    expect(v.words(order.orderId)).toEqual(['accepted']);
    v.market.marked(89.5, 20);
    expect(v.market.watchesMark).toBe(false);
    expect(v.fills()).toEqual([[20, 2, 100]]);
    expect(v.words(order.orderId)).toEqual(['accepted', 'triggered', 'cancelled position-closed']);
  });

  it('of the account is tripped by the first trade at it or beyond, once', () => {
    const v = venue(
      [],
      [
        [10, 'sell', 99, 1],
        [20, 'sell', 95, 1],
        [30, 'sell', 94, 1],
      ],
    );
    v.market.watch(96, Infinity, 1);
    v.walk(Infinity);
    expect(v.said).toEqual([{ ts: 20, orderId: '', what: 'tripped', price: 95 }]);
  });
});

describe('a book that may not be believed', () => {
  const broken: Message[] = [
    { ts: 10, levels: [['ask', 99, 4]] },
    { ...START, ts: 30 },
  ];

  it('fills nothing: orders wait for the next snapshot, those that cannot wait expire', () => {
    const v = venue(broken, [[15, 'sell', 90, 9]]);
    const [resting, market, limit, ioc] = [
      ticket({ side: 'buy', lots: 1, limit: 100 }),
      ticket({ side: 'buy', lots: 2 }),
      ticket({ side: 'buy', lots: 3, limit: 103 }),
      ticket({ side: 'buy', lots: 1, tif: 'ioc' }),
    ];
    v.play([
      { at: 1, submit: resting },
      { at: 11, submit: market },
      { at: 12, submit: limit },
      { at: 13, submit: ioc },
    ]);
    expect(v.fills()).toEqual([
      [30, 2, 102],
      [30, 3, 102],
    ]);
    expect(v.words(ioc.orderId)).toEqual(['expired no-market']);
    expect(v.market.working.map(o => [o.remaining, o.ahead])).toEqual([[1, 5]]);
  });

  it('says nothing of what was cancelled meanwhile, so that only a smaller level moves an order forward', () => {
    const messages: Message[] = [
      { ts: 10, levels: [['bid', 100, 10]] },
      { ts: 20, levels: [['ask', 99, 4]] },
      {
        ts: 30,
        snapshot: true,
        levels: [
          ['bid', 100, 6],
          ['ask', 102, 5],
        ],
      },
      { ts: 40, levels: [['bid', 100, 3]] },
    ];
    const v = venue(messages, [], { fills: { ...BOOK, queue: { kind: 'proportional' } } });
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 2, limit: 100 }) }], 30);
    expect(v.market.working[0]!.ahead).toBe(5);
    v.walk(40);
    expect(v.market.working[0]!.ahead).toBe(2.5);
  });

  it('before its first snapshot is the same', () => {
    const v = new TickVenue([
      bookOf([
        { ts: 0, levels: [['ask', 102, 5]] },
        { ...START, ts: 5 },
      ]),
    ]);
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 1 }) }]);
    expect(v.fills()).toEqual([[5, 1, 102]]);
  });

  it('still lets a position be closed, at the last price moved against it', () => {
    const v = venue(broken, [[15, 'sell', 90, 9]], { slippage: fixedBps({ bps: 200 }) });
    const parts: number[][] = [];
    v.market.sweep(false, 7, 20, (lots, price, m) => parts.push([lots, price, m]));
    expect(parts).toEqual([[7, 88, 90]]);
  });
});

describe('closing a position', () => {
  it('takes the book and goes on at its worst price, moved by the slippage model', () => {
    const v = venue([], [], { slippage: fixedBps({ bps: 300 }) });
    const parts: number[][] = [];
    v.market.sweep(true, 12, 1, (lots, price, m) => parts.push([lots, price, m]));
    // 300 bp of 103 are 3.09 ticks.
    expect(parts).toEqual([
      [5, 102, 101],
      [5, 103, 101],
      [2, 107, 101],
    ]);
  });
});

describe('trades with quotes', () => {
  const quotes = quotesOf([
    [0, 100, 5, 102, 5],
    [20, 99, 4, 101, 4],
    [30, 100, 6, 102, 6],
  ]);

  it('fill a taker at the quote up to its size and the rest a tick behind it', () => {
    const v = new TickVenue([quotes], { fills: TRADES });
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 8 }) }]);
    expect(v.said.map(s => [s.lots, s.price, s.m])).toEqual([
      [5, 102, 101],
      [3, 103, 101],
    ]);
    const slow = new TickVenue([quotes], { fills: TRADES, slippage: fixedBps({ bps: 400 }) });
    slow.play([{ at: 1, submit: ticket({ side: 'sell', lots: 8 }) }]);
    // 4 % of the middle, 101, are 4.04 ticks.
    expect(slow.fills()).toEqual([
      [1, 5, 100],
      [1, 3, 96],
    ]);
  });

  it('whose size is all taken have their market a tick further', () => {
    const v = new TickVenue([quotes], { fills: TRADES });
    const [all, resting, next] = [
      ticket({ side: 'buy', lots: 5 }),
      ticket({ side: 'buy', lots: 1, limit: 102 }),
      ticket({ side: 'buy', lots: 1, limit: 103 }),
    ];
    v.play(
      [all, resting, next].map((submit, i) => ({ at: i + 1, submit })),
      10,
    );
    expect(v.words(resting.orderId)).toEqual(['accepted']);
    expect(v.fills(resting.orderId)).toEqual([]);
    expect(v.said.filter(s => s.orderId === next.orderId)).toMatchObject([{ lots: 1, price: 103, m: 101.5 }]);
  });

  it('say what is ahead at the best price, and keep the place of an order that goes out of sight', () => {
    const v = new TickVenue(
      [
        quotesOf([
          [0, 100, 5, 102, 5],
          [10, 101, 1, 102, 5],
          [20, 100, 4, 102, 5],
        ]),
        tradesOf([
          [5, 'sell', 100, 2],
          [25, 'sell', 100, 4],
        ]),
      ],
      { fills: TRADES },
    );
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 100 }) }]);
    // 5 − 2 ahead, out of sight, 4 displayed of which 3 at most are ahead; then 4 trade.
    expect(v.fills()).toEqual([[25, 1, 100]]);
  });

  it('do not know what is ahead behind the best price', () => {
    const v = new TickVenue([quotes, tradesOf([[5, 'sell', 99, 9]])], { fills: TRADES });
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 4, limit: 99 }) }]);
    expect(v.fills()).toEqual([]);
    expect(v.market.working[0]!.ahead).toBe(4);
  });
});

describe('trades without quotes', () => {
  const prints: Print[] = [
    [0, 'buy', 1000, 1],
    [10, 'sell', 990, 2],
    [11, '?', 989, 1],
    [20, 'buy', 988, 9],
  ];

  it('fill a taker half the spread from the last trade, or by the slippage model if that is more', () => {
    const v = new TickVenue([tradesOf(prints)], { fills: { ...TRADES, spreadBps: 30 } });
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 50 }) }]);
    expect(v.said).toMatchObject([{ lots: 50, price: 1002, m: 1000 }]);
    const slow = new TickVenue([tradesOf(prints)], { fills: { ...TRADES, spreadBps: 30 }, slippage: fixedBps({ bps: 100 }) });
    slow.play([{ at: 1, submit: ticket({ side: 'sell', lots: 50 }) }]);
    expect(slow.fills()).toEqual([[1, 50, 990]]);
  });

  it('fill a resting order only beyond its price, and no more than traded', () => {
    const v = new TickVenue([tradesOf(prints)], { fills: TRADES });
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 5, limit: 990 }) }]);
    expect(v.fills()).toEqual([
      [11, 1, 990],
      [20, 4, 990],
    ]);
  });

  it('let an order wait that arrives before the first of them', () => {
    const v = new TickVenue([tradesOf(prints)], { fills: TRADES });
    v.play([{ at: -5, submit: ticket({ side: 'buy', lots: 5 }) }]);
    expect(v.fills()).toEqual([[0, 5, 1000]]);
  });
});

describe('an idle market', () => {
  it('does not step, and knows everything when it is asked', () => {
    const v = venue([{ ts: 10, levels: [['ask', 102, 1]] }], [[20, 'buy', 103, 1]]);
    expect(v.market.nextAt).toBe(Infinity);
    expect(v.market.lastPrice(15)).toBe(101);
    expect(v.market.lastPrice(20)).toBe(103);
    expect(v.market.nextAt).toBe(Infinity);
  });

  it('knows the range and volume of the last whole minute', () => {
    const v = new TickVenue([
      tradesOf([
        [1_000, 'buy', 100, 1],
        [2_000, 'buy', 104, 2],
        [59_999, 'sell', 98, 3],
        [60_000, 'sell', 90, 9],
      ]),
    ]);
    expect(v.market.lastBar(59_999)).toEqual({ high: NaN, low: NaN, volume: NaN });
    expect(v.market.lastBar(60_000)).toEqual({ high: 104, low: 98, volume: 6 });
  });
});

describe('the life of an order', () => {
  it('is told with the book around it, the queue ahead and why it filled', () => {
    const entries: TraceEntry[] = [];
    const v = venue([{ ts: 10, levels: [['bid', 100, 3]] }], [[20, 'sell', 100, 4]], { trace: entry => entries.push(entry) });
    v.play([{ at: 1, submit: ticket({ side: 'buy', lots: 1, limit: 100 }) }]);
    expect(entries.map(e => [e.ts, e.event, e.ahead])).toEqual([
      [1, 'arrived', NaN],
      [1, 'rested', 5],
      [10, 'queue', 3],
      [20, 'traded-at', 0],
      [20, 'filled', 0],
    ]);
    expect(entries[1]).toMatchObject({
      bid: 100,
      ask: 102,
      bids: [
        [100, 5],
        [99, 5],
      ],
      asks: [
        [102, 5],
        [103, 5],
      ],
    });
    expect(ONES.lotSize).toBe(1);
  });
});
