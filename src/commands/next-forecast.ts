import { forecastView } from '../models/forecast-log.js';
import type { ForecastView } from '../models/forecast-source.js';
import type { ForecastTape } from '../models/forecast-tape.js';
import { BASELINE } from '../models/recipe.js';

/** What is forecast of a symbol at the last bar, or why nothing is. */
export interface NextForecast {
  readonly symbol: string;
  readonly forecast: ForecastView | null;
  readonly reason: string | null;
  /** By model, of those that spoke. */
  readonly weights: Readonly<Record<string, number>>;
}

/** A member at the last bar. Times are epoch ms, ages bars since the training was requested. */
export interface ModelInForce {
  readonly model: string;
  readonly checkpoint: string;
  readonly requestedAt: number;
  readonly rows: number;
  readonly age: number;
  /** It was too old, and nothing has come in its place. */
  readonly expired: boolean;
}

/** The latest training of every member that had one. */
export const modelsInForce = ({ record, events }: ForecastTape, now: number, barMs: number): readonly ModelInForce[] =>
  record.models.flatMap(model => {
    const training = record.trainings.findLast(t => t.model === model);
    if (training === undefined) return [];
    const { checkpoint, requestedAt, rows, ts } = training;
    const expired = events.some(event => event.type === 'ModelExpired' && event.model === model && event.ts > ts);
    return [{ model, checkpoint, requestedAt, rows, age: Math.round((now - requestedAt) / barMs), expired }];
  });

/** The forecast of each symbol at `now`, in symbol order. */
export const nextForecasts = ({ record }: ForecastTape, models: readonly ModelInForce[], now: number): readonly NextForecast[] =>
  record.symbols.map((symbol, s) => {
    let row = record.length - 1;
    while (row >= 0 && record.ts[row] === now && record.symbol[row] !== s) row--;
    const here = row >= 0 && record.ts[row] === now;
    const usual = record.probability[record.models.indexOf(BASELINE)]!;
    const forecast = here ? (forecastView(record, record.horizon, usual, row) ?? null) : null;
    const reason =
      forecast !== null
        ? null
        : models.length === 0
          ? 'no model has been trained yet: the history is too short'
          : models.every(({ expired }) => expired)
            ? 'every model has expired'
            : here
              ? 'its features have not warmed up'
              : 'it has no bar at this time';
    const weights = Object.fromEntries(
      record.models.flatMap((model, m) =>
        forecast !== null && record.probability[m]![3 * row]! >= 0 ? [[model, record.weight[m]![row]!]] : [],
      ),
    );
    return { symbol, forecast, reason, weights };
  });
