import { createHash } from 'node:crypto';
import { canonicalJson } from '../datasets/canonical-json.js';
import { usageError } from '../errors.js';
import type { Bar } from '../events/market.js';
import { featureNames } from '../features/feature-set.js';
import { applyScaler } from '../features/scalers/scaler.js';
import type { FuturesView } from '../features/panel-feature.js';
import type { Calibration, CalibrationSamples, Calibrator } from './calibration/calibrator.js';
import { mixtureForecast } from './class-moments.js';
import { conformal, type ConformalInterval } from './conformal/conformal.js';
import { driftMonitor, type DriftMonitor } from './drift/drift-monitor.js';
import type { OnlineEnsemble } from './ensemble/ensemble-rule.js';
import type { ForecastEvent } from './forecast-event.js';
import { ForecastLog } from './forecast-log.js';
import type { DriftRecord, ForecastRecord, ImportanceRecord, TrainingRecord } from './forecast-record.js';
import type { ForecastSource, ForecastView } from './forecast-source.js';
import { noForecast, OUTCOMES } from './forecast.js';
import type { Predictor } from './forecaster.js';
import { novelty, shrink } from './novelty.js';
import { BASELINE, checkRecipe, type ForecastRecipe } from './recipe.js';
import { sliceRecord } from './record-stretch.js';
import { RowStore } from './row-store.js';
import { trainedHash, type TrainedModel } from './trained-model.js';
import type { Trainer, TrainingJob } from './trainer.js';
import { TrainingClock } from './training-clock.js';
import { trainingSet, usableSpan, type TrainingSet } from './training-set.js';

/** What the desk is told. */
export interface ForecastDeskSetup {
  readonly recipe: ForecastRecipe;
  /** In symbol order. */
  readonly symbols: readonly string[];
  /** Length of a bar, ms. */
  readonly barMs: number;
  readonly seed: number;
  readonly trainer: Trainer;
  /** Models in force from the first bar on, such as a trained set that was saved. */
  readonly initial?: readonly TrainedModel[];
  /**
   * Models that replace all others at the first instant from `at` on, after which none is trained: a saved set. What weighs and calibrates forecasts goes on as it was
   * learned before, from forecasts of models that had not seen their outcome; saved models judged on their own training rows would look too good.
   */
  readonly takeOver?: { readonly at: number; readonly models: readonly TrainedModel[] };
}

/** A member at work. */
interface Active {
  readonly trained: TrainedModel;
  readonly hash: string;
  readonly at: number;
  readonly predict: Predictor;
  readonly scale: (row: Float64Array, offset: number, out: Float64Array, outOffset: number) => void;
  readonly novelty: (x: Float64Array, offset: number) => number;
  /** Scaled rows that the predictor reads, oldest first. */
  readonly window: Float64Array;
}

/** A request whose models are not all in force yet. */
interface Pending {
  readonly request: number;
  readonly requestedAt: number;
  readonly activateAt: number;
  readonly trigger: TrainingRecord['trigger'];
  readonly jobs: TrainingJob[];
  readonly late: Set<string>;
}

/** Bars of a symbol's past that its volatility is ranked among. */
const REGIME_BARS = 720;

/**
 * Models in the stream: at each instant it lets labels mature, moves what learns from them (weights, calibrations, intervals, drift), puts models into force that are due,
 * asks for new ones when it is time, and forecasts every symbol that has a bar. It sees bars in order and nothing else, so nothing in it can know the future.
 */
export class ForecastDesk implements ForecastSource {
  private readonly _s: ForecastDeskSetup;
  private readonly _recipe: ForecastRecipe;
  private readonly _models: readonly string[];
  private readonly _baseline: number;
  private readonly _store: RowStore;
  private readonly _log: ForecastLog;
  private readonly _active: (Active | null)[];
  private readonly _ensemble: OnlineEnsemble;
  private readonly _interval: ConformalInterval;
  private readonly _drift: DriftMonitor | null;
  /** By member, the ensemble last. */
  private readonly _calibrations: (Calibration | null)[];
  private _pending: Pending | null = null;
  private _over = false;
  private _requests = 0;
  private _calibrated = NaN;
  private readonly _clock: TrainingClock;
  /** Id of the log's first row. */
  private _first = -1;
  /** Rows of the log whose outcome is known, in the order in which it became so. */
  private readonly _known: number[] = [];
  private _events: ForecastEvent[] = [];
  private _lastWeights = '';
  private readonly _trainings: TrainingRecord[] = [];
  private readonly _drifts: DriftRecord[] = [];
  private readonly _importances: ImportanceRecord[] = [];
  private readonly _rows: Float64Array;
  // Room that every step uses again.
  private readonly _probability: Float64Array;
  private readonly _awake: Uint8Array;
  private readonly _weights: Float64Array;
  private readonly _three = new Float64Array(OUTCOMES);
  private readonly _bounds = new Float64Array(2);
  private readonly _out = noForecast();

