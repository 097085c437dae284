import type { FactOf } from './fact.js';
import type { Symbol } from '../market/instrument.js';

/** Models are to be trained on rows known now; they come into force at `activateAt`, in every mode alike. Times are epoch ms. */
export type TrainingRequested = FactOf<
  'TrainingRequested',
  {
    /** Number of the request, from 0. */
    request: number;
    models: readonly string[];
    /** First and last row by the time it was known. */
    from: number;
    to: number;
    rows: number;
    activateAt: number;
    trigger: 'start' | 'schedule' | 'drift';
  }
>;
/** A trained model came into force. `checkpoint` is the SHA-256 of its content. */
export type ModelActivated = FactOf<'ModelActivated', { request: number; model: string; checkpoint: string; rows: number; age: number }>;
/** A model was not ready when it was due: the old one goes on. */
export type ModelLate = FactOf<'ModelLate', { request: number; model: string; dueAt: number }>;
/** A model is older than it may be and forecasts no more; without any model nothing is entered. */
export type ModelExpired = FactOf<'ModelExpired', { model: string; checkpoint: string; age: number }>;
/** Probabilities are mapped by a new calibration from now on. */
export type CalibrationFitted = FactOf<'CalibrationFitted', { model: string; kind: string; samples: number; state: string }>;
/** The ensemble's weights changed, by model name. */
export type WeightsChanged = FactOf<'WeightsChanged', { weights: Readonly<Record<string, number>> }>;
/** A drift detector changed its level. */
export type DriftChanged = FactOf<
  'DriftChanged',
  { subject: string; detector: string; level: 'none' | 'warning' | 'drift'; statistic: number; threshold: number }
>;
/** New entries are sized by this factor from now on: 1 whole, 0 none. */
export type SizeScaled = FactOf<'SizeScaled', { factor: number; code: string; text: string }>;
/** What a strategy expects of a symbol over the next `horizon` bars. */
export interface Signal {
  readonly symbol: Symbol;
  readonly direction: 'long' | 'short' | 'flat';
  /** Calibrated probability that the direction is right, 0…1. */
  readonly confidence: number;
  /** What else speaks against size: 0 nothing … 1 everything. */
  readonly riskScore: number;
  /** Bars. */
  readonly horizon: number;
  /** Expected return of the price over the horizon, a fraction, negative for a fall; and its standard deviation. */
  readonly mean: number;
  readonly sd: number;
  readonly reason: string;
}

/** The strategy expects something of a symbol; the planner makes a trade of it, or says why not. */
export type SignalGiven = FactOf<'SignalGiven', Signal>;
/** A trade was planned: entry, stop-loss and take-profit prices in quote currency, quantity in base units, reward ÷ risk, expected value after costs in quote currency. */
export type TradePlanned = FactOf<
  'TradePlanned',
  {
    plan: string;
    symbol: Symbol;
    side: 'buy' | 'sell';
    entry: number;
    stopLoss: number;
    takeProfit: number;
    quantity: number;
    rewardToRisk: number;
    expectedValue: number;
    expiresAt: number;
  }
>;
/**
 * How a plan ended: at one of its prices, at its horizon (`expired`), by a signal for the other side or for none, without a fill (`not-entered`), because the position was closed by other orders
 * (`flat`), because a protective order was refused and the position closed for it (`unprotected`), with the account (`halted`) or with the data (`end-of-data`).
 */
export type PlanEnd =
  'stop-loss' | 'take-profit' | 'expired' | 'reversed' | 'not-entered' | 'flat' | 'unprotected' | 'halted' | 'end-of-data';
/** A plan ended: it has no order at work any more, and but for `halted` and `end-of-data` no position. */
export type PlanClosed = FactOf<'PlanClosed', { plan: string; symbol: Symbol; code: PlanEnd }>;

export type ForecastFact =
  | TrainingRequested
  | ModelActivated
  | ModelLate
  | ModelExpired
  | CalibrationFitted
  | WeightsChanged
  | DriftChanged
  | SizeScaled
  | SignalGiven
  | TradePlanned
  | PlanClosed;
