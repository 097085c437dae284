import type { Fill, FundingPayment } from '../portfolio/fill.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toAmount, toMoney, units, type Amount } from '../market/units.js';

/** Cash in the settlement asset, and what is held by symbol in signed base units; symbols that are flat are left out. */
export interface FinalAccount {
  readonly cash: number;
  readonly positions: Readonly<Record<Symbol, number>>;
}

/** The account that a run ended with, from its fills and funding payments in market units, to the last unit of the asset's precision. */
export const finalAccount = (
  capital: number,
  instruments: readonly Instrument[],
  { fills, funding }: { readonly fills: readonly Fill[]; readonly funding: readonly FundingPayment[] },
): FinalAccount => {
  const cash = [
    ...fills.flatMap(({ realised, fee }): Amount[] => [toAmount(realised), -toAmount(fee)]),
    ...funding.map(({ amount }) => toAmount(amount)),
  ].reduce((sum, amount) => sum + amount, toAmount(capital));
  const positions = instruments.flatMap((instrument): [Symbol, number][] => {
    const u = units(instrument);
    const lots = fills
      .filter(({ symbol }) => symbol === instrument.symbol)
      .reduce((sum, { side, quantity }) => sum + (side === 'buy' ? 1 : -1) * Math.round(quantity / u.lotSize), 0);
    return lots === 0 ? [] : [[instrument.symbol, u.quantity(lots)]];
  });
  return { cash: toMoney(cash), positions: Object.fromEntries(positions) };
};
