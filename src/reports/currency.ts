/** The asset in which a market's money is counted: `BTC/USDT:USDT` → `USDT`, `BTC/USDT` → `USDT`; `quote` where the symbol does not say. */
export const currencyOf = (symbols: readonly string[]): string => {
  const assets = new Set(symbols.map(symbol => symbol.split(':')[1] ?? symbol.split('/')[1] ?? 'quote'));
  return assets.size === 1 ? [...assets][0]! : 'quote';
};

/** `BTC/USDT:USDT` → `BTC/USDT`: what a heading needs of a symbol. */
export const shortSymbol = (symbol: string): string => symbol.split(':')[0]!;
