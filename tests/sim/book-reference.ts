import type { QueueConfig } from '../../src/engine/run-config.js';
import type { Ticket } from '../../src/events/order.js';
import type { Action, Message, Print, Said } from './tick-venue.js';

/**
 * A second, slow implementation of docs/book-matching-rules.md for the `book` depth, in whole ticks and lots of one: everything is looked for from scratch at each event. Without marks, trailing stops,
 * margin and close-position.
 */
export interface BookInput {
  readonly messages: readonly Message[];
  readonly prints: readonly Print[];
  readonly actions: readonly Action[];
  readonly queue: QueueConfig;
  readonly ownImpact: boolean;
  readonly held: number;
}

interface Order {
  readonly ticket: Ticket;
  readonly buy: boolean;
  lots: number;
  limit: number | null;
  stop: number | null;
  left: number;
  state: 'new' | 'waiting' | 'resting' | 'stop' | 'taking' | 'ended';
  known: boolean;
  triggered: boolean;
  ahead: number | null;
  shown: number;
  traded: number;
}

interface Gone {
  readonly side: 'bid' | 'ask';
  readonly price: number;
  lots: number;
  shown: number;
  until: 'message' | 'change' | 'end';
  readonly byTrade: boolean;
}

const after = (queue: QueueConfig, a: number, n: number, left: number): number => {
  const c = n - left;
  const b = n - a;
  const share = (f: (x: number) => number): number => {
    const p = f(a) + f(b) === 0 ? 1 : f(b) / (f(a) + f(b));
    return Math.max(0, Math.min(a - (1 - p) * c + Math.min(b - p * c, 0), a, left));
  };
  switch (queue.kind) {
    case 'pessimistic':
      return Math.min(a, left);
    case 'proportional':
      return n === 0 ? 0 : Math.min(a, left, (a * left) / n);
    case 'power': {
      const { exponent } = queue;
      return share(x => Array.from({ length: exponent }, () => x).reduce((product, y) => product * y, 1));
    }
    case 'log':
      return share(x => Math.log(1 + x));
  }
};

