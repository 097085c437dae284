import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { predictedFundingRate } from '../../src/costs/funding-rate.js';
import { takesPart } from '../../src/costs/funding-settlement.js';
import { fundingNotional, fundingPayment } from '../../src/costs/funding.js';
import { toAmount, toMoney } from '../../src/market/units.js';

const FILE = '../shared/expected/liquidation_and_funding.json';
const present = existsSync(FILE);

interface Published {
  readonly funding: {
    readonly cases_simple: readonly {
      readonly qty: number;
      readonly rate: number;
      readonly mark: number | null;
      readonly received: number;
    }[];
    readonly cases_series: {
      readonly settlements: readonly { readonly ts: string; readonly mark: number; readonly rate: number }[];
      readonly cases: readonly {
        readonly open: string;
        readonly close: string;
        readonly qty: number;
        readonly received_by_short: number;
      }[];
    };
    readonly inverse_example: { readonly paid_btc: number };
  };
}
const published = (): Published['funding'] => (JSON.parse(readFileSync(FILE, 'utf8')) as Published).funding;

const received = (quantity: number, markPrice: number, rate: number): number =>
  toMoney(fundingPayment(toAmount(fundingNotional({ inverse: false, quantity, markPrice })), rate));

describe.skipIf(!present)(`published funding payments (${FILE}${present ? '' : ' is absent'})`, () => {
  it('of single settlements agree; one without a mark price is refused, not 0', () => {
    for (const { qty, rate, mark, received: given } of published().cases_simple) {
      if (mark === null) expect(() => received(-qty, NaN, rate)).toThrow(expect.objectContaining({ code: 'missing-mark', exitCode: 3 }));
      else expect(received(-qty, mark, rate)).toBeCloseTo(given, 12);
    }
  });

  it.each(present ? published().cases_series.cases : [])(
    'from $open to $close on $qty agree',
    ({ open, close, qty, received_by_short: given }) => {
      const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
      const over = (quantity: number, tolerance: number): number => {
        let sum = 0;
        for (const { ts, mark, rate } of published().cases_series.settlements)
          if (takesPart({ openedAt: at(open), closedAt: at(close), settlement: Date.parse(ts), tolerance }))
            sum += received(quantity, mark, rate);
        return sum;
      };
      // The figures were made with a few seconds of tolerance. They carry the noise of binary fractions; a posting is a whole 1e-8.
      expect(over(-qty, 5000)).toBeCloseTo(given, 8);
      expect(over(qty, 5000)).toBeCloseTo(-given, 8);
      // Without it only the case opened one second late differs.
      const late = open.endsWith('00:00:01');
      expect(Math.abs(over(-qty, 0) - given) < 1e-8).toBe(!late);
    },
  );

  it('of an inverse contract agree: 10,000 dollars long at 10,024 and +0.025 % pay coins', () => {
    const amount = fundingPayment(toAmount(fundingNotional({ inverse: true, quantity: 10_000, markPrice: 10_024 })), 0.00025);
    expect(toMoney(amount)).toBeCloseTo(-published().inverse_example.paid_btc, 7);
  });
});

describe('funding', () => {
  it('is charged on quantity × mark for linear contracts and quantity ÷ mark for inverse ones, with the sign of the position', () => {
    expect(fundingNotional({ inverse: false, quantity: -3, markPrice: 200 })).toBe(-600);
    expect(fundingNotional({ inverse: true, quantity: 1000, markPrice: 20_000 })).toBe(0.05);
  });

  it('is refused without a mark price', () => {
    for (const markPrice of [NaN, 0, -1, Infinity])
      expect(() => fundingNotional({ inverse: false, quantity: 1, markPrice })).toThrow(expect.objectContaining({ code: 'missing-mark' }));
  });

  it('takes part from the moment of opening to that of closing, both included', () => {
    const settlement = 1000;
    const openedAt = [999, 1000, 1001].map(at => takesPart({ openedAt: at, closedAt: Infinity, settlement }));
    const closedAt = [999, 1000, 1001].map(at => takesPart({ openedAt: 0, closedAt: at, settlement }));
    expect([openedAt, closedAt]).toEqual([
      [true, true, false],
      [false, true, true],
    ]);
  });

  it('takes part when it was opened within the tolerance after the settlement, and not a millisecond later', () => {
    const opened = (openedAt: number): boolean => takesPart({ openedAt, closedAt: Infinity, settlement: 1000, tolerance: 15 });
    expect([opened(1015), opened(1016)]).toEqual([true, false]);
  });
});

describe('the predicted funding rate', () => {
  it('is the interest rate while the premium is within five basis points of it', () => {
    for (const premium of [-0.0004, 0, 0.0001, 0.0006]) expect(predictedFundingRate({ premium, interest: 0.0001 })).toBe(0.0001);
  });

  it('is the premium less or plus five basis points beyond that', () => {
    expect(predictedFundingRate({ premium: 0.002, interest: 0.0001 })).toBeCloseTo(0.0015, 15);
    expect(predictedFundingRate({ premium: -0.003, interest: 0.0001 })).toBeCloseTo(-0.0025, 15);
    expect(predictedFundingRate({ premium: 0.002, interest: 0.0001, band: 0 })).toBe(0.002);
  });

  it('is P + clamp(I − P) for any premium', () => {
    const rates = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(rates, rates, (premium, interest) => {
        const clamped = Math.min(0.0005, Math.max(-0.0005, interest - premium));
        expect(predictedFundingRate({ premium, interest })).toBeCloseTo(premium + clamped, 15);
      }),
    );
  });
});
