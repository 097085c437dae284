import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PracticeEvent, PracticeExchange, PracticeOrder } from '../../../src/practice/practice-exchange.js';
import { play, wildExchange } from './order-flow.js';
import { BTC, ETH, heard } from './practice-ground.js';

const units = (money: number): number => Math.round(money * 1e8);
const lots = (quantity: number): number => Math.round(quantity * 1000);

/** What must hold of an account at every moment, from what it says itself: where it does not. */
const faults = (exchange: PracticeExchange, account: string): string[] => {
  const found: string[] = [];
  const same = (what: string, is: number, due: number): void => {
    if (is !== due) found.push(`${what} of ${account} is ${is} and not ${due}`);
  };
  const sums = { all: units(20_000), realised: 0, fee: 0 };
  for (const { kind, amount } of exchange.income(account, -Infinity, Infinity)) {
    sums.all += units(amount);
    if (kind === 'realised' || kind === 'fee') sums[kind] += units(amount);
  }
  same('wallet', units(exchange.balances(account)[0]!.wallet), sums.all);
  const said: Record<string, number> & { realised: number; fee: number } = { [BTC]: 0, [ETH]: 0, realised: 0, fee: 0 };
  for (const { symbol, side, quantity, fee, realised } of exchange.executions(account, null, -Infinity, Infinity)) {
    said[symbol]! += (side === 'buy' ? 1 : -1) * lots(quantity);
    said.realised += units(realised);
    said.fee -= units(fee);
  }
  same('realised', sums.realised, said.realised);
  same('fees', sums.fee, said.fee);
  const held = exchange.positions(account);
  for (const symbol of [BTC, ETH]) same(symbol, lots(held.find(each => each.symbol === symbol)?.quantity ?? 0), said[symbol]!);
  return found;
};

const checkOrders = (exchange: PracticeExchange, account: string): void => {
  const executions = exchange.executions(account, null, -Infinity, Infinity);
  const filled = new Map<string, number>();
  for (const { venueOrderId, quantity } of executions) filled.set(venueOrderId, (filled.get(venueOrderId) ?? 0) + lots(quantity));
  const orders = exchange.allOrders(account);
  for (const order of orders) {
    if (order.spawned === null) expect(lots(order.filled)).toBe(filled.get(order.venueId) ?? 0);
    expect(lots(order.filled)).toBeLessThanOrEqual(lots(order.quantity));
    if (order.status === 'filled') expect(lots(order.filled)).toBe(lots(order.quantity));
  }
  const identities = executions.map(each => `${each.symbol}/${each.id}/${each.venueOrderId}`);
  expect(new Set(identities).size).toBe(identities.length);
  expect(new Set(orders.map(each => `${each.venueId}/${each.conditional}`)).size).toBe(orders.length);
  const ids = exchange.income(account, -Infinity, Infinity).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
};

/** The orders as somebody knows them who has only heard the events. */
const folded = (events: readonly PracticeEvent[], account: string): PracticeOrder[] => {
  const orders = new Map<string, PracticeOrder>();
  for (const event of events)
    if (event.event === 'order' && event.account === account) orders.set(`${event.order.venueId}/${event.order.conditional}`, event.order);
  return [...orders.values()];
};

describe('the ledger of the practice exchange', () => {
  it('adds up at every moment, whatever happens, and the events tell all of it', () => {
    const seen: Record<string, number> = {};
    const causes: Record<string, number> = {};
    let natural = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.boolean(), (seed, conditionalSpace) => {
        const exchange = wildExchange(seed, { conditionalSpace });
        const events = heard(exchange);
        const { refusals } = play(exchange, seed, 100, what => {
          seen[what] = (seen[what] ?? 0) + 1;
          expect(['a', 'b'].flatMap(account => faults(exchange, account))).toEqual([]);
        });
        for (const [code, count] of Object.entries(refusals)) seen[code] = (seen[code] ?? 0) + count;
        for (const account of ['a', 'b']) {
          checkOrders(exchange, account);
          const all = exchange.allOrders(account);
          expect(folded(events, account)).toEqual(all);
          const told = events.flatMap(each =>
            each.event === 'order' && each.account === account && each.execution !== null ? [each.execution] : [],
          );
          expect(told).toEqual(exchange.executions(account, null, -Infinity, Infinity));
          for (const { cause } of told) causes[cause] = (causes[cause] ?? 0) + 1;
          natural += all.filter(each => each.cause === 'liquidation').length;
        }
      }),
      { numRuns: 14 },
    );
    // The flow has really been everywhere.
    for (const what of [
      'cancel',
      'amend',
      'cancelAll',
      'cancelAllAt',
      'manualTrade',
      'liquidate',
      'deleverage',
      'transfer',
      'expire',
      'setSteps',
      'disturbFunding',
    ])
      expect([what, (seen[what] ?? 0) > 0]).toEqual([what, true]);
    for (const code of [
      'margin',
      'would-trigger',
      'reduce-only',
      'duplicate',
      'halted',
      'absent',
      'quantity-step',
      'price-step',
      'max-quantity',
    ])
      expect([code, (seen[code] ?? 0) > 0 || code === 'max-quantity']).toEqual([code, true]);
    expect(causes['order']).toBeGreaterThan(200);
    expect(causes['adl']).toBeGreaterThan(5);
    expect(natural).toBeGreaterThan(seen['liquidate']! / 4);
  });

  it('is the same for the same calls at the same times, ids included, whoever listens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), seed => {
        const truth = (listens: boolean): string => {
          const exchange = wildExchange(seed);
          if (listens) heard(exchange, ['bar', 'trade', 'book', 'quote', 'mark', 'funding', 'funding-estimate']);
          play(exchange, seed, 80);
          return JSON.stringify(
            ['a', 'b'].map(account => [
              exchange.allOrders(account),
              exchange.executions(account, null, 0, Infinity),
              exchange.income(account, 0, Infinity),
              exchange.positions(account),
            ]),
          );
        };
        const first = truth(false);
        expect(truth(false)).toBe(first);
        expect(truth(true)).toBe(first);
      }),
      { numRuns: 2 },
    );
  });
});
