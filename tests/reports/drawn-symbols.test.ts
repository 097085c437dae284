import { describe, expect, it } from 'vitest';
import { drawnSymbols } from '../../src/reports/sections/trading.js';
import { tearsheetDocument, type TearsheetInput } from '../../src/reports/tearsheet.js';
import type { Closes } from '../../src/reports/outcome.js';
import { tearsheetInput, walk } from './fixture.js';

const SYMBOLS = ['A', 'B', 'C', 'D', 'E', 'F'].map(name => `${name}/USDT:USDT`);

/** The fills of the fixture, given to six symbols: the later ones get more, two get as many. */
const spread = (): TearsheetInput => {
  const input = tearsheetInput(2_000);
  const order = [5, 4, 3, 3, 2, 2, 1, 4, 5, 5, 0];
  const symbolAt = (i: number): string => SYMBOLS[order[i % order.length]!]!;
  const fills = input.result.fills.map((fill, i) => ({ ...fill, symbol: symbolAt(i) }));
  const prices: Record<string, Closes> = Object.fromEntries(SYMBOLS.map((symbol, i) => [symbol, walk(2_000, 3_600_000, i + 1)]));
  return { ...input, prices, result: { ...input.result, fills } };
};

describe('the symbols whose prices are drawn', () => {
  it('are the four that filled most, by name where two filled as often', () => {
    const counts = [1, 3, 2, 3, 0, 5];
    const fills = spread().result.fills.slice(0, 14);
    let next = 0;
    const given = counts.flatMap((n, i) => Array.from({ length: n }, () => ({ ...fills[next++ % fills.length]!, symbol: SYMBOLS[i]! })));
    expect(drawnSymbols(SYMBOLS, { fills: given })).toEqual([
      { symbol: SYMBOLS[5], fills: 5 },
      { symbol: SYMBOLS[1], fills: 3 },
      { symbol: SYMBOLS[3], fills: 3 },
      { symbol: SYMBOLS[2], fills: 2 },
    ]);
    expect(drawnSymbols(SYMBOLS.slice(0, 2), { fills: [] }).map(({ symbol }) => symbol)).toEqual(SYMBOLS.slice(0, 2));
  });

  it('are the only ones whose prices a report looks at', () => {
    const input = spread();
    const drawn = new Set(drawnSymbols(SYMBOLS, input.result).map(({ symbol }) => symbol));
    const none: Closes = { ts: new Float64Array(0), close: new Float64Array(0) };
    const prices = Object.fromEntries(SYMBOLS.map(symbol => [symbol, drawn.has(symbol) ? input.prices[symbol]! : none]));
    expect(drawn.size).toBe(4);
    const document = tearsheetDocument(input);
    expect(tearsheetDocument({ ...input, prices })).toEqual(document);
    expect(document.sections.find(({ id }) => id === 'trades')?.lead).toBe('Prices of the 4 most traded of 6 symbols.');
  });
});
