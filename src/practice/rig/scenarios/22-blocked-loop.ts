import type { Scenario } from '../scenario.js';

export const blockedLoop: Scenario = {
  number: 22,
  name: 'blocked-loop',
  inject: 'the event loop stands still for 5 s again and again, once while 50,000 market messages a second come',
  expect: 'market data is conflated, no event of an order is lost',
  play: ({ at, between, host, world }) => {
    for (const seconds of [30, 60, 90, 119.9, 150]) at(seconds, () => host.block(5_000));
    between(120, 121, { flood: 14_000 });
    between(140, 200, { flood: 20 });
    let before = 0;
    at(120, () => {
      before = world.tally.of('market:flood');
    });
    at(121, () => world.tally.count('market:burst', world.tally.of('market:flood') - before));
  },
  sometimes: ['process:blocked', 'process:late', 'market:flood', 'market:burst'],
  check: ({ world }) =>
    world.tally.of('market:burst') >= 50_000
      ? []
      : [`only ${world.tally.of('market:burst')} market messages came in the second of the burst`],
};
