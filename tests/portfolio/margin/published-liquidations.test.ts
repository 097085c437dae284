import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maintenanceOf, tierOf, tierSchedule, type MarginTier } from '../../../src/market/margin-tiers.js';
import { bankruptcyPrice } from '../../../src/portfolio/margin/bankruptcy-price.js';
import { crossedMargin, type CrossHolding } from '../../../src/portfolio/margin/cross-margin.js';
import { initialMargin } from '../../../src/portfolio/margin/initial-margin.js';
import { liquidationPrice } from '../../../src/portfolio/margin/liquidation-price.js';
import { maintenanceMargin } from '../../../src/portfolio/margin/maintenance-margin.js';
import { venueLiquidationPrice, type LiquidationConvention } from '../../../src/portfolio/margin/venue-liquidation-price.js';

const FILE = '../shared/expected/liquidation_and_funding.json';
const present = existsSync(FILE);

interface Position {
  readonly q: number;
  readonly ep: number;
  readonly mmr: number;
  readonly cum: number;
  readonly mark: number;
}
interface Published {
  readonly binance_official_example: {
    readonly wallet_balance: number;
    readonly positions: { readonly ETHUSDT: Position; readonly BTCUSDT: Position };
    readonly expected: Readonly<Record<'ETH_isolated' | 'BTC_isolated' | 'ETH_cross_with_BTC_open' | 'BTC_cross_with_ETH_open', number>>;
  };
  readonly binance_maintenance_amount_example: {
    readonly cases: readonly [{ floor: number; mmr: number; mmr_prev: number; cum_prev: number; cum: number }, { cum_btc: number }];
  };
  readonly freqtrade_isolated_cases: {
    readonly assumptions: { readonly mmr: number; readonly maintenance_amount_binance: number; readonly taker_fee_gate_okx: number };
    readonly cases: readonly {
      readonly exchange: 'binance' | 'gate/okx' | 'bybit';
      readonly side: 'long' | 'short';
      readonly leverage: number;
      readonly entry: number;
      readonly qty: number;
      readonly expected: number;
    }[];
  };
  readonly maintenance_tiers: {
    readonly cases: readonly { readonly pair: string; readonly notional: number; readonly mmr: number; readonly amt: number }[];
  };
  readonly bybit_examples: readonly [{ IM: number; MM: number; LP: number }, { bankruptcy_price: number; LP: number }];
  readonly exchange_recorded: { readonly liquidation_price: number };
}
const published = (): Published => JSON.parse(readFileSync(FILE, 'utf8')) as Published;

/** Within a unit of the last digit that is given: some venues cut off where others round. Never closer than doubles can tell. */
const expectPublished = (ours: number, given: number): void => {
  const unit = Number(`1e-${String(given).split('.')[1]?.length ?? 0}`);
  expect(Math.abs(ours - given)).toBeLessThanOrEqual(Math.max(unit, 1e-14 * given));
};

/** One bracket alone, as a formula states it. */
const single = (rate: number, deduction: number): readonly MarginTier[] => [{ floor: 0, cap: Infinity, rate, deduction, maxLeverage: 125 }];

// Binance's brackets of 2021, under which its example was written, as kept by public calculators of the time.
const steps = (rows: readonly (readonly [number, number])[]) =>
  tierSchedule(rows.map(([floor, rate]) => ({ floor, rate, maxLeverage: 1 })));
const ETH_2021 = steps([[0, 0.005], [10e3, 0.0065], [100e3, 0.01], [500e3, 0.02], [1e6, 0.05], [2e6, 0.1], [5e6, 0.125], [10e6, 0.15], [20e6, 0.25]]); // prettier-ignore
const BTC_2021 = steps([[0, 0.004], [50e3, 0.005], [250e3, 0.01], [1e6, 0.025], [10e6, 0.05], [20e6, 0.1], [50e6, 0.125], [100e6, 0.15], [200e6, 0.25], [300e6, 0.5]]); // prettier-ignore

