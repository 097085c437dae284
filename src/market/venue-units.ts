import type { Symbol } from './instrument.js';

/** Trading units of one instrument on one venue, as its public instrument list gave them. */
export interface VenueUnits {
  readonly tickSize: number;
  readonly lotSize: number;
  /** Quote currency. */
  readonly minNotional: number;
  readonly maxLeverage: number;
  /** First tier, fraction of notional. */
  readonly maintenanceMarginRate: number;
}

/** What a venue asks of every perpetual whose own units are not listed here. */
export interface VenueFloor {
  readonly minNotional: number;
  readonly source: string;
}

const LISTED: Readonly<
  Record<string, { readonly source: string; readonly floor: number; readonly units: Readonly<Record<Symbol, VenueUnits>> }>
> = {
  binance: {
    source: 'Binance USDⓈ-M exchange information and leverage brackets, 2025',
    floor: 5,
    units: {
      'BTC/USDT:USDT': { tickSize: 0.1, lotSize: 0.001, minNotional: 100, maxLeverage: 125, maintenanceMarginRate: 0.004 },
      'ETH/USDT:USDT': { tickSize: 0.01, lotSize: 0.001, minNotional: 20, maxLeverage: 125, maintenanceMarginRate: 0.004 },
      'SOL/USDT:USDT': { tickSize: 0.01, lotSize: 0.01, minNotional: 5, maxLeverage: 100, maintenanceMarginRate: 0.005 },
      'XRP/USDT:USDT': { tickSize: 0.0001, lotSize: 0.1, minNotional: 5, maxLeverage: 100, maintenanceMarginRate: 0.005 },
    },
  },
  bybit: {
    source: 'Bybit v5 linear instruments information and risk limits, 2025',
    floor: 5,
    units: {
      'BTC/USDT:USDT': { tickSize: 0.1, lotSize: 0.001, minNotional: 5, maxLeverage: 100, maintenanceMarginRate: 0.005 },
      'ETH/USDT:USDT': { tickSize: 0.01, lotSize: 0.01, minNotional: 5, maxLeverage: 100, maintenanceMarginRate: 0.005 },
      'SOL/USDT:USDT': { tickSize: 0.01, lotSize: 0.1, minNotional: 5, maxLeverage: 100, maintenanceMarginRate: 0.005 },
      'XRP/USDT:USDT': { tickSize: 0.0001, lotSize: 0.1, minNotional: 5, maxLeverage: 100, maintenanceMarginRate: 0.005 },
    },
  },
};

/** The venue's family by its CCXT id: `binanceusdm` and `binance-futures` are binance. */
export const venueFamily = (exchange: string): string => exchange.toLowerCase().replace(/(usdm|coinm|linear|inverse|[-_].*)$/, '');

/** Units of a perpetual on a venue and where they come from, or undefined when it is not listed here. */
export const venueUnits = (exchange: string, symbol: Symbol): (VenueUnits & { readonly source: string }) | undefined => {
  const venue = LISTED[venueFamily(exchange)];
  const units = venue?.units[symbol];
  return venue && units && { ...units, source: venue.source };
};

/** The least order value that a venue takes for any perpetual, or undefined when the venue is not listed here. */
export const venueFloor = (exchange: string): VenueFloor | undefined => {
  const venue = LISTED[venueFamily(exchange)];
  return venue && { minNotional: venue.floor, source: venue.source };
};
