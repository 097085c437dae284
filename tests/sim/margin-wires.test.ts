import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MarginConfig } from '../../src/engine/run-config.js';
import { random } from '../../src/random.js';
import { ExchangeMargin } from '../../src/sim/exchange-margin.js';
import { target } from '../../src/strategies/intent.js';
import { A, B, T0, play, type BarRow, type Scenario } from '../engine/scenario.js';

const C = 'CCC/USDT:USDT';
const SYMBOLS = [A, B, C];
const HOUR = 3_600_000;
const TICK = 0.01;

/** Three wild symbols, traded at almost every bar with all the leverage there is, at a cost. */
const wild = (seed: number, bars: number, range: number, latency: number): Scenario => {
  const draw = random(`wires/${seed}`);
  const round = (price: number): number => Math.max(1, Math.round(price / TICK) * TICK);
  const rows = (): BarRow[] => {
    let price = 100;
    return Array.from({ length: bars }, (): BarRow => {
      const open = price;
      price = round(price * Math.exp(range * draw.normal()));
      const high = round(Math.max(open, price) * (1 + (range / 2) * draw.next()));
      return [open, high, round(Math.min(open, price) * (1 - (range / 2) * draw.next())), price];
    });
  };
  const exposures = SYMBOLS.map(() => Array.from({ length: bars }, () => (draw.int(3) === 0 ? 0 : (draw.next() - 0.5) * 8)));
  return {
    bars: Object.fromEntries(SYMBOLS.map(symbol => [symbol, rows()])),
    instruments: Object.fromEntries(SYMBOLS.map(symbol => [symbol, { maintenanceMarginRate: 0.02, tickSize: TICK, lotSize: 0.001 }])),
    funding: SYMBOLS.flatMap(symbol =>
      Array.from({ length: bars }, (_, i) => [symbol, T0 + (i + 1) * HOUR, 0.002 * draw.normal()] as const),
    ),
    decide: (i, { symbol }) => target(symbol, exposures[SYMBOLS.indexOf(symbol)]?.[i] ?? 0),
    config: {
      leverage: 12,
      fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.002 },
      slippage: { kind: 'fixed-bps', bps: 20 },
      latency: { kind: 'constant', order: latency, cancel: latency, report: 0 },
      margin: MarginConfig.parse({ mode: 'cross' }),
    },
  };
};

afterEach(() => vi.restoreAllMocks());

describe('the wires of a cross account', () => {
  it('leave its maintenance margin covered when all of them are reached at once, after every fill, payment and liquidation', async () => {
    let looks = 0;
    let several = 0;
    const original = ExchangeMargin.prototype.check;
    vi.spyOn(ExchangeMargin.prototype, 'check').mockImplementation(function (this: ExchangeMargin, index, price, now) {
      original.call(this, index, price, now);
      const { account } = this.book;
      const wires = this['_wires'];
      const held = SYMBOLS.flatMap((_, i) => (account.lots[i] === 0 ? [] : [i]));
      looks++;
      if (held.length < 2) return;
      several++;
      // A long position that is small enough may lose all and needs no wire.
      const at = (i: number): number => ((account.lots[i] ?? 0) > 0 ? Math.max(wires[2 * i]!, 1e-9) : wires[2 * i + 1]!);
      expect(held.every(i => at(i) > 0 && at(i) < Infinity)).toBe(true);
      const spared = this.book.balance(at) - this.book.maintenanceOfAll(at);
      // A tick beyond where it was judged is what a wire that has just been reached may be off by.
      const tick = held.reduce((sum, i) => sum + Math.abs(account.lots[i] ?? 0) * 0.001 * TICK, 0);
      expect(spared).toBeGreaterThan(-2 * tick - 1e-6);
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 6, max: 24 }),
        fc.constantFrom(0.02, 0.05, 0.1),
        fc.constantFrom(0, 90_000),
        async (seed, bars, range, latency) => {
          const { halted } = await play(wild(seed, bars, range, latency));
          if (halted !== null) expect(halted.code).toBe('liquidated');
        },
      ),
      { numRuns: 100 },
    );
    expect(looks).toBeGreaterThan(1_000);
    expect(several).toBeGreaterThan(500);
  });
});
