import type { MarketForm } from '../wire/market-forms.js';

type Level = readonly [price: string, size: string];

/** Levels of one side of a message. */
export interface BookChange {
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

/** A book as numbers, best levels first. */
export interface BookState {
  readonly bids: readonly (readonly [price: number, quantity: number])[];
  readonly asks: readonly (readonly [price: number, quantity: number])[];
}

/** What one subscriber has been told of a book, so that a delta holds just what changes for it. */
export interface BookView {
  snapshot(book: BookState, form: MarketForm): BookChange;
  /** Null when nothing has changed. */
  delta(book: BookState, form: MarketForm): BookChange | null;
}

export const bookView = (): BookView => {
  let bids = new Map<string, string>();
  let asks = new Map<string, string>();
  const written = (levels: BookState['bids'], form: MarketForm): Map<string, string> =>
    new Map(levels.map(([price, quantity]) => [form.price(price), form.quantity(quantity)]));
  const changes = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly Level[] => [
    ...[...before.keys()].filter(price => !after.has(price)).map((price): Level => [price, '0']),
    ...[...after].filter(([price, size]) => before.get(price) !== size),
  ];
  return {
    snapshot: (book, form) => {
      bids = written(book.bids, form);
      asks = written(book.asks, form);
      return { b: [...bids], a: [...asks] };
    },
    delta: (book, form) => {
      const [nextBids, nextAsks] = [written(book.bids, form), written(book.asks, form)];
      const change = { b: changes(bids, nextBids), a: changes(asks, nextAsks) };
      bids = nextBids;
      asks = nextAsks;
      return change.b.length + change.a.length === 0 ? null : change;
    },
  };
};
