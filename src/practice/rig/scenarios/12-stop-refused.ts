import { orderTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';
import { STOP_REFUSALS } from '../weather.js';

export const stopRefused: Scenario = {
  number: 12,
  name: 'stop-refused',
  inject: 'the venue refuses every conditional order, again and again: would trigger, price band, smallest notional, too many',
  expect: 'the position is closed or the account HALTED within the bound; never two stops',
  play: ({ between }) => between(30, 120, { refuseConditional: 1, refusals: STOP_REFUSALS }),
  sometimes: ['refused:conditional', ...STOP_REFUSALS.map(code => `refused:${code}`)],
  check: ({ facts, world }) => {
    const acted = facts.some(
      fact =>
        (fact.type === 'RiskStateChanged' && fact.state === 'HALTED') ||
        (fact.type === 'OrderApproved' && fact.strategy === '' && fact.ticket.type === 'market' && fact.ticket.reduceOnly),
    );
    const stops = new Map<string, number>();
    for (const order of world.exchange.openOrders(world.account, null, true))
      if (order.closePosition) stops.set(order.symbol, (stops.get(order.symbol) ?? 0) + 1);
    return [
      ...(acted ? [] : ['neither an emergency exit nor HALTED']),
      ...[...stops].filter(([, n]) => n > 1).map(([symbol, n]) => `${n} close-position stops in ${symbol}`),
    ];
  },
};

export const fiveRefusals: Scenario = {
  number: 12,
  name: 'five-refusals',
  inject: 'the smallest notional and the price band refuse protective orders and nothing else, five times and more',
  expect: 'after the fifth the position is closed',
  play: ({ between }) => between(30, 90, { refuseConditional: 1, refusals: ['min-notional', 'price-band'] }),
  sometimes: ['refused:min-notional', 'refused:price-band'],
  check: ({ facts, world }) => [
    ...(world.tally.of('refused:conditional') >= 5 ? [] : [`only ${world.tally.of('refused:conditional')} refusals`]),
    ...(facts.some(fact => fact.type === 'OrderApproved' && fact.strategy === '' && fact.ticket.type === 'market')
      ? []
      : ['no emergency exit']),
  ],
};

export const neverTwoStops: Scenario = {
  number: 12,
  name: 'never-two-stops',
  inject: 'a strategy sets its own stop under a position that the broker protects, takes it away, and changes its position',
  expect: 'one of the two goes: never two stops that would each close the position',
  options: { strategies: [{ strategy: orderTrader('orders'), tag: 'b', budget: 20_000 }] },
  play: ({ at, world }) => {
    const since = new Map<string, number>();
    for (let seconds = 5; seconds < 235; seconds++)
      at(seconds, () => {
        for (const { symbol, quantity } of world.exchange.positions(world.account)) {
          const stops = world.exchange
            .openOrders(world.account, symbol, true)
            .filter(order => (order.side === 'sell') === quantity > 0 && quantity !== 0);
          const own = stops.filter(order => !order.closePosition).reduce((sum, order) => sum + order.quantity, 0);
          if (own > 0) world.tally.count('stops:own');
          if (!stops.some(order => order.closePosition)) since.delete(symbol);
          else {
            world.tally.count('stops:broker');
            if (own < Math.abs(quantity) - 1e-9) since.delete(symbol);
            else if (!since.has(symbol)) since.set(symbol, seconds);
            else if (seconds - (since.get(symbol) ?? 0) === 8) world.tally.count('stops:two');
          }
        }
      });
  },
  sometimes: ['stops:own', 'stops:broker'],
  check: ({ world }) => (world.tally.of('stops:two') === 0 ? [] : [`two stops stood for 8 s, ${world.tally.of('stops:two')} times`]),
};
