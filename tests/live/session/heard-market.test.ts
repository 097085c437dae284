import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../../src/events/market.js';
import { marketTicket } from '../../../src/execution/market-ticket.js';
import { bookOf, initialState } from '../../../src/live/broker/broker-state.js';
import { accountRisk } from '../../../src/live/session/account-risk.js';
import { toAmount } from '../../../src/market/units.js';
import { A, B, NO_RISK, perpetual, T0 } from '../../engine/scenario.js';
import { session } from './stage-session.js';

const instruments = [perpetual(A), perpetual(B)];
const limits = { ...NO_RISK, maxSpread: 5 };

const quotes = (symbol: string, bid: number, ask: number): Chunk => ({
  kind: 'quotes',
  symbol,
  rows: 2,
  ts: Float64Array.of(T0, T0 + 1),
  // Only the newest counts.
  columns: [
    [1, bid],
    [1, 1],
    [2, ask],
    [1, 1],
  ].map(column => Float64Array.from(column)),
});

describe('the market that the gate of the account hears', () => {
  it('keeps the account, by the quoted spread, from opening above its limit, and closing goes on', () => {
    const state = initialState(instruments);
    bookOf(state, 'one').account.pay(toAmount(10_000));
    const risk = accountRisk(
      { limits, budgets: {}, barMs: 60_000, tiersOf: () => [] },
      { instruments, state, lastPrice: () => 100, now: () => T0, onChange: () => {} },
    );
    const code = (reduceOnly = false): string | null =>
      risk.denial('one', marketTicket('o1', A, reduceOnly ? 'sell' : 'buy', 1, reduceOnly))?.code ?? null;
    expect(code()).toBeNull();
    risk.hear(quotes(A, 99.9, 100.1), T0);
    expect(code()).toBe('spread');
    expect(code(true)).toBeNull();
    risk.hear(quotes(B, 99.9, 100.1), T0);
    risk.hear(quotes(A, 99.99, 100.01), T0);
    expect(code()).toBeNull();
    bookOf(state, 'one').account.fill(0, 100, 1, 0);
    risk.hear(quotes(A, 99.9, 100.1), T0);
    expect(code(true)).toBeNull();
  });

  it('is as fresh as the newest trade: an account opens on it where its last bar is too old', () => {
    const state = initialState(instruments);
    bookOf(state, 'one').account.pay(toAmount(10_000));
    const risk = accountRisk(
      { limits: { ...NO_RISK, maxDataAge: 0.5 }, budgets: {}, barMs: 60_000, tiersOf: () => [] },
      { instruments, state, lastPrice: () => 100, now: () => T0 + 50_000, onChange: () => {} },
    );
    const code = (): string | null => risk.denial('one', marketTicket('o1', A, 'buy', 1, false))?.code ?? null;
    const column = Float64Array.of(100);
    risk.hear({ kind: 'bars', symbol: A, timeframe: '1m', rows: 1, ts: Float64Array.of(T0), columns: Array(5).fill(column) }, T0);
    expect(code()).toBe('stale-data');
    risk.hear({ kind: 'trades', symbol: A, rows: 1, ts: Float64Array.of(T0 + 45_000), columns: Array(3).fill(column) }, T0 + 45_000);
    expect(code()).toBeNull();
  });

  it('reaches, with its quotes, the figures that a session tells of its limits', async () => {
    const { live, play } = session({ limits });
    await live.start();
    const used = (): unknown => live.meter.limits().find(({ scope, name }) => scope === '' && name === 'maxSpread')?.used ?? null;
    expect(used()).toBeNull();
    play({ chunks: [quotes(A, 99.9, 100.1), quotes(B, 100, 100.02)], to: T0 + 2 });
    expect(used()).toBeCloseTo(20, 6);
    await live.stop('test', 'over');
  });
});
