import { random } from '../../src/random.js';
import { normalCdf } from '../../src/statistics/normal.js';
import { DAY, HOUR } from '../../src/time.js';
import type { DriftRecord, ForecastRecord, ImportanceRecord, TrainingRecord } from '../../src/models/forecast-record.js';

export const FORECAST_START = Date.UTC(2023, 0, 1);
const BAR = 4 * HOUR;
const HORIZON = 4;
/** Deviation of the return over the horizon in calm, middling and wild markets. */
const DEVIATION = [0.006, 0.01, 0.018];
/** Returns inside ± this many deviations are flat. */
const BAND = 0.5;

const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'];
export const FORECAST_MODELS = ['boosted-trees', 'logistic', 'network', 'climatology'];

/** Probabilities of a normal return with mean m deviations from zero, its own deviation `spread`, inside or outside ± BAND. */
const classes = (m: number, spread: number): readonly [number, number, number] => {
  const down = normalCdf((-BAND - m) / spread);
  const up = 1 - normalCdf((BAND - m) / spread);
  return [down, 1 - down - up, up];
};

interface FixtureOptions {
  readonly instants?: number;
  readonly symbols?: number;
  readonly seed?: number;
  /** Strength of what can be known, in deviations; 0 for a market that nobody can forecast. */
  readonly strength?: number;
}

/**
 * Forecasts of a market whose law is known. A signal moves the mean by `strength` deviations in calm and middling markets, not in wild ones. `boosted-trees` says the truth,
 * `logistic` overstates the signal threefold and understates the spread, `network` says noise and sleeps for the first fifth, `climatology` never changes. Intervals are as
 * promised but for the third quarter, where they are 0.7 of what they should be.
 */
