import type { VenueOrderRequest } from '../../live/venue-transport.js';
import { toMoney } from '../../market/units.js';
import type { Account } from '../../portfolio/account.js';
import { onlyReduces } from './order-filters.js';
import type { OrderRecord } from './order-record.js';

/** What the margin of an account is judged by. */
export interface MarginView {
  readonly account: Account;
  readonly mode: 'cross' | 'isolated';
  readonly leverage: readonly number[];
  /** Plain orders at work. */
  readonly orders: readonly OrderRecord[];
  /** Quote currency, by symbol index. */
  mark(symbol: number): number;
  last(symbol: number): number;
}

/** Margin that a quantity at a price asks for beyond the position that it closes first, settlement asset. */
const marginOf = (view: MarginView, symbol: number, request: VenueOrderRequest, quantity: number, price: number): number => {
  if (onlyReduces(request)) return 0;
  const { account } = view;
  const u = account.unitsAt(symbol);
  const held = account.lots[account.slot(symbol, request.positionSide ?? undefined)]!;
  const isAgainst = held !== 0 && held > 0 !== (request.side === 'buy');
  const opening = Math.max(0, quantity - (isAgainst ? u.quantity(Math.abs(held)) : 0));
  return u.notionalOf(opening, price) / view.leverage[symbol]!;
};

/**
 * What is free for new orders, settlement asset: the wallet with the unrealised profit (without it where positions are isolated), less the initial margin of positions at the mark and of what orders at work would open
 * (Binance, "Margin balance and available balance").
 */
export const availableMargin = (view: MarginView, except: OrderRecord | null = null): number => {
  const { account, mode, leverage, orders } = view;
  let free = toMoney(account.cash);
  for (let slot = 0; slot < account.lots.length; slot++) {
    if (account.lots[slot] === 0) continue;
    const symbol = account.symbolOf(slot);
    if (mode === 'isolated') free -= Math.abs(toMoney(account.cost[slot]!)) / leverage[symbol]!;
    else free += account.profitAt(slot, view.mark(symbol)) - Math.abs(account.notionalAt(slot, view.mark(symbol))) / leverage[symbol]!;
  }
  for (const order of orders) {
    if (order === except) continue;
    const quantity = order.units.quantity(order.lots - order.filled);
    free -= marginOf(view, order.symbol, order.request, quantity, order.price ?? view.last(order.symbol));
  }
  return free;
};

/** What an order asks for: the margin of what it opens, and its fee. */
export const neededMargin = (view: MarginView, symbol: number, request: VenueOrderRequest, price: number, fee: number): number => {
  const margin = marginOf(view, symbol, request, request.quantity, price);
  return margin === 0 ? 0 : margin + fee * view.account.unitsAt(symbol).notionalOf(request.quantity, price);
};
