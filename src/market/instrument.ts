/** Unified symbol as CCXT writes it: `BTC/USDT:USDT` is the linear perpetual, `BTC/USDT` spot. */
export type Symbol = string;

/**
 * What is traded. Linear perpetuals settle in the quote asset, inverse ones (coin-margined) in the base asset: their quantity is in quote currency (US dollars), and their value in coins is
 * quantity ÷ price. Both pay funding; the others do not.
 */
export type InstrumentKind = 'linear-perpetual' | 'inverse-perpetual' | 'spot' | 'equity' | 'fx' | 'index';

/** One tradable thing and the units its venue trades it in. */
export interface Instrument {
  readonly symbol: Symbol;
  readonly exchange: string;
  readonly kind: InstrumentKind;
  /** Smallest price step, in quote currency. */
  readonly tickSize: number;
  /** Smallest quantity step, in base units, for inverse contracts in quote units (for venues that count contracts: their step × `contractSize`). */
  readonly lotSize: number;
  /** Smallest order value in quote currency that the venue accepts; 0 when it has none. */
  readonly minNotional: number;
  /** Base units per contract (quote units for inverse contracts); 1 for linear perpetuals on Binance and Bybit, 100 US dollars for BTCUSD on Binance COIN-M. */
  readonly contractSize: number;
  /** Highest leverage the venue offers on its first tier. */
  readonly maxLeverage: number;
  /** Maintenance margin on the first tier, as a fraction of notional. */
  readonly maintenanceMarginRate: number;
  /** Where the units come from: a venue preset with its date, the user, or `inferred from prices`. */
  readonly source: string;
}

/** Perpetuals pay funding; a backtest of one without funding data is refused. */
export const paysFunding = ({ kind }: Instrument): boolean => kind === 'linear-perpetual' || kind === 'inverse-perpetual';

/** Whether the contract settles in its base asset, like `BTC/USD:BTC`: its profit is not price × quantity in the quote asset. */
export const isInverse = (symbol: Symbol): boolean => /^([^/:]+)\/[^/:]+:\1(-|$)/.test(symbol);

/** The asset that profit and loss are paid in: what follows the colon, the quote asset of a spot pair, the symbol's own currency (empty) for the rest. */
export const settlementAsset = (symbol: Symbol): string => (/:([^-]+)/.exec(symbol) ?? /\/([^:]+)/.exec(symbol))?.[1] ?? '';

/** `BTC/USDT:USDT` → linear-perpetual, `BTC/USD:BTC` → inverse-perpetual, `BTC/USDT` → spot, anything without a slash → equity. */
export const kindOfSymbol = (symbol: Symbol): InstrumentKind =>
  isInverse(symbol) ? 'inverse-perpetual' : symbol.includes(':') ? 'linear-perpetual' : symbol.includes('/') ? 'spot' : 'equity';
