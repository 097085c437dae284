import type { Scenario } from '../scenario.js';

export const fundingLate: Scenario = {
  number: 18,
  name: 'funding',
  inject: 'funding booked 30 minutes late, booked again at a corrected rate, and told twice in one answer',
  expect: 'the journal’s funding equals the exchange’s ledger to the unit',
  options: { activeMs: 420_000 },
  play: ({ at, between, world, options }) => {
    between(60, 410, { incomeTwice: true });
    const [first = '', second = ''] = options.symbols;
    at(5, () => {
      world.exchange.disturbFunding(first, world.exchange.now, { delayMs: 30 * 60_000 });
      world.exchange.disturbFunding(second, world.exchange.now, { correctedRate: 0.0009 });
    });
    at(200, () => world.exchange.disturbFunding(first, world.exchange.now, { delayMs: 20 * 60_000, correctedRate: -0.0004 }));
  },
  sometimes: ['income:twice'],
  check: ({ facts }) => (facts.some(fact => fact.type === 'FundingSettled') ? [] : ['no funding was booked']),
};
