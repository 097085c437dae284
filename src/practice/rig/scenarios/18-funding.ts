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

/** Settlement asset; none of them twice, so that each can be told. */
const CORRECTIONS = [1.25, -0.75, -2.5, 0.0625, -0.03125, 3.5] as const;

export const feeCorrected: Scenario = {
  number: 18,
  name: 'fee-corrected',
  inject: 'minutes after trades are closed some of their fees are paid back and others are charged, also while the process is down',
  expect: 'profit and loss equals the exchange’s ledger to the unit, and each correction is booked once',
  options: { activeMs: 200_000, restartMs: 8_000 },
  play: ({ at, host, world, options }) => {
    const [first = '', second = ''] = options.symbols;
    const correct = (symbol: string, amount: number): void => {
      const isClosed = world.exchange.executions(world.account, symbol, -Infinity, world.exchange.now - 60_000).length > 0;
      if (isClosed) world.tally.count(amount > 0 ? 'fee:paid-back' : 'fee:charged');
      world.exchange.correctFee(world.account, symbol, amount);
    };
    CORRECTIONS.forEach((amount, i) => at(60 + 20 * i, () => correct(i % 2 === 0 ? first : second, amount)));
    at(118, () => host.crash());
  },
  sometimes: ['fee:paid-back', 'fee:charged', 'process:crash'],
  check: ({ facts }) => {
    const moved = (...kinds: readonly string[]): readonly number[] =>
      facts.flatMap(fact => (fact.type === 'CashMoved' && kinds.includes(fact.kind) ? [fact.amount / 1e8] : []));
    const booked = moved('fee', 'rebate');
    return [
      ...CORRECTIONS.map(amount => ({ amount, times: booked.filter(each => each === amount).length }))
        .filter(({ times }) => times !== 1)
        .map(({ amount, times }) => `a correction of ${amount} was booked ${times} times`),
      // The venue's ledger explains each of them.
      ...moved('adopted').map(amount => `${amount} was adopted without an explanation`),
    ];
  },
};
