import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import { AsciiText } from '../../src/journal/ascii-text.js';
import { canonicalFact, Fingerprint } from '../../src/journal/fingerprint.js';

const written = (write: (text: AsciiText) => void): string => {
  const text = new AsciiText(1 << 12);
  write(text);
  return Buffer.from(text.take()).toString('utf8');
};

/** Doubles of all kinds: any bits, whole numbers of any size, prices and rates, and what lies one step beside them. */
const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.tuple(fc.maxSafeInteger(), fc.constantFrom(1, 2, 4, 10, 100, 1e3, 1e4, 1e6, 1e8, 1e9)).map(([n, scale]) => n / scale),
  fc.tuple(fc.integer(), fc.constantFrom(2, 10, 100, 1e4, 1e8, 1e12)).map(([n, scale]) => n / scale),
  fc.integer().map(n => (n / 1e8) * (1 + Number.EPSILON)),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1e-6, 9.99e-7, 1e-7, 1e15, 1e15 - 1, 999999999999999.9, 1e21, 0.1, 0.29, 1.005, 5e-324),
);

describe('AsciiText', () => {
  it('writes every number as a template string does', () => {
    fc.assert(
      fc.property(anyNumber, x => {
        expect(written(text => text.number(x))).toBe(`${x}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it('writes any text, also what is not ASCII, and begins anew once its bytes are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 8 }), parts => {
        expect(written(text => parts.forEach(part => text.text(part)))).toBe(parts.join(''));
      }),
    );
    const text = new AsciiText(16);
    text.text('abc');
    expect(text.left).toBe(13);
    text.take();
    expect(text.left).toBe(16);
  });
});

describe('Fingerprint', () => {
  const envelope = { seq: 3, version: 1, knownAt: 1000, account: 'backtest', strategy: 's', correlationId: 3, causationId: -1 };
  const name = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('o1', 'o2', 'BTC/USDT:USDT'));
  const usual: fc.Arbitrary<Fact> = fc
    .tuple(anyNumber, name, name, fc.array(anyNumber, { minLength: 6, maxLength: 6 }), fc.nat(5))
    .map(([ts, symbol, other, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0], kind]): Fact => {
      const at = { ...envelope, ts };
      switch (kind) {
        case 0:
          return { ...at, type: 'FundingSettled', symbol, rate: a, lots: b, markPrice: c, amount: d };
        case 1:
          return { ...at, type: 'TargetSet', symbol, exposure: a, reason: other };
        case 2:
          return { ...at, type: 'OrderAccepted', orderId: other, symbol };
        case 3:
          return { ...at, type: 'FundingSettled', symbol, rate: a, lots: b, markPrice: c, amount: d, positionSide: 'short' };
        case 4:
          return {
            ...at,
            type: 'OrderApproved',
            ticket: {
              orderId: other,
              symbol,
              side: 'buy',
              type: 'market',
              lots: a,
              limit: null,
              stop: null,
              tif: 'gtc',
              postOnly: false,
              reduceOnly: true,
            },
          };
        default:
          return {
            ...at,
            type: 'OrderFilled',
            orderId: other,
            symbol,
            side: 'sell',
            price: a,
            lots: b,
            fee: c,
            liquidity: 'maker',
            slippage: d,
            realised: e + f,
          };
      }
    });

  it('is the hash of what the facts say one by one, however they are written down', () => {
    fc.assert(
      fc.property(fc.array(usual, { maxLength: 60 }), facts => {
        const fingerprint = new Fingerprint();
        for (const fact of facts) fingerprint.add(fact);
        const orders = new Map<string, number>();
        const said = facts.map(fact => canonicalFact(fact, orders) ?? '').join('');
        expect(fingerprint.digest()).toBe(createHash('sha256').update(said).digest('hex'));
      }),
      { numRuns: 200 },
    );
  });

  it('takes texts longer than its buffer', () => {
    const long: Fact = { ...envelope, ts: 1, type: 'TargetSet', symbol: 'A', exposure: 1, reason: 'é'.repeat(40_000) };
    const fingerprint = new Fingerprint();
    for (let i = 0; i < 3; i++) fingerprint.add(long);
    const said = (canonicalFact(long, new Map()) ?? '').repeat(3);
    expect(fingerprint.digest()).toBe(createHash('sha256').update(said).digest('hex'));
  });
});
