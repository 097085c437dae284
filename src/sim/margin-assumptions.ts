import type { MarginConfig, RunConfig } from '../engine/run-config.js';
import type { Assumption } from '../engine/run-result.js';
import { marginTiers, marksAreDense } from '../engine/margin-terms.js';
import type { InputRange } from '../events/feed.js';
import { paysFunding, type Instrument } from '../market/instrument.js';
import type { MarginTier } from '../market/margin-tiers.js';
import { timeframeMs } from '../market/timeframe.js';
import { venueTiers } from '../market/venue-tiers.js';
import { percent } from './assumption-text.js';

/** What is said of funding beside how it is settled: whether a late position takes part. */
export const lateText = (margin: MarginConfig | undefined): string =>
  margin !== undefined && margin.fundingTolerance > 0
    ? `; a position opened within ${margin.fundingTolerance} ms after a settlement takes part in it`
    : '';

const tiersText = (tiers: readonly MarginTier[]): string => {
  const [first] = tiers;
  if (first === undefined) return 'none';
  const last = tiers[tiers.length - 1] as MarginTier;
  return tiers.length === 1
    ? `${percent(first.rate)} of notional, whatever the size`
    : `${tiers.length} brackets, from ${percent(first.rate)} of notional to ${percent(last.rate)} above ${last.floor >= 1e6 ? `${last.floor / 1e6} million` : last.floor}`;
};

/** How the account is margined and when it is liquidated. */
export const marginAssumptions = (config: RunConfig, instruments: readonly Instrument[], inputs: readonly InputRange[]): Assumption[] => {
  const { margin } = config;
  if (margin === undefined)
    return [
      {
        topic: 'Liquidation',
        text: 'checked at bar closes against a flat maintenance rate; dips inside a bar are not seen',
        source: 'docs/matching-rules.md §9',
      },
    ];
  const { mode, positions, liquidation } = margin;
  const perpetuals = instruments.filter(paysFunding);
  if (perpetuals.length === 0) return [];
  const barMs = timeframeMs(config.timeframe);
  const isMarked = ({ symbol }: Instrument): boolean =>
    liquidation.price === 'mark' || (liquidation.price === 'auto' && marksAreDense(inputs, symbol, barMs));
  const marked = perpetuals.filter(isMarked).map(({ symbol }) => symbol);
  const last = perpetuals.filter(instrument => !isMarked(instrument)).map(({ symbol }) => symbol);
  const prices = [
    marked.length === 0 ? '' : `the mark price of ${marked.join(', ')} (at its points: dips between them are not seen)`,
    last.length === 0 ? '' : `the last price of ${last.join(', ')} along its path, which is wilder than a venue’s mark`,
  ].filter(text => text !== '');
  const own = Object.entries(margin.leverage).map(([symbol, leverage]) => `${symbol} ${leverage} ×`);
  return [
    {
      topic: 'Margin',
      text: `${mode === 'cross' ? 'cross: all positions share the account’s equity' : 'isolated: each position can lose no more than its own margin'}${positions === 'hedge' ? '; hedge mode' : ''}${own.length === 0 ? '' : `; leverage of its own: ${own.join(', ')}`}`,
      source: 'chosen by the user, or the platform default',
    },
    ...perpetuals.map((instrument): Assumption => ({
      topic: `Maintenance margin, ${instrument.symbol}`,
      text: tiersText(marginTiers(instrument, margin)),
      source:
        margin.tiers[instrument.symbol] === undefined
          ? (venueTiers(instrument.exchange, instrument.symbol)?.source ?? instrument.source)
          : 'chosen by the user',
    })),
    {
      topic: 'Liquidation',
      text: `when margin no longer exceeds the maintenance margin at ${prices.join(' and ')}; ${liquidation.partial ? 'bracket by bracket, ' : ''}as a taker, plus ${percent(liquidation.fee)} of the notional closed; losses beyond the margin are the insurance fund’s`,
      source: liquidation.fee === 0 ? 'platform default' : 'venue preset, or chosen by the user',
    },
  ];
};
