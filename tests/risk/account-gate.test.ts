import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkingOrders, workingOrder } from '../../src/engine/working-orders.js';
import type { Side } from '../../src/events/order.js';
import { Account } from '../../src/portfolio/account.js';
import { accountGate, type AccountGateOptions } from '../../src/risk/account-gate.js';
import { accountView, type OrderFigures } from '../../src/risk/account-view.js';
import { approve, isDenial } from '../../src/risk/approve.js';
import { onPosition } from '../../src/risk/position-name.js';
import type { StateChange } from '../../src/risk/state-board.js';
import { A, B, INSTRUMENTS, OFF, instrument, ticket, working } from './book.js';

/** Two strategies on one account of 1,000 where everything costs 100. */
const account = (options: Partial<Pick<AccountGateOptions, 'limits' | 'budgets'>> = {}) => {
  const held: Record<string, Record<string, number>> = { trend: {}, carry: {} };
  const orders: Record<string, OrderFigures[]> = { trend: [], carry: [] };
  const changes: StateChange[] = [];
  let now = 0;
  const figures = (names: readonly string[]) =>
    accountView(INSTRUMENTS, {
      equity: 1000,
      positions: names.flatMap(name => Object.entries(held[name] ?? {}).map(([symbol, lots]) => ({ symbol, lots }))),
      orders: names.flatMap(name => orders[name] ?? []),
      lastPrice: () => 100,
    });
  const gate = accountGate({
    limits: OFF,
    budgets: {},
    instruments: INSTRUMENTS,
    barMs: 3_600_000,
    tiersOf: () => [],
    hedge: false,
    now: () => now,
    view: () => figures(['trend', 'carry']),
    viewOf: name => figures([name]),
    onChange: change => changes.push(change),
    ...options,
  });
  return {
    gate,
    held,
    orders,
    changes,
    figures,
    at: (ts: number): void => {
      now = ts;
    },
    ask: (name: string, symbol: string, side: Side, lots: number, reduceOnly = false): string => {
      const answer = gate.approve(name, ticket(symbol, side, lots, { reduceOnly }));
      return isDenial(answer) ? answer.code : 'approved';
    },
  };
};

describe('the gate of an account', () => {
  it('judges each strategy with the positions and orders of all', () => {
    const { ask, held, orders } = account({ limits: { ...OFF, maxLeverage: 2, maxExposure: 1 } });
    held['carry'] = { [A]: -8, [B]: 6 };
    orders['carry'] = [working(B, 'buy', 2)];
    expect(ask('trend', B, 'buy', 2)).toBe('approved');
    expect(ask('trend', B, 'buy', 3)).toBe('max-exposure');
    // Buying back what the other is short brings the account nearer to flat.
    expect(ask('trend', A, 'buy', 8)).toBe('approved');
    expect(ask('trend', A, 'buy', 21)).toBe('max-leverage');
  });

  it('holds each strategy to its budget, of money and of the equity of all', () => {
    const { ask, held, orders } = account({
      budgets: { trend: { share: 0.5, notional: null }, carry: { share: 0.9, notional: 300 } },
    });
    expect(ask('trend', A, 'buy', 5)).toBe('approved');
    expect(ask('trend', A, 'buy', 6)).toBe('strategy-budget');
    expect(ask('carry', A, 'sell', 3)).toBe('approved');
    expect(ask('carry', A, 'sell', 4)).toBe('strategy-budget');
    expect(ask('nobody', A, 'buy', 1000)).toBe('approved');
    held['trend'] = { [A]: 3 };
    orders['trend'] = [working(B, 'buy', 1)];
    held['carry'] = { [A]: -9 };
    expect(ask('trend', B, 'sell', 1)).toBe('approved');
    expect(ask('trend', B, 'buy', 1)).toBe('approved');
    expect(ask('trend', B, 'buy', 2)).toBe('strategy-budget');
    // What brings the strategy nearer to flat passes its budget.
    expect(ask('carry', A, 'buy', 9)).toBe('approved');
    expect(ask('carry', A, 'sell', 1)).toBe('strategy-budget');
  });

  it('is held by its own state, reports each change, and lets reductions through', () => {
    const t = account({ limits: { ...OFF, maxDailyLoss: 0.1, maxDrawdown: 0.5 } });
    t.held['trend'] = { [A]: 5 };
    t.gate.mark(1000);
    t.at(3_600_000);
    t.gate.mark(899);
    expect(t.changes.map(({ state, code }) => [state, code])).toEqual([['REDUCING', 'daily-loss']]);
    expect(t.ask('trend', A, 'buy', 1)).toBe('reducing');
    expect(t.ask('trend', A, 'sell', 5)).toBe('approved');
    t.gate.report({ source: 'operator', state: 'HALTED', code: 'operator', text: 'ann pressed it' });
    expect(t.ask('trend', A, 'sell', 5)).toBe('halted');
    expect(t.ask('trend', A, 'sell', 5, true)).toBe('approved');
    t.gate.report({ source: 'operator', state: 'ACTIVE', code: 'operator', text: 'and took it back' });
    t.at(86_400_000);
    t.gate.tick();
    t.gate.mark(500);
    expect(t.gate.state).toBe('HALTED');
    t.gate.resume('operator', 'the cause is known');
    expect(t.changes.map(({ state, code }) => [state, code]).slice(1)).toEqual([
      ['HALTED', 'operator'],
      ['REDUCING', 'daily-loss'],
      ['ACTIVE', 'calm'],
      ['HALTED', 'max-drawdown'],
      ['ACTIVE', 'operator'],
    ]);
    t.gate.mark(451);
    expect(t.gate.state).toBe('ACTIVE');
  });

  it('goes on after a restart where it was', () => {
    const limits = { ...OFF, maxDailyLoss: 0.1, maxDrawdown: 0.2 };
    const before = account({ limits });
    before.gate.mark(1000);
    before.gate.mark(950);
    const memory = JSON.parse(JSON.stringify(before.gate.memory())) as ReturnType<typeof before.gate.memory>;
    const after = account({ limits });
    after.gate.remember(memory);
    after.gate.mark(900);
    expect(after.changes).toEqual([]);
    after.gate.mark(899);
    after.gate.mark(800);
    expect(after.changes.map(({ code }) => code)).toEqual(['daily-loss', 'max-drawdown']);
  });

  it('goes by other limits from the moment on at which they are changed, and counts what was sent before', () => {
    const { ask, gate } = account();
    for (let i = 0; i < 3; i++) expect(ask('trend', A, 'buy', 1)).toBe('approved');
    gate.change({ ...OFF, maxOrderRate: 3 });
    expect(ask('carry', A, 'buy', 1)).toBe('order-rate');
    gate.change({ ...OFF, maxOrderRate: 4, maxPosition: 100 });
    expect(ask('carry', A, 'buy', 2)).toBe('max-position');
    expect(ask('carry', A, 'buy', 1)).toBe('approved');
  });

  it('judges a change of an order without the order itself', () => {
    const { gate, figures } = account({ limits: { ...OFF, maxExposure: 0.5 }, budgets: { trend: { share: 1, notional: null } } });
    const without = { account: figures(['trend', 'carry']), own: figures(['trend']) };
    const amendment = { orderId: 'o1', lots: 5, limit: null, stop: null };
    expect(gate.approveAmendment('trend', amendment, ticket(A, 'buy', 5), without)).toBe(amendment);
    expect(gate.approveAmendment('trend', amendment, ticket(A, 'buy', 6), without)).toMatchObject({ code: 'max-exposure' });
    expect(gate.approveAmendment('trend', amendment, null, without)).toBe(amendment);
  });
});

