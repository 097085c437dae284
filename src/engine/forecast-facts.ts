import type { Bar } from '../events/market.js';
import { emptyFuturesView, type FuturesView } from '../features/panel-feature.js';
import type { ForecastEvent } from '../models/forecast-event.js';
import type { ForecastSource } from '../models/forecast-source.js';

/**
 * Brings what happens to models onto the run's stream. Models work through all of the history; before the run begins that is its past and no fact of it. When it
 * begins, what is in force then becomes its first facts, so that a journal alone says by which models the run was traded.
 */
export class ForecastFacts {
  readonly futures: readonly FuturesView[];
  private readonly _models = new Map<string, ForecastEvent>();
  private readonly _calibrations = new Map<string, ForecastEvent>();
  private readonly _drifts = new Map<string, ForecastEvent>();
  private _weights: ForecastEvent | null = null;
  private _begun = false;

  constructor(
    readonly source: ForecastSource,
    symbols: number,
    private readonly _from: number,
    private readonly _publish: (event: ForecastEvent) => void,
  ) {
    this.futures = Array.from({ length: symbols }, emptyFuturesView);
  }

  /** All bars of an instant, before any of them is given to the strategy. */
  step(now: number, bars: readonly (Bar | null)[]): void {
    const events = this.source.step(now, bars, this.futures);
    if (now <= this._from) {
      for (const event of events) this._keep(event);
      return;
    }
    if (!this._begun) {
      this._begun = true;
      const inForce = [...this._models.values(), ...this._calibrations.values(), this._weights, ...this._drifts.values()];
      for (const event of inForce) if (event !== null) this._publish({ ...event, ts: now });
    }
    for (const event of events) this._publish(event);
  }

  private _keep(event: ForecastEvent): void {
    switch (event.type) {
      case 'ModelActivated':
        this._models.set(event.model, event);
        return;
      case 'ModelExpired':
        this._models.delete(event.model);
        return;
      case 'CalibrationFitted':
        this._calibrations.set(event.model, event);
        return;
      case 'WeightsChanged':
        this._weights = event;
        return;
      case 'DriftChanged':
        if (event.level === 'none') this._drifts.delete(event.subject);
        else this._drifts.set(event.subject, event);
        return;
      case 'TrainingRequested':
      case 'ModelLate':
        return;
    }
  }
}
