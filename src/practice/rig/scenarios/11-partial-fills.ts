import type { Instrument } from '../../../market/instrument.js';
import { toAmount, units } from '../../../market/units.js';
import { amendTrader, targetTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const partialFills: Scenario = {
  number: 11,
  name: 'partial-fills',
  inject: 'orders fill in small parts, and are then cancelled, amended or expired by the venue; fees are taken in BNB',
  expect: 'what remains is exact, protective orders follow the position, dust is said',
  options: {
    participation: 0.0008,
    strategies: [
      { strategy: targetTrader('targets'), tag: 'a', budget: 20_000 },
      { strategy: amendTrader('amends'), tag: 'b', budget: 20_000 },
    ],
    broker: { assetPrices: { BNB: 0.5 } },
  },
  play: ({ at, between, world }) => {
    between(0, 180, { feeAsset: { asset: 'BNB', price: 0.5 } });
    world.exchange.listen(event => {
      if (event.event !== 'order') return;
      if (event.change === 'amended' && event.order.filled > 0) world.tally.count('amended:part-filled');
      if (event.execution !== null && world.weather.feeAsset !== null) world.tally.count(`fee:${world.weather.feeAsset.asset}`);
    }, []);
    for (let seconds = 20; seconds < 230; seconds += 19)
      at(seconds, () => {
        const part = world.exchange.openOrders(world.account, null, false).find(order => order.filled > 0);
        if (part === undefined) return;
        world.tally.count('expired:part-filled');
        world.exchange.expire(world.account, { symbol: part.symbol, clientId: null, venueId: part.venueId, conditional: false });
      });
  },
  sometimes: ['expired:part-filled', 'amended:part-filled', 'fee:BNB'],
  check: ({ world }) =>
    world.exchange.allOrders(world.account).some(order => order.status === 'cancelled' && order.filled > 0 && order.filled < order.quantity)
      ? []
      : ['no order was cancelled with a part filled'],
};

export const baseCoinFees: Scenario = {
  number: 11,
  name: 'base-coin-fees',
  inject: 'fees are taken in the base coin, whose price moves',
  expect: 'every lot is booked, and fees are valued at the price of the coin',
  options: { activeMs: 120_000 },
  play: ({ between }) => between(0, 10_000, { feeAsset: { asset: 'AAA', price: 64 } }),
  sometimes: ['requests'],
  check: ({ facts, world }) => {
    const booked = new Map<string, number>();
    let fees = 0;
    let worth = 0;
    for (const fact of facts)
      if (fact.type === 'OrderFilled') {
        const key = `${fact.symbol} ${fact.execution}`;
        booked.set(key, (booked.get(key) ?? 0) + fact.lots);
        fees += fact.fee;
      }
    const missed: string[] = [];
    for (const { symbol, id, quantity, fee } of world.exchange.executions(world.account, null, -Infinity, Infinity)) {
      const { lots } = units(world.instruments.find(each => each.symbol === symbol) as Instrument);
      if (booked.get(`${symbol} ${id}`) !== lots(Math.abs(quantity))) missed.push(`${symbol} ${id} is not booked whole`);
      worth += toAmount(fee);
    }
    // The made-up price begins between 90 and 110 and is told as 64 a coin.
    const ratio = fees / worth;
    return [...missed, ...(ratio > 1.2 && ratio < 2 ? [] : [`fees were booked at ${ratio} of what they would be at 64 a coin`])];
  },
  waived: { o1: 'fees are valued at the last price: the check compares the lots', o3: 'fees are valued at the last price' },
};
