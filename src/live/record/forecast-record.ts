import type { Fact } from '../../events/fact.js';
import type { DriftChanged, Signal, SizeScaled } from '../../events/forecast.js';

/** What the models of one strategy say now, and how their weights went. Times epoch ms. */
export interface RecordedForecasts {
  readonly strategy: string;
  /** The newest of each symbol. */
  readonly signals: readonly (Omit<Signal, 'reason'> & { readonly seq: number; readonly ts: number })[];
  /** Oldest first. */
  readonly weights: readonly { readonly ts: number; readonly weights: Readonly<Record<string, number>> }[];
  readonly models: readonly {
    readonly model: string;
    readonly checkpoint: string;
    readonly since: number;
    readonly rows: number;
    readonly state: 'active' | 'late' | 'expired';
  }[];
  /** The newest of each subject and detector. */
  readonly drift: readonly Pick<DriftChanged, 'ts' | 'subject' | 'detector' | 'level' | 'statistic' | 'threshold'>[];
  readonly size: Pick<SizeScaled, 'factor' | 'code' | 'text'> | null;
}

/** Changes of weights that are kept. */
const KEPT = 2_000;

type Row<K extends 'signals' | 'models' | 'drift'> = RecordedForecasts[K][number];

/** Forecasts of every strategy, as a fold of the journal. */
export interface ForecastRecord {
  handle(fact: Fact): void;
  /** Strategies that forecast anything, by name. */
  strategies(): readonly RecordedForecasts[];
}

/** A fold without forecasts. */
export const forecastRecord = (): ForecastRecord => {
  const all = new Map<
    string,
    {
      readonly signals: Map<string, Row<'signals'>>;
      readonly weights: RecordedForecasts['weights'][number][];
      readonly models: Map<string, Row<'models'>>;
      readonly drift: Map<string, Row<'drift'>>;
      size: RecordedForecasts['size'];
    }
  >();
  const of = (strategy: string) => {
    const found = all.get(strategy);
    if (found) return found;
    const made = {
      signals: new Map<string, Row<'signals'>>(),
      weights: [] as RecordedForecasts['weights'][number][],
      models: new Map<string, Row<'models'>>(),
      drift: new Map<string, Row<'drift'>>(),
      size: null as RecordedForecasts['size'],
    };
    all.set(strategy, made);
    return made;
  };
  return {
    handle: fact => {
      const { strategy, ts } = fact;
      switch (fact.type) {
        case 'SignalGiven': {
          const { seq, symbol, direction, confidence, riskScore, horizon, mean, sd } = fact;
          of(strategy).signals.set(symbol, { seq, ts, symbol, direction, confidence, riskScore, horizon, mean, sd });
          return;
        }
        case 'WeightsChanged': {
          const { weights } = of(strategy);
          weights.push({ ts, weights: fact.weights });
          if (weights.length > KEPT) weights.shift();
          return;
        }
        case 'ModelActivated':
          of(strategy).models.set(fact.model, {
            model: fact.model,
            checkpoint: fact.checkpoint,
            since: ts,
            rows: fact.rows,
            state: 'active',
          });
          return;
        case 'ModelLate': {
          const { models } = of(strategy);
          const before = models.get(fact.model);
          models.set(fact.model, { model: fact.model, checkpoint: '', since: ts, rows: 0, ...before, state: 'late' });
          return;
        }
        case 'ModelExpired': {
          const { models } = of(strategy);
          const before = models.get(fact.model);
          models.set(fact.model, { model: fact.model, checkpoint: fact.checkpoint, since: ts, rows: 0, ...before, state: 'expired' });
          return;
        }
        case 'DriftChanged': {
          const { subject, detector, level, statistic, threshold } = fact;
          of(strategy).drift.set(`${subject}\u0000${detector}`, { ts, subject, detector, level, statistic, threshold });
          return;
        }
        case 'SizeScaled':
          of(strategy).size = { factor: fact.factor, code: fact.code, text: fact.text };
          return;
        default:
          return;
      }
    },
    strategies: () =>
      [...all]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([strategy, { signals, weights, models, drift, size }]) => ({
          strategy,
          signals: [...signals.values()],
          weights: [...weights],
          models: [...models.values()],
          drift: [...drift.values()],
          size,
        })),
  };
};
