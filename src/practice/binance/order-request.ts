import type { PositionSide } from '../../events/order.js';
import type { VenueOrderRequest } from '../../live/venue-transport.js';
import { BinanceError } from './binance-error.js';
import { fits } from '../wire/decimals.js';
import type { Params } from './endpoint.js';
import type { MarketForm } from '../wire/market-forms.js';
import { PLAIN_TYPES, TYPE_OF_ALGO } from './order-words.js';

const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;

const sideOf = (params: Params): 'buy' | 'sell' => {
  switch (params.required('side')) {
    case 'BUY':
      return 'buy';
    case 'SELL':
      return 'sell';
    default:
      throw new BinanceError(-1117, 'Invalid side.');
  }
};

/** Null in one-way mode. Throws -4061 where it does not match the account's mode. */
const positionSideOf = (params: Params, hedged: boolean): PositionSide | null => {
  const word = params.text('positionSide') ?? 'BOTH';
  if (!['BOTH', 'LONG', 'SHORT'].includes(word)) throw new BinanceError(-4060, 'Invalid position side.');
  if ((word === 'BOTH') === hedged) throw new BinanceError(-4061, "Order's position side does not match user's setting.");
  return word === 'BOTH' ? null : word === 'LONG' ? 'long' : 'short';
};

/** A positive number with no more decimals than the market has. Throws -1111, and `code` for what is not positive. */
const amount = (params: Params, name: string, digits: number, [code, message]: readonly [number, string]): number => {
  const text = params.required(name);
  const value = params.number(name) ?? NaN;
  if (!(value > 0)) throw new BinanceError(code, message);
  if (!fits(text, digits)) throw new BinanceError(-1111, 'Precision is over the maximum defined for this asset.');
  return value;
};

const quantityOf = (params: Params, form: MarketForm): number => {
  const quantity = amount(params, 'quantity', form.quantityDigits, [-4003, 'Quantity less than or equal to zero.']);
  if (quantity > form.market.maxQuantity) throw new BinanceError(-4005, 'Quantity greater than max quantity.');
  if (quantity < form.market.minQuantity) throw new BinanceError(-4004, 'Quantity less than min quantity.');
  return quantity;
};

const priceOf = (params: Params, form: MarketForm, name = 'price'): number => {
  const price = amount(params, name, form.priceDigits, [-4001, 'Price less than 0.']);
  const ticks = price / form.market.instrument.tickSize;
  if (Math.abs(ticks - Math.round(ticks)) > 1e-6) throw new BinanceError(-4014, 'Price not increased by tick size.');
  return price;
};

