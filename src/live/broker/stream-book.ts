import type { PositionSide } from '../../events/order.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import type { Amount, Lots, Ticks } from '../../market/units.js';
import { Account } from '../../portfolio/account.js';

/** Changes of a position that are remembered, so that funding told late goes to who held it then. */
const REMEMBERED = 32;

/** Position and money of one strategy, or of the account itself, in booking units. */
export interface StreamBook {
  readonly account: Account;
  /** By asset; the reporting asset is the empty name. Realised profit, fees, funding and movements together. */
  readonly cash: Map<string, Amount>;
  realised: Amount;
  /** Paid, at their value in the settlement asset. */
  fees: Amount;
  funding: Amount;
  /** Lots held from a moment on, by slot, oldest first. */
  readonly held: Map<number, { readonly ts: number; readonly lots: Lots }[]>;
}

export const streamBook = (instruments: readonly Instrument[], hedge: boolean): StreamBook => ({
  account: new Account(instruments, 0, { hedge }),
  cash: new Map(),
  realised: 0,
  fees: 0,
  funding: 0,
  held: new Map(),
});

export const payInto = (book: StreamBook, asset: string, amount: Amount): void => {
  if (amount === 0) return;
  const after = (book.cash.get(asset) ?? 0) + amount;
  if (after === 0) book.cash.delete(asset);
  else book.cash.set(asset, after);
};

/** Book signed lots at a price; returns what they realised. */
export const fillBook = (book: StreamBook, slot: number, price: Ticks, signed: Lots, fee: Amount, ts: number): Amount => {
  const realised = book.account.fill(slot, price, signed, fee);
  book.realised += realised;
  book.fees += fee;
  const held = book.held.get(slot) ?? [];
  held.push({ ts, lots: book.account.lots[slot] ?? 0 });
  if (held.length > REMEMBERED) held.shift();
  book.held.set(slot, held);
  return realised;
};

/** Signed lots that the book held in a slot at a moment, as far as it remembers. */
export const heldAt = (book: StreamBook, slot: number, ts: number): Lots => {
  const held = book.held.get(slot) ?? [];
  for (let i = held.length - 1; i >= 0; i--) if (held[i]!.ts <= ts) return held[i]!.lots;
  return held.length < REMEMBERED ? 0 : (book.account.lots[slot] ?? 0);
};

/** What a fill would realise, without booking it. */
export const realisedBy = (book: StreamBook, slot: number, price: Ticks, signed: Lots): Amount => {
  const { account } = book;
  const [lots, cost, cash, open] = [account.lots[slot] ?? 0, account.cost[slot] ?? 0, account.cash, account.open];
  const realised = account.fill(slot, price, signed, 0);
  account.lots[slot] = lots;
  account.cost[slot] = cost;
  account.cash = cash;
  account.open = open;
  return realised;
};

/** Unrealised profit of what the book holds at these prices, settlement asset; NaN where one of them is unknown. */
export const openProfit = ({ account }: StreamBook, priceOf: (symbol: Symbol) => number): number => {
  let open = 0;
  if (account.open > 0)
    for (let slot = 0; slot < account.lots.length; slot++)
      if (account.lots[slot] !== 0) open += account.profitAt(slot, priceOf(account.symbols[account.symbolOf(slot)] ?? ''));
  return open;
};

/** Signed lots of a symbol in the book, or of one leg of it. */
export const lotsIn = (book: StreamBook | undefined, symbol: Symbol, leg?: PositionSide): Lots => {
  if (!book) return 0;
  const i = book.account.indexOf(symbol);
  return i < 0 ? 0 : leg === undefined ? book.account.net(i) : (book.account.lots[book.account.slot(i, leg)] ?? 0);
};
