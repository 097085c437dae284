import { timeframeMs } from '../market/timeframe.js';
import { ForecastDesk } from './forecast-desk.js';
import type { ForecastEvent } from './forecast-event.js';
import { forecastView } from './forecast-log.js';
import type { ForecastRecord } from './forecast-record.js';
import { sliceRecord } from './record-stretch.js';
import type { ForecastSource } from './forecast-source.js';
import { walkPanel, type PanelWalk } from './panel-walk.js';
import { BASELINE, type ForecastRecipe } from './recipe.js';
import type { Trainer } from './trainer.js';

/** What models forecast over a history, and what happened to them. It depends on market data alone, so every run over that history can share it. */
export interface ForecastTape {
  readonly record: ForecastRecord;
  readonly events: readonly ForecastEvent[];
}

/** Let the models of a recipe walk over a history once. */
export const recordTape = (
  recipe: ForecastRecipe,
  walk: PanelWalk,
  { seed, trainer, onInstant }: { readonly seed: number; readonly trainer: Trainer; readonly onInstant?: (now: number) => void },
): ForecastTape => {
  const desk = new ForecastDesk({ recipe, symbols: walk.symbols, barMs: timeframeMs(walk.timeframe), seed, trainer });
  const events: ForecastEvent[] = [];
  walkPanel(walk, (now, bars, futures) => {
    events.push(...desk.step(now, bars, futures));
    onInstant?.(now);
  });
  return { record: desk.record(-Infinity), events };
};

/** Plays a tape back: at each instant the events and forecasts that the models gave there. */
export const tapeSource = ({ record, events }: ForecastTape): ForecastSource => {
  const rows = new Map<number, number>();
  const baseline = record.models.indexOf(BASELINE);
  let row = 0;
  let event = 0;
  let until = -Infinity;
  return {
    horizon: record.horizon,
    step: now => {
      until = now;
      rows.clear();
      while (row < record.length && record.ts[row]! < now) row++;
      for (; row < record.length && record.ts[row] === now; row++) rows.set(record.symbol[row]!, row);
      const first = event;
      while (event < events.length && events[event]!.ts <= now) event++;
      return events.slice(first, event);
    },
    forecast: symbol => {
      const at = rows.get(symbol);
      return at === undefined ? undefined : forecastView(record, record.horizon, record.probability[baseline]!, at);
    },
    record: from => sliceRecord(record, from, until),
  };
};
