import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import { marketTicket } from '../../src/execution/market-ticket.js';
import { Fingerprint } from '../../src/journal/fingerprint.js';
import { settlementTexts } from '../../src/journal/settlement-texts.js';
import { fingerprintText, TargetFingerprint } from '../../src/journal/target-fingerprint.js';

const lots = fc.integer({ min: 1, max: 1_000_000_000 });
const amount = fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 });
const ts = fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constant(1_609_459_200_000.25));
const reason = fc.oneof(
  fc.constantFrom('', 'fast against slow', 'über dem Mittel', '長い', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 1, max: 90_000 }).map(length => 'x'.repeat(length)),
);
const figure = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1, -0.5, 1 / 3, 1e-9, 0.0001));

type Step =
  | { readonly kind: 'target'; readonly ts: number; readonly exposure: number; readonly reason: string }
  | { readonly kind: 'order'; readonly ts: number; readonly lots: number; readonly buy: boolean; readonly reduceOnly: boolean }
  | {
      readonly kind: 'fill';
      readonly ts: number;
      readonly lots: number;
      readonly price: number;
      readonly money: readonly [number, number, number];
      readonly isEnd: boolean;
    }
  | { readonly kind: 'payment'; readonly row: number; readonly lots: number; readonly amount: number; readonly markPrice: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('target' as const), ts, exposure: figure, reason }),
  fc.record({ kind: fc.constant('order' as const), ts, lots, buy: fc.boolean(), reduceOnly: fc.boolean() }),
  fc.record({ kind: fc.constant('fill' as const), ts, lots, price: lots, money: fc.tuple(amount, amount, amount), isEnd: fc.boolean() }),
  fc.record({
    kind: fc.constant('payment' as const),
    row: fc.nat(9),
    lots: fc.integer(),
    amount,
    markPrice: fc.constantFrom(40_000, 40_000.5, 1e-7, 1 / 3),
  }),
);

const END = 'end-of-data-1';

describe('the fingerprint of targets, orders and funding', () => {
  it('has the bytes of the fingerprint of the facts', () => {
    const times = Float64Array.from({ length: 10 }, (_, i) => 1_609_459_200_000 + i * 28_800_000);
    const rates = Float64Array.from({ length: 10 }, (_, i) => (i - 4) / 30_000);
    fc.assert(
      fc.property(fc.constantFrom('BTC/USDT:USDT', 'É/USD', 'X'.repeat(256)), fc.array(step, { maxLength: 60 }), (symbol, steps) => {
        const expected = new Fingerprint();
        // Used twice, as a search uses it.
        const text = fingerprintText();
        new TargetFingerprint(symbol, text).digest();
        const fingerprint = new TargetFingerprint(symbol, text);
        const texts = settlementTexts(times, symbol);
        let orders = 0;
        for (const each of steps) {
          const fact = (rest: object): void => expected.add({ symbol, ...each, ...rest } as unknown as Fact);
          switch (each.kind) {
            case 'target':
              fingerprint.targeted(each.ts, each.exposure, each.reason);
              fact({ type: 'TargetSet' });
              break;
            case 'order':
              fingerprint.approved(each.ts, each.buy, each.lots, each.reduceOnly);
              fact({
                type: 'OrderApproved',
                ticket: marketTicket(`o${++orders}`, symbol, each.buy ? 'buy' : 'sell', each.lots, each.reduceOnly),
              });
              break;
            case 'fill': {
              const [fee, slippage, realised] = each.money;
              const order = each.isEnd ? 0 : Math.max(1, orders);
              if (!each.isEnd && orders === 0) break;
              if (each.isEnd) {
                fingerprint.accepted(each.ts, END);
                fact({ type: 'OrderAccepted', orderId: END });
              }
              fingerprint.filled({ ...each, order, buy: each.lots % 2 === 0, fee, slippage, realised }, each.isEnd ? END : null);
              const side = each.lots % 2 === 0 ? 'buy' : 'sell';
              fact({ type: 'OrderFilled', orderId: each.isEnd ? END : `o${order}`, side, liquidity: 'taker', fee, slippage, realised });
              break;
            }
            case 'payment': {
              const payment = {
                ts: times[each.row]!,
                rate: rates[each.row]!,
                lots: each.lots,
                markPrice: each.markPrice,
                amount: each.amount,
              };
              fingerprint.paid(texts, each.row, payment);
              fact({ type: 'FundingSettled', ...payment });
            }
          }
        }
        expect(fingerprint.digest()).toBe(expected.digest());
      }),
      { numRuns: 200 },
    );
  });
});
