import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderType } from '../../../src/events/order.js';
import type { VenueOrderRequest } from '../../../src/live/venue-transport.js';
import { PracticeRefusal } from '../../../src/practice/practice-exchange.js';
import { practiceExchange } from '../../../src/practice/core/practice-exchange-core.js';
import { random } from '../../../src/random.js';
import { cancel, order, type Intent } from '../../../src/strategies/intent.js';
import { A, play } from '../../engine/scenario.js';
import { MINUTE, T0, barChunk, fundingChunk, instrument, request, walk } from './practice-ground.js';

const LATENCY = 7_000;
const BARS = 60;
const units = { tickSize: 0.1, lotSize: 0.001, minNotional: 0, maintenanceMarginRate: 0.004, maxLeverage: 125 };
const TYPES: readonly OrderType[] = ['market', 'limit', 'limit', 'stop', 'take-profit', 'stop-limit', 'trailing-stop'];

type Step = { readonly bar: number } & ({ readonly place: VenueOrderRequest } | { readonly cancel: string });

const round = (price: number): number => Number(price.toFixed(1));

/** What somebody without a plan does after some bars. */
const wishes = (seed: number, bar: number, price: number): Step[] => {
  const draws = random(`${seed}/${bar}`);
  if (draws.next() < 0.5) return [];
  return Array.from({ length: 1 + draws.int(3) }, (_, i): Step => {
    if (bar > 3 && draws.next() < 0.2) return { bar, cancel: `o-${bar - 1 - draws.int(3)}-0` };
    const type = TYPES[draws.int(TYPES.length)]!;
    const away = (): number => round(price * (1 + 0.002 * draws.normal()));
    const isLimit = type === 'limit' || type === 'stop-limit';
    const isStop = type === 'stop' || type === 'take-profit' || type === 'stop-limit';
    return {
      bar,
      place: request({
        clientId: `o-${bar}-${i}`,
        symbol: A,
        side: draws.next() < 0.5 ? 'buy' : 'sell',
        type,
        quantity: (1 + draws.int(20_000)) / 1000,
        price: isLimit ? away() : null,
        stopPrice: isStop ? away() : null,
        trail: type === 'trailing-stop' ? { fraction: 0.001 * (1 + draws.int(5)), activation: null } : null,
        postOnly: type === 'limit' && draws.next() < 0.3,
      }),
    };
  });
};

const intentOf = (step: Step): Intent => {
  if ('cancel' in step) return cancel(step.cancel);
  const { clientId, symbol, side, type, quantity, price, stopPrice, trail, postOnly } = step.place;
  const terms = { id: clientId, symbol, side, quantity };
  const limit = price === null ? {} : { limit: price };
  if (trail !== null) return order({ ...terms, trail: { bps: trail.fraction * 10_000 } });
  if (type === 'take-profit' && stopPrice !== null) return order({ ...terms, takeProfit: stopPrice });
  if (stopPrice !== null) return order({ ...terms, ...limit, stop: stopPrice });
  return order({ ...terms, ...limit, postOnly });
};

const model = {
  fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.0005 },
  slippage: { kind: 'half-spread', spreadBps: 2 },
  fills: { kind: 'bars', path: 'adaptive', limits: 'through', participation: 0.1 },
} as const;

describe('the practice exchange against a plain backtest', () => {
  it('fills the same orders at the same times and prices, and charges the same', async () => {
    let fills = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), async seed => {
        const bars = walk(seed, BARS);
        const funding = [20, 40].map(i => [T0 + i * MINUTE, 0.0003 * (i - 30)] as const);
        const exchange = practiceExchange({
          instruments: [{ instrument: instrument(A, units), minQuantity: 0.001, maxQuantity: 1e6 }],
          chunks: [barChunk(A, bars), fundingChunk(A, funding)],
          spreadBps: 2,
          leverage: 100,
          priceBand: 1,
          fills: { path: 'adaptive', limits: 'through', participation: 0.1 },
        });
        exchange.openAccount('a', 10_000_000);
        const taken: Step[] = [];
        for (let bar = 0; bar < BARS - 1; bar++) {
          exchange.advance(T0 + (bar + 1) * MINUTE + LATENCY);
          for (const step of wishes(seed, bar, bars[bar]![3])) {
            try {
              if ('place' in step) exchange.place('a', step.place);
              else {
                const id = { symbol: A, clientId: step.cancel, venueId: null };
                const working = [true, false].find(conditional =>
                  exchange.openOrders('a', A, conditional).some(each => each.clientId === step.cancel),
                );
                if (working === undefined) continue;
                exchange.cancel('a', { ...id, conditional: working });
              }
              taken.push(step);
            } catch (error) {
              if (!(error instanceof PracticeRefusal)) throw error;
            }
          }
        }
        exchange.advance(exchange.end);
        const result = await play({
          timeframe: '1m',
          bars: { [A]: bars },
          instruments: { [A]: units },
          funding: funding.map(([ts, rate]) => [A, ts, rate] as const),
          config: { capital: 10_000_000, latency: { kind: 'constant', order: LATENCY, cancel: LATENCY, report: 0 }, ...model },
          decide: i => taken.filter(step => step.bar === i).map(intentOf),
        });
        const own = exchange.executions('a', A, -Infinity, Infinity);
        expect(own.map(e => [e.ts, e.side, e.price, e.quantity, e.fee, e.maker])).toEqual(
          result.fills.map(f => [Math.floor(f.ts), f.side, f.price, f.quantity, f.fee, f.liquidity === 'maker']),
        );
        const paid = exchange.income('a', -Infinity, Infinity).filter(({ kind }) => kind === 'funding');
        expect(paid.map(({ ts, amount }) => [ts, amount])).toEqual(result.funding.filter(f => f.amount !== 0).map(f => [f.ts, f.amount]));
        fills += own.length;
      }),
      { numRuns: 15 },
    );
    expect(fills).toBeGreaterThan(500);
  });
});