const tifOf = (params: Params, usual: string | undefined): Pick<VenueOrderRequest, 'tif' | 'postOnly' | 'goodTill'> => {
  switch (params.text('timeInForce') ?? usual) {
    case 'GTC':
      return { tif: 'gtc', postOnly: false, goodTill: null };
    case 'IOC':
      return { tif: 'ioc', postOnly: false, goodTill: null };
    case 'FOK':
      return { tif: 'fok', postOnly: false, goodTill: null };
    case 'GTX':
      return { tif: 'gtc', postOnly: true, goodTill: null };
    case 'GTD':
      return { tif: 'gtd', postOnly: false, goodTill: params.number('goodTillDate') ?? NaN };
    case undefined:
      throw new BinanceError(-1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.");
    default:
      throw new BinanceError(-1115, 'Invalid timeInForce.');
  }
};

const clientIdOf = (params: Params, name: string, own: () => string): string => {
  const given = params.text(name) ?? own();
  if (given.length > 36) throw new BinanceError(-4015, 'Client order id length should be less than 36 chars');
  if (!CLIENT_ID.test(given))
    throw new BinanceError(-1100, `Illegal characters found in parameter '${name}'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.`);
  return given;
};

/** What the order's form needs to know. */
export interface OrderRequestContext {
  readonly form: MarketForm;
  readonly hedged: boolean;
  /** A client id for an order that came without one. */
  readonly ownId: () => string;
}

const TRIGGERLESS = { stopPrice: null, triggerBy: 'last', trail: null, closePosition: false } as const;

/** An order of the plain endpoint. Throws the venue's refusals of form. */
export const plainRequest = (params: Params, { form, hedged, ownId }: OrderRequestContext): VenueOrderRequest => {
  const side = sideOf(params);
  const type = params.required('type');
  if (TYPE_OF_ALGO.has(type))
    throw new BinanceError(-4120, 'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.');
  if (!PLAIN_TYPES.some(known => known === type)) throw new BinanceError(-1116, 'Invalid orderType.');
  const positionSide = positionSideOf(params, hedged);
  if (hedged && params.text('reduceOnly') !== undefined) throw new BinanceError(-1106, "Parameter 'reduceonly' sent when not required.");
  const limit = type === 'LIMIT';
  return {
    clientId: clientIdOf(params, 'newClientOrderId', ownId),
    symbol: form.symbol,
    side,
    type: limit ? 'limit' : 'market',
    ...(limit ? tifOf(params, undefined) : ({ tif: 'gtc', postOnly: false, goodTill: null } as const)),
    quantity: quantityOf(params, form),
    price: limit ? priceOf(params, form) : null,
    ...TRIGGERLESS,
    reduceOnly: params.flag('reduceOnly'),
    positionSide,
  };
};

/** A conditional order of the algo endpoint. */
export const algoRequest = (params: Params, { form, hedged, ownId }: OrderRequestContext): VenueOrderRequest => {
  if ((params.text('algoType') ?? 'CONDITIONAL') !== 'CONDITIONAL')
    throw new BinanceError(-1102, "Mandatory parameter 'algotype' was not sent, was empty/null, or malformed.");
  const side = sideOf(params);
  const type = TYPE_OF_ALGO.get(params.required('type'));
  if (type === undefined) throw new BinanceError(-1116, 'Invalid orderType.');
  const positionSide = positionSideOf(params, hedged);
  const closePosition = params.flag('closePosition');
  const limit = type === 'stop-limit' || type === 'take-profit-limit';
  if (closePosition && params.text('quantity') !== undefined && params.number('quantity') !== 0)
    throw new BinanceError(-4137, 'Quantity must be zero with closePosition equals true');
  if (closePosition && limit)
    throw new BinanceError(-4136, 'Target strategy invalid for orderType ' + params.required('type') + ',closePosition true');
  if (closePosition && params.flag('reduceOnly')) throw new BinanceError(-1106, "Parameter 'reduceonly' sent when not required.");
  const trailing = type === 'trailing-stop';
  const callback = params.number('callbackRate');
  if (trailing && (callback === undefined || callback < 0.1 || callback > 10)) throw new BinanceError(-2007, 'Invalid callBack rate');
  const activation = params.text('activatePrice') === undefined ? params.text('activationPrice') && 'activationPrice' : 'activatePrice';
  const working = params.text('workingType') ?? 'CONTRACT_PRICE';
  if (working !== 'CONTRACT_PRICE' && working !== 'MARK_PRICE') throw new BinanceError(-4100, 'Invalid working type');
  const trigger = params.text('triggerPrice') === undefined ? 'stopPrice' : 'triggerPrice';
  return {
    clientId: clientIdOf(params, 'clientAlgoId', ownId),
    symbol: form.symbol,
    side,
    type,
    ...tifOf(params, 'GTC'),
    quantity: closePosition ? 0 : quantityOf(params, form),
    price: limit ? priceOf(params, form) : null,
    stopPrice: trailing ? null : priceOf(params, form, trigger),
    triggerBy: working === 'MARK_PRICE' ? 'mark' : 'last',
    trail:
      trailing && callback !== undefined
        ? { fraction: callback / 100, activation: activation ? priceOf(params, form, activation) : null }
        : null,
    closePosition,
    reduceOnly: params.flag('reduceOnly') || closePosition,
    positionSide,
  };
};
