import type { Scenario } from '../scenario.js';

export const twoEngines: Scenario = {
  number: 17,
  name: 'two-engines',
  inject: 'a second session starts on the same host, also while the first one stands still',
  expect: 'the second refuses; the first goes on as if nothing had been',
  play: ({ at, world, host }) => {
    const second = world.addHost('second', host);
    at(60, () => second.start());
    at(70, () => host.block(20_000));
    at(75, () => second.start());
    at(100, () => second.retire());
  },
  sometimes: ['process:refused', 'process:blocked', 'process:late'],
};

export const fencedHosts: Scenario = {
  number: 17,
  name: 'fenced-hosts',
  inject: 'a session on another machine, with a journal of its own, trades on the same account; the first one was paused',
  expect: 'orders of an epoch that is not its own end a session: HALTED, nothing more is opened',
  // Nobody protects a position while the only process stands still for a minute.
  options: { restartMs: null, protectionMs: 75_000 },
  play: ({ at, world, host }) => {
    const other = world.addHost('other');
    at(60, () => host.block(60_000));
    at(65, () => other.start());
  },
  sometimes: ['process:blocked', 'process:late'],
  check: ({ facts, world }) => {
    // One that halts for another reason has not seen the other.
    const halted = facts.some(fact => fact.type === 'RiskStateChanged' && fact.state === 'HALTED' && fact.code === 'fenced');
    const others = world.hosts.filter(each => each.name === 'other' && /Another session/.test(each.refusal ?? ''));
    return halted || others.length > 0 ? [] : ['two sessions trade one account and neither has ended because of the other'];
  },
  waived: {
    o1: 'the other journal has the other fills',
    o2: 'the other journal has the other intents',
    o3: 'the other journal has the other postings',
    o7: 'the account is the operator’s to settle',
  },
};

export const stalePaused: Scenario = {
  number: 17,
  name: 'stale-paused',
  inject: 'the first session stands still and loses its lock, a second one takes the account over on the same disk, and the first wakes up',
  expect: 'the stale one reads the token before each send and never sends; the journal stays whole',
  options: { restartMs: null },
  play: ({ at, world, host }) => {
    const second = world.addHost('second', host);
    at(60, () => host.block(40_000));
    at(62, () => {
      world.loseLocks();
      second.start();
    });
  },
  sometimes: ['process:blocked', 'process:late'],
  check: ({ facts, world }) => {
    const started = facts.flatMap(fact => (fact.type === 'SessionStarted' ? [fact] : []));
    const takenAt = world.market.trueAt(started[1]?.knownAt ?? Infinity);
    const stale = world.receipts.filter(({ request, sentAt }) => sentAt > takenAt && /\.1\.\d+$/.test(request.clientId));
    return [
      ...(started.length === 2 ? [] : [`${started.length} sessions started instead of two`]),
      ...stale.map(({ request }) => `the stale session sent ${request.clientId}`),
    ];
  },
  waived: {
    o4: 'the host that is asked is the stale one',
    o7: 'the host that is asked is the stale one',
    o6: 'two sessions, one of them stale',
  },
};
