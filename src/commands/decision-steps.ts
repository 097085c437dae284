import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownState } from '../engine/known-state.js';
import type { Bar } from '../events/market.js';
import type { MarketDatum } from '../journal/causal-chain.js';
import { RUN_TABLES } from '../journal/tables.js';
import { timeframeMs } from '../market/timeframe.js';
import { readParquet } from '../parquet.js';
import type { CausalStep } from '../reports/causes/causal-steps.js';
import { percent } from '../reports/number-text.js';
import { formatTime } from '../time.js';

/** A bar as the strategy saw it, with the values of its indicators there. */
export interface SeenBar {
  readonly bar: Bar;
  readonly values: Readonly<Record<string, unknown>>;
}

const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : 'not yet');

const valueText = (name: string, value: unknown): string[] =>
  typeof value === 'number'
    ? [`${name} ${short(value)}`]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([output, each]) => valueText(`${name}.${output}`, each))
      : typeof value === 'string' || typeof value === 'boolean'
        ? [`${name} ${value}`]
        : [];

const step = (stage: string, ts: number, text: string): CausalStep => ({ stage, seq: null, ts, text, from: null });

/** The bars that a decision was made on, and the indicators there. They are in no journal: they were computed again from the rows that were read, by the fold that the strategy used. */
export const indicatorSteps = (seen: readonly SeenBar[]): CausalStep[] =>
  seen.flatMap(({ bar, values }) => {
    const texts = Object.entries(values).flatMap(([name, value]) => valueText(name, value));
    return [
      step(
        'bar',
        bar.ts,
        `The ${bar.timeframe} bar of ${bar.symbol} from ${formatTime(bar.openTime)} to ${formatTime(bar.ts)}: open ${short(bar.open)}, high ${short(bar.high)}, low ${short(bar.low)}, close ${short(bar.close)}, volume ${short(bar.volume)}.`,
      ),
      ...(texts.length === 0 ? [] : [step('indicators', bar.ts, `${texts.join(', ')} (computed again from the rows that were read).`)]),
    ];
  });

/** Whether a bar is one that the datum names: of its symbol, known at its close. */
export const isOfDatum = (bar: Bar, datum: MarketDatum): boolean =>
  datum.kind === 'bar' && bar.symbol === datum.symbol && bar.ts === datum.openTime + timeframeMs(datum.timeframe);

/** What the models of a kept run said of a symbol at a moment: each member as calibrated with its weight, and the ensemble; empty for a run without models. */
export const forecastSteps = async (folder: string, symbol: string, ts: number): Promise<CausalStep[]> => {
  const path = join(folder, RUN_TABLES.forecasts.file);
  if (!existsSync(path)) return [];
  const { rows, columns } = await readParquet(path);
  const number = (name: string, row: number): number => Number(columns[name]?.[row] ?? NaN);
  const found: CausalStep[] = [];
  for (let row = 0; row < rows; row++) {
    if (number('ts', row) !== ts || columns['symbol']?.[row] !== symbol) continue;
    const weight = number('weight', row);
    const [mean, sd] = [number('mean', row), number('sd', row)];
    found.push(
      step(
        'forecast',
        ts,
        `${String(columns['model']?.[row])}${Number.isFinite(weight) ? ` (weight ${short(Number(weight.toFixed(4)))})` : ''}: down ${percent(number('down', row))}, flat ${percent(number('flat', row))}, up ${percent(number('up', row))}${Number.isFinite(mean) ? `; ${percent(mean, 2)} ± ${percent(sd, 2)} over ${number('horizon', row)} bars` : ''}.`,
      ),
    );
  }
  return found;
};

/** Models, weights and calibrations in force at a moment, as the facts before it say; empty for a strategy without models. */
export const modelSteps = ({ weights, models, sizeFactor, drifts }: KnownState, ts: number): CausalStep[] => {
  const texts = [
    ...models.map(
      ({ model, checkpoint, calibration }) =>
        `${model} ${checkpoint.slice(0, 12)}${weights[model] === undefined ? '' : `, weight ${short(Number(weights[model].toFixed(4)))}`}${calibration === null ? '' : `, ${calibration}`}`,
    ),
    ...(sizeFactor === 1 ? [] : [`new entries are sized by ${short(sizeFactor)}`]),
    ...Object.entries(drifts).map(([subject, level]) => `${level}: ${subject}`),
  ];
  return texts.length === 0 ? [] : [step('models', ts, `In force: ${texts.join('; ')}.`)];
};
