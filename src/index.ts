// Write a strategy.
export { defineStrategy, bars, books, quotes, trades } from './strategies/strategy.js';
export type { Context, IndicatorSet, IndicatorValues, Need, PositionView, RunScope, RunStreams, Strategy } from './strategies/strategy.js';
export { int, float, choice, bool } from './strategies/params.js';
export type { Param, ParamSpace, ParamValues } from './strategies/params.js';
export { target, order, amend, cancel, signal } from './strategies/intent.js';
export type { AmendIntent, CancelIntent, Decision, Intent, OrderIntent, SignalIntent, TargetIntent } from './strategies/intent.js';
export { bracket, execute, oco } from './strategies/execution-intent.js';
export type { BracketIntent, ExecuteIntent, ExecuteTerms, ExecutionIntent, OcoIntent } from './strategies/execution-intent.js';

// What it sees.
export type { Bar, BookUpdate, FundingRate, Quote, ReferencePrice, Slice, Trade } from './events/market.js';
export type { BookLevel, BookView } from './market/order-book.js';
export type { Instrument, InstrumentKind } from './market/instrument.js';
export type { Timeframe } from './market/timeframe.js';
export type { Fact, FactType } from './events/fact.js';
export type { OrderFact } from './events/order.js';
export type { AccountFact } from './events/account.js';

// Configure a workspace: the type of quantai.config.ts.
export type { QuantaiConfig } from './commands/workspace-config.js';

// Write an indicator of your own.
export { column, record, scalar, type Feature } from './features/feature.js';
export { appliedTo } from './features/applied-to.js';
export { power } from './numeric/pow.js';

// Look at an indicator over a stretch of history, as a notebook does.
export { computeColumns } from './features/batch.js';
export type { Chunk, MarketKind } from './events/market.js';

// Indicators: trend.
export { adx } from './features/trend/adx.js';
export { adxr } from './features/trend/adxr.js';
export { apo } from './features/trend/apo.js';
export { aroon, aroonOscillator } from './features/trend/aroon.js';
export { dema } from './features/trend/dema.js';
export { di } from './features/trend/di.js';
export { distanceFromAverage } from './features/trend/distance-from-average.js';
export { donchianPosition } from './features/trend/donchian-position.js';
export { donchian } from './features/trend/donchian.js';
export { emaRatio } from './features/trend/ema-ratio.js';
export { ema } from './features/trend/ema.js';
export { hma } from './features/trend/hma.js';
export { ichimoku } from './features/trend/ichimoku.js';
export { kama } from './features/trend/kama.js';
export { linearRegression, linearRegressionSlope } from './features/trend/linear-regression.js';
export { macd } from './features/trend/macd.js';
export { normalisedMacd } from './features/trend/normalised-macd.js';
export { ppo } from './features/trend/ppo.js';
export { psar } from './features/trend/psar.js';
export { rma } from './features/trend/rma.js';
export { sma } from './features/trend/sma.js';
export { supertrend } from './features/trend/supertrend.js';
export { tema } from './features/trend/tema.js';
export { trendLine } from './features/trend/trend-line.js';
export { trima } from './features/trend/trima.js';
export { lwma, wma } from './features/trend/wma.js';
export { zlema } from './features/trend/zlema.js';

// Indicators: momentum.
export { cmo } from './features/momentum/cmo.js';
export { distanceFromHigh } from './features/momentum/distance-from-high.js';
export { logReturn } from './features/momentum/log-return.js';
export { momentumAcceleration } from './features/momentum/momentum-acceleration.js';
export { momentum } from './features/momentum/momentum.js';
export { riskAdjustedMomentum } from './features/momentum/risk-adjusted-momentum.js';
export { roc } from './features/momentum/roc.js';
export { rsi } from './features/momentum/rsi.js';
export { streak } from './features/momentum/streak.js';
export { timeSinceHigh, timeSinceLow } from './features/momentum/time-since-high.js';
export { trix } from './features/momentum/trix.js';

// Indicators: oscillators.
export { cci } from './features/oscillators/cci.js';
export { mfi } from './features/oscillators/mfi.js';
export { stochRsi } from './features/oscillators/stoch-rsi.js';
export { stochastic } from './features/oscillators/stochastic.js';
export { ultimateOscillator } from './features/oscillators/ultimate-oscillator.js';
export { williamsR } from './features/oscillators/williams-r.js';

