// Write a strategy.
export { defineStrategy, bars } from './strategies/strategy.js';
export type { Context, IndicatorSet, IndicatorValues, Need, PositionView, RunScope, RunStreams, Strategy } from './strategies/strategy.js';
export { int, float, choice, bool } from './strategies/params.js';
export type { Param, ParamSpace, ParamValues } from './strategies/params.js';
export { target, order, cancel } from './strategies/intent.js';
export type { CancelIntent, Decision, Intent, OrderIntent, TargetIntent } from './strategies/intent.js';

// What it sees.
export type { Bar, FundingRate, Quote, ReferencePrice, Slice, Trade } from './events/market.js';
export type { Instrument, InstrumentKind } from './market/instrument.js';
export type { Timeframe } from './market/timeframe.js';
export type { Fact, FactType } from './events/fact.js';
export type { OrderFact } from './events/order.js';
export type { AccountFact } from './events/account.js';

// Configure a workspace: the type of quantai.config.ts.
export type { QuantaiConfig } from './commands/config-file.js';

// Write an indicator of your own.
export { column, record, scalar, type Feature } from './features/feature.js';
export { appliedTo } from './features/applied-to.js';
export { power } from './numeric/pow.js';

// Indicators: trend.
export { adx } from './features/trend/adx.js';
export { adxr } from './features/trend/adxr.js';
export { apo } from './features/trend/apo.js';
export { aroon, aroonOscillator } from './features/trend/aroon.js';
export { dema } from './features/trend/dema.js';
export { di } from './features/trend/di.js';
export { donchian } from './features/trend/donchian.js';
export { ema } from './features/trend/ema.js';
export { hma } from './features/trend/hma.js';
export { ichimoku } from './features/trend/ichimoku.js';
export { kama } from './features/trend/kama.js';
export { linearRegression, linearRegressionSlope } from './features/trend/linear-regression.js';
export { macd } from './features/trend/macd.js';
export { ppo } from './features/trend/ppo.js';
export { psar } from './features/trend/psar.js';
export { rma } from './features/trend/rma.js';
export { sma } from './features/trend/sma.js';
export { supertrend } from './features/trend/supertrend.js';
export { tema } from './features/trend/tema.js';
export { trima } from './features/trend/trima.js';
export { lwma, wma } from './features/trend/wma.js';
export { zlema } from './features/trend/zlema.js';

// Indicators: momentum.
export { cmo } from './features/momentum/cmo.js';
export { logReturn } from './features/momentum/log-return.js';
export { momentum } from './features/momentum/momentum.js';
export { roc } from './features/momentum/roc.js';
export { rsi } from './features/momentum/rsi.js';
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
export { ewmaVolatility } from './features/volatility/ewma-volatility.js';
export { garmanKlass } from './features/volatility/garman-klass.js';
export { keltner } from './features/volatility/keltner.js';
export { natr } from './features/volatility/natr.js';
export { parkinson } from './features/volatility/parkinson.js';
export { realisedVolatility } from './features/volatility/realised-volatility.js';
export { rogersSatchell } from './features/volatility/rogers-satchell.js';
export { standardDeviation, variance } from './features/volatility/standard-deviation.js';
export { trueRange } from './features/volatility/true-range.js';
export { yangZhang } from './features/volatility/yang-zhang.js';
export { zScore } from './features/volatility/z-score.js';

// Indicators: volume.
export { accumulationDistribution } from './features/volume/accumulation-distribution.js';
export { adOscillator } from './features/volume/ad-oscillator.js';
export { obv } from './features/volume/obv.js';
export { rollingVwap, vwap, vwma } from './features/volume/vwap.js';

// Indicators: price.
export { balanceOfPower } from './features/price/balance-of-power.js';
export { heikinAshi } from './features/price/heikin-ashi.js';
export { highest, lowest } from './features/price/highest.js';
export { price } from './features/price/price.js';

// Indicators: regime.
export { choppiness } from './features/regime/choppiness.js';
export { efficiencyRatio } from './features/regime/efficiency-ratio.js';
