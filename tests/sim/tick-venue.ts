import { noSlippage, type SlippageModel } from '../../src/costs/slippage.js';
import type { Chunk } from '../../src/events/market.js';
import type { Amendment, Ticket } from '../../src/events/order.js';
import type { Instrument } from '../../src/market/instrument.js';
import { units } from '../../src/market/units.js';
import type { MarketHost, TraceEntry } from '../../src/sim/matching/market.js';
import { TickMarket, type TickRules } from '../../src/sim/matching/tick-market.js';

/** Ticks and lots of one, so that prices and quantities are both at once. */
export const ONES: Instrument = {
  symbol: 'X/USDT:USDT',
  exchange: 'test',
  kind: 'linear-perpetual',
  tickSize: 1,
  lotSize: 1,
  minNotional: 0,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.01,
  source: 'test',
};

export type Action =
  | { readonly at: number; readonly submit: Ticket }
  | { readonly at: number; readonly cancel: string }
  | { readonly at: number; readonly amend: Amendment };

/** What came of it, one object a word of the market. */
export interface Said {
  readonly ts: number;
  readonly orderId: string;
  readonly what: string;
  readonly lots?: number;
  readonly price?: number;
  readonly m?: number;
}

let names = 0;
/** A limit order (a market order without `limit`) of the tests. */
export const ticket = (terms: Partial<Ticket> & Pick<Ticket, 'side' | 'lots'>): Ticket => ({
  orderId: `o${++names}`,
  symbol: ONES.symbol,
  type: (terms.limit ?? null) === null ? 'market' : 'limit',
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...terms,
});

type Level = readonly [side: 'bid' | 'ask', price: number, lots: number];
export interface Message {
  readonly ts: number;
  readonly levels: readonly Level[];
  readonly snapshot?: boolean;
  /** Its id; one more than the message before by default. */
  readonly id?: number;
}

/** Messages as a venue with rising ids sends them. */
export const bookOf = (messages: readonly Message[], instrument: Instrument = ONES): Chunk => {
  let id = 0;
  const rows = messages.flatMap(message => {
    id = message.id ?? id + 1;
    return message.levels.map(([side, price, lots]) => [
      message.ts,
      side === 'bid' ? 1 : -1,
      price,
      lots,
      message.snapshot ? 1 : 0,
      NaN,
      id,
      NaN,
    ]);
  });
  const column = (c: number): Float64Array => Float64Array.from(rows, row => row[c]!);
  return { kind: 'book', symbol: instrument.symbol, rows: rows.length, ts: column(0), columns: [1, 2, 3, 4, 5, 6, 7].map(column) };
};

export type Print = readonly [ts: number, taker: 'buy' | 'sell' | '?', price: number, lots: number];
export const tradesOf = (prints: readonly Print[], instrument: Instrument = ONES): Chunk => ({
  kind: 'trades',
  symbol: instrument.symbol,
  rows: prints.length,
  ts: Float64Array.from(prints, p => p[0]),
  columns: [
    Float64Array.from(prints, p => p[2]),
    Float64Array.from(prints, p => p[3]),
    Float64Array.from(prints, p => (p[1] === 'buy' ? 1 : p[1] === 'sell' ? -1 : NaN)),
  ],
});

export const quotesOf = (
  quotes: readonly (readonly [ts: number, bid: number, bidLots: number, ask: number, askLots: number])[],
): Chunk => ({
  kind: 'quotes',
  symbol: ONES.symbol,
  rows: quotes.length,
  ts: Float64Array.from(quotes, q => q[0]),
  columns: [1, 2, 3, 4].map(c => Float64Array.from(quotes, q => q[c]!)),
});

type FillsOf<K> = Extract<TickRules['fills'], { kind: K }>;
export const BOOK: FillsOf<'book'> = { kind: 'book', queue: { kind: 'pessimistic' }, ownImpact: true };
export const TRADES: FillsOf<'trades'> = { kind: 'trades', queue: { kind: 'pessimistic' }, spreadBps: 0 };

