import type { Symbol } from '../../market/instrument.js';
import type { MarketNames } from '../wire/market-forms.js';
import { BinanceError } from './binance-error.js';

/** `BTC/USDT:USDT` → `BTCUSDT`. */
const marketId = (symbol: Symbol): string => symbol.replace(/:.*$/, '').replace('/', '');

export const BINANCE_NAMES: MarketNames = { idOf: marketId, unknown: () => new BinanceError(-1121, 'Invalid symbol.') };
