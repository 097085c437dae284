import { setImmediate } from 'node:timers/promises';
import type { RunConfig } from '../engine/run-config.js';
import { UserError } from '../errors.js';
import type { Chunk } from '../events/market.js';
import { panelOf } from '../experiments/forecasting.js';
import { timeframeMs } from '../market/timeframe.js';
import { ForecastDesk, type ForecastDeskSetup } from '../models/forecast-desk.js';
import type { ForecastEvent } from '../models/forecast-event.js';
import type { ForecastTape } from '../models/forecast-tape.js';
import { lastInstant, panelSlices } from '../models/panel-slices.js';
import { walkPanel } from '../models/panel-walk.js';
import type { ForecastRecipe } from '../models/recipe.js';
import { inlineTrainer, type TrainedModels } from '../models/trainer.js';
import { formatDate } from '../time.js';
import { startProgress } from './progress.js';
import { terminal } from './terminal.js';

/** What models walk over, with what is trained already. */
export interface ForecastWalk {
  readonly recipe: ForecastRecipe;
  readonly config: RunConfig;
  readonly chunks: readonly Chunk[];
  readonly finished: TrainedModels;
  /** Saved models that come into force at a moment and stay. */
  readonly takeOver?: ForecastDeskSetup['takeOver'];
}

/** Bars of time walked before the terminal is looked at. */
const SLICE = 250;

/** Let models walk over a history up to its last bar. An interrupt is heard between slices of it. */
export const walkForecasts = async (
  args: { readonly progress: boolean },
  name: string,
  { recipe, config, chunks, finished, takeOver }: ForecastWalk,
): Promise<ForecastTape> => {
  const { signal } = terminal();
  for (const model of Object.values(recipe.models)) await model.prepare?.();
  const walk = panelOf(config, chunks);
  const barMs = timeframeMs(walk.timeframe);
  const desk = new ForecastDesk({
    recipe,
    symbols: walk.symbols,
    barMs,
    seed: config.seed,
    trainer: inlineTrainer(finished, signal),
    ...(takeOver && { takeOver }),
  });
  const events: ForecastEvent[] = [];
  const first = Math.min(...chunks.flatMap(({ kind, rows, ts }) => (kind === 'bars' && rows > 0 ? [ts[0]!] : [])));
  const bar = await startProgress(args, `${name}: forecasting`, Math.ceil((lastInstant(walk) - first) / barMs), 'bars');
  try {
    for (const slice of panelSlices(walk, SLICE)) {
      await setImmediate();
      signal.throwIfAborted();
      walkPanel(slice, (now, bars, futures) => {
        events.push(...desk.step(now, bars, futures));
        bar.update((now - first) / barMs, formatDate(now));
      });
    }
  } catch (error) {
    throw signal.aborted
      ? new UserError(
          'interrupted',
          'The walk was stopped; finished trainings are kept.',
          130,
          'Run the same command again: it goes on from there.',
        )
      : error;
  } finally {
    bar.stop();
  }
  return { record: desk.record(-Infinity), events };
};