// Indicators: volatility.
export { atr } from './features/volatility/atr.js';
export { bollinger } from './features/volatility/bollinger.js';
export { downsideShare } from './features/volatility/downside-share.js';
export { ewmaVolatility } from './features/volatility/ewma-volatility.js';
export { garch } from './features/volatility/garch.js';
export { garmanKlass } from './features/volatility/garman-klass.js';
export { jumpShare } from './features/volatility/jump-share.js';
export { keltner } from './features/volatility/keltner.js';
export { natr } from './features/volatility/natr.js';
export { parkinson } from './features/volatility/parkinson.js';
export { realisedVolatility } from './features/volatility/realised-volatility.js';
export { relativeRange } from './features/volatility/relative-range.js';
export { returnShape } from './features/volatility/return-shape.js';
export { rogersSatchell } from './features/volatility/rogers-satchell.js';
export { standardDeviation, variance } from './features/volatility/standard-deviation.js';
export { trueRange } from './features/volatility/true-range.js';
export { volatilityOfVolatility } from './features/volatility/volatility-of-volatility.js';
export { volatilityRatio } from './features/volatility/volatility-ratio.js';
export { yangZhang } from './features/volatility/yang-zhang.js';
export { zScore } from './features/volatility/z-score.js';

// Indicators: volume.
export { accumulationDistribution } from './features/volume/accumulation-distribution.js';
export { adOscillator } from './features/volume/ad-oscillator.js';
export { chaikinMoneyFlow } from './features/volume/chaikin-money-flow.js';
export { distanceFromVwap } from './features/volume/distance-from-vwap.js';
export { obvSlope } from './features/volume/obv-slope.js';
export { obv } from './features/volume/obv.js';
export { priceVolumeCorrelation } from './features/volume/price-volume-correlation.js';
export { relativeIlliquidity } from './features/volume/relative-illiquidity.js';
export { relativeVolume } from './features/volume/relative-volume.js';
export { signedVolumeShare } from './features/volume/signed-volume-share.js';
export { rollingVwap, vwap, vwma } from './features/volume/vwap.js';

// Indicators: price.
export { balanceOfPower } from './features/price/balance-of-power.js';
export { heikinAshi } from './features/price/heikin-ashi.js';
export { highest, lowest } from './features/price/highest.js';
export { price } from './features/price/price.js';
export { wickShares } from './features/price/wick-shares.js';

// Indicators: regime.
export { choppiness } from './features/regime/choppiness.js';
export { cusum } from './features/regime/cusum.js';
export { efficiencyRatio } from './features/regime/efficiency-ratio.js';
export { hmmRegime } from './features/regime/hmm-regime.js';
export { hurst } from './features/regime/hurst.js';
export { returnAutocorrelation } from './features/regime/return-autocorrelation.js';
export { varianceRatio } from './features/regime/variance-ratio.js';
export { volatilityQuantile } from './features/regime/volatility-quantile.js';

// Indicators: seasonality.
export { dayOfWeek } from './features/seasonality/day-of-week.js';
export { hourOfDay } from './features/seasonality/hour-of-day.js';

// Indicators: microstructure, from bars.
export { amihud } from './features/microstructure/amihud.js';
export { barKylesLambda } from './features/microstructure/bar-kyles-lambda.js';
export { bulkVpin } from './features/microstructure/bulk-vpin.js';
export { corwinSchultz } from './features/microstructure/corwin-schultz.js';
export { rollSpread } from './features/microstructure/roll-spread.js';

// Indicators: microstructure, from books, quotes and trades.
export type { MicrostructureFeature } from './features/microstructure/microstructure-feature.js';
export { bookImbalance } from './features/microstructure/book-imbalance.js';
export { depthSlope } from './features/microstructure/depth-slope.js';
export { effectiveSpread } from './features/microstructure/effective-spread.js';
export { kylesLambda } from './features/microstructure/kyles-lambda.js';
export { microprice, sizeWeightedMid } from './features/microstructure/microprice.js';
export { units, type Units } from './market/units.js';
export { microstructureColumns } from './features/microstructure/microstructure-columns.js';
export { orderFlowImbalance } from './features/microstructure/order-flow-imbalance.js';
export { realisedSpread } from './features/microstructure/realised-spread.js';
export { signedVolume } from './features/microstructure/signed-volume.js';
export { spread } from './features/microstructure/spread.js';
export { tradeAmihud } from './features/microstructure/trade-amihud.js';
export { tradeFlowImbalance } from './features/microstructure/trade-flow-imbalance.js';
export { tradeRollSpread } from './features/microstructure/trade-roll-spread.js';
export { vpin } from './features/microstructure/vpin.js';

