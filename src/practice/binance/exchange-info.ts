import { decimal } from '../wire/decimals.js';
import type { BinanceLimits } from './rate-limits.js';
import { assetsOf, type MarketForm } from '../wire/market-forms.js';

/** When the first perpetuals of the venue were listed; the practice exchange's have no date of their own. */
const LISTED = 1_569_398_400_000;
/** Never: perpetuals do not expire. */
const NEVER = 4_133_404_800_000;
/** A limit price may be so far from the mark, as a factor. */
const BAND = 0.05;

const symbolShape = ({ id, symbol, market, priceDigits, quantityDigits, price, quantity }: MarketForm): unknown => {
  const [base, quote] = assetsOf(symbol);
  const { instrument, minQuantity, maxQuantity, trading } = market;
  const tick = price(instrument.tickSize);
  const lots = { stepSize: quantity(instrument.lotSize), maxQty: quantity(maxQuantity), minQty: quantity(minQuantity) };
  return {
    symbol: id,
    pair: id,
    contractType: 'PERPETUAL',
    deliveryDate: NEVER,
    onboardDate: LISTED,
    status: trading ? 'TRADING' : 'SETTLING',
    maintMarginPercent: decimal(instrument.maintenanceMarginRate * 100, 4),
    requiredMarginPercent: decimal(100 / instrument.maxLeverage, 4),
    baseAsset: base,
    quoteAsset: quote,
    marginAsset: quote,
    pricePrecision: priceDigits,
    quantityPrecision: quantityDigits,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    settlePlan: 0,
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10_000,
    filters: [
      { tickSize: tick, maxPrice: decimal(instrument.tickSize * 1e8, priceDigits), filterType: 'PRICE_FILTER', minPrice: tick },
      { filterType: 'LOT_SIZE', ...lots },
      { filterType: 'MARKET_LOT_SIZE', ...lots },
      { limit: 200, filterType: 'MAX_NUM_ORDERS' },
      { filterType: 'MAX_NUM_ALGO_ORDERS', limit: 10 },
      { notional: decimal(instrument.minNotional, 0), filterType: 'MIN_NOTIONAL' },
      { multiplierDecimal: '4', multiplierUp: decimal(1 + BAND, 4), multiplierDown: decimal(1 - BAND, 4), filterType: 'PERCENT_PRICE' },
      { filterType: 'POSITION_RISK_CONTROL', positionControlSide: 'NONE' },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    permissionSets: ['GRID', 'COPY'],
  };
};

/** `GET /fapi/v1/exchangeInfo` */
export const exchangeInfo = (forms: readonly MarketForm[], limits: BinanceLimits, wall: number): unknown => ({
  timezone: 'UTC',
  serverTime: wall,
  futuresType: 'U_MARGINED',
  rateLimits: [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: limits.weight },
    { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: limits.orders1m },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: limits.orders10s },
  ],
  exchangeFilters: [],
  assets: [...new Set(forms.map(({ symbol }) => assetsOf(symbol)[1]))].map(asset => ({
    asset,
    marginAvailable: true,
    autoAssetExchange: '-10000',
  })),
  symbols: forms.map(symbolShape),
});
