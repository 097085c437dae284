import { adx } from './trend/adx.js';
import { adxr } from './trend/adxr.js';
import { apo } from './trend/apo.js';
import { aroon, aroonOscillator } from './trend/aroon.js';
import { dema } from './trend/dema.js';
import { di } from './trend/di.js';
import { donchian } from './trend/donchian.js';
import { ema } from './trend/ema.js';
import { hma } from './trend/hma.js';
import { ichimoku } from './trend/ichimoku.js';
import { kama } from './trend/kama.js';
import { linearRegression, linearRegressionSlope } from './trend/linear-regression.js';
import { macd } from './trend/macd.js';
import { ppo } from './trend/ppo.js';
import { psar } from './trend/psar.js';
import { rma } from './trend/rma.js';
import { sma } from './trend/sma.js';
import { supertrend } from './trend/supertrend.js';
import { tema } from './trend/tema.js';
import { trima } from './trend/trima.js';
import { wma } from './trend/wma.js';
import { zlema } from './trend/zlema.js';
import { cmo } from './momentum/cmo.js';
import { logReturn } from './momentum/log-return.js';
import { momentum } from './momentum/momentum.js';
import { roc } from './momentum/roc.js';
import { rsi } from './momentum/rsi.js';
import { trix } from './momentum/trix.js';
import { cci } from './oscillators/cci.js';
import { mfi } from './oscillators/mfi.js';
import { stochRsi } from './oscillators/stoch-rsi.js';
import { stochastic } from './oscillators/stochastic.js';
import { ultimateOscillator } from './oscillators/ultimate-oscillator.js';
import { williamsR } from './oscillators/williams-r.js';
import { atr } from './volatility/atr.js';
import { bollinger } from './volatility/bollinger.js';
import { ewmaVolatility } from './volatility/ewma-volatility.js';
import { garmanKlass } from './volatility/garman-klass.js';
import { keltner } from './volatility/keltner.js';
import { natr } from './volatility/natr.js';
import { parkinson } from './volatility/parkinson.js';
import { realisedVolatility } from './volatility/realised-volatility.js';
import { rogersSatchell } from './volatility/rogers-satchell.js';
import { standardDeviation, variance } from './volatility/standard-deviation.js';
import { trueRange } from './volatility/true-range.js';
import { yangZhang } from './volatility/yang-zhang.js';
import { zScore } from './volatility/z-score.js';
import { accumulationDistribution } from './volume/accumulation-distribution.js';
import { adOscillator } from './volume/ad-oscillator.js';
import { obv } from './volume/obv.js';
import { rollingVwap, vwap, vwma } from './volume/vwap.js';
import { balanceOfPower } from './price/balance-of-power.js';
import { heikinAshi } from './price/heikin-ashi.js';
import { highest, lowest } from './price/highest.js';
import { price } from './price/price.js';
import { choppiness } from './regime/choppiness.js';
import { efficiencyRatio } from './regime/efficiency-ratio.js';
import { distanceFromAverage } from './trend/distance-from-average.js';
import { donchianPosition } from './trend/donchian-position.js';
import { emaRatio } from './trend/ema-ratio.js';
import { normalisedMacd } from './trend/normalised-macd.js';
import { trendLine } from './trend/trend-line.js';
import { distanceFromHigh } from './momentum/distance-from-high.js';
import { momentumAcceleration } from './momentum/momentum-acceleration.js';
import { riskAdjustedMomentum } from './momentum/risk-adjusted-momentum.js';
import { streak } from './momentum/streak.js';
import { timeSinceHigh, timeSinceLow } from './momentum/time-since-high.js';
import { downsideShare } from './volatility/downside-share.js';
import { garch } from './volatility/garch.js';
import { jumpShare } from './volatility/jump-share.js';
import { relativeRange } from './volatility/relative-range.js';
import { returnShape } from './volatility/return-shape.js';
import { volatilityOfVolatility } from './volatility/volatility-of-volatility.js';
import { volatilityRatio } from './volatility/volatility-ratio.js';
import { chaikinMoneyFlow } from './volume/chaikin-money-flow.js';
import { distanceFromVwap } from './volume/distance-from-vwap.js';
import { obvSlope } from './volume/obv-slope.js';
import { priceVolumeCorrelation } from './volume/price-volume-correlation.js';
import { relativeIlliquidity } from './volume/relative-illiquidity.js';
import { relativeVolume } from './volume/relative-volume.js';
import { signedVolumeShare } from './volume/signed-volume-share.js';
import { wickShares } from './price/wick-shares.js';
import { cusum } from './regime/cusum.js';
import { hmmRegime } from './regime/hmm-regime.js';
import { hurst } from './regime/hurst.js';
import { returnAutocorrelation } from './regime/return-autocorrelation.js';
import { varianceRatio } from './regime/variance-ratio.js';
import { volatilityQuantile } from './regime/volatility-quantile.js';
import { dayOfWeek } from './seasonality/day-of-week.js';
import { hourOfDay } from './seasonality/hour-of-day.js';
import { amihud } from './microstructure/amihud.js';
import { barKylesLambda } from './microstructure/bar-kyles-lambda.js';
import { bulkVpin } from './microstructure/bulk-vpin.js';
import { corwinSchultz } from './microstructure/corwin-schultz.js';
import { rollSpread } from './microstructure/roll-spread.js';
import type { Feature } from './feature.js';

