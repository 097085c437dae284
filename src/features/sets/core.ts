import { betaToLeader } from '../cross-asset/beta-to-leader.js';
import { breadth } from '../cross-asset/breadth.js';
import { correlationToLeader } from '../cross-asset/correlation-to-leader.js';
import { dispersion } from '../cross-asset/dispersion.js';
import { momentumRank } from '../cross-asset/momentum-rank.js';
import { relativeStrength } from '../cross-asset/relative-strength.js';
import { residualReturn } from '../cross-asset/residual-return.js';
import type { Feature } from '../feature.js';
import type { FeatureSet } from '../feature-set.js';
import { basis } from '../futures/basis.js';
import { basisZScore } from '../futures/basis-z-score.js';
import { fundingClock } from '../futures/funding-clock.js';
import { fundingRate } from '../futures/funding-rate.js';
import { fundingSum } from '../futures/funding-sum.js';
import { fundingZScore } from '../futures/funding-z-score.js';
import { openInterestChange } from '../futures/open-interest-change.js';
import { openInterestDivergence } from '../futures/open-interest-divergence.js';
import { distanceFromHigh } from '../momentum/distance-from-high.js';
import { logReturn } from '../momentum/log-return.js';
import { momentumAcceleration } from '../momentum/momentum-acceleration.js';
import { riskAdjustedMomentum } from '../momentum/risk-adjusted-momentum.js';
import { rsi } from '../momentum/rsi.js';
import { streak } from '../momentum/streak.js';
import { timeSinceHigh, timeSinceLow } from '../momentum/time-since-high.js';
import { mfi } from '../oscillators/mfi.js';
import { balanceOfPower } from '../price/balance-of-power.js';
import { wickShares } from '../price/wick-shares.js';
import { cusum } from '../regime/cusum.js';
import { efficiencyRatio } from '../regime/efficiency-ratio.js';
import { hmmRegime } from '../regime/hmm-regime.js';
import { hurst } from '../regime/hurst.js';
import { returnAutocorrelation } from '../regime/return-autocorrelation.js';
import { varianceRatio } from '../regime/variance-ratio.js';
import { volatilityQuantile } from '../regime/volatility-quantile.js';
import { dayOfWeek } from '../seasonality/day-of-week.js';
import { hourOfDay } from '../seasonality/hour-of-day.js';
import { adx } from '../trend/adx.js';
import { donchianPosition } from '../trend/donchian-position.js';
import { emaRatio } from '../trend/ema-ratio.js';
import { normalisedMacd } from '../trend/normalised-macd.js';
import { trendLine } from '../trend/trend-line.js';
import { downsideShare } from '../volatility/downside-share.js';
import { garch } from '../volatility/garch.js';
import { jumpShare } from '../volatility/jump-share.js';
import { relativeRange } from '../volatility/relative-range.js';
import { returnShape } from '../volatility/return-shape.js';
import { volatilityOfVolatility } from '../volatility/volatility-of-volatility.js';
import { volatilityRatio } from '../volatility/volatility-ratio.js';
import { yangZhang } from '../volatility/yang-zhang.js';
import { chaikinMoneyFlow } from '../volume/chaikin-money-flow.js';
import { distanceFromVwap } from '../volume/distance-from-vwap.js';
import { obvSlope } from '../volume/obv-slope.js';
import { priceVolumeCorrelation } from '../volume/price-volume-correlation.js';
import { relativeIlliquidity } from '../volume/relative-illiquidity.js';
import { relativeVolume } from '../volume/relative-volume.js';

/** What the core set sees of a symbol's own bars. Horizons are in bars and meant for hours: 12 and 24 (a day), 72, 168 (a week), 336 (two). */
export const CORE_FEATURES: readonly Feature[] = [
  logReturn(1),
  riskAdjustedMomentum(4),
  riskAdjustedMomentum(12),
  riskAdjustedMomentum(24),
  riskAdjustedMomentum(72),
  riskAdjustedMomentum(168),
  momentumAcceleration(24),
  distanceFromHigh(168),
  timeSinceHigh(168),
  timeSinceLow(168),
  streak(),
  rsi(14),
  mfi(14),

  emaRatio(24, 96),
  normalisedMacd(12, 26, 9),
  adx(14),
  donchianPosition(24),
  donchianPosition(96),
  trendLine(48),

  yangZhang(24),
  garch({ target: 336 }),
  volatilityRatio(12, 96),
  volatilityRatio(48, 336),
  relativeRange(24),
  jumpShare(48),
  volatilityOfVolatility(12, 72),
  downsideShare(48),
  returnShape(96),

  hmmRegime({ seed: 168 }),
  volatilityQuantile(24, 500),
  varianceRatio(4, 96),
  hurst(168),
  efficiencyRatio(24),
  returnAutocorrelation(1, 72),
  cusum(48),

  relativeVolume(24),
  obvSlope(24),
  chaikinMoneyFlow(24),
  priceVolumeCorrelation(48),
  relativeIlliquidity(24, 168),
  distanceFromVwap(24),

  balanceOfPower(),
  wickShares(),
  hourOfDay(),
  dayOfWeek(),
];

/**
 * What models are trained on unless said. Every column is free of the price's scale. The scaler is the robust one: many columns have fat tails, and a mean and deviation would
 * be those of a few crashes; ranks would throw away how large a large move is.
 */
export const core: FeatureSet = {
  name: 'core',
  version: 1,
  description:
    'Momentum, trend, volatility, regime, volume, season and candle of hourly bars, the leader and the universe, funding, basis and open interest.',
  features: CORE_FEATURES,
  panel: [
    betaToLeader(168),
    correlationToLeader(168),
    residualReturn(24, 168),
    relativeStrength(24),
    momentumRank(24),
    momentumRank(168),
    dispersion(24),
    breadth(24),
    fundingRate(),
    fundingZScore(21),
    fundingSum(9),
    fundingClock(),
    basis(),
    basisZScore(168),
    openInterestChange(24),
    openInterestDivergence(24),
  ],
  scaler: 'robust',
};