  constructor(setup: ForecastDeskSetup) {
    const { recipe, symbols, barMs } = setup;
    checkRecipe(recipe, symbols.length);
    this._s = setup;
    this._recipe = recipe;
    this._models = Object.keys(recipe.models);
    this._clock = new TrainingClock(recipe.training, barMs);
    this._baseline = this._models.indexOf(BASELINE);
    const lookback = Math.max(...Object.values(recipe.models).map(model => model.lookback));
    const { window, historyLimit, trainingDelay } = recipe.training;
    const keep =
      (window === 'expanding' ? Infinity : historyLimit) + trainingDelay + recipe.label.horizon + Math.max(lookback, REGIME_BARS) + 2;
    this._store = new RowStore(recipe.features, recipe.label, symbols, keep);
    this._log = new ForecastLog(symbols, this._models, recipe.label.horizon, recipe.label.key, recipe.calibration.coverage);
    this._active = this._models.map(() => null);
    this._ensemble = recipe.ensemble.create(this._models.length);
    this._interval = conformal({ coverage: recipe.calibration.coverage });
    this._drift = recipe.drift === null ? null : driftMonitor(recipe.drift, this._store.width, recipe.label.horizon, barMs);
    this._calibrations = [...this._models, ''].map(() => null);
    this._probability = new Float64Array(OUTCOMES * this._models.length);
    this._awake = new Uint8Array(this._models.length);
    this._weights = new Float64Array(this._models.length);
    this._rows = new Float64Array(symbols.length).fill(-1);
    for (const trained of setup.initial ?? []) this._active[this._placeOf(trained)] = this._start(trained, -Infinity);
    for (const trained of setup.takeOver?.models ?? []) this._placeOf(trained);
    if (!recipe.training.enableTraining && !setup.takeOver && this._active.every(active => active === null))
      throw usageError('no-models', 'Training is off and no models are given.', 'Name a saved set, or leave enableTraining on.');
  }

  get horizon(): number {
    return this._recipe.label.horizon;
  }

  step(now: number, bars: readonly (Bar | null)[], futures: readonly FuturesView[]): readonly ForecastEvent[] {
    this._events = [];
    this._store.step(bars, futures);
    this._learn(now);
    this._putInForce(now);
    this._takeOver(now);
    this._expire(now);
    this._ask(now);
    if (this._recipe.training.trainingDelay === 0) this._putInForce(now);
    this._calibrate(now);
    this._predict(now);
    return this._events;
  }

  forecast(symbol: number): ForecastView | undefined {
    const row = this._rows[symbol]!;
    return row < 0 ? undefined : this._log.view(row, this._baseline);
  }

  record(from: number): ForecastRecord {
    const { _trainings: trainings, _drifts: drifts, _importances: importances } = this;
    return sliceRecord(this._log.record({ trainings, drifts, importances }), from, Infinity);
  }

  /** Labels that matured: what was forecast of them is judged now, and only now. */
  private _learn(now: number): void {
    const { _log: log, _store: store } = this;
    let learned = false;
    for (const { id, label, outcome } of store.matured) {
      const row = id - this._first;
      if (this._first < 0 || row < 0 || row >= log.length) continue;
      log.column('maturedAt')[row] = now;
      log.column('outcome')[row] = label;
      log.column('realised')[row] = outcome;
      const combined = log.column('combined');
      if (!(combined[3 * row]! >= 0)) continue;
      this._known.push(row);
      this._recall(row);
      for (let c = 0; c < OUTCOMES; c++) this._three[c] = log.column('uncalibrated')[3 * row + c]!;
      this._ensemble.learn(this._probability, this._awake, label, this._three);
      const [mean, sd] = [log.column('combinedMean')[row]!, log.column('combinedSd')[row]!];
      this._interval.learn(outcome, log.column('low')[row]!, log.column('high')[row]!, mean, sd);
      this._drift?.outcome(combined, 3 * row, label, outcome, mean, sd);
      learned = true;
    }
    if (learned) this._tellWeights(now);
    if (this._drift !== null)
      for (const change of this._drift.step(now, store)) {
        this._drifts.push(change);
        this._events.push({ type: 'DriftChanged', ...change });
      }
  }

