import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../../src/features/feature.js';
import { cmo } from '../../src/features/momentum/cmo.js';
import { logReturn } from '../../src/features/momentum/log-return.js';
import { roc } from '../../src/features/momentum/roc.js';
import { rsi } from '../../src/features/momentum/rsi.js';
import { trix } from '../../src/features/momentum/trix.js';
import { stochRsi } from '../../src/features/oscillators/stoch-rsi.js';
import { stochastic } from '../../src/features/oscillators/stochastic.js';
import { ultimateOscillator } from '../../src/features/oscillators/ultimate-oscillator.js';
import { williamsR } from '../../src/features/oscillators/williams-r.js';
import { heikinAshi } from '../../src/features/price/heikin-ashi.js';
import { highest, lowest } from '../../src/features/price/highest.js';
import { adx } from '../../src/features/trend/adx.js';
import { adxr } from '../../src/features/trend/adxr.js';
import { apo } from '../../src/features/trend/apo.js';
import { aroonOscillator } from '../../src/features/trend/aroon.js';
import { dema } from '../../src/features/trend/dema.js';
import { di } from '../../src/features/trend/di.js';
import { donchian } from '../../src/features/trend/donchian.js';
import { ema } from '../../src/features/trend/ema.js';
import { ichimoku } from '../../src/features/trend/ichimoku.js';
import { macd } from '../../src/features/trend/macd.js';
import { ppo } from '../../src/features/trend/ppo.js';
import { sma } from '../../src/features/trend/sma.js';
import { tema } from '../../src/features/trend/tema.js';
import { trima } from '../../src/features/trend/trima.js';
import { wma } from '../../src/features/trend/wma.js';
import { zlema } from '../../src/features/trend/zlema.js';
import { atr } from '../../src/features/volatility/atr.js';
import { bollinger } from '../../src/features/volatility/bollinger.js';
import { natr } from '../../src/features/volatility/natr.js';
import { variance } from '../../src/features/volatility/standard-deviation.js';
import { trueRange } from '../../src/features/volatility/true-range.js';
import { accumulationDistribution } from '../../src/features/volume/accumulation-distribution.js';
import { obv } from '../../src/features/volume/obv.js';
import { rollingVwap, vwma } from '../../src/features/volume/vwap.js';
import { valuesOf, type BarSeries } from './bar-series.js';

const FOLDER = '../shared/expected/indicators_lean';
const present = existsSync(FOLDER);

/** A reference file: its bars, and any of its columns (NaN where empty). The last row of some is a live quote that the column does not fit. */
const load = (file: string): { series: BarSeries; column: (name: string) => number[] } => {
  const [header = '', ...lines] = readFileSync(`${FOLDER}/${file}`, 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',').map(name => name.trim().toLowerCase());
  const rows = lines.map(line => line.split(','));
  const column = (name: string): number[] => {
    const at = names.indexOf(name.trim().toLowerCase());
    expect(at, `${file} has a column ${name}`).toBeGreaterThanOrEqual(0);
    return rows.map(row => ((row[at] ?? '').trim() === '' ? NaN : Number(row[at])));
  };
  const close = column('close');
  const price = (name: string): number[] => (names.includes(name) ? column(name) : close);
  return {
    series: {
      open: price('open'),
      high: price('high'),
      low: price('low'),
      close,
      ...(names.includes('volume') ? { volume: column('volume') } : {}),
    },
    column,
  };
};

interface Case {
  readonly file: string;
  readonly column: string;
  readonly feature: Feature;
  readonly output?: string;
  /** Largest difference, absolute; 1e-3 (LEAN's own) unless said. */
  readonly within?: number;
  /** First bar compared, when it is not our first value. */
  readonly from?: number;
  /** The published figure in our unit. */
  readonly unit?: (published: number) => number;
}