export interface Setup {
  readonly fills?: TickRules['fills'];
  readonly slippage?: SlippageModel;
  readonly instrument?: Instrument;
  /** Signed lots held at the start. */
  readonly held?: number;
  readonly trace?: ((entry: TraceEntry) => void) | null;
  /** Lots that the account carries of what is wanted. */
  readonly carries?: (lots: number, price: number) => number;
  readonly mark?: number;
}

/** A market and an account that only counts lots, driven by hand. */
export class TickVenue implements MarketHost {
  readonly said: Said[] = [];
  readonly market: TickMarket;
  readonly trace: ((entry: TraceEntry) => void) | null;
  held: number;
  now = -Infinity;
  private readonly _setup: Setup;

  constructor(chunks: readonly Chunk[], setup: Setup = {}) {
    const instrument = setup.instrument ?? ONES;
    this._setup = setup;
    this.held = setup.held ?? 0;
    this.trace = setup.trace ?? null;
    this.market = new TickMarket(
      0,
      instrument,
      units(instrument),
      { fills: setup.fills ?? BOOK, slippage: setup.slippage ?? noSlippage() },
      this,
    );
    for (const chunk of chunks) this.market.load(chunk, -Infinity);
  }

  /** Everything up to `until`, actions in their order among the market's own events. */
  play(actions: readonly Action[], until = Infinity): Said[] {
    for (const action of actions) {
      if (action.at > until) break;
      this.walk(action.at);
      this.now = action.at;
      if ('submit' in action) this.market.arrive(action.submit, action.at);
      else if ('cancel' in action) {
        if (!this.market.cancel(action.cancel, action.at, 'requested')) this._say(action.at, action.cancel, 'cancel-rejected');
      } else if (!this.market.amend(action.amend, action.at)) this._say(action.at, action.amend.orderId, 'amend-rejected');
    }
    this.walk(until);
    return this.said;
  }

  /** Lets the market go on to `until`, that moment included. */
  walk(until: number): void {
    while (this.market.nextAt <= until && this.market.nextAt < Infinity) {
      this.now = this.market.nextAt;
      this.market.step();
    }
  }

  /** Fills as `[ts, lots, price]` of one order, or of all. */
  fills(orderId?: string): number[][] {
    return this.said
      .filter(s => s.lots !== undefined && s.what !== 'amended' && (!orderId || s.orderId === orderId))
      .map(s => [s.ts, s.lots!, s.price!]);
  }

  /** What happened to an order besides fills. */
  words(orderId: string): string[] {
    return this.said.filter(s => s.orderId === orderId && (s.lots === undefined || s.what === 'amended')).map(s => s.what);
  }

  private _say(ts: number, orderId: string, what: string, more: Partial<Said> = {}): void {
    this.said.push({ ts, orderId, what, ...more });
  }

  position: MarketHost['position'] = () => this.held;
  carries: MarketHost['carries'] = (_market, _order, lots, price) => this._setup.carries?.(lots, price) ?? lots;
  filled: MarketHost['filled'] = (_market, order, lots, price, m, maker, ts) => {
    this.held += order.buy ? lots : -lots;
    this._say(ts, order.ticket.orderId, maker ? 'maker' : 'taker', { lots, price, m });
  };
  accepted: MarketHost['accepted'] = (_market, order, ts) => this._say(ts, order.ticket.orderId, 'accepted');
  triggered: MarketHost['triggered'] = (_market, order, price, ts) => this._say(ts, order.ticket.orderId, 'triggered', { price });
  amended: MarketHost['amended'] = (_market, order, keepsPlace, ts) =>
    this._say(ts, order.ticket.orderId, keepsPlace ? 'amended, keeps its place' : 'amended');
  amendRejected: MarketHost['amendRejected'] = (_market, orderId, code, ts) => this._say(ts, orderId, `amend-rejected ${code}`);
  ended: MarketHost['ended'] = (_market, order, how, code, ts) => this._say(ts, order.ticket.orderId, `${how} ${code}`);
  tripped: MarketHost['tripped'] = (_market, price, ts) => this._say(ts, '', 'tripped', { price });
  markPrice: MarketHost['markPrice'] = () => this._setup.mark ?? NaN;
}