  /** Brings back what the members had said in a row of the log. */
  private _recall(row: number): void {
    for (let m = 0; m < this._models.length; m++) {
      const said = this._log.member(m, 'probability');
      this._awake[m] = said[3 * row]! >= 0 ? 1 : 0;
      for (let c = 0; c < OUTCOMES; c++) this._probability[OUTCOMES * m + c] = said[3 * row + c]!;
    }
  }

  private _tellWeights(now: number): void {
    let any = 0;
    for (let m = 0; m < this._models.length; m++) any += this._awake[m] = this._active[m] === null ? 0 : 1;
    if (any === 0) return;
    this._ensemble.weights(this._awake, this._weights);
    const text = this._weights.join();
    if (text === this._lastWeights) return;
    this._lastWeights = text;
    this._events.push({
      type: 'WeightsChanged',
      ts: now,
      weights: Object.fromEntries(this._models.map((name, m) => [name, this._weights[m]!])),
    });
  }

  /** Throws a usage error for a model that the recipe has not. */
  private _placeOf({ model }: TrainedModel): number {
    const m = this._models.indexOf(model);
    if (m < 0)
      throw usageError('unknown-model', `The saved models hold "${model}", which the recipe has not.`, 'Train them anew with this recipe.');
    return m;
  }

  private _takeOver(now: number): void {
    const { takeOver, barMs } = this._s;
    if (this._over || takeOver === undefined || now < takeOver.at) return;
    this._over = true;
    this._pending = null;
    this._active.fill(null);
    const request = this._requests++;
    for (const trained of takeOver.models) {
      const active = this._start(trained, now);
      this._active[this._placeOf(trained)] = active;
      this._tellActivated(
        active,
        { request, requestedAt: takeOver.at, trigger: 'start', late: false },
        Math.round((now - takeOver.at) / barMs),
      );
    }
    this._tellWeights(now);
    const newest = this._trainings.at(-1);
    if (newest) this._drift?.retrained(this._store, newest);
  }

  private _tellActivated(
    { trained, hash, at }: Active,
    { request, requestedAt, trigger, late }: Pick<Pending, 'request' | 'requestedAt' | 'trigger'> & { readonly late: boolean },
    age: number,
  ): void {
    const { model, importance } = trained;
    const { from, to, rows } = trained.training;
    this._events.push({ type: 'ModelActivated', ts: at, request, model, checkpoint: hash, rows, age });
    this._trainings.push({ ts: at, requestedAt, model, checkpoint: hash, rows, from, to, trigger, late });
    if (importance !== null)
      this._importances.push({ ts: at, model, names: featureNames(this._recipe.features), value: Float64Array.from(importance) });
  }

  private _start(trained: TrainedModel, at: number): Active {
    const forecaster = this._recipe.models[trained.model]!;
    return {
      trained,
      hash: trainedHash(trained),
      at,
      predict: forecaster.predictor(trained.checkpoint),
      scale: applyScaler(trained.scaler),
      novelty: novelty(trained.novelty),
      window: new Float64Array(forecaster.lookback * this._store.width),
    };
  }

  /** Models that are due come into force; one that is not ready is late, and the old one goes on. */
  private _putInForce(now: number): void {
    const pending = this._pending;
    if (pending === null || now < pending.activateAt) return;
    const waiting: TrainingJob[] = [];
    for (const job of pending.jobs) {
      const { model } = job;
      const trained = this._s.trainer.take(job, now);
      if (trained === null) {
        waiting.push(job);
        if (!pending.late.has(model)) {
          pending.late.add(model);
          this._events.push({ type: 'ModelLate', ts: now, request: pending.request, model, dueAt: pending.activateAt });
        }
        continue;
      }
      const active = this._start(trained, now);
      this._active[this._models.indexOf(model)] = active;
      const age = Math.round((now - pending.requestedAt) / this._s.barMs);
      this._tellActivated(active, { ...pending, late: pending.late.has(model) }, age);
    }
    pending.jobs.length = 0;
    pending.jobs.push(...waiting);
    this._tellWeights(now);
    if (waiting.length > 0) return;
    this._pending = null;
    this._drift?.retrained(this._store, this._trainings.at(-1)!);
  }