const CASES: readonly Case[] = [
  { file: 'spy_with_indicators.csv', column: 'RSI 14 Wilder', feature: rsi(14) },
  { file: 'spy_ema.csv', column: 'EMA14', feature: ema(14), within: 1e-9 },
  { file: 'spy_with_macd.csv', column: 'MACD', feature: macd(12, 26, 9), output: 'macd' },
  { file: 'spy_with_macd.csv', column: 'Signal', feature: macd(12, 26, 9), output: 'signal' },
  { file: 'spy_with_macd.csv', column: 'Histogram', feature: macd(12, 26, 9), output: 'histogram' },
  { file: 'spy_bollinger_bands.csv', column: 'Moving Average 20', feature: sma(20) },
  { file: 'spy_bollinger_bands.csv', column: 'Bollinger Bands® 20 2 Top', feature: bollinger(20, 2), output: 'upper' },
  { file: 'spy_bollinger_bands.csv', column: 'Bollinger Bands® 20 2 Bottom', feature: bollinger(20, 2), output: 'lower' },
  { file: 'spy_bollinger_bands.csv', column: 'BandWidth', feature: bollinger(20, 2), output: 'width', unit: x => x / 100 },
  { file: 'spy_bollinger_bands.csv', column: '%B', feature: bollinger(20, 2), output: 'percentB' },
  { file: 'spy_with_adx.csv', column: '+DI14', feature: di(14), output: 'plus' },
  { file: 'spy_with_adx.csv', column: '-DI14', feature: di(14), output: 'minus' },
  // Printed with two decimals.
  { file: 'spy_with_adx.csv', column: 'DX', feature: di(14), output: 'dx', within: 5.1e-3 },
  { file: 'spy_with_adx.csv', column: 'ADX 14', feature: adx(14), output: 'adx' },
  { file: 'spy_with_adx.csv', column: 'ADXR 14', feature: adxr(14) },
  { file: 'spy_atr_wilder.csv', column: 'Average True Range 14', feature: atr(14) },
  { file: 'spy_with_stoch12k3.csv', column: 'Stochastics 12 %K 3', feature: stochastic(12, 3, 5), output: 'k' },
  { file: 'spy_with_stoch12k3.csv', column: '%D 5', feature: stochastic(12, 3, 5), output: 'd' },
  { file: 'spy_with_williamsR14.csv', column: 'Williams %R 14', feature: williamsR(14) },
  // Volumes of a hundred million, printed with seven digits.
  { file: 'spy_with_obv.csv', column: 'OBV', feature: obv({ firstBar: 'volume' }), within: 5e3 },
  { file: 'spy_dema.csv', column: 'DEMA_5', feature: dema(5) },
  { file: 'spy_tema.csv', column: 'TEMA_5', feature: tema(5) },
  { file: 'spy_trix.csv', column: 'TRIX_5', feature: trix(5) },
  { file: 'spy_with_don50.csv', column: 'Donchian Channels 50 Top', feature: donchian(50), output: 'upper' },
  { file: 'spy_with_don50.csv', column: 'Donchian Channels 50 Bottom', feature: donchian(50), output: 'lower' },
  { file: 'spy_with_don50.csv', column: 'Donchian Channels 50 Mean', feature: donchian(50), output: 'middle' },
  { file: 'spy_with_ichimoku.csv', column: 'Tenkan', feature: ichimoku(), output: 'tenkan' },
  { file: 'spy_with_ichimoku.csv', column: 'Kijun', feature: ichimoku(), output: 'kijun' },
  { file: 'spy_with_ichimoku.csv', column: 'Senkou A', feature: ichimoku(), output: 'senkouA' },
  { file: 'spy_with_ichimoku.csv', column: 'Senkou B', feature: ichimoku(), output: 'senkouB' },
  { file: 'spy_with_vwap.csv', column: 'Moving VWAP 50', feature: rollingVwap(50, { source: 'ohlc4' }) },
  { file: 'spy_with_vwma.csv', column: 'VWMA20', feature: vwma(20) },
  { file: 'spy_aroon_oscillator.csv', column: 'Aroon Oscillator 14', feature: aroonOscillator(14) },
  { file: 'spy_heikin_ashi.csv', column: 'HA_Open', feature: heikinAshi(), output: 'open' },
  { file: 'spy_heikin_ashi.csv', column: 'HA_High', feature: heikinAshi(), output: 'high' },
  { file: 'spy_heikin_ashi.csv', column: 'HA_Low', feature: heikinAshi(), output: 'low' },
  { file: 'spy_heikin_ashi.csv', column: 'HA_Close', feature: heikinAshi(), output: 'close' },
  { file: 'spy_cmo.csv', column: 'CMO_5', feature: cmo(5, { smoothing: 'wilder' }), within: 1e-9 },
  { file: 'spy_ultosc.csv', column: 'ULTOSC_7_14_28', feature: ultimateOscillator(7, 14, 28), within: 1e-9 },
  { file: 'spy_natr.csv', column: 'NATR_5', feature: natr(5, { firstBar: 'skip' }), within: 1e-9 },
  { file: 'spy_tr.csv', column: 'TR', feature: trueRange(), from: 1, within: 1e-9 },
  { file: 'spy_ad.csv', column: 'AD', feature: accumulationDistribution(), within: 1e-3 },
  { file: 'spy_with_rocp50.csv', column: 'Rate of Change % 50', feature: roc(50), unit: x => x / 100, within: 1e-5 },
  { file: 'spy_rocr.csv', column: 'ROCR_5', feature: roc(5), unit: x => x - 1, within: 1e-9 },
  { file: 'spy_apo.csv', column: 'APO_5_10', feature: apo(5, 10, { average: 'sma' }), within: 1e-9 },
  { file: 'spy_ppo.csv', column: 'PPO_5_10', feature: ppo(5, 10, { average: 'sma' }), within: 1e-9 },
  { file: 'spy_var.csv', column: 'Var', feature: variance(10), within: 1e-9 },
  { file: 'spy_with_StochRSI.csv', column: 'k', feature: stochRsi(14, 14, 3, 3), output: 'k' },
  { file: 'spy_with_StochRSI.csv', column: 'd', feature: stochRsi(14, 14, 3, 3), output: 'd' },
  { file: 'spy_with_zlema.csv', column: 'ZLEMA5', feature: zlema(5) },
  { file: 'spx_lwma.csv', column: 'LWMA', feature: wma(6) },
  { file: 'spy_max.csv', column: 'MAX_5', feature: highest(5), within: 1e-9 },
  { file: 'spy_min.csv', column: 'MIN_5', feature: lowest(5), within: 1e-9 },
  { file: 'spy_logr14.csv', column: 'LOGR14', feature: logReturn(14), within: 1e-7 },
  { file: 'spy_trima.csv', column: 'TRIMA_5', feature: trima(5), within: 1e-9 },
  { file: 'spy_trima.csv', column: 'TRIMA_6', feature: trima(6), within: 1e-9 },
  // The headings of the 5- and the 15-bar column are exchanged in this file; its RMA5 is LEAN's "relative moving average",
  // SMA(5) − SMA(10) + SMA(15), and not Wilder's average, which is also called RMA.
  { file: 'spy_with_rma.csv', column: 'SMA5', feature: sma(15) },
  { file: 'spy_with_rma.csv', column: 'SMA10', feature: sma(10) },
  { file: 'spy_with_rma.csv', column: 'SMA15', feature: sma(5) },
];

describe.skipIf(!present)(`reference columns from TA-Lib, TradingView and StockCharts (${FOLDER}${present ? '' : ' is absent'})`, () => {
  for (const { file, column, feature, output, within = 1e-3, from = feature.warmup - 1, unit = (x: number) => x } of CASES)
    it(`${column} of ${file} agrees with ${feature.key}${output ? `.${output}` : ''}`, () => {
      const reference = load(file);
      const ours = valuesOf(feature, reference.series, output);
      const published = reference.column(column);
      let compared = 0;
      for (let i = from; i < ours.length; i++) {
        const expected = unit(published[i] ?? NaN);
        if (Number.isNaN(expected)) continue;
        compared++;
        expect(Math.abs((ours[i] ?? NaN) - expected), `row ${i + 2}: ${ours[i]} against ${expected}`).toBeLessThanOrEqual(within);
      }
      expect(compared).toBeGreaterThan(15);
    });
});
