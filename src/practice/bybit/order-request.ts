import type { OrderType, PositionSide } from '../../events/order.js';
import type { VenueOrderRequest } from '../../live/venue-transport.js';
import type { MarketForm } from '../wire/market-forms.js';
import { BybitError, paramsError } from './bybit-error.js';
import type { Params } from './params.js';

const LINK_ID = /^[A-Za-z0-9_-]{1,36}$/;

const oneOf = <T>(params: Params, name: string, words: Readonly<Record<string, T>>, usual?: string): T => {
  const word = params.text(name) ?? usual;
  if (word === undefined || !Object.hasOwn(words, word)) throw paramsError(`${name} invalid`);
  return words[word]!;
};

const positive = (params: Params, name: string): number => {
  const value = Number(params.required(name));
  if (!(value > 0)) throw paramsError(`${name} invalid`);
  return value;
};

const SIDES = { Buy: 'buy', Sell: 'sell' } as const;
const TYPES = { Limit: true, Market: false } as const;
const TRIGGERS = { LastPrice: 'last', MarkPrice: 'mark', IndexPrice: 'mark' } as const;
const POSITIONS: Readonly<Record<string, PositionSide | null>> = { '0': null, '1': 'long', '2': 'short' };
const TIFS: Readonly<Record<string, Pick<VenueOrderRequest, 'tif' | 'postOnly'>>> = {
  GTC: { tif: 'gtc', postOnly: false },
  IOC: { tif: 'ioc', postOnly: false },
  FOK: { tif: 'fok', postOnly: false },
  PostOnly: { tif: 'gtc', postOnly: true },
};

const typeOf = (limit: boolean, up: boolean | null, side: 'buy' | 'sell'): OrderType => {
  if (up === null) return limit ? 'limit' : 'market';
  return up === (side === 'buy') ? (limit ? 'stop-limit' : 'stop') : limit ? 'take-profit-limit' : 'take-profit';
};

/** An order of `order/create`. `held`: what the position that it acts on holds, without sign. Throws the venue's refusals of form. */
export const orderRequest = (
  params: Params,
  form: MarketForm,
  held: (positionSide: PositionSide | null, side: 'buy' | 'sell') => number,
): VenueOrderRequest => {
  const side = oneOf(params, 'side', SIDES);
  const limit = oneOf(params, 'orderType', TYPES);
  const positionSide = oneOf(params, 'positionIdx', POSITIONS, '0');
  const clientId = params.text('orderLinkId') ?? '';
  if (clientId !== '' && !LINK_ID.test(clientId)) throw paramsError('orderLinkId invalid');
  for (const name of ['takeProfit', 'stopLoss'])
    if (Number(params.text(name) ?? 0) !== 0) throw paramsError(`${name} is not offered with an order here`);
  const conditional = Number(params.text('triggerPrice') ?? 0) > 0;
  const up = conditional ? oneOf(params, 'triggerDirection', { '1': true, '2': false }) : null;
  const reduceOnly = params.flag('reduceOnly') || params.flag('closeOnTrigger');
  // Zero closes whatever is held.
  const closes = Number(params.required('qty')) === 0;
  if (closes && !(reduceOnly && params.flag('closeOnTrigger'))) throw paramsError('qty invalid');
  const quantity = !closes ? positive(params, 'qty') : conditional ? 0 : held(positionSide, side);
  if (closes && !conditional && quantity === 0) throw new BybitError(110017, 'current position is zero, cannot fix reduce-only order qty');
  return {
    clientId,
    symbol: form.symbol,
    side,
    type: typeOf(limit, up, side),
    ...(limit ? oneOf(params, 'timeInForce', TIFS, 'GTC') : { tif: 'gtc', postOnly: false }),
    goodTill: null,
    quantity,
    price: limit ? positive(params, 'price') : null,
    stopPrice: conditional ? positive(params, 'triggerPrice') : null,
    triggerBy: oneOf(params, 'triggerBy', TRIGGERS, 'LastPrice'),
    trail: null,
    reduceOnly,
    closePosition: closes && conditional,
    positionSide,
  };
};
