import { dailyLoss } from './daily-loss.js';
import { drawdownHalt } from './drawdown-halt.js';
import type { RiskMemory } from './rules.js';

const written = (values: readonly (number | null)[], to: Float64Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = values[i] ?? to[i]!;
};
const kept = (values: Float64Array): (number | null)[] => [...values].map(value => (Number.isFinite(value) ? value : null));

/**
 * What marks have shown, after `amount` (settlement asset, negative is taken away) was moved while nobody marked: peak and opening of the day move with it, so that neither is a profit or a loss. `equity` is what
 * the account was worth at that moment where that is known without prices; else its latest mark is taken for it.
 */
export const movedMarks = (memory: RiskMemory, amount: number, equity: number | null = null): RiskMemory => {
  const drawdown = drawdownHalt(() => null);
  const day = dailyLoss(() => ({}));
  written(memory.drawdown, drawdown.memory);
  written(memory.day, day.memory);
  if (equity !== null) {
    drawdown(equity);
    // The day is that of the latest mark still: which one it is by now, the next mark says.
    if (!Number.isNaN(day.memory[0]!)) day.memory[2] = equity;
  }
  drawdown.moved(amount);
  day.moved(amount);
  return { drawdown: kept(drawdown.memory), day: kept(day.memory), streak: memory.streak };
};
