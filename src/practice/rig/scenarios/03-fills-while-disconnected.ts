import type { Scenario } from '../scenario.js';

export const fillsWhileDisconnected: Scenario = {
  number: 3,
  name: 'fills-while-disconnected',
  inject: 'nobody reaches the venue for 1 s, 30 minutes and 2 hours of market time while orders rest there',
  expect: 'what filled, filled in part or ended meanwhile is back-filled in the order of the venue',
  options: { activeMs: 420_000, participation: 0.002 },
  play: ({ at, world }) => {
    for (const [seconds, length] of [
      [30, 1],
      [50, 60],
      [130, 240],
    ] as const)
      at(seconds, () => {
        world.weather.unreachableUntil = world.time.now + length * 1000;
        world.lines.cutPrivate('network', true);
        world.lines.cutMarket('network');
      });
  },
  sometimes: ['network:unreachable', 'event:while-down', 'private:network'],
};
