import type { Scenario } from '../scenario.js';

export const cancelFillRace: Scenario = {
  number: 7,
  name: 'cancel-fill-race',
  inject: 'answers and events take a good part of a second, some events never come, and orders fill while they are cancelled',
  expect: 'a cancelled order is over only when its fills are booked; nothing replaces it before',
  play: ({ between }) => between(5, 235, { latencyMs: 600, latencySigma: 0.6, omitEvent: 0.3 }),
  sometimes: ['event:omitted', 'failure:absent'],
  check: ({ facts }) => {
    const cancelled = new Set<string>();
    for (const fact of facts) {
      if (fact.type === 'CancelRequested') cancelled.add(fact.orderId);
      if (fact.type === 'OrderFilled' && cancelled.has(fact.orderId)) return [];
    }
    return ['no order was filled while it was cancelled'];
  },
};
