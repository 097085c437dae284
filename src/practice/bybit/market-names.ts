import type { Symbol } from '../../market/instrument.js';
import type { MarketNames } from '../wire/market-forms.js';
import { paramsError } from './bybit-error.js';

/** `BTC/USDT:USDT` → `BTCUSDT`, `BTC/USDC:USDC` → `BTCPERP`. */
const marketId = (symbol: Symbol): string =>
  symbol
    .replace(/:.*$/, '')
    .replace(/\/USDC$/, 'PERP')
    .replace('/', '');

export const BYBIT_NAMES: MarketNames = { idOf: marketId, unknown: () => paramsError('symbol invalid') };
