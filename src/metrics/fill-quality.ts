import { isInverse, type Symbol } from '../market/instrument.js';
import type { Fill } from '../portfolio/fill.js';
import { markouts, type Markout, type MidPrices } from './markout.js';

/** Fills of one liquidity, over all symbols. Money in the settlement asset. */
export interface LiquidityShare {
  readonly fills: number;
  readonly notional: number;
  /** Net of rebates. */
  readonly fees: number;
  readonly slippage: number;
}

/** How a run's orders were filled: resting or crossing, and where the market went after the resting ones. */
export interface FillQuality {
  readonly maker: LiquidityShare;
  readonly taker: LiquidityShare;
  /** Adverse selection by symbol; null where the data has no quotes and no book to tell a mid price from. */
  readonly markouts: Readonly<Record<Symbol, readonly Markout[]>> | null;
}

const notionalOf = ({ symbol, quantity, price }: Fill): number => (isInverse(symbol) ? quantity / price : quantity * price);

const shareOf = (fills: readonly Fill[]): LiquidityShare => ({
  fills: fills.length,
  notional: fills.reduce((sum, fill) => sum + notionalOf(fill), 0),
  fees: fills.reduce((sum, { fee }) => sum + fee, 0),
  slippage: fills.reduce((sum, { slippage }) => sum + slippage, 0),
});

/** The quality of a run's fills; `mids` by symbol, null where none can be told. */
export const fillQuality = (fills: readonly Fill[], mids: Readonly<Record<Symbol, MidPrices>> | null): FillQuality => {
  const made = fills.filter(({ liquidity }) => liquidity === 'maker');
  const symbols = [...new Set(made.map(({ symbol }) => symbol))].sort();
  return {
    maker: shareOf(made),
    taker: shareOf(fills.filter(({ liquidity }) => liquidity === 'taker')),
    markouts:
      mids === null
        ? null
        : Object.fromEntries(
            symbols.flatMap(symbol => {
              const known = mids[symbol];
              if (known === undefined) return [];
              const own = made.filter(fill => fill.symbol === symbol);
              const column = (of: (fill: Fill) => number): Float64Array => Float64Array.from(own, of);
              const columns = {
                ts: column(({ ts }) => ts),
                price: column(({ price }) => price),
                quantity: column(({ quantity }) => quantity),
                side: column(({ side }) => (side === 'buy' ? 1 : -1)),
              };
              return [[symbol, markouts(columns, known)]];
            }),
          ),
  };
};