  private _expire(now: number): void {
    const { maximumAge } = this._recipe.training;
    if (maximumAge === null) return;
    for (const [m, active] of this._active.entries()) {
      if (active === null || !Number.isFinite(active.at)) continue;
      const age = Math.round((now - active.at) / this._s.barMs);
      if (age <= maximumAge) continue;
      this._active[m] = null;
      this._events.push({ type: 'ModelExpired', ts: now, model: this._models[m]!, checkpoint: active.hash, age });
    }
  }

  private _ask(now: number): void {
    if (this._pending !== null || this._over) return;
    const { _recipe: recipe, _store: store } = this;
    const { barMs, seed, trainer } = this._s;
    const trigger = this._clock.due(now, this._drift?.level === 'drift', () => usableSpan(store, recipe, now, barMs).rows);
    if (trigger === null) return;
    const { rows, from, to } = usableSpan(store, recipe, now, barMs);
    let made: TrainingSet | undefined;
    const set = (): TrainingSet => (made ??= trainingSet(store, recipe, now, barMs));
    const request = this._requests++;
    const activateAt = now + recipe.training.trainingDelay * barMs;
    this._events.push({ type: 'TrainingRequested', ts: now, request, models: this._models, from, to, rows, activateAt, trigger });
    const jobs = this._models.map((model, m): TrainingJob => {
      const previous = recipe.training.warmStart ? (this._active[m]?.trained ?? null) : null;
      return { request, model, recipe, seed, previous, set };
    });
    for (const job of jobs) trainer.request(job);
    this._pending = { request, requestedAt: now, activateAt, trigger, jobs, late: new Set() };
  }

  private _calibrate(now: number): void {
    const { calibration } = this._recipe;
    const stretch = Math.floor(now / (calibration.everyNSteps * this._s.barMs));
    if (stretch === this._calibrated) return;
    this._calibrated = stretch;
    if (this._known.length === 0) return;
    if (this._known.length > 2 * calibration.limit) this._known.splice(0, this._known.length - calibration.limit);
    const rows = this._known.slice(-calibration.limit);
    const fit = (place: number, name: string, calibrator: Calibrator, said: Float64Array): void => {
      const samples = samplesOf(rows, said, this._log.column('outcome'));
      const state = calibrator.fit(samples);
      if (state === null) return;
      this._calibrations[place] = calibrator.calibration(state);
      const hash = createHash('sha256').update(canonicalJson(state)).digest('hex');
      this._events.push({ type: 'CalibrationFitted', ts: now, model: name, kind: calibrator.kind, samples: samples.count, state: hash });
    };
    this._models.forEach((name, m) => {
      if (m !== this._baseline) fit(m, name, calibration.members, this._log.member(m, 'raw'));
    });
    fit(this._models.length, 'ensemble', calibration.ensemble, this._log.column('uncalibrated'));
  }

  private _predict(now: number): void {
    const { _log: log, _store: store } = this;
    const any = this._active.some(active => active !== null);
    if (any && this._first < 0) {
      this._first = Infinity;
      for (const id of store.current) if (id >= 0 && id < this._first) this._first = id;
    }
    for (let s = 0; s < store.current.length; s++) {
      this._rows[s] = -1;
      const id = store.current[s]!;
      if (id < 0 || this._first < 0) continue;
      const row = log.add();
      log.column('ts')[row] = now;
      log.column('symbol')[row] = s;
      if (any && store.ready[id - store.base] === 1) this._forecast(s, id, row);
    }
  }

