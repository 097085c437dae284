import { ladderTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const rateLimit: Scenario = {
  number: 13,
  name: 'rate-limit',
  inject: '429 with a time for 20 s, 418 for two minutes',
  expect: 'no request in the ban, cancels first after it, no storm',
  options: { activeMs: 300_000, protectionMs: 135_000 },
  play: ({ at, world }) => {
    at(30, () => Object.assign(world.weather, { banUntil: world.time.now + 20_000, banCode: '429' }));
    at(100, () => Object.assign(world.weather, { banUntil: world.time.now + 120_000, banCode: '418' }));
    // A feed that lost its streams would ask for bars in the middle of the ban.
    at(130, () => world.lines.cutMarket('cut'));
  },
  sometimes: ['ban:429', 'ban:418', 'failure:limited'],
};

export const cancelsFirst: Scenario = {
  number: 13,
  name: 'cancels-first',
  inject: 'HALT is pressed in the middle of a ban, with orders at work and polls that wait',
  expect: 'the first requests after the ban are the cancels',
  options: { activeMs: 120_000, strategies: [{ strategy: ladderTrader('ladder', 6, 0.02, [10]), tag: 'a', budget: 20_000 }] },
  play: ({ at, world, host }) => {
    at(40, () => Object.assign(world.weather, { banUntil: world.time.now + 20_000, banCode: '429' }));
    at(56, () => void host.session?.halt({ all: false, flatten: false }));
  },
  sometimes: ['ban:429', 'failure:limited'],
  check: ({ world }) => {
    const first = world.afterBan.slice(0, 6);
    return first.length === 6 && first.every(name => name.startsWith('cancel')) ? [] : [`after the ban: ${first.join(', ')}`];
  },
};

export const budgetAtItsEnd: Scenario = {
  number: 13,
  name: 'budget-at-its-end',
  inject: 'a burst of orders takes all of the request budget, and HALT is pressed at once',
  expect: 'the part of the budget that is kept for cancels takes the first of them back at once',
  options: {
    activeMs: 100_000,
    broker: { weightPerMinute: 300, reconcileMs: 600_000 },
    strategies: [{ strategy: ladderTrader('ladder', 80, 0.02, [25]), tag: 'a', budget: 20_000 }],
  },
  play: ({ at, world, host }) => {
    const resting = (): number => world.exchange.openOrders(world.account, null, false).length;
    let isPressed = false;
    for (let tenths = 180; tenths < 900; tenths++)
      at(tenths / 10, () => {
        if (isPressed || resting() < 30) return;
        isPressed = true;
        const before = resting();
        world.tally.count('halt:orders-at-work', before);
        void host.session?.halt({ all: false, flatten: false });
        world.time.at(world.time.now + 1000, () => world.tally.count('halt:taken-back-at-once', Math.max(0, before - resting())));
      });
  },
  sometimes: ['halt:orders-at-work'],
  check: ({ world }) =>
    world.tally.of('halt:taken-back-at-once') >= 10
      ? []
      : [`${world.tally.of('halt:taken-back-at-once')} of ${world.tally.of('halt:orders-at-work')} orders were taken back within 1 s`],
};
