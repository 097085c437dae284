import type { QueueConfig } from '../../../engine/run-config.js';
import { power } from '../../../numeric/pow.js';
import type { QueueModel } from './queue-model.js';

/** Nothing ahead of us is ever cancelled: only trades bring us forward, and no more can be ahead than is displayed. */
export const pessimisticQueue = (): QueueModel => ({ ahead: (ahead, _before, after) => Math.min(ahead, after) });

/** Cancellations fall evenly on every lot of the level, before and behind us. */
export const proportionalQueue = (): QueueModel => ({
  ahead: (ahead, before, after) => (before > 0 ? Math.min(ahead, after, ahead * (after / before)) : 0),
});

/**
 * A cancellation is behind us with probability f(back) ÷ (f(back) + f(front)), front and back being the lots before and behind us, and the queue moves by the expected share of it. What a side has
 * too little of to lose comes off the other. As in hftbacktest (nkaz001, `ProbQueueModel`), after Rigtorp (2013), "Estimating order queue position".
 */
const byProbability = (f: (lots: number) => number): QueueModel => ({
  ahead: (ahead, before, after) => {
    const cancelled = before - after;
    const back = Math.max(0, before - ahead);
    const behind = f(back);
    const sum = behind + f(ahead);
    const share = sum > 0 ? behind / sum : 1;
    const left = ahead - (1 - share) * cancelled + Math.min(0, back - share * cancelled);
    return Math.max(0, Math.min(left, ahead, after));
  },
});

/** f(x) = xⁿ. The larger n, the more surely the longer part of the queue is the one that is cancelled from. */
export const powerQueue = ({ exponent }: { exponent: number }): QueueModel => byProbability(lots => power(lots, exponent));

/** f(x) = log(1 + x): the two parts are nearly even unless one is empty. */
export const logQueue = (): QueueModel => byProbability(lots => Math.log(1 + lots));

/** From its name in a configuration to the model. */
export const queueModel = (config: QueueConfig): QueueModel => {
  switch (config.kind) {
    case 'pessimistic':
      return pessimisticQueue();
    case 'proportional':
      return proportionalQueue();
    case 'power':
      return powerQueue(config);
    case 'log':
      return logQueue();
  }
};
