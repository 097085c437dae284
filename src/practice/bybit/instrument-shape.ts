import { MINUTE } from '../../time.js';
import { assetsOf, type MarketForm } from '../wire/market-forms.js';
import { decimal } from '../wire/decimals.js';

/** When the perpetuals were listed; the practice exchange's have no date of their own. */
const LISTED = '1584230400000';
const USUAL_INTERVAL = 480;

/** A row of `GET /v5/market/instruments-info`. */
export const instrumentShape = (form: MarketForm, fundingInterval: number): Record<string, unknown> => {
  const { id, symbol, market, price, quantity, priceDigits } = form;
  const [base, quote] = assetsOf(symbol);
  const { instrument, minQuantity, maxQuantity, trading } = market;
  return {
    symbol: id,
    contractType: 'LinearPerpetual',
    status: trading ? 'Trading' : 'Closed',
    baseCoin: base,
    quoteCoin: quote,
    launchTime: LISTED,
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(priceDigits),
    leverageFilter: { minLeverage: '1', maxLeverage: decimal(instrument.maxLeverage, 2), leverageStep: '0.01' },
    priceFilter: {
      minPrice: price(instrument.tickSize),
      maxPrice: decimal(instrument.tickSize * 1e7, priceDigits),
      tickSize: price(instrument.tickSize),
    },
    lotSizeFilter: {
      maxOrderQty: quantity(maxQuantity),
      minOrderQty: quantity(minQuantity),
      qtyStep: quantity(instrument.lotSize),
      postOnlyMaxOrderQty: quantity(maxQuantity),
      maxMktOrderQty: quantity(maxQuantity),
      minNotionalValue: decimal(instrument.minNotional, 0),
    },
    unifiedMarginTrade: true,
    fundingInterval: Number.isFinite(fundingInterval) ? Math.round(fundingInterval / MINUTE) : USUAL_INTERVAL,
    settleCoin: quote,
    copyTrading: 'none',
    upperFundingRate: '0.005',
    lowerFundingRate: '-0.005',
    isPreListing: false,
    preListingInfo: null,
    symbolType: '',
  };
};