export const matchBook = ({ messages, prints, actions, queue, ownImpact, held: heldFirst }: BookInput): Said[] => {
  const said: Said[] = [];
  let bids = new Map<number, number>();
  let asks = new Map<number, number>();
  let valid = false;
  let wasBroken = false;
  let gone: Gone[] = [];
  let orders: Order[] = [];
  let last: number | null = null;
  let held = heldFirst;

  const sideOf = (side: 'bid' | 'ask') => (side === 'bid' ? bids : asks);
  const sorted = (side: 'bid' | 'ask') => [...sideOf(side).keys()].sort((x, y) => (side === 'bid' ? y - x : x - y));
  const shownAt = (side: 'bid' | 'ask', price: number) => sideOf(side).get(price) ?? 0;
  const leftAt = (side: 'bid' | 'ask', price: number) =>
    Math.max(0, shownAt(side, price) - gone.filter(g => g.side === side && g.price === price).reduce((sum, g) => sum + g.lots, 0));
  const best = (side: 'bid' | 'ask') => sorted(side).find(price => leftAt(side, price) > 0);
  const isMarket = () => valid && best('bid') !== undefined && best('ask') !== undefined;
  const middle = () => (best('bid')! + best('ask')!) / 2;
  const say = (ts: number, order: Order, what: string, more: Partial<Said> = {}) =>
    said.push({ ts, orderId: order.ticket.orderId, what, ...more });

  const accept = (order: Order, ts: number) => {
    if (!order.known) say(ts, order, 'accepted');
    order.known = true;
  };
  const end = (order: Order, ts: number, what: string) => {
    order.state = 'ended';
    say(ts, order, what);
  };
  const reducible = (order: Order) => Math.min(order.left, Math.max(0, order.buy ? -held : held));
  const release = (ts: number) => {
    for (const order of orders)
      if (
        order.ticket.reduceOnly &&
        order.state !== 'ended' &&
        (order.state !== 'waiting' || order.known || order.triggered) &&
        reducible(order) === 0
      )
        end(order, ts, 'cancelled reduce-only');
  };
  const fill = (order: Order, lots: number, price: number, m: number, maker: boolean, ts: number) => {
    held += order.buy ? lots : -lots;
    order.left -= lots;
    order.known = true;
    say(ts, order, maker ? 'maker' : 'taker', { lots, price, m });
    if (order.left === 0) order.state = 'ended';
  };
  const rest = (order: Order, ts: number) => {
    const side = order.buy ? 'bid' : 'ask';
    const price = order.limit!;
    order.state = 'resting';
    order.shown = shownAt(side, price);
    order.traded = Math.min(
      order.shown,
      gone.filter(g => g.byTrade && g.side === side && g.price === price).reduce((sum, g) => sum + g.lots, 0),
    );
    order.ahead = isSeen(side, price) ? order.shown - order.traded : null;
    accept(order, ts);
  };
  /** Whether nothing shown there means nothing is there. */
  const isSeen = (side: 'bid' | 'ask', price: number) => {
    const levels = sorted(side);
    const deepest = levels[levels.length - 1];
    if (deepest === undefined) return false;
    return side === 'bid' ? price >= deepest : price <= deepest;
  };
  const take = (order: Order, ts: number) => {
    const { tif, reduceOnly } = order.ticket;
    const staying = tif === 'gtc' || tif === 'gtd';
    if (!isMarket()) {
      if (!staying) return end(order, ts, 'expired no-market');
      order.state = 'taking';
      return accept(order, ts);
    }
    const m = middle();
    const from = order.buy ? 'ask' : 'bid';
    const within = sorted(from).filter(price => order.limit === null || (order.buy ? price <= order.limit : price >= order.limit));
    let want = reduceOnly ? reducible(order) : order.left;
    const there = within.reduce((sum, price) => sum + leftAt(from, price), 0);
    if (tif === 'fok' && Math.min(there, want) < order.left) return end(order, ts, 'expired not-filled');
    const mine: Gone[] = [];
    for (const price of within) {
      const lots = Math.min(want, leftAt(from, price));
      if (lots === 0) continue;
      want -= lots;
      const entry: Gone = { side: from, price, lots, shown: shownAt(from, price), until: ownImpact ? 'change' : 'message', byTrade: false };
      mine.push(entry);
      fill(order, lots, price, m, false, ts);
      gone.push(entry);
    }
    if (order.left > 0) {
      if (!staying) end(order, ts, 'expired not-filled');
      else {
        for (const g of gone) if (!g.byTrade) g.until = 'end';
        if (order.limit !== null) rest(order, ts);
        else {
          order.state = 'taking';
          accept(order, ts);
        }
      }
    }
    release(ts);
  };
  const isTaking = (order: Order, limit: number) => (order.buy ? best('ask')! <= limit : best('bid')! >= limit);
  const enter = (order: Order, ts: number) => {
    if (order.limit === null) return take(order, ts);
    const staying = order.ticket.tif === 'gtc' || order.ticket.tif === 'gtd';
    if (!isMarket()) {
      if (staying) order.state = 'waiting';
      else end(order, ts, 'expired no-market');
    } else if (isTaking(order, order.limit)) {
      if (order.ticket.postOnly) end(order, ts, 'rejected post-only');
      else take(order, ts);
    } else if (staying) rest(order, ts);
    else end(order, ts, 'expired not-marketable');
  };
  const look = (order: Order, price: number | null, ts: number) => {
    if (price === null || order.stop === null) return;
    const isProfit = order.ticket.type.startsWith('take-profit');
    const rising = order.buy !== isProfit;
    if (rising ? price < order.stop : price > order.stop) return;
    order.triggered = true;
    say(ts, order, 'triggered', { price });
    enter(order, ts);
  };
  const meet = (order: Order, ts: number) => {
    if (!order.known && !order.triggered && order.ticket.reduceOnly && reducible(order) === 0) return end(order, ts, 'expired reduce-only');
    if (order.ticket.stop === null || order.triggered) return enter(order, ts);
    order.state = 'stop';
    accept(order, ts);
    look(order, last ?? (isMarket() ? middle() : null), ts);
  };

  const print = ([ts, taker, price, lots]: Print) => {
    last = price;
    if (valid) {
      const side = taker === 'buy' ? 'ask' : 'bid';
      const hit = orders
        .filter(
          o => taker !== '?' && o.state === 'resting' && o.buy === (taker === 'sell') && (o.buy ? o.limit! >= price : o.limit! <= price),
        )
        .sort((x, y) => (x.buy ? y.limit! - x.limit! : x.limit! - y.limit!));
      let rest = lots;
      let eaten = 0;
      for (const order of hit) {
        if (order.state !== 'resting') continue;
        if (order.limit === price) {
          order.traded += lots;
          if (order.ahead === null) continue;
          const part = Math.min(Math.max(0, order.ahead - eaten), rest);
          rest -= part;
          eaten += part;
          order.ahead = Math.max(0, order.ahead - eaten);
          if (order.ahead > 0) continue;
        } else order.ahead = 0;
        const want = Math.min(order.ticket.reduceOnly ? reducible(order) : order.left, Math.floor(rest + 1e-9));
        if (want <= 0) continue;
        rest -= want;
        fill(order, want, order.limit!, order.limit!, true, ts);
        release(ts);
      }
      if (taker !== '?' && shownAt(side, price) > 0)
        gone.push({ side, price, lots, shown: shownAt(side, price), until: 'message', byTrade: true });
    }
    for (const order of orders) if (order.state === 'stop') look(order, price, ts);
  };

  const apply = ({ ts, levels, snapshot }: Message) => {
    if (snapshot) {
      bids = new Map();
      asks = new Map();
      valid = true;
    }
    if (valid) {
      for (const [side, price, lots] of levels)
        if (lots === 0) sideOf(side).delete(price);
        else sideOf(side).set(price, lots);
      if (Math.max(...bids.keys()) >= Math.min(...asks.keys())) valid = false;
    }
    if (!valid) {
      bids = new Map();
      asks = new Map();
    }
    gone = gone.filter(g => {
      const shown = shownAt(g.side, g.price);
      if (g.until === 'message' || shown === 0 || (g.until === 'change' && shown !== g.shown)) return false;
      g.shown = shown;
      return true;
    });
    // All that stays gone at a level together is no more than the level.
    for (const g of gone) {
      const others = gone.filter(o => o !== g && o.until === 'end' && o.side === g.side && o.price === g.price);
      if (g.until === 'end') g.lots = Math.max(0, Math.min(g.lots, g.shown - others.reduce((sum, o) => sum + o.lots, 0)));
    }
    if (!valid) {
      wasBroken = true;
      return;
    }
    for (const order of orders) {
      if (order.state === 'resting') {
        const side = order.buy ? 'bid' : 'ask';
        const shown = shownAt(side, order.limit!);
        const seen = isSeen(side, order.limit!);
        if (order.ahead === null) {
          if (seen) order.ahead = shown;
        } else if (seen && shown !== order.shown) {
          const before = Math.max(0, order.shown - order.traded);
          const model: QueueConfig = wasBroken ? { kind: 'pessimistic' } : queue;
          order.ahead = shown < before ? after(model, Math.min(order.ahead, before), before, shown) : Math.min(order.ahead, shown);
        }
        if (shown !== order.shown || seen !== (order.ahead === null)) {
          if (shown !== order.shown) order.traded = 0;
          order.shown = shown;
        }
        const other = order.buy ? 'ask' : 'bid';
        const crossing = sorted(other).filter(price => (order.buy ? price <= order.limit! : price >= order.limit!));
        if (crossing.length > 0) order.ahead = 0;
        for (const price of crossing) {
          const want = Math.min(order.ticket.reduceOnly ? reducible(order) : order.left, leftAt(other, price));
          if (order.state !== 'resting' || want <= 0) continue;
          fill(order, want, order.limit!, order.limit!, true, ts);
          gone.push({ side: other, price, lots: want, shown: shownAt(other, price), until: 'end', byTrade: false });
          release(ts);
        }
      } else if (order.state === 'waiting') {
        if (isMarket()) meet(order, ts);
      } else if (order.state === 'taking' && isMarket()) take(order, ts);
    }
    wasBroken = false;
    if (last === null && isMarket()) {
      const m = middle();
      for (const order of orders) if (order.state === 'stop') look(order, m, ts);
    }
  };

  const act = (action: Action) => {
    const ts = action.at;
    if ('submit' in action) {
      const t = action.submit;
      const order: Order = {
        ticket: t,
        buy: t.side === 'buy',
        lots: t.lots,
        limit: t.limit,
        stop: t.stop,
        left: t.lots,
        state: 'new',
        known: false,
        triggered: false,
        ahead: null,
        shown: 0,
        traded: 0,
      };
      orders.push(order);
      if (t.tif === 'gtd' && t.goodTill! <= ts) end(order, ts, 'expired gtd');
      else meet(order, ts);
      return;
    }
    const id = 'cancel' in action ? action.cancel : action.amend.orderId;
    const order = orders.find(o => o.ticket.orderId === id && o.state !== 'ended');
    if (!order) {
      said.push({ ts, orderId: id, what: 'cancel' in action ? 'cancel-rejected' : 'amend-rejected' });
      return;
    }
    if ('cancel' in action) return end(order, ts, 'cancelled requested');
    const lots = action.amend.lots ?? order.lots;
    const limit = action.amend.limit ?? order.limit;
    if (action.amend.lots !== null && lots <= order.lots - order.left) return void say(ts, order, 'amend-rejected below-filled');
    if (limit !== order.limit && order.ticket.limit === null) return void say(ts, order, 'amend-rejected no-limit');
    if (order.ticket.postOnly && order.state === 'resting' && limit !== order.limit && isMarket() && isTaking(order, limit!))
      return void say(ts, order, 'amend-rejected post-only');
    const keeps = limit === order.limit && lots <= order.lots;
    order.left += lots - order.lots;
    order.lots = lots;
    order.limit = limit;
    if (!keeps) orders = [...orders.filter(o => o !== order), order];
    say(ts, order, keeps ? 'amended, keeps its place' : 'amended');
    if (!keeps && order.state === 'resting') enter(order, ts);
  };

  const goodTills = [...new Set(actions.flatMap(a => ('submit' in a && a.submit.goodTill !== undefined ? [a.submit.goodTill] : [])))];
  const moments = [
    ...prints.map(p => ({ ts: p[0], rank: 0, run: () => print(p) })),
    ...messages.map(m => ({ ts: m.ts, rank: 1, run: () => apply(m) })),
    ...goodTills.map(ts => ({
      ts,
      rank: 2,
      run: () => {
        for (const order of orders) if (order.state !== 'ended' && order.ticket.goodTill === ts) end(order, ts, 'expired gtd');
      },
    })),
    ...actions.map(a => ({ ts: a.at, rank: 3, run: () => act(a) })),
  ].sort((x, y) => x.ts - y.ts || x.rank - y.rank);
  for (const moment of moments) moment.run();
  return said;
};
