import type { VenueIncome, VenuePosition } from '../../live/venue-transport.js';
import {
  accountShape,
  balanceShapes,
  oldRiskShape,
  positionView,
  riskShape,
  type AccountView,
  type PositionView,
} from './account-shapes.js';
import { BinanceError } from './binance-error.js';
import { decimal, money } from '../wire/decimals.js';
import { idAtLeast, type Desk } from './desk.js';
import { endpoint, type Call, type Endpoint, type Params } from './endpoint.js';
import type { MarketForm } from '../wire/market-forms.js';
import { tradeShape } from './order-shapes.js';
import { wholeNumber } from './wire-json.js';

const WEEK = 7 * 24 * 3_600_000;

const INCOME: Readonly<Record<VenueIncome['kind'], string>> = {
  funding: 'FUNDING_FEE',
  fee: 'COMMISSION',
  realised: 'REALIZED_PNL',
  deposit: 'TRANSFER',
  withdrawal: 'TRANSFER',
  transfer: 'INTERNAL_TRANSFER',
  insurance: 'INSURANCE_CLEAR',
  rebate: 'COMMISSION_REBATE',
  other: 'WELCOME_BONUS',
};

/** The window of a list: a week at most, the last one when neither end is named. Throws -4165 for a longer one. */
const windowOf = (params: Params, now: number): readonly [from: number, to: number] => {
  const from = params.number('startTime');
  const to = params.number('endTime');
  if (from !== undefined && to !== undefined && to - from > WEEK) throw new BinanceError(-4165, 'Maximum time interval is 7 days.');
  if (from !== undefined) return [from, to ?? from + WEEK];
  return to === undefined ? [now - WEEK, now] : [to - WEEK, to];
};

