import { kindOfSymbol, type Instrument } from '../../../market/instrument.js';
import { venueUnits } from '../../../market/venue-units.js';
import type { VenueMarket } from '../../venue-transport.js';
import type { CcxtMarket } from '../ccxt-exchange.js';
import { fieldsOf, finite, listOf, numberIn, positive, sizeIn, text, type Fields } from '../reading.js';

/** First bracket of a symbol: what leverage it allows and what margin it keeps. */
export interface FirstBracket {
  readonly maxLeverage: number;
  readonly maintenanceMarginRate: number;
}

/** First brackets by the venue's symbol, out of `leverageBracket`. */
export const readBrackets = (answer: unknown): ReadonlyMap<string, FirstBracket> => {
  const found = new Map<string, FirstBracket>();
  for (const entry of listOf(answer, 'leverageBracket')) {
    const row = fieldsOf(entry);
    const first = listOf(row['brackets'], 'brackets')
      .map(bracket => fieldsOf(bracket))
      .sort((a, b) => finite(a, 'notionalFloor') - finite(b, 'notionalFloor'))[0];
    if (first !== undefined)
      found.set(text(row, 'symbol'), {
        maxLeverage: positive(first, 'initialLeverage'),
        maintenanceMarginRate: finite(first, 'maintMarginRatio'),
      });
  }
  return found;
};

const filterOf = (row: Fields, type: string): Fields => {
  const filters = listOf(row['filters'], 'filters').map(filter => fieldsOf(filter));
  return filters.find(filter => filter['filterType'] === type) ?? {};
};

/** A perpetual of the exchange information. Where the venue's brackets are not known (no key), they are those of the venue preset, else half of what 20× leaves. */
export const readMarket = ({ symbol, info }: CcxtMarket, brackets: ReadonlyMap<string, FirstBracket>): VenueMarket => {
  const row = fieldsOf(info);
  const price = filterOf(row, 'PRICE_FILTER');
  const lot = filterOf(row, 'LOT_SIZE');
  const { notional, minNotional } = filterOf(row, 'MIN_NOTIONAL');
  const preset = venueUnits('binance', symbol);
  const bracket = brackets.get(text(row, 'symbol'));
  const instrument: Instrument = {
    symbol,
    exchange: 'binanceusdm',
    kind: kindOfSymbol(symbol),
    tickSize: positive(price, 'tickSize'),
    lotSize: positive(lot, 'stepSize'),
    minNotional: notional === undefined && minNotional === undefined ? 0 : numberIn(notional ?? minNotional, 'minNotional'),
    contractSize: 1,
    maxLeverage: bracket?.maxLeverage ?? preset?.maxLeverage ?? 20,
    maintenanceMarginRate: bracket?.maintenanceMarginRate ?? preset?.maintenanceMarginRate ?? 0.025,
    source: `Binance exchange information${bracket === undefined ? '' : ' and leverage brackets'}, as loaded`,
  };
  return {
    instrument,
    trading: row['status'] === 'TRADING',
    minQuantity: sizeIn(lot['minQty'], 'minQty'),
    maxQuantity: sizeIn(lot['maxQty'], 'maxQty'),
    makerFee: null,
    takerFee: null,
  };
};
