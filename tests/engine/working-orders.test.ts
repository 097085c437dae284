import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workingOrder, WorkingOrders, type WorkingOrder } from '../../src/engine/working-orders.js';
import { Account } from '../../src/portfolio/account.js';
import { approve, isDenial } from '../../src/risk/approve.js';
import { availableMargin } from '../../src/risk/available-margin.js';
import { concentration } from '../../src/risk/concentration.js';
import { netExposure } from '../../src/risk/net-exposure.js';
import { grossAfter, type RiskView } from '../../src/risk/risk-check.js';
import { instrument, ticket } from '../risk/book.js';

const SYMBOLS = ['AAA/USDT:USDT', 'BBB/USDT:USDT', 'CCC/USDT:USDT', 'DDD/USDT:USDT', 'EEE/USDT:USDT'];

describe('working orders', () => {
  it('are judged over the symbols in which something is held or at work as over all of them, to the last bit', () => {
    const symbol = fc.constantFrom(...SYMBOLS);
    const anOrder = fc.record({
      symbol,
      side: fc.constantFrom('buy' as const, 'sell' as const),
      lots: fc.integer({ min: 1, max: 50 }),
      reduceOnly: fc.boolean(),
      positionSide: fc.constantFrom('long' as const, 'short' as const),
    });
    let few = 0;
    fc.assert(
      fc.property(
        fc.record({
          hedge: fc.boolean(),
          held: fc.array(fc.tuple(fc.nat(4), fc.integer({ min: -40, max: 40 })), { maxLength: 3 }),
          orders: fc.array(fc.tuple(anOrder, fc.boolean()), { maxLength: 6 }),
          asked: anOrder,
        }),
        ({ hedge, held, orders, asked }) => {
          const instruments = SYMBOLS.map(each => instrument(each));
          const account = new Account(instruments, 10_000, { hedge });
          const prices = Float64Array.from(SYMBOLS, (_, i) => 100 / 3 + i / 7);
          for (const [i, lots] of held) if (lots !== 0) account.fill(account.slot(i, lots < 0 ? 'short' : 'long'), 100, lots, 0);
          const own = new WorkingOrders(account, prices);
          const legged = ({ positionSide, ...rest }: typeof asked) => (hedge ? { ...rest, positionSide } : rest);
          const at: WorkingOrder[] = [];
          orders.forEach(([order, isOver], i) => {
            const approved = approve(
              ticket(order.symbol, order.side, order.lots, { ...legged(order), orderId: `o${i}` }),
              own,
              [],
              'ACTIVE',
            );
            if (isDenial(approved)) return;
            const index = SYMBOLS.indexOf(order.symbol);
            const slot = account.slot(index, hedge ? order.positionSide : undefined);
            const working = workingOrder(approved, { intent: 0, index, slot, fromTarget: true, name: null });
            own.add(working);
            at.push(working);
            if (!isOver) return;
            own.forget(working);
            at.pop();
          });
          const wanted = own.judged(ticket(asked.symbol, asked.side, asked.lots, legged(asked)));
          const engaged = own.engaged(wanted.symbol);
          expect(own.symbols.filter(name => engaged.includes(name))).toEqual(engaged);
          expect(engaged).toContain(wanted.symbol);
          for (const name of own.symbols)
            if (!engaged.includes(name))
              expect([own.held(name), own.workingNotional(name, 'buy'), own.workingNotional(name, 'sell')]).toEqual([0, 0, 0]);
          if (engaged.length < own.symbols.length) few++;
          for (let i = 0; i < SYMBOLS.length; i++) expect(own.ofTargets(i, false)).toEqual(at.filter(order => order.index === i));

          const all = Object.create(own, { engaged: { value: undefined } }) as RiskView;
          // A limit that nothing meets: the denial then tells the sum that was compared.
          const checks = [availableMargin({ leverageOf: () => 1e-6, tiersOf: () => [] }), netExposure(-1e9), concentration(-1, -1e9)];
          for (const check of checks) expect(check(wanted, own)).toEqual(check(wanted, all));
          expect(grossAfter(wanted, own)).toBe(grossAfter(wanted, all));
        },
      ),
      { numRuns: 300 },
    );
    expect(few).toBeGreaterThan(100);
  });
});
