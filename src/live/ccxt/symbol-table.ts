import type { Symbol } from '../../market/instrument.js';
import { VenueFailure, type VenueMarket } from '../venue-transport.js';
import { BadMessage } from './reading.js';

/** Unified symbols and the venue's own, both ways, and the rules of each as last loaded. */
export interface SymbolTable {
  load(markets: readonly { readonly id: string; readonly market: VenueMarket }[]): void;
  /** Throws a `BadMessage` for a symbol that the venue did not list. */
  symbolOf(id: string): Symbol;
  /** As `symbolOf`, but the venue's own name for what it does not list (any more): an account may hold it all the same. */
  nameOf(id: string): Symbol;
  /** Fails as `refused` for a symbol that the venue does not list. */
  idOf(symbol: Symbol): string;
  marketOf(symbol: Symbol): VenueMarket;
}

export const symbolTable = (): SymbolTable => {
  const symbols = new Map<string, Symbol>();
  const rows = new Map<Symbol, { readonly id: string; readonly market: VenueMarket }>();
  const rowOf = (symbol: Symbol): { readonly id: string; readonly market: VenueMarket } => {
    const row = rows.get(symbol);
    if (row === undefined) throw new VenueFailure('refused', 'symbol', `${symbol} is not listed.`);
    return row;
  };
  return {
    load: markets => {
      for (const row of markets) {
        symbols.set(row.id, row.market.instrument.symbol);
        rows.set(row.market.instrument.symbol, row);
      }
    },
    symbolOf: id => {
      const symbol = symbols.get(id);
      if (symbol === undefined) throw new BadMessage('unknown-symbol', `${id.slice(0, 40)} is not listed`);
      return symbol;
    },
    nameOf: id => symbols.get(id) ?? id,
    idOf: symbol => rowOf(symbol).id,
    marketOf: symbol => rowOf(symbol).market,
  };
};
