/** Unified symbol as CCXT writes it: `BTC/USDT:USDT` is the linear perpetual, `BTC/USDT` spot. */
export type Symbol = string;

/** What is traded. Linear perpetuals settle in the quote asset and pay funding; the others do not. */
export type InstrumentKind = 'linear-perpetual' | 'spot' | 'equity' | 'fx' | 'index';

/** One tradable thing and the units its venue trades it in. */
export interface Instrument {
  readonly symbol: Symbol;
  readonly exchange: string;
  readonly kind: InstrumentKind;
  /** Smallest price step, in quote currency. */
  readonly tickSize: number;
  /** Smallest quantity step, in base units (for venues that count contracts: their step × `contractSize`). */
  readonly lotSize: number;
  /** Smallest order value in quote currency that the venue accepts; 0 when it has none. */
  readonly minNotional: number;
  /** Base units per contract; 1 for linear perpetuals on Binance and Bybit. */
  readonly contractSize: number;
  /** Highest leverage the venue offers on its first tier. */
  readonly maxLeverage: number;
  /** Maintenance margin on the first tier, as a fraction of notional. */
  readonly maintenanceMarginRate: number;
  /** Where the units come from: a venue preset with its date, the user, or `inferred from prices`. */
  readonly source: string;
}

/** Perpetuals pay funding; a backtest of one without funding data is refused. */
export const paysFunding = (instrument: Instrument): boolean => instrument.kind === 'linear-perpetual';

/** Whether the contract settles in its base asset, like `BTC/USD:BTC`: its profit is not price × quantity in the quote asset. */
export const isInverse = (symbol: Symbol): boolean => /^([^/:]+)\/[^/:]+:\1(-|$)/.test(symbol);

/** `BTC/USDT:USDT` → linear-perpetual, `BTC/USDT` → spot, anything without a slash → equity. */
export const kindOfSymbol = (symbol: Symbol): InstrumentKind =>
  symbol.includes(':') ? 'linear-perpetual' : symbol.includes('/') ? 'spot' : 'equity';