describe('a view from plain numbers', () => {
  it('is the view that a strategy’s own orders give, in one-way and in hedge mode, linear and inverse', () => {
    const instruments = [
      instrument(A, { tickSize: 0.5, lotSize: 0.1 }),
      instrument('CCC/USD:CCC', { kind: 'inverse-perpetual', lotSize: 10 }),
    ];
    const symbols = instruments.map(({ symbol }) => symbol);
    const price = fc.option(fc.integer({ min: 50, max: 400 }), { nil: null });
    const anOrder = fc.record({
      symbol: fc.constantFrom(...symbols),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      lots: fc.integer({ min: 1, max: 50 }),
      limit: price,
      stop: price,
      reduceOnly: fc.boolean(),
      positionSide: fc.constantFrom('long' as const, 'short' as const),
    });
    const figures = fc.record({
      hedge: fc.boolean(),
      lots: fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 4 }),
      last: fc.tuple(fc.integer({ min: 50, max: 200 }), fc.integer({ min: 50, max: 200 })),
      orders: fc.array(anOrder, { maxLength: 6 }),
      asked: anOrder,
    });
    fc.assert(
      fc.property(figures, ({ hedge, lots, last, orders, asked }) => {
        const books = new Account(instruments, 10_000, { hedge });
        const prices = Float64Array.from(last);
        for (let slot = 0; slot < books.lots.length; slot++) {
          const signed = hedge ? (slot < 2 ? Math.abs(lots[slot]!) : -Math.abs(lots[slot]!)) : lots[slot]!;
          if (signed !== 0) books.fill(slot, 100, signed, 0);
        }
        const own = new WorkingOrders(books, prices);
        const legged = ({ positionSide, ...rest }: typeof asked) => (hedge ? { ...rest, positionSide } : rest);
        orders.forEach((order, i) => {
          const approved = approve(ticket(order.symbol, order.side, order.lots, { ...legged(order), orderId: `o${i}` }), own, [], 'ACTIVE');
          const index = symbols.indexOf(order.symbol);
          const slot = books.slot(index, hedge ? order.positionSide : undefined);
          if (!isDenial(approved)) own.add(workingOrder(approved, { intent: 0, index, slot, fromTarget: false, name: null }));
        });
        const view = accountView(instruments, {
          equity: own.equity,
          positions: [...books.lots].map((held, slot) => ({
            symbol: symbols[books.symbolOf(slot)]!,
            lots: held,
            positionSide: books.legOf(slot),
          })),
          orders: [...own.all()].map(({ ticket: at }) => at),
          lastPrice: symbol => prices[symbols.indexOf(symbol)]!,
          hedge,
        });
        const wanted = ticket(asked.symbol, asked.side, asked.lots, legged(asked));
        const judged = hedge ? onPosition(wanted) : wanted;
        expect(judged).toEqual(own.judged(wanted));
        expect(view.symbols).toEqual(own.symbols);
        expect(view.openOrders).toBe(own.openOrders);
        expect([view.ticketNotional(judged), view.limitPrice(judged)]).toEqual([own.ticketNotional(judged), own.limitPrice(judged)]);
        for (const name of own.symbols) {
          expect([view.held(name), view.lastPrice(name)]).toEqual([own.held(name), own.lastPrice(name)]);
          expect(view.notional(name)).toBeCloseTo(own.notional(name), 9);
          for (const side of ['buy', 'sell'] as const) {
            expect(view.workingNotional(name, side)).toBe(own.workingNotional(name, side));
            for (const kind of [true, false]) expect(view.workingLots(name, side, kind)).toBe(own.workingLots(name, side, kind));
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