describe.skipIf(!present)(`published margins and liquidation prices (${FILE}${present ? '' : ' is absent'})`, () => {
  it('of the official Binance example agree, isolated and crossed, with the bracket found in the whole schedule', () => {
    const { wallet_balance: wallet, positions, expected } = published().binance_official_example;
    const holding = ({ q, ep, mark }: Position, tiers: readonly MarginTier[]): CrossHolding => ({
      inverse: false,
      quantity: q,
      entryPrice: ep,
      markPrice: mark,
      tiers,
      leverage: 1,
    });
    const eth = holding(positions.ETHUSDT, ETH_2021);
    const btc = holding(positions.BTCUSDT, BTC_2021);
    // The example's own brackets are those of the schedule at its prices.
    for (const [{ mmr, cum, q }, tiers, price] of [
      [positions.ETHUSDT, ETH_2021, 1153],
      [positions.BTCUSDT, BTC_2021, 26_000],
    ] as const) {
      expect(tierOf(tiers, q * price)?.rate).toBe(mmr);
      expect(tierOf(tiers, q * price)?.deduction).toBeCloseTo(cum, 6);
    }
    expectPublished(liquidationPrice({ ...eth, margin: wallet }), expected.ETH_isolated);
    expectPublished(liquidationPrice({ ...btc, margin: wallet }), expected.BTC_isolated);
    expectPublished(liquidationPrice({ ...eth, margin: crossedMargin(wallet, [btc]) }), expected.ETH_cross_with_BTC_open);
    expectPublished(liquidationPrice({ ...btc, margin: crossedMargin(wallet, [eth]) }), expected.BTC_cross_with_ETH_open);
  });

  it('of the maintenance amount examples agree, in dollars and in coins', () => {
    const [usd, coin] = published().binance_maintenance_amount_example.cases;
    const inUsd = tierSchedule([
      { floor: 0, rate: 0.004, maxLeverage: 125 },
      { floor: 50_000, rate: usd.mmr_prev, maxLeverage: 100 },
      { floor: usd.floor, rate: usd.mmr, maxLeverage: 50 },
    ]);
    expect(inUsd[1]?.deduction).toBeCloseTo(usd.cum_prev, 9);
    expect(inUsd[2]?.deduction).toBeCloseTo(usd.cum, 9);
    // 50 BTC × (5 % − 2.5 %) + 0.56 BTC, the deduction of the bracket before.
    const inCoins = tierSchedule([
      { floor: 0, rate: 0.004, maxLeverage: 125 },
      { floor: 0.56 / 0.021, rate: 0.025, maxLeverage: 20 },
      { floor: 50, rate: 0.05, maxLeverage: 10 },
    ]);
    expectPublished(inCoins[2]?.deduction ?? NaN, coin.cum_btc);
  });

  it.each(present ? published().freqtrade_isolated_cases.cases : [])(
    'of $exchange agree for an isolated $side at $entry with leverage $leverage',
    ({ exchange, side, leverage, entry, qty, expected }) => {
      const { mmr, maintenance_amount_binance: amount, taker_fee_gate_okx: takerFee } = published().freqtrade_isolated_cases.assumptions;
      const convention: LiquidationConvention = exchange === 'gate/okx' ? 'gate-okx' : exchange;
      const price = venueLiquidationPrice(convention, {
        inverse: false,
        quantity: side === 'long' ? qty : -qty,
        entryPrice: entry,
        margin: initialMargin([], entry * qty, leverage),
        tiers: single(mmr, exchange === 'binance' ? amount : 0),
        ...(exchange === 'gate/okx' && { takerFee }),
      });
      expectPublished(price, expected);
    },
  );

  it('of the maintenance tiers agree', () => {
    // Floors and rates of the fixture that the figures were read from.
    const fixture: Readonly<Record<string, readonly MarginTier[]>> = {
      'ADA/USDT': steps([[0, 0.025], [100e3, 0.05], [500e3, 0.1], [1e6, 0.15], [2e6, 0.25], [5e6, 0.5]]), // prettier-ignore
      'ZEC/USDT': steps([[0, 0.01], [50e3, 0.025], [150e3, 0.05], [250e3, 0.1], [500e3, 0.125], [1e6, 0.25], [2e6, 0.5]]), // prettier-ignore
    };
    for (const { pair, notional, mmr, amt } of published().maintenance_tiers.cases) {
      const tiers = fixture[pair] ?? [];
      expect(tierOf(tiers, notional)?.rate).toBe(mmr);
      expect(tierOf(tiers, notional)?.deduction).toBeCloseTo(amt, 6);
      expect(maintenanceOf(tiers, notional)).toBeCloseTo(notional * mmr - amt, 6);
    }
  });

  it('of Bybit linear agree: long 1 BTC at 20,000 with leverage 50', () => {
    const [{ IM, MM, LP }] = published().bybit_examples;
    const tiers = single(0.005, 0);
    const margin = initialMargin(tiers, 20_000, 50);
    expect(margin).toBe(IM);
    expect(maintenanceMargin(tiers, false, 1, 20_000)).toBe(MM);
    expect(venueLiquidationPrice('bybit', { inverse: false, quantity: 1, entryPrice: 20_000, margin, tiers })).toBe(LP);
  });

  it('of Bybit inverse agree: crossed, long 10,000 dollars at 8,000 on 0.5 BTC', () => {
    const [, { bankruptcy_price: bankruptcy, LP }] = published().bybit_examples;
    const position = { inverse: true, quantity: 10_000, entryPrice: 8000, margin: 0.5, tiers: single(0.005, 0), takerFee: 0.00075 };
    expectPublished(bankruptcyPrice(position, 0.00075), bankruptcy);
    // The help page's equation by hand: 10,000 × (1/8,000 − 1/LP) = −(0.5 − 1.25 × 0.5 % − 10,000 × 0.00075 ÷ 5,718.57). It gives 5,739.08, where the page prints 5,739.50.
    const ours = venueLiquidationPrice('bybit', position);
    expect(ours).toBeCloseTo(10_000 / (1.25 + 0.5 - 1.25 * 0.005 - 7.5 / 5718.571428571), 6);
    expect(Math.abs(ours - LP)).toBeLessThan(0.5);
    // The printed figure comes out to the digit when one funding payment of 0.01 % of the entry value has to be left as well, as perpetuals of that time reserved it.
    const tiers = single(0.005 + 0.0001, 0);
    expectPublished(venueLiquidationPrice('bybit', { ...position, tiers }), LP);
  });

  it('of a position that a venue returned agree: eight contracts of 0.1 NEAR', () => {
    const { liquidation_price: given } = published().exchange_recorded;
    // Margin and maintenance margin as returned; the venue shows prices of a long position rounded up to its tick of 0.01.
    const quantity = 8 * 0.1;
    const price = venueLiquidationPrice('bybit', {
      inverse: false,
      quantity,
      entryPrice: 18.884,
      margin: 1.52549075,
      tiers: single(0.38916147 / (quantity * 18.884), 0),
    });
    expect(Math.ceil(price / 0.01 - 1e-9) * 0.01).toBeCloseTo(given, 9);
    expectPublished(price, given);
  });
});
