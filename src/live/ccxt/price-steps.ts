import type { Symbol } from '../../market/instrument.js';
import { stepText } from './steps.js';
import type { SymbolTable } from './symbol-table.js';

/** Writes prices and quantities of a symbol as whole ticks and lots. */
export const priceSteps = (
  symbols: SymbolTable,
  symbol: Symbol,
): { readonly price: (value: number) => string; readonly quantity: (value: number) => string } => {
  const { tickSize, lotSize } = symbols.marketOf(symbol).instrument;
  return { price: value => stepText(value, tickSize, 'Price'), quantity: value => stepText(value, lotSize, 'Quantity') };
};
