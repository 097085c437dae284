import { slowestBooking } from '../booking-delay.js';
import type { Scenario } from '../scenario.js';

export const fillsOmitted: Scenario = {
  number: 4,
  name: 'fills-omitted',
  inject: 'half of the private events never come, though the stream is alive',
  expect: 'polled executions find them within their interval; gaps are counted',
  play: ({ between }) => between(10, 235, { omitEvent: 0.5 }),
  sometimes: ['event:omitted'],
  check: ({ facts, world }) => {
    const slowest = slowestBooking(facts) / world.market.speed;
    return [
      ...(facts.some(fact => fact.type === 'GapFound' && fact.channel === 'private' && fact.recovered > 0)
        ? []
        : ['no gap of the private stream was counted']),
      ...(slowest <= 9_000 ? [] : [`a fill was booked ${slowest} ms after it happened: polls come every 5 s`]),
    ];
  },
};
