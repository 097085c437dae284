import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { symbolTable, type SymbolTable } from '../../../src/live/ccxt/symbol-table.js';

/** Recorded messages lie beside the checkout; they are never part of it. */
export const hasMessages = existsSync('../shared/data/exchange-messages');

const unzipped = (path: string): string => gunzipSync(readFileSync(`../shared/data/${path}`)).toString();

/** Messages of one venue by the name of their fixture. */
export const venueMessages = (venue: 'binance' | 'bybit'): Readonly<Record<string, unknown>> =>
  (JSON.parse(unzipped(`exchange-messages/nautilus_${venue}.json.gz`)) as { messages: Record<string, unknown> }).messages;

/** Lines of a raw recording. */
export const recordedLines = (name: string): string[] => unzipped(`raw-ws/${name}.txt.gz`).trim().split('\n');

/** A table of linear perpetuals by the venue's names. */
export const symbolsOf = (...ids: readonly string[]): SymbolTable => {
  const table = symbolTable();
  table.load(
    ids.map(id => {
      const base = id.replace(/USDT$/, '');
      return {
        id,
        market: {
          instrument: {
            symbol: `${base}/USDT:USDT`,
            exchange: 'test',
            kind: 'linear-perpetual',
            tickSize: 0.1,
            lotSize: 0.001,
            minNotional: 5,
            contractSize: 1,
            maxLeverage: 100,
            maintenanceMarginRate: 0.005,
            source: 'test',
          },
          trading: true,
          minQuantity: 0.001,
          maxQuantity: 1000,
          makerFee: null,
          takerFee: null,
        },
      };
    }),
  );
  return table;
};
