import type { Ticket } from '../../src/events/order.js';
import type { Instrument } from '../../src/market/instrument.js';
import { approve, checksOf, isDenial, type RiskLimits } from '../../src/risk/approve.js';
import { accountView, type OrderFigures } from '../../src/risk/account-view.js';
import type { RiskCheck, RiskView } from '../../src/risk/risk-check.js';
import type { RiskState } from '../../src/risk/state.js';

export const A = 'AAA/USDT:USDT';
export const B = 'BBB/USDT:USDT';
export const C = 'CCC/USDT:USDT';

/** Every limit of the gate switched off. */
export const OFF: RiskLimits = { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null };

/** One unit is one lot and a tick one unit of money: figures that can be worked by hand. */
export const instrument = (symbol: string, more: Partial<Instrument> = {}): Instrument => ({
  symbol,
  exchange: 'test',
  kind: 'linear-perpetual',
  tickSize: 1,
  lotSize: 1,
  minNotional: 0,
  contractSize: 1,
  maxLeverage: 100,
  maintenanceMarginRate: 0.01,
  source: 'test',
  ...more,
});

export const INSTRUMENTS = [A, B, C].map(symbol => instrument(symbol));

export const ticket = (symbol: string, side: 'buy' | 'sell', lots: number, more: Partial<Ticket> = {}): Ticket => ({
  orderId: 'o1',
  symbol,
  side,
  type: more.limit === undefined ? 'market' : 'limit',
  lots,
  limit: null,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...more,
});

export const working = (symbol: string, side: 'buy' | 'sell', lots: number, more: Partial<OrderFigures> = {}): OrderFigures => ({
  symbol,
  side,
  lots,
  limit: null,
  stop: null,
  reduceOnly: false,
  ...more,
});

/** An account with equity 1,000 where everything costs 100, unless said otherwise. */
export const view = ({
  held = {},
  orders = [],
  equity = 1000,
  prices = {},
}: {
  held?: Readonly<Record<string, number>>;
  orders?: readonly OrderFigures[];
  equity?: number;
  prices?: Readonly<Record<string, number>>;
} = {}): RiskView =>
  accountView(INSTRUMENTS, {
    equity,
    positions: Object.entries(held).map(([symbol, lots]) => ({ symbol, lots })),
    orders,
    lastPrice: symbol => prices[symbol] ?? 100,
  });

/** What the gate says: `approved`, or the code of the denial. */
export const says = (t: Ticket, v: RiskView, checks: readonly RiskCheck[], state: RiskState = 'ACTIVE'): string => {
  const answer = approve(t, v, checks, state);
  return isDenial(answer) ? answer.code : 'approved';
};

export const under = (limits: Partial<RiskLimits>): RiskCheck[] => checksOf({ ...OFF, ...limits }, []);