// Indicators that look beyond the symbol: other symbols.
export type { PanelFeature } from './features/panel-feature.js';
export { betaToLeader } from './features/cross-asset/beta-to-leader.js';
export { breadth } from './features/cross-asset/breadth.js';
export { correlationToLeader } from './features/cross-asset/correlation-to-leader.js';
export { dispersion } from './features/cross-asset/dispersion.js';
export { momentumRank } from './features/cross-asset/momentum-rank.js';
export { relativeStrength } from './features/cross-asset/relative-strength.js';
export { residualReturn } from './features/cross-asset/residual-return.js';

// Indicators that look beyond the symbol: the futures' own data.
export { basis } from './features/futures/basis.js';
export { basisZScore } from './features/futures/basis-z-score.js';
export { fundingClock } from './features/futures/funding-clock.js';
export { fundingRate } from './features/futures/funding-rate.js';
export { fundingSum } from './features/futures/funding-sum.js';
export { fundingZScore } from './features/futures/funding-z-score.js';
export { openInterestChange } from './features/futures/open-interest-change.js';
export { openInterestDivergence } from './features/futures/open-interest-divergence.js';

// Indicators for models: named sets and their scales.
export type { FeatureSet, ScalerKind } from './features/feature-set.js';
export { featureSetByName } from './features/sets/feature-sets.js';
export { scalerRule, type ScalerRule } from './features/scalers/scaler.js';

// Forecast: a recipe, for the `forecasts` of a strategy.
export { defineForecasts, type ForecastOptions } from './models/define-forecasts.js';
export type { CalibrationPlan, ForecastRecipe, TrainingSchedule } from './models/recipe.js';
export type { ForecastView } from './models/forecast-source.js';

// Forecast: feature sets.
export { core } from './features/sets/core.js';
export { priceOnly } from './features/sets/price-only.js';
export { small } from './features/sets/small.js';

// Forecast: labels, what is to be forecast.
export type { Label, Labeller, MaturedLabel } from './models/labels/label.js';
export type { Band } from './models/labels/band.js';
export { costBand } from './models/labels/cost-band.js';
export { fixedHorizon } from './models/labels/fixed-horizon.js';
export { metaLabel } from './models/labels/meta-label.js';
export { sideColumn, type PrimarySide, type Side } from './models/labels/primary-side.js';
export { tripleBarrier } from './models/labels/triple-barrier.js';

// Forecast: models.
export type { Checkpoint, FitOptions, Forecaster, Json, Predictor } from './models/forecaster.js';
export type { Forecast, Outcome } from './models/forecast.js';
export type { TrainingRows } from './models/training-rows.js';
export { climatology } from './models/climatology.js';
export { gradientBoosting } from './models/gradient-boosting.js';
export { gru } from './models/gru.js';
export { logisticRegression } from './models/logistic.js';
export { lstm } from './models/lstm.js';
export { mixtureDensity } from './models/mixture-density.js';
export { mlp } from './models/mlp.js';
export { randomForest } from './models/random-forest.js';

// Forecast: calibration.
export type { Calibration, CalibrationSamples, CalibrationState, Calibrator } from './models/calibration/calibrator.js';
export { beta } from './models/calibration/beta.js';
export { identity } from './models/calibration/calibrators.js';
export { isotonic } from './models/calibration/isotonic.js';
export { platt } from './models/calibration/platt.js';
export { temperature } from './models/calibration/temperature.js';

// Forecast: weights of an ensemble.
export type { EnsembleRule, OnlineEnsemble } from './models/ensemble/ensemble-rule.js';
export { adaHedge } from './models/ensemble/ada-hedge.js';
export { bayesianAveraging } from './models/ensemble/bayesian-averaging.js';
export { equalWeight } from './models/ensemble/equal-weight.js';
export { hedge } from './models/ensemble/hedge.js';
export { onlineStacking } from './models/ensemble/online-stacking.js';
export { softmaxLogScore } from './models/ensemble/softmax-log-score.js';

// Forecast: drift.
export type { DriftDetector, DriftDetectorRule, DriftLevel } from './models/drift/drift-detector.js';
export type { DriftRules } from './models/drift/drift-monitor.js';
export { defaultDriftRules } from './models/drift/default-drift-rules.js';

// Judge fills.
export { markouts, type Markout } from './metrics/markout.js';