/** Families of features, as the folders are named. */
export type FeatureFamily =
  'trend' | 'momentum' | 'oscillators' | 'volatility' | 'volume' | 'price' | 'regime' | 'seasonality' | 'microstructure';

/** Every built-in feature with its usual parameters, by family: what is tested, documented and offered by name. */
export const CATALOGUE: Readonly<Record<FeatureFamily, readonly Feature[]>> = {
  trend: [
    sma(20),
    ema(20),
    wma(20),
    dema(20),
    tema(20),
    trima(20),
    zlema(20),
    rma(14),
    hma(16),
    kama(10, 2, 30),
    macd(12, 26, 9),
    apo(12, 26),
    ppo(12, 26),
    di(14),
    adx(14),
    adxr(14),
    aroon(25),
    aroonOscillator(25),
    donchian(20),
    donchian(20, { previous: true }),
    linearRegression(20),
    linearRegressionSlope(20),
    ichimoku(9, 26, 52),
    supertrend(10, 3),
    psar(0.02, 0.2),
    distanceFromAverage(48),
    donchianPosition(20),
    emaRatio(12, 48),
    normalisedMacd(12, 26, 9),
    trendLine(24),
  ],
  momentum: [
    rsi(14),
    cmo(14),
    trix(15),
    roc(10),
    momentum(10),
    logReturn(1),
    distanceFromHigh(48),
    momentumAcceleration(24),
    riskAdjustedMomentum(24),
    streak(),
    timeSinceHigh(48),
    timeSinceLow(48),
  ],
  oscillators: [stochastic(14, 3, 3), stochRsi(14, 14, 3, 3), williamsR(14), cci(20), mfi(14), ultimateOscillator(7, 14, 28)],
  volatility: [
    trueRange(),
    atr(14),
    natr(14),
    bollinger(20, 2),
    keltner(20, 2),
    standardDeviation(20),
    variance(20),
    zScore(20),
    realisedVolatility(20),
    ewmaVolatility(0.94),
    parkinson(20),
    garmanKlass(20),
    rogersSatchell(20),
    yangZhang(20),
    downsideShare(48),
    garch({ target: 50 }),
    jumpShare(48),
    relativeRange(24),
    returnShape(48),
    volatilityOfVolatility(12, 48),
    volatilityRatio(12, 48),
  ],
  volume: [
    obv(),
    accumulationDistribution(),
    adOscillator(3, 10),
    vwap(),
    rollingVwap(20),
    vwma(20),
    chaikinMoneyFlow(20),
    distanceFromVwap(24),
    obvSlope(24),
    priceVolumeCorrelation(48),
    relativeIlliquidity(12, 48),
    relativeVolume(24),
    signedVolumeShare(24),
  ],
  price: [price('hlc3'), highest(20), lowest(20), heikinAshi(), balanceOfPower(), wickShares()],
  regime: [
    efficiencyRatio(10),
    choppiness(14),
    cusum(48),
    hmmRegime({ seed: 50 }),
    hurst(64),
    returnAutocorrelation(1, 48),
    varianceRatio(4, 48),
    volatilityQuantile(12, 60),
  ],
  seasonality: [dayOfWeek(), hourOfDay()],
  microstructure: [amihud(24), barKylesLambda(48), bulkVpin(48), corwinSchultz(24), rollSpread(48)],
};
