import { BAR_MS } from '../made-up-market.js';
import { barWitness } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const silentStaleData: Scenario = {
  number: 9,
  name: 'silent-stale-data',
  inject: 'sockets open and silent, and then the same bar again and again',
  expect: 'stale within 3 expected intervals: no new entries, the channel is opened anew, no bar lost or doubled',
  play: ({ at, world }) => {
    at(40, () => {
      world.weather.marketSilentUntil = world.time.now + 25_000;
    });
    at(130, () => {
      world.weather.marketFrozenUntil = world.time.now + 25_000;
    });
  },
  sometimes: ['market:silent', 'market:frozen', 'market:resubscribed'],
  check: ({ facts }) => {
    const stale = new Set<string>();
    const doubtful = new Set<string>();
    const opened: string[] = [];
    let wasStale = false;
    for (const fact of facts)
      if (fact.type === 'ConnectionChanged' && fact.channel === 'bars') {
        if (fact.state === 'live') stale.delete(fact.symbol);
        else stale.add(fact.symbol);
        wasStale ||= fact.state === 'stale';
      } else if (fact.type === 'OrderApproved' && !fact.ticket.reduceOnly && stale.has(fact.ticket.symbol))
        doubtful.add(fact.ticket.orderId);
      else if (fact.type === 'OrderAccepted' && doubtful.has(fact.orderId)) opened.push(`${fact.orderId} was sent on stale data`);
    return [
      ...(wasStale ? [] : ['bars never were stale']),
      ...(doubtful.size > 0 ? [] : ['no strategy wanted anything while bars were stale']),
      ...opened.slice(0, 3),
    ];
  },
};

export const barsOmitted: Scenario = {
  number: 9,
  name: 'bars-omitted',
  inject: 'a third of the closed bars never comes, others come twice, late, or with impossible values; streams are cut',
  expect: 'the strategy is given every bar once, in order, and none that is not true',
  options: { activeMs: 150_000, strategies: [{ strategy: barWitness('witness'), tag: 'a', budget: 20_000 }] },
  play: ({ at, between, world }) => {
    between(5, 145, { omitBar: 0.3, duplicateBar: 0.3, lateBar: 0.2, hostileBar: 0.2 });
    for (const seconds of [30, 70, 110]) at(seconds, () => world.lines.cutMarket('cut'));
  },
  sometimes: ['bar:omitted', 'bar:duplicated', 'bar:late', 'market:cut', 'hostile-bar:price-x10', 'hostile-bar:nan'],
  check: ({ facts, world }) =>
    world.instruments.flatMap(({ symbol }) => {
      const closes = facts.flatMap(fact => (fact.type === 'TargetSet' && fact.symbol === symbol ? [fact.ts] : []));
      const wrong = closes.findIndex((ts, i) => i > 0 && ts !== (closes[i - 1] ?? NaN) + BAR_MS);
      return [
        ...(closes.length >= 60 ? [] : [`${symbol}: only ${closes.length} bars were given`]),
        ...(wrong < 0 ? [] : [`${symbol}: after the bar of ${closes[wrong - 1]} that of ${closes[wrong]} was given`]),
      ];
    }),
};
