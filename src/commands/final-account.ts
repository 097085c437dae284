import type { PositionSide } from '../events/order.js';
import type { RunResult } from '../engine/run-result.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { toAmount, toMoney, units, type Amount } from '../market/units.js';
import type { Account } from '../portfolio/account.js';

/** Cash in the settlement asset, and what is held by position in signed units of the symbol (base units, quote currency for inverse contracts); what is flat is left out. */
export interface FinalAccount {
  readonly cash: number;
  /** By symbol; in hedge mode by symbol and leg, `BTC/USDT:USDT short`. */
  readonly positions: Readonly<Record<string, number>>;
}

const nameOf = (symbol: Symbol, leg: PositionSide | undefined): string => (leg === undefined ? symbol : `${symbol} ${leg}`);

/** The account that a run ended with, from its fills, funding and liquidations in market units, to the last unit of the asset's precision. */
export const finalAccount = (
  capital: number,
  instruments: readonly Instrument[],
  { fills, funding, liquidations }: Pick<RunResult, 'fills' | 'funding' | 'liquidations'>,
): FinalAccount => {
  const cash = [
    ...fills.flatMap(({ realised, fee }): Amount[] => [toAmount(realised), -toAmount(fee)]),
    ...funding.map(({ amount }) => toAmount(amount)),
    ...liquidations.flatMap(({ fee, insurance }): Amount[] => [toAmount(insurance), -toAmount(fee)]),
  ].reduce((sum, amount) => sum + amount, toAmount(capital));
  const held = new Map<string, number>();
  const unitsOf = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  for (const { symbol, positionSide, side, quantity } of fills) {
    const name = nameOf(symbol, positionSide);
    const lots = Math.round(quantity / (unitsOf.get(symbol)?.lotSize ?? NaN));
    held.set(name, (held.get(name) ?? 0) + (side === 'buy' ? lots : -lots));
  }
  const positions = instruments.flatMap(({ symbol }) =>
    [undefined, 'long' as const, 'short' as const].flatMap((leg): [string, number][] => {
      const name = nameOf(symbol, leg);
      const lots = held.get(name) ?? 0;
      return lots === 0 ? [] : [[name, unitsOf.get(symbol)!.quantity(lots)]];
    }),
  );
  return { cash: toMoney(cash), positions: Object.fromEntries(positions) };
};

/** The same, of an account as it stands. */
export const accountDocument = (account: Account): FinalAccount => ({
  cash: toMoney(account.cash),
  positions: Object.fromEntries(
    [...account.lots].flatMap((lots, slot): [string, number][] => {
      const i = account.symbolOf(slot);
      return lots === 0 ? [] : [[nameOf(account.symbols[i]!, account.legOf(slot)), account.unitsAt(i).quantity(lots)]];
    }),
  ),
});
