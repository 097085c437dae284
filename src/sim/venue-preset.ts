import { didYouMean, usageError } from '../errors.js';
import { venueFamily } from '../market/venue-units.js';
import type { BarFillConfig, RunConfig } from '../engine/run-config.js';

/** What a venue charges and how it behaves, for someone without a fee tier. Never zero: zero costs must be asked for. */
export interface VenuePreset {
  readonly name: string;
  readonly fees: RunConfig['fees'];
  readonly slippage: RunConfig['slippage'];
  readonly latency: RunConfig['latency'];
  readonly fills: BarFillConfig;
  readonly leverage: number;
  /** What a liquidation costs on top of the taker's fee, a fraction of the notional closed. */
  readonly liquidationFee: number;
  /** Where the figures come from and when they held. */
  readonly source: string;
}

const common = {
  slippage: { kind: 'sqrt-impact', spreadBps: 1, coefficient: 1 },
  latency: { kind: 'constant', order: 100, cancel: 100, report: 50 },
  fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: 0.1 },
  leverage: 3,
  liquidationFee: 0,
} as const satisfies Partial<VenuePreset>;

const preset = (name: string, maker: number, taker: number, source: string): VenuePreset => ({
  name,
  fees: { kind: 'maker-taker', maker, taker },
  ...common,
  source,
});

const PRESETS: Readonly<Record<string, VenuePreset>> = {
  binance: {
    ...preset('binance', 0.0002, 0.0005, 'Binance USDⓈ-M fee schedule, regular user, 2025'),
    // The liquidation fee of BTCUSDT and most others in the public exchange information.
    liquidationFee: 0.0125,
  },
  bybit: preset('bybit', 0.0002, 0.00055, 'Bybit derivatives fee schedule, non-VIP, 2025'),
  okx: preset('okx', 0.0002, 0.0005, 'OKX perpetual futures fee schedule, regular user level 1, 2025'),
  hyperliquid: preset('hyperliquid', 0.00015, 0.00045, 'Hyperliquid perpetuals base tier, 2025'),
  synthetic: preset('synthetic', 0.0002, 0.00055, 'synthetic venue with the Bybit non-VIP schedule of 2025'),
};

/** What the other defaults rest on, for the report. */
export const DEFAULT_SOURCES = {
  slippage:
    'half of a 1 bp spread plus the square-root law of impact with coefficient 1 (Tóth et al. 2011); larger than the quoted spread of the largest perpetuals',
  latency: 'platform default: an order from a cloud region near the venue over REST; measure yours',
} as const;

/** Costs and behaviour of an exchange by its CCXT id (`binanceusdm` counts as `binance`). Throws a usage error for one without a preset. */
export const venuePreset = (exchange: string): VenuePreset => {
  const id = venueFamily(exchange);
  const found = PRESETS[id];
  if (found) return found;
  throw usageError(
    'unknown-venue',
    `There is no cost preset for "${exchange}".${didYouMean(id, Object.keys(PRESETS))}`,
    'State --fees maker=…,taker=… yourself, or use --venue with one of: ' + Object.keys(PRESETS).join(', ') + '.',
  );
};

/** Names of the venues that have a preset. */
export const venuePresets = (): string[] => Object.keys(PRESETS);
