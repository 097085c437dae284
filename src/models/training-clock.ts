import type { TrainingRecord } from './forecast-record.js';
import type { TrainingSchedule } from './recipe.js';

/** Says when trainings are requested: at the start once there are rows enough, then at the first bar of each stretch of the schedule, and on drift. */
export class TrainingClock {
  private _stretch = NaN;
  private _requests = 0;
  private _requestedAt = -Infinity;

  constructor(
    private readonly _schedule: TrainingSchedule,
    private readonly _barMs: number,
  ) {}

  /** Why a training is due at `now`, or null. `rows` is asked only where it matters; a due training without rows enough waits for the next bar. */
  due(now: number, drifting: boolean, rows: () => number): TrainingRecord['trigger'] | null {
    const { enableTraining, modelRetrainEveryNSteps, retrainOnDrift, minimumRows } = this._schedule;
    if (!enableTraining) return null;
    const stretch = Math.floor(now / (modelRetrainEveryNSteps * this._barMs));
    const since = (now - this._requestedAt) / this._barMs;
    const trigger =
      this._requests === 0
        ? 'start'
        : stretch !== this._stretch
          ? 'schedule'
          : retrainOnDrift && drifting && since >= modelRetrainEveryNSteps / 4
            ? 'drift'
            : null;
    if (trigger === null || rows() < minimumRows) return null;
    this._stretch = stretch;
    this._requestedAt = now;
    this._requests++;
    return trigger;
  }
}