/** Balances, positions, trades and the ledger. */
export const accountEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms } = desk;
  const chosen = (params: Params): readonly MarketForm[] => {
    const id = params.text('symbol');
    return id === undefined ? forms.all() : [forms.byId(id)];
  };
  const held = (account: string, within: readonly MarketForm[]): readonly PositionView[] =>
    exchange
      .positions(account)
      .filter(position => position.quantity !== 0 && within.some(({ symbol }) => symbol === position.symbol))
      .map(position => positionView(position, forms.bySymbol(position.symbol)));
  /** Every market, flat ones as well, as version 2 has it. */
  const everywhere = (account: string, within: readonly MarketForm[]): readonly PositionView[] => {
    const views = held(account, within);
    const flat = within
      .filter(({ symbol }) => !views.some(({ position }) => position.symbol === symbol))
      .map((form): PositionView => {
        const position: VenuePosition = {
          symbol: form.symbol,
          quantity: 0,
          entryPrice: 0,
          markPrice: exchange.markPrice(form.symbol),
          ...exchange.leverage(account, form.symbol),
          liquidationPrice: NaN,
          positionSide: null,
        };
        return positionView(position, form);
      });
    return [...views, ...flat];
  };
  const view = (account: string, positions: readonly PositionView[]): AccountView => ({
    balances: exchange.balances(account),
    positions,
    openOrders: exchange.openOrders(account, null, false),
    now: Math.floor(exchange.now),
  });
  const trades = ({ account, params }: Call): unknown => {
    const form = forms.byId(params.required('symbol'));
    const limit = Math.min(params.number('limit') ?? 500, 1000);
    const fromId = params.text('fromId');
    const order = params.text('orderId');
    if (fromId !== undefined && (params.text('startTime') !== undefined || params.text('endTime') !== undefined))
      throw new BinanceError(-1128, 'Combination of optional parameters invalid.');
    const [from, to] = fromId === undefined && order === undefined ? windowOf(params, exchange.now) : [-Infinity, Infinity];
    const found = exchange
      .executions(account, form.symbol, from, to)
      .filter(({ id, venueOrderId }) => (fromId === undefined || idAtLeast(id, fromId)) && (order === undefined || venueOrderId === order));
    const newest = fromId === undefined && params.text('startTime') === undefined;
    const page = newest ? found.slice(-limit) : found.slice(0, limit);
    return page.map(execution => tradeShape(execution, form));
  };
  const income = ({ account, params }: Call): unknown => {
    const id = params.text('symbol');
    const symbol = id === undefined ? null : forms.byId(id).symbol;
    const kind = params.text('incomeType');
    const limit = Math.min(params.number('limit') ?? 100, 1000);
    const from = params.number('startTime');
    const to = params.number('endTime') ?? exchange.now;
    const rows = exchange
      .income(account, from ?? exchange.now - WEEK, to)
      .filter(row => (symbol === null || row.symbol === symbol) && (kind === undefined || INCOME[row.kind] === kind));
    const start = ((params.number('page') ?? 1) - 1) * limit;
    const page = from === undefined ? rows.slice(-limit) : rows.slice(start, start + limit);
    return page.map(row => ({
      symbol: row.symbol === null ? '' : forms.bySymbol(row.symbol).id,
      incomeType: INCOME[row.kind],
      income: money(row.amount),
      asset: row.asset,
      time: row.ts,
      info: INCOME[row.kind],
      tranId: wholeNumber(row.id),
      tradeId: row.execution ?? '',
    }));
  };
  const markets = (): readonly MarketForm[] => forms.all();
  return [
    [
      'GET /fapi/v3/account',
      endpoint({ security: 'signed', weight: 5 }, ({ account }) => accountShape(view(account, held(account, markets())), false)),
    ],
    [
      'GET /fapi/v2/account',
      endpoint({ security: 'signed', weight: 5 }, ({ account }) => accountShape(view(account, everywhere(account, markets())), true)),
    ],
    ...(['GET /fapi/v2/balance', 'GET /fapi/v3/balance'] as const).map(
      path =>
        [
          path,
          endpoint({ security: 'signed', weight: 5 }, ({ account }) => balanceShapes(view(account, held(account, markets())))),
        ] as const,
    ),
    [
      'GET /fapi/v3/positionRisk',
      endpoint({ security: 'signed', weight: 5 }, ({ account, params }) => {
        const within = chosen(params);
        const working = new Set(exchange.openOrders(account, null, false).map(({ symbol }) => symbol));
        return everywhere(account, within)
          .filter(({ position }) => position.quantity !== 0 || working.has(position.symbol))
          .map(each => riskShape(each, Math.floor(exchange.now)));
      }),
    ],
    [
      'GET /fapi/v2/positionRisk',
      endpoint({ security: 'signed', weight: 5 }, ({ account, params }) =>
        everywhere(account, chosen(params)).map(each => oldRiskShape(each, Math.floor(exchange.now))),
      ),
    ],
    ['GET /fapi/v1/userTrades', endpoint({ security: 'signed', weight: 5 }, trades)],
    ['GET /fapi/v1/income', endpoint({ security: 'signed', weight: 30 }, income)],
    [
      'GET /fapi/v1/commissionRate',
      endpoint({ security: 'signed', weight: 20 }, ({ params }) => {
        const { id, market } = forms.byId(params.required('symbol'));
        return {
          symbol: id,
          makerCommissionRate: decimal(market.makerFee ?? 0, 6),
          takerCommissionRate: decimal(market.takerFee ?? 0, 6),
          rpiCommissionRate: decimal(market.makerFee ?? 0, 6),
        };
      }),
    ],
    [
      'GET /fapi/v1/leverageBracket',
      endpoint({ security: 'signed' }, ({ params }) => {
        const shapes = chosen(params).map(({ id, market }) => ({
          symbol: id,
          brackets: [
            {
              bracket: 1,
              initialLeverage: market.instrument.maxLeverage,
              notionalCap: 100_000_000,
              notionalFloor: 0,
              maintMarginRatio: market.instrument.maintenanceMarginRate,
              cum: 0,
            },
          ],
        }));
        return shapes;
      }),
    ],
    ['GET /fapi/v1/forceOrders', endpoint({ security: 'signed', weight: 20 }, () => [])],
    [
      'GET /fapi/v1/adlQuantile',
      endpoint({ security: 'signed', weight: 5 }, ({ account, params }) =>
        held(account, chosen(params)).map(({ form }) => ({ symbol: form.id, adlQuantile: { LONG: 0, SHORT: 0, BOTH: 0 } })),
      ),
    ],
  ];
};
