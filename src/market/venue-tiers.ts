import type { Instrument, Symbol } from './instrument.js';
import { tierSchedule, type MarginTier, type TierStep } from './margin-tiers.js';
import { venueFamily } from './venue-units.js';

type Row = readonly [floor: number, rate: number, maxLeverage: number];

const step = ([floor, rate, maxLeverage]: Row): TierStep => ({ floor, rate, maxLeverage });
const M = 1e6;

// Only tables that are known whole. Everything else has one bracket at the instrument's own rate.
const TABLES: Readonly<Record<string, { readonly source: string; readonly rows: Readonly<Record<Symbol, readonly Row[]>> }>> = {
  binance: {
    source: 'Binance USDⓈ-M leverage brackets as published, autumn 2024; venues change them: check yours',
    rows: {
      // prettier-ignore
      'BTC/USDT:USDT': [
        [0, 0.004, 125], [50e3, 0.005, 100], [600e3, 0.0065, 75], [3 * M, 0.01, 50], [12 * M, 0.02, 25], [70 * M, 0.025, 20],
        [100 * M, 0.05, 10], [230 * M, 0.1, 5], [480 * M, 0.125, 4], [600 * M, 0.15, 3], [800 * M, 0.25, 2], [1200 * M, 0.5, 1],
      ],
      // prettier-ignore
      'ETH/USDT:USDT': [
        [0, 0.004, 125], [50e3, 0.005, 100], [600e3, 0.0065, 75], [3 * M, 0.01, 50], [12 * M, 0.02, 25], [50 * M, 0.025, 20],
        [65 * M, 0.05, 10], [150 * M, 0.1, 5], [320 * M, 0.125, 4], [400 * M, 0.15, 3], [530 * M, 0.25, 2], [800 * M, 0.5, 1],
      ],
    },
  },
  bybit: {
    source: 'Bybit margin parameters as published, 2025; venues change them: check yours',
    rows: {
      // prettier-ignore
      'BTC/USDT:USDT': [
        [0, 0.005, 100], [2 * M, 0.0056, 90], [2.6 * M, 0.0063, 80], [3.2 * M, 0.0067, 75], [3.8 * M, 0.0071, 70], [4.4 * M, 0.0077, 65],
        [5 * M, 0.0091, 55], [5.6 * M, 0.01, 50], [8.5 * M, 0.013, 45], [10 * M, 0.015, 40], [14 * M, 0.016, 35], [20 * M, 0.02, 30],
        [28 * M, 0.025, 25], [38 * M, 0.029, 20], [50 * M, 0.03, 19], [55 * M, 0.035, 18], [60 * M, 0.036, 17], [65 * M, 0.038, 16],
        [70 * M, 0.04, 15], [75 * M, 0.045, 14],
      ],
    },
  },
};

/** A venue's published maintenance-margin schedule and where it comes from, or undefined when it is not listed here. The venue's largest position is not kept: the last bracket has no end. */
export const venueTiers = (
  exchange: string,
  symbol: Symbol,
): { readonly tiers: readonly MarginTier[]; readonly source: string } | undefined => {
  const table = TABLES[venueFamily(exchange)];
  const rows = table?.rows[symbol];
  return table && rows && { tiers: tierSchedule(rows.map(step)), source: table.source };
};

/**
 * The maintenance-margin schedule of an instrument: the venue's where it is listed and begins at the instrument's own rate; else one bracket at that rate, which flatters large positions;
 * none for what is not margined (spot, or a rate of 0).
 */
export const tiersFor = ({
  exchange,
  symbol,
  kind,
  maintenanceMarginRate,
  maxLeverage,
}: Pick<Instrument, 'exchange' | 'symbol' | 'kind' | 'maintenanceMarginRate' | 'maxLeverage'>): readonly MarginTier[] => {
  if (kind === 'spot' || maintenanceMarginRate === 0) return [];
  const listed = venueTiers(exchange, symbol)?.tiers;
  return listed?.[0]?.rate === maintenanceMarginRate ? listed : tierSchedule([{ floor: 0, rate: maintenanceMarginRate, maxLeverage }]);
};
