import type { VenuePosition } from '../../live/venue-transport.js';
import type { PracticeEvent, PracticeExecution, PracticeOrder } from '../practice-exchange.js';
import { decimal, money } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';
import { averagePrice } from './order-shapes.js';
import {
  algoStatus,
  orderStatus,
  originalType,
  positionSideWord,
  sideWord,
  tifWord,
  workingPriceWord,
  workingType,
} from './order-words.js';
import { wholeNumber, wireJson } from './wire-json.js';

/** What became of an order. */
export type OrderEvent = Extract<PracticeEvent, { event: 'order' }>;

const executionType = ({ order, execution, change }: OrderEvent): string => {
  switch (change) {
    case 'new':
      return 'NEW';
    case 'amended':
    case 'triggered':
      return 'AMENDMENT';
    case 'trade':
      return execution?.cause === 'liquidation' || execution?.cause === 'adl' ? 'CALCULATED' : 'TRADE';
    case 'ended':
      return order.status === 'rejected' ? 'REJECTED' : order.status === 'expired' ? 'EXPIRED' : 'CANCELED';
  }
};

/** `ORDER_TRADE_UPDATE` */
export const orderTradeUpdate = (event: OrderEvent, form: MarketForm): string => {
  const { order, execution } = event;
  const at = execution?.ts ?? order.updatedAt;
  return wireJson({
    e: 'ORDER_TRADE_UPDATE',
    T: at,
    E: at,
    o: {
      s: form.id,
      c: order.clientId,
      S: sideWord(order),
      o: workingType(order),
      f: tifWord(order),
      q: form.quantity(order.quantity),
      p: form.price(order.price ?? 0),
      ap: decimal(averagePrice(order), 5),
      sp: form.price(order.stopPrice ?? 0),
      x: executionType(event),
      X: execution?.cause === 'adl' ? 'NEW_ADL' : orderStatus(order),
      i: wholeNumber(order.venueId),
      l: form.quantity(execution?.quantity ?? 0),
      z: form.quantity(order.filled),
      L: form.price(execution?.price ?? 0),
      ...(execution === null ? {} : { n: money(execution.fee), N: execution.feeAsset }),
      T: at,
      t: wholeNumber(execution?.id ?? '0'),
      b: '0',
      a: '0',
      m: execution?.maker ?? false,
      R: order.reduceOnly,
      wt: workingPriceWord(order),
      ot: originalType(order),
      ps: positionSideWord(order.positionSide),
      cp: order.closePosition,
      AP: form.price(order.trail?.activation ?? 0),
      cr: decimal((order.trail?.fraction ?? 0) * 100, 1),
      pP: false,
      si: 0,
      ss: 0,
      rp: money(execution?.realised ?? 0),
      V: 'EXPIRE_MAKER',
      pm: 'NONE',
      gtd: order.goodTill ?? 0,
    },
  });
};

/** `TRADE_LITE`, which the venue sends a little before the full event. */
export const tradeLite = (order: PracticeOrder, execution: PracticeExecution, form: MarketForm): string =>
  wireJson({
    e: 'TRADE_LITE',
    E: execution.ts,
    T: execution.ts,
    s: form.id,
    q: form.quantity(order.quantity),
    p: form.price(order.price ?? 0),
    m: execution.maker,
    c: order.clientId,
    S: sideWord(order),
    L: form.price(execution.price),
    l: form.quantity(execution.quantity),
    t: wholeNumber(execution.id),
    i: wholeNumber(order.venueId),
  });

/** `ALGO_UPDATE`, of the second id space. */
export const algoUpdate = (order: PracticeOrder, form: MarketForm): string =>
  wireJson({
    e: 'ALGO_UPDATE',
    T: order.updatedAt,
    E: order.updatedAt,
    o: {
      caid: order.clientId,
      aid: wholeNumber(order.venueId),
      at: 'CONDITIONAL',
      o: originalType(order),
      s: form.id,
      S: sideWord(order),
      ps: positionSideWord(order.positionSide),
      f: tifWord(order),
      q: form.quantity(order.closePosition ? 0 : order.quantity),
      X: algoStatus(order),
      ai: order.spawned ?? '',
      ap: decimal(averagePrice(order), 5),
      aq: decimal(order.filled, 5),
      act: order.spawned === null ? '0' : workingType(order),
      tp: form.price(order.stopPrice ?? 0),
      p: form.price(order.price ?? 0),
      V: 'EXPIRE_MAKER',
      wt: workingPriceWord(order),
      pm: 'NONE',
      cp: order.closePosition,
      pP: false,
      R: order.reduceOnly,
      tt: order.triggeredAt ?? 0,
      gtd: order.goodTill ?? 0,
      rm: '',
    },
  });

/** A balance of an `ACCOUNT_UPDATE`. */
export interface BalanceChange {
  readonly asset: string;
  readonly wallet: number;
  /** Apart from profit and commission. */
  readonly change: number;
}

/** `ACCOUNT_UPDATE` with the positions of the symbol that it is about. */
export const accountUpdate = (
  at: number,
  reason: string,
  balances: readonly BalanceChange[],
  positions: readonly (readonly [position: VenuePosition, form: MarketForm])[],
): string =>
  wireJson({
    e: 'ACCOUNT_UPDATE',
    T: at,
    E: at,
    a: {
      B: balances.map(({ asset, wallet, change }) => ({ a: asset, wb: money(wallet), cw: money(wallet), bc: money(change) })),
      P: positions.map(([position, form]) => ({
        s: form.id,
        pa: form.quantity(position.quantity),
        ep: decimal(position.entryPrice, 5),
        cr: '0',
        up: money((position.markPrice - position.entryPrice) * position.quantity),
        mt: position.marginMode,
        iw: money(0),
        ps: positionSideWord(position.positionSide),
        bep: decimal(position.entryPrice, 5),
      })),
      m: reason,
    },
  });

/** `ACCOUNT_CONFIG_UPDATE` */
export const configUpdate = (at: number, form: MarketForm, leverage: number): string =>
  wireJson({ e: 'ACCOUNT_CONFIG_UPDATE', T: at, E: at, ac: { s: form.id, l: leverage } });

/** `listenKeyExpired` */
export const listenKeyExpired = (at: number, listenKey: string): string => wireJson({ e: 'listenKeyExpired', E: at, listenKey });
