import type { Scenario } from '../scenario.js';

export const maintenance: Scenario = {
  number: 19,
  name: 'maintenance',
  inject: 'maintenance, a halted symbol, new tick and lot sizes, leverage changed from outside',
  expect: 'markets are loaded anew, orders rounded by the new rules, the state honest',
  options: { activeMs: 300_000 },
  play: ({ at, world, options }) => {
    const [first = '', second = ''] = options.symbols;
    at(30, () => Object.assign(world.weather, { outage: 'maintenance', outageUntil: world.time.now + 20_000 }));
    at(80, () => world.exchange.setTrading(second, false));
    at(110, () => world.exchange.setTrading(second, true));
    at(130, () => world.exchange.setSteps(first, 0.05, 0.01));
    at(180, () => world.exchange.setLeverage(world.account, first, 7));
  },
  sometimes: ['outage:maintenance'],
  check: ({ facts }) => {
    const refused = facts.filter(
      fact => fact.type === 'OrderRejected' && (fact.code === 'price-step' || fact.code === 'quantity-step'),
    ).length;
    return refused <= 2 ? [] : [`${refused} orders were refused for their steps: markets were not loaded anew`];
  },
};

export const delisting: Scenario = {
  number: 19,
  name: 'delisting',
  inject: 'a symbol that is held is halted for good, its orders expire and the venue closes its position',
  expect: 'nothing new is sent for it, the closing is booked as external, the other symbol goes on',
  play: ({ at, world, options }) => {
    const gone = options.symbols[1] ?? '';
    const held = (): number => world.exchange.positions(world.account).find(each => each.symbol === gone)?.quantity ?? 0;
    at(99, () => {
      if (held() === 0) world.exchange.manualTrade(world.account, gone, 'buy', 2);
    });
    at(100, () => world.exchange.setTrading(gone, false));
    at(120, () => {
      for (const { venueId } of world.exchange.openOrders(world.account, gone, false))
        world.exchange.expire(world.account, { symbol: gone, clientId: null, venueId, conditional: false });
      if (held() === 0) return;
      world.tally.count('delisted:closed');
      world.exchange.deleverage(world.account, gone, Math.abs(held()));
    });
  },
  sometimes: ['delisted:closed'],
  check: ({ facts, world, host }) => {
    const marketAt = (seconds: number): number => (facts[0]?.ts ?? NaN) + seconds * 1000 * world.market.speed;
    const accepted = facts.filter(fact => fact.type === 'OrderAccepted' && fact.ts > marketAt(125));
    const gone = world.instruments[1]?.symbol;
    return [
      ...(accepted.some(fact => fact.type === 'OrderAccepted' && fact.symbol === gone)
        ? ['an order was accepted after the delisting']
        : []),
      ...(accepted.length > 0 || host.session?.isHalted === true ? [] : ['the other symbol did not go on']),
    ];
  },
};
