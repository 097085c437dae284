import type { Scenario } from '../scenario.js';

const KINDS = ['5xx', 'dns', 'html', 'empty'] as const;

export const errorIsNotAbsence: Scenario = {
  number: 6,
  name: 'error-is-not-absence',
  inject: 'all requests answer 5xx, do not resolve, HTML, or nothing, for 10 minutes of market time each',
  expect: 'no order closed, nothing read as flat, no new exposure, DEGRADED',
  play: ({ at, world }) =>
    KINDS.forEach((outage, i) => at(30 + 45 * i, () => Object.assign(world.weather, { outage, outageUntil: world.time.now + 20_000 }))),
  sometimes: KINDS.map(kind => `outage:${kind}`),
  check: ({ facts }) => [
    ...(facts.some(fact => fact.type === 'PositionAdopted') ? ['a position was adopted from errors'] : []),
    ...(facts.some(fact => fact.type === 'ConnectionChanged' && fact.channel === 'requests' && fact.state !== 'live')
      ? []
      : ['requests never were degraded']),
  ],
};

export const outageAfterLostAck: Scenario = {
  number: 6,
  name: 'outage-after-lost-ack',
  inject:
    'orders are accepted without an answer, the private stream is silent, and every question about them fails for 10 minutes of market time',
  expect: 'they stay UNKNOWN until the venue itself says what they are; none is closed by an error',
  play: ({ at, between, world }) =>
    KINDS.forEach((outage, i) => {
      between(26 + 45 * i, 34 + 45 * i, { loseAnswer: 1 });
      at(26 + 45 * i, () => Object.assign(world.weather, { privateSilentUntil: world.time.now + 28_000 }));
      at(34 + 45 * i, () => Object.assign(world.weather, { outage, outageUntil: world.time.now + 20_000 }));
    }),
  sometimes: ['lost-answer:submit', ...KINDS.map(kind => `outage:${kind}`)],
  check: ({ facts }) => (facts.some(fact => fact.type === 'OrderUnknown') ? [] : ['no order was ever UNKNOWN']),
};
