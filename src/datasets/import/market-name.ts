import { usageError } from '../../errors.js';
import type { MarketKind } from '../../events/market.js';
import type { Symbol } from '../../market/instrument.js';

const VENUES = [
  'binance',
  'bybit',
  'okx',
  'bitmex',
  'coinbase',
  'kraken',
  'deribit',
  'hyperliquid',
  'bitget',
  'gate',
  'kucoin',
  'mexc',
  'huobi',
  'bitstamp',
  'bitfinex',
  'ftx',
  'gemini',
  'poloniex',
];
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'USD', 'EUR', 'GBP', 'JPY', 'BTC', 'ETH', 'BNB'];

const baseName = (file: string): string => file.split('/').at(-1) ?? file;

/** Venue by the words of a file's name (`bybit-linear_BTCUSDT_1h.csv.gz` → `bybit`) or a column's value; `unknown` when there is none. */
export const guessExchange = (file: string): string => {
  const words = baseName(file)
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return VENUES.find(venue => words.includes(venue)) ?? 'unknown';
};

/** `BTCUSDT`, `BTC-USDT`, `BTC_USDT_USDT`, `BTC/USDT:USDT` → unified symbol; undefined when it cannot be cut in two. */
const unify = (text: string, perpetual: boolean): Symbol | undefined => {
  if (/^[A-Z0-9]+\/[A-Z0-9]+(:[A-Z0-9]+)?$/.test(text)) return text;
  const freqtrade = /^([A-Z0-9]{2,})_([A-Z0-9]{3,})_([A-Z0-9]{3,})$/.exec(text);
  if (freqtrade) return `${freqtrade[1]}/${freqtrade[2]}:${freqtrade[3]}`;
  const plain = text.toUpperCase().replace(/[-_/]?(SWAP|PERP|PERPETUAL)$/, '');
  const swap = plain !== text.toUpperCase();
  const joined = plain.replace(/[-_/]/g, '');
  const quote = QUOTES.find(candidate => joined.endsWith(candidate) && joined.length > candidate.length + 1);
  if (!quote || !/^[A-Z0-9]+$/.test(joined)) return undefined;
  const base = joined.slice(0, -quote.length);
  return perpetual || swap ? `${base}/${quote}:${quote === 'USD' ? base : quote}` : `${base}/${quote}`;
};

/**
 * The unified symbol of a file when the user gave none: from its symbol column, else from its name. Names like `linear`, `usdm`, `futures` or `swap`, and
 * kinds that only perpetuals have, say that it is one. Throws a usage error when it cannot be told.
 */
export const guessSymbol = (file: string, column: string | undefined, kind: MarketKind): Symbol => {
  const name = baseName(file);
  const perpetual =
    kind === 'funding' || kind === 'mark' || kind === 'open-interest' || /linear|usdm|usd-m|futures|perp|swap|coinm|inverse/i.test(name);
  const words = [
    column ?? '',
    ...(name.match(/[A-Z0-9]+_[A-Z0-9]+_[A-Z0-9]+/g) ?? []),
    ...(name.match(/[A-Z0-9]+[-_/]?[A-Z0-9]+(-SWAP)?/g) ?? []),
    ...name.split(/[_.\s]/),
  ];
  for (const word of words) {
    const symbol = word === '' ? undefined : unify(word, perpetual);
    if (symbol !== undefined) return symbol;
  }
  const equity = /(?:^|_)([A-Z]{1,5})(?:_|\.|$)/.exec(name)?.[1];
  if (equity && /equity|stock|index/i.test(name)) return equity;
  throw usageError('unknown-symbol', `The symbol of ${file} cannot be told from it.`, 'Say it with --symbol, e.g. --symbol BTC/USDT:USDT.');
};

const ALIASES: Readonly<Record<string, string>> = { XBT: 'BTC', BITCOIN: 'BTC', ETHEREUM: 'ETH', XDG: 'DOGE' };

/** Whether a file's own word for its market can mean the symbol: the word starts with the base asset, or with another name of it. */
export const symbolFits = (word: string, symbol: Symbol): boolean => {
  const plain = word.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const base = (symbol.split('/')[0] ?? '').toUpperCase();
  return plain.includes(base) || Object.entries(ALIASES).some(([alias, name]) => name === base && plain.startsWith(alias));
};
