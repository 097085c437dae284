import { slowestBooking } from '../booking-delay.js';
import { ladderTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const userStreamExpires: Scenario = {
  number: 10,
  name: 'user-stream-expires',
  inject: 'the private stream ends: its key expires and says so, is refused, and after a day',
  expect: 'a new stream and a back-fill within 10 s',
  // Polls are rare here: it is the back-fill that must find what was missed.
  options: { broker: { executionsMs: 60_000, reconcileMs: 60_000 }, protectionMs: 90_000 },
  play: ({ at, world }) => {
    at(40, () => world.lines.cutPrivate('listenKeyExpired', true));
    at(90, () => world.lines.cutPrivate('key-401', true));
    at(140, () => world.lines.cutPrivate('24h', true));
  },
  sometimes: ['private:listenKeyExpired', 'private:key-401', 'private:24h', 'event:while-down'],
  check: ({ facts, world }) => {
    const slowest = slowestBooking(facts) / world.market.speed;
    return [
      ...(world.tally.of('private:up') >= 4 ? [] : [`the private stream came up ${world.tally.of('private:up')} times`]),
      ...(slowest <= 10_000 ? [] : [`a fill was booked ${slowest} ms after it happened`]),
    ];
  },
};

export const reconnectThenQuiet: Scenario = {
  number: 10,
  name: 'reconnect-then-quiet',
  inject: 'orders fill while the streams are down, and nothing happens on the account after they are back; polls are an hour apart',
  expect: 'what was missed is asked for when the stream comes back',
  options: {
    broker: { executionsMs: 3_600_000, reconcileMs: 3_600_000, incomeMs: 3_600_000, catastrophe: { enabled: false } },
    protectionMs: Infinity,
    strategies: [{ strategy: ladderTrader('ladder', 8, 0.0005, [10]), tag: 'a', budget: 20_000 }],
    activeMs: 120_000,
  },
  play: ({ at, world }) =>
    at(21, () => {
      world.weather.unreachableUntil = world.time.now + 40_000;
      world.lines.cutPrivate('network', true);
    }),
  sometimes: ['event:while-down', 'private:network'],
  check: ({ facts, world }) => {
    const slowest = slowestBooking(facts) / world.market.speed;
    return slowest <= 55_000 ? [] : [`a fill was booked ${slowest} ms after it happened`];
  },
};