export const forecastRecord = ({ instants = 2_000, symbols = 3, seed = 11, strength = 0.6 }: FixtureOptions = {}): ForecastRecord => {
  const draw = random(seed);
  const length = instants * symbols;
  const column = (): Float64Array => new Float64Array(length).fill(NaN);
  const vectors = (): Float64Array => new Float64Array(3 * length).fill(NaN);
  const [ts, symbol, maturedAt, outcome, realised] = [column(), column(), column(), column(), column()] as const;
  const [combinedMean, combinedSd, low, high, novelty, regime] = [column(), column(), column(), column(), column(), column()] as const;
  const [combined, uncalibrated] = [vectors(), vectors()] as const;
  const probability = FORECAST_MODELS.map(vectors);
  const mean = FORECAST_MODELS.map(column);
  const sd = FORECAST_MODELS.map(column);
  const weight = FORECAST_MODELS.map(column);
  const base = classes(0, Math.sqrt(1 + (2 / 3) * strength * strength));
  const score = FORECAST_MODELS.map(() => 0);
  const signal = Array.from({ length: symbols }, () => 0);
  for (let t = 0; t < instants; t++) {
    const now = FORECAST_START + t * BAR;
    const asleep = t < instants / 5;
    const most = Math.max(...score);
    const power = score.map((total, k) => (asleep && k === 2 ? 0 : Math.exp(0.02 * (total - most))));
    const sum = power.reduce((a, b) => a + b, 0);
    const weights = power.map(p => 0.02 * (power.length / 4) * (p > 0 ? 1 : 0) + p / sum);
    const total = weights.reduce((a, b) => a + b, 0);
    for (let s = 0; s < symbols; s++) {
      const i = t * symbols + s;
      signal[s] = 0.8 * signal[s]! + 0.6 * draw.normal();
      const wild = Math.floor(t / 60) % 3;
      const m = wild === 2 ? 0 : strength * signal[s]!;
      const deviation = DEVIATION[wild]!;
      const noise = draw.normal();
      const said = [m, 3 * (strength * signal[s]!), noise, 0] as const;
      const spread = [1, 0.8, 1.1, Math.sqrt(1 + (2 / 3) * strength * strength)] as const;
      const z = m + draw.normal();
      const came = z < -BAND ? 0 : z > BAND ? 2 : 1;
      ts[i] = now;
      symbol[i] = s;
      regime[i] = wild;
      novelty[i] = 0.2 + 0.6 * draw.next();
      if (t < instants - HORIZON) {
        maturedAt[i] = now + HORIZON * BAR;
        outcome[i] = came;
        realised[i] = z * deviation;
      }
      const mixed = [0, 0, 0];
      let mixedMean = 0;
      let second = 0;
      FORECAST_MODELS.forEach((_, k) => {
        if (asleep && k === 2) return;
        const p = k === 3 ? base : classes(said[k]!, spread[k]!);
        const w = weights[k]! / total;
        weight[k]![i] = w;
        mean[k]![i] = said[k]! * deviation;
        sd[k]![i] = spread[k]! * deviation;
        for (let c = 0; c < 3; c++) {
          probability[k]![3 * i + c] = p[c]!;
          mixed[c]! += w * p[c]!;
        }
        mixedMean += w * said[k]!;
        second += w * (spread[k]! * spread[k]! + said[k]! * said[k]!);
        if (t < instants - HORIZON) score[k]! += Math.log(p[came]!);
      });
      // A model asleep fares as the others do, so that it wakes with what it had.
      if (asleep && t < instants - HORIZON) score[2]! += Math.log(mixed[came]!);
      const mixedSd = Math.sqrt(second - mixedMean * mixedMean);
      const sharpened = mixed.map(p => Math.exp(1.4 * Math.log(p)));
      const all = sharpened.reduce((a, b) => a + b, 0);
      for (let c = 0; c < 3; c++) {
        combined[3 * i + c] = mixed[c]!;
        uncalibrated[3 * i + c] = sharpened[c]! / all;
      }
      combinedMean[i] = mixedMean * deviation;
      combinedSd[i] = mixedSd * deviation;
      const narrow = t >= instants / 2 && t < (3 * instants) / 4 ? 0.7 : 1;
      low[i] = (mixedMean - 1.645 * mixedSd * narrow) * deviation;
      high[i] = (mixedMean + 1.645 * mixedSd * narrow) * deviation;
    }
  }
  const end = FORECAST_START + instants * BAR;
  const trainings: TrainingRecord[] = [];
  const importances: ImportanceRecord[] = [];
  const names = Array.from(
    { length: 26 },
    (_, f) => `${['rsi', 'return', 'volatility', 'funding z-score', 'relative volume'][f % 5]!}(${7 * (f + 1)})`,
  );
  for (let at = FORECAST_START; at < end; at += 30 * DAY) {
    const round = (at - FORECAST_START) / (30 * DAY);
    for (const model of FORECAST_MODELS.slice(0, 3)) {
      if (model === 'network' && at < FORECAST_START + (end - FORECAST_START) / 5) continue;
      const late = round === 4 && model === 'network';
      trainings.push({
        ts: at + (late ? 3 * DAY : 0),
        requestedAt: at - HOUR,
        model,
        checkpoint: 'c0ffee',
        rows: 6_000 + 400 * round,
        from: at - 365 * DAY,
        to: at,
        trigger: round === 0 ? 'start' : round === 7 ? 'drift' : 'schedule',
        late,
      });
      if (model !== 'network')
        importances.push({
          ts: at,
          model,
          names,
          value: Float64Array.from(names, (_, f) => Math.exp(-f / 6) * (0.12 + 0.03 * draw.next())),
        });
    }
  }
  trainings.sort((a, b) => a.ts - b.ts);
  const drift = (share: number, subject: string, detector: string, level: DriftRecord['level'], statistic: number): DriftRecord => ({
    ts: FORECAST_START + Math.floor((share * (end - FORECAST_START)) / BAR) * BAR,
    subject,
    detector,
    level,
    statistic,
    threshold: 5,
  });
  return {
    horizon: HORIZON,
    label: 'return over 4 bars against ±0.5 deviations',
    symbols: SYMBOLS.slice(0, symbols),
    models: FORECAST_MODELS,
    length,
    ts,
    symbol,
    maturedAt,
    outcome,
    realised,
    probability,
    mean,
    sd,
    weight,
    combined,
    combinedMean,
    combinedSd,
    uncalibrated,
    low,
    high,
    coverage: 0.9,
    novelty,
    regime,
    trainings,
    drifts:
      instants === 0
        ? []
        : [
            drift(0.2, 'feature rsi(14)', 'population stability', 'warning', 5.6),
            drift(0.3, 'feature rsi(14)', 'population stability', 'none', 3.1),
            drift(0.52, 'residual', 'page-hinkley', 'warning', 5.2),
            drift(0.56, 'residual', 'page-hinkley', 'drift', 9.7),
            drift(0.58, 'calibration', 'adwin', 'warning', 5.4),
            drift(0.66, 'calibration', 'adwin', 'none', 1),
            drift(0.78, 'residual', 'page-hinkley', 'none', 0.4),
          ],
    importances,
  };
};
