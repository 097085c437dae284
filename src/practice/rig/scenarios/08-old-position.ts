import type { Scenario } from '../scenario.js';

export const oldPosition: Scenario = {
  number: 8,
  name: 'old-position',
  inject: 'a restart with positions whose trades the venue no longer tells, and a trade by hand meanwhile',
  expect: 'positions open from the journal; the difference is adopted as one fact, and the strategy is told',
  options: { restartMs: 10_000 },
  play: ({ at, world, host, options }) => {
    at(100, () => {
      host.crash();
      world.exchange.manualTrade(world.account, options.symbols[0] as string, 'buy', 3);
      world.weather.executionsFrom = world.exchange.now + 1;
    });
  },
  sometimes: ['process:crash'],
  check: ({ facts }) => {
    const adopted = facts.filter(fact => fact.type === 'PositionAdopted').length;
    return adopted === 1 ? [] : [`${adopted} differences were adopted instead of one`];
  },
  waived: { o1: 'the venue does not tell the trade by hand', o3: 'its fee comes as a movement of cash' },
};
