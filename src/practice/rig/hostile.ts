import type { MarketMessage, VenueExecution } from '../../live/venue-transport.js';
import type { Random } from '../../random.js';
import type { Hostility, MarketHostility } from './weather.js';

const KINDS: readonly Hostility[] = ['nan', 'negative', 'infinite', 'price-x10', 'unknown-symbol', 'absurd-fee'];
const MARKET_KINDS: readonly MarketHostility[] = ['nan', 'negative', 'infinite', 'price-x10', 'future', 'crossed'];

/** An execution as no venue should send it, and in which way. */
export const hostileExecution = (
  execution: VenueExecution,
  random: Random,
): { readonly kind: Hostility; readonly execution: VenueExecution } => {
  const kind = KINDS[random.int(KINDS.length)] as Hostility;
  switch (kind) {
    case 'nan':
      return { kind, execution: { ...execution, price: NaN } };
    case 'negative':
      return { kind, execution: { ...execution, quantity: -execution.quantity } };
    case 'infinite':
      return { kind, execution: { ...execution, quantity: Infinity } };
    case 'price-x10':
      return { kind, execution: { ...execution, price: execution.price * 10 } };
    case 'unknown-symbol':
      return { kind, execution: { ...execution, symbol: 'NOWHERE/USDT:USDT' } };
    case 'absurd-fee':
      return { kind, execution: { ...execution, fee: 1e300 } };
  }
};

type BarMessage = Extract<MarketMessage, { kind: 'bar' }>;

/** A bar as no venue should send it. */
export const hostileBar = (bar: BarMessage, random: Random): { readonly kind: MarketHostility; readonly bar: BarMessage } => {
  const kind = MARKET_KINDS[random.int(MARKET_KINDS.length)] as MarketHostility;
  switch (kind) {
    case 'nan':
      return { kind, bar: { ...bar, close: NaN } };
    case 'negative':
      return { kind, bar: { ...bar, low: -bar.low } };
    case 'infinite':
      return { kind, bar: { ...bar, high: Infinity } };
    case 'price-x10':
      return { kind, bar: { ...bar, open: bar.open * 10, high: bar.high * 10, low: bar.low * 10, close: bar.close * 10 } };
    case 'future':
      return { kind, bar: { ...bar, openTime: bar.openTime + 86_400_000, ts: bar.ts + 86_400_000 } };
    case 'crossed':
      return { kind, bar: { ...bar, high: bar.low, low: bar.high } };
  }
};
