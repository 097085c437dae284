import { orderTrader, poisonTrader, targetTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const poisonStrategy: Scenario = {
  number: 24,
  name: 'poison-strategy',
  inject: 'a strategy throws, one sends a thousand orders a bar, one wants a hundred times its equity',
  expect: 'limits refuse, the strategy is isolated, the others go on',
  options: {
    activeMs: 150_000,
    strategies: [
      { strategy: targetTrader('targets'), tag: 'a', budget: 20_000 },
      { strategy: orderTrader('orders'), tag: 'b', budget: 20_000 },
      { strategy: poisonTrader('thrower', 'throws', 20), tag: 'p', budget: 5_000 },
      { strategy: poisonTrader('flooder', 'floods', 80), tag: 'q', budget: 5_000 },
      { strategy: poisonTrader('greedy', 'oversizes', 30), tag: 'r', budget: 5_000 },
    ],
  },
  play: () => undefined,
  sometimes: ['requests'],
  check: ({ facts }) => {
    const failedAt = facts.findIndex(fact => fact.type === 'AlarmRaised' && fact.code === 'strategy-failed:thrower');
    return [
      ...(failedAt >= 0 ? [] : ['no alarm says that the thrower failed']),
      ...(facts.slice(failedAt).some(fact => fact.type === 'OrderFilled' && fact.strategy === 'targets')
        ? []
        : ['the others did not go on']),
      ...(facts.some(fact => fact.type === 'IntentDenied' && fact.strategy === 'greedy') ? [] : ['nothing of the greedy one was denied']),
    ];
  },
};
