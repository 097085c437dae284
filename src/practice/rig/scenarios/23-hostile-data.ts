import type { Scenario } from '../scenario.js';

const MARKET = ['nan', 'negative', 'infinite', 'price-x10', 'future', 'crossed'] as const;

export const hostileData: Scenario = {
  number: 23,
  name: 'hostile-data',
  inject:
    'executions and bars with NaN, negative and infinite numbers, ten times the price, bars of tomorrow, a symbol that is not ours, an absurd fee; ids above 2^53',
  expect: 'quarantined as facts, nothing concluded; ids stay strings',
  play: ({ between }) => between(10, 235, { hostile: 0.5, hostileBar: 0.3 }),
  sometimes: [
    'hostile:nan',
    'hostile:negative',
    'hostile:infinite',
    'hostile:price-x10',
    'hostile:unknown-symbol',
    'hostile:absurd-fee',
    ...MARKET.map(kind => `hostile-bar:${kind}`),
  ],
  check: ({ facts, world }) => {
    const channels = new Set(facts.flatMap(fact => (fact.type === 'DataQuarantined' ? [fact.channel] : [])));
    const huge = world.exchange.allOrders(world.account).filter(order => BigInt(order.venueId) > 9_007_199_254_740_992n);
    const booked = new Set(facts.flatMap(fact => (fact.type === 'OrderAccepted' ? [fact.venueOrderId] : [])));
    return [
      ...(channels.has('private') ? [] : ['no execution was quarantined']),
      ...(channels.has('bars') ? [] : ['no bar was quarantined']),
      ...(huge.some(order => booked.has(order.venueId)) ? [] : ['no id above 2^53 was booked as it is']),
    ];
  },
};
