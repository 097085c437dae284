import type { Scenario } from '../scenario.js';

export const clockSkew: Scenario = {
  number: 14,
  name: 'clock-skew',
  inject: 'the wall clock is off by ±1 s and ±60 s, steps back an hour, and drifts; orders are refused with -1021',
  expect: 'event time never runs back, the clock is compared anew, nothing new is opened above the bound',
  options: { activeMs: 320_000 },
  play: ({ at, host }) => {
    [1000, -2000, 61_000, -120_000, 60_000].forEach((ms, i) => at(25 + 30 * i, () => host.machine.step(ms)));
    at(190, () => host.machine.step(-3_600_000));
    at(230, () => host.machine.step(3_600_000));
    at(250, () => host.machine.drift(20));
    at(310, () => host.machine.drift(0));
  },
  sometimes: ['request:outside-window', 'failure:clock'],
  check: ({ facts, world }) => {
    // From 85 s to 145 s the clock is a minute off: after one comparison nothing new may be opened.
    const marketAt = (seconds: number): number => (facts[0]?.ts ?? NaN) + seconds * 1000 * world.market.speed;
    const opening = new Set(facts.flatMap(fact => (fact.type === 'OrderApproved' && !fact.ticket.reduceOnly ? [fact.ticket.orderId] : [])));
    const opened = facts.find(
      fact => fact.type === 'OrderAccepted' && opening.has(fact.orderId) && fact.ts > marketAt(122) && fact.ts < marketAt(144),
    );
    if (opened !== undefined) return [`${JSON.stringify(opened)}: opened while the clock was a minute off`];
    const known = new Map<string, number>();
    for (const fact of facts) {
      if (fact.knownAt < (known.get(fact.strategy) ?? -Infinity)) return [`knownAt runs back at ${fact.strategy} ${fact.seq}`];
      known.set(fact.strategy, fact.knownAt);
    }
    return [];
  },
};