  /** One symbol's row: members, their calibration, the ensemble, its calibration, and how much of it to believe. */
  private _forecast(symbol: number, id: number, row: number): void {
    const { _log: log, _store: store, _recipe: recipe } = this;
    const { width } = store;
    const scale = store.scale[id - store.base]!;
    let newest: Active | null = null;
    let scaledBy = '';
    let scaled: Float64Array | null = null;
    let awake = 0;
    for (let m = 0; m < this._models.length; m++) {
      const active = this._active[m]!;
      this._awake[m] = 0;
      for (let c = 0; c < OUTCOMES; c++) this._probability[OUTCOMES * m + c] = NaN;
      if (active === null) continue;
      const { window, trained } = active;
      const lookback = window.length / width;
      if (lookback === 1 && scaled !== null && trained.training.data === scaledBy) window.set(scaled);
      else if (!this._fill(active, symbol, lookback)) continue;
      if (lookback === 1) {
        scaled = window;
        scaledBy = trained.training.data;
      }
      const out = this._out;
      active.predict(window, 0, scale, out);
      if (!(out.down + out.flat + out.up > 0)) continue;
      this._awake[m] = 1;
      awake++;
      const raw = log.member(m, 'raw');
      raw[3 * row] = out.down;
      raw[3 * row + 1] = out.flat;
      raw[3 * row + 2] = out.up;
      const p = this._probability;
      for (let c = 0; c < OUTCOMES; c++) p[OUTCOMES * m + c] = raw[3 * row + c]!;
      this._calibrations[m]?.(p, OUTCOMES * m);
      const said = log.member(m, 'probability');
      for (let c = 0; c < OUTCOMES; c++) said[3 * row + c] = p[OUTCOMES * m + c]!;
      log.member(m, 'mean')[row] = out.mean;
      log.member(m, 'sd')[row] = out.sd;
      if (newest === null || active.at >= newest.at) newest = active;
    }
    if (awake === 0 || newest === null) return;
    this._ensemble.weights(this._awake, this._weights);
    const three = this._three;
    this._ensemble.combine(this._probability, this._awake, three);
    const before = log.column('uncalibrated');
    for (let c = 0; c < OUTCOMES; c++) before[3 * row + c] = three[c]!;
    this._calibrations[this._models.length]?.(three, 0);
    const last = newest.window.length - width;
    const strange = newest.novelty(newest.window, last);
    shrink(three, 0, newest.trained.moments.prior, strange * recipe.noveltyShrinkage);
    const out = this._out;
    mixtureForecast(three[0]!, three[1]!, three[2]!, newest.trained.moments, scale, out);
    const [mean, sd] = this._spread(row, out.mean);
    const combined = log.column('combined');
    for (let c = 0; c < OUTCOMES; c++) combined[3 * row + c] = three[c]!;
    log.column('combinedMean')[row] = mean;
    log.column('combinedSd')[row] = sd;
    log.column('novelty')[row] = strange;
    log.column('regime')[row] = this._regime(symbol, id);
    this._interval.interval(mean, sd, this._bounds);
    log.column('low')[row] = this._bounds[0]!;
    log.column('high')[row] = this._bounds[1]!;
    for (let m = 0; m < this._models.length; m++) log.member(m, 'weight')[row] = this._weights[m]!;
    this._rows[symbol] = row;
  }

  /** The mean that the calibrated probabilities stand for, and the spread of the members' own distributions around it. */
  private _spread(row: number, mean: number): [number, number] {
    let variance = 0;
    for (let m = 0; m < this._models.length; m++) {
      const weight = this._weights[m]!;
      if (!(weight > 0)) continue;
      const sd = this._log.member(m, 'sd')[row]!;
      const gap = this._log.member(m, 'mean')[row]! - mean;
      variance += weight * (sd * sd + gap * gap);
    }
    return [mean, Math.sqrt(variance)];
  }

  /** The symbol's latest rows, scaled into the member's window; false when there are not enough of them. */
  private _fill(active: Active, symbol: number, lookback: number): boolean {
    const { _store: store } = this;
    const { width } = store;
    const ids = store.idsOf(symbol);
    for (let k = 0; k < lookback; k++) {
      const id = ids[ids.length - lookback + k];
      if (id === undefined || id < store.base) return false;
      active.scale(store.x, (id - store.base) * width, active.window, k * width);
    }
    return true;
  }

  /** Tercile of the volatility now among the symbol's recent past. */
  private _regime(symbol: number, id: number): number {
    const { _store: store } = this;
    const ids = store.idsOf(symbol);
    const now = store.scale[id - store.base]!;
    let below = 0;
    let n = 0;
    for (let k = Math.max(0, ids.length - REGIME_BARS); k < ids.length; k++) {
      const i = ids[k]! - store.base;
      if (i < 0 || !(store.scale[i]! > 0)) continue;
      n++;
      if (store.scale[i]! < now) below++;
    }
    return n < REGIME_BARS / 4 ? NaN : Math.min(2, Math.floor((3 * below) / n));
  }
}

/** Known forecasts as a calibrator takes them; rows in which nothing was said are left out. */
const samplesOf = (rows: readonly number[], said: Float64Array, outcome: Float64Array): CalibrationSamples => {
  const kept = rows.filter(row => said[3 * row]! >= 0);
  const probability = new Float64Array(OUTCOMES * kept.length);
  kept.forEach((row, k) => {
    for (let c = 0; c < OUTCOMES; c++) probability[OUTCOMES * k + c] = said[3 * row + c]!;
  });
  return {
    count: kept.length,
    probability,
    label: Uint8Array.from(kept, row => outcome[row]!),
    weight: new Float64Array(kept.length).fill(1),
  };
};
