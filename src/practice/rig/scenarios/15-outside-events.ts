import type { Scenario } from '../scenario.js';

export const outsideEvents: Scenario = {
  number: 15,
  name: 'outside-events',
  inject: 'trades by hand, a liquidation, automatic deleveraging, a deposit, a withdrawal, a transfer',
  expect: 'recognised from executions and income, booked as external, the strategies told',
  play: ({ at, world, options }) => {
    const [first = '', second = ''] = options.symbols;
    const held = (symbol: string): number => world.exchange.positions(world.account).find(each => each.symbol === symbol)?.quantity ?? 0;
    at(30, () => world.exchange.manualTrade(world.account, first, 'buy', 2));
    at(60, () => world.exchange.transfer(world.account, 1234.5, 'deposit'));
    at(80, () => world.exchange.manualTrade(world.account, second, 'sell', 5));
    at(100, () => {
      if (held(second) === 0) return;
      world.tally.count('adl');
      world.exchange.deleverage(world.account, second, Math.abs(held(second)) / 2);
    });
    at(130, () => {
      if (held(first) === 0) world.exchange.manualTrade(world.account, first, 'buy', 2);
      world.tally.count('liquidation');
      world.exchange.liquidate(world.account, first);
    });
    at(160, () => world.exchange.transfer(world.account, -500, 'withdrawal'));
    at(180, () => world.exchange.transfer(world.account, 77.25, 'transfer'));
  },
  sometimes: ['adl', 'liquidation'],
  check: ({ facts }) => {
    const causes = new Set(facts.flatMap(fact => (fact.type === 'ExternalFilled' ? [fact.cause] : [])));
    const moved = new Set(facts.flatMap(fact => (fact.type === 'CashMoved' && fact.income !== '' ? [fact.kind] : [])));
    return [
      ...(['manual', 'liquidation', 'adl'] as const).filter(cause => !causes.has(cause)).map(cause => `no external fill by ${cause}`),
      ...(['deposit', 'withdrawal', 'transfer'] as const).filter(kind => !moved.has(kind)).map(kind => `no ${kind} was booked`),
    ];
  },
};
