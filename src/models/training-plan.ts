import { timeframeMs } from '../market/timeframe.js';
import { walkPanel, type PanelWalk } from './panel-walk.js';
import type { ForecastRecipe } from './recipe.js';
import { RowStore } from './row-store.js';
import { TrainingClock } from './training-clock.js';
import { usableSpan } from './training-set.js';

/** All rows of a history, none let go. */
export const allRows = (recipe: ForecastRecipe, walk: PanelWalk): RowStore => {
  const store = new RowStore(recipe.features, recipe.label, walk.symbols, Infinity);
  walkPanel(walk, (_, bars, futures) => store.step(bars, futures));
  return store;
};

/**
 * The moments at which a walk over this history will request its trainings, as far as the schedule says: those that drift asks for are not foreseen. What a training
 * learns from depends on no other, so all of them can be done side by side beforehand.
 */
export const plannedTrainings = (recipe: ForecastRecipe, walk: PanelWalk, store: RowStore): readonly number[] => {
  const barMs = timeframeMs(walk.timeframe);
  const clock = new TrainingClock(recipe.training, barMs);
  const moments: number[] = [];
  let free = -Infinity;
  walkPanel(walk, now => {
    if (now < free || clock.due(now, false, () => usableSpan(store, recipe, now, barMs).rows) === null) return;
    moments.push(now);
    free = now + recipe.training.trainingDelay * barMs;
  });
  return moments;
};
