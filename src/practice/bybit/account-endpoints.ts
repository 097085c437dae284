import { decimal } from '../wire/decimals.js';
import type { MarketForm } from '../wire/market-forms.js';
import { paramsError } from './bybit-error.js';
import type { Desk } from './desk.js';
import { signed, type Call, type Endpoint } from './endpoint.js';
import { executionShape } from './execution-shape.js';
import { fundingShape } from './funding-trail.js';
import { positionsIn } from './held-positions.js';
import { page, stretchOf } from './pages.js';
import { positionShape } from './position-shape.js';
import { logRows, logShape } from './transaction-log.js';
import { walletShape } from './wallet-shape.js';

/** Balances, positions, executions and the ledger. */
export const accountEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms, fundingTrail, now } = desk;

  const executions = ({ account, params }: Call): object => {
    const id = params.text('symbol');
    const symbol = id === undefined ? null : forms.byId(id).symbol;
    const order = params.text('orderId');
    const link = params.text('orderLinkId');
    const type = params.text('execType');
    const [from, to] = order !== undefined || link !== undefined ? [-Infinity, Infinity] : stretchOf(params, exchange.now);
    const trades = exchange
      .executions(account, symbol, from, to)
      .filter(each => (order === undefined || each.venueOrderId === order) && (link === undefined || each.clientId === link))
      .map(each => {
        const ref = { symbol: each.symbol, venueId: each.venueOrderId, clientId: null, conditional: false };
        return { ts: each.ts, row: executionShape(each, exchange.order(account, ref), forms.bySymbol(each.symbol)) };
      });
    const settled =
      order !== undefined || link !== undefined
        ? []
        : fundingTrail
            .between(account, from, to)
            .filter(each => symbol === null || each.symbol === symbol)
            .map(each => ({ ts: each.ts, row: fundingShape(each, forms.bySymbol(each.symbol)) }));
    const rows = [...trades, ...settled]
      .filter(({ row }) => type === undefined || row['execType'] === type)
      .sort((a, b) => a.ts - b.ts)
      .map(({ row }) => row);
    const found = page(params.text('category') === 'linear' ? rows : [], params, 50, 100);
    return { category: 'linear', list: found.rows, nextPageCursor: found.nextPageCursor };
  };

  const positions = ({ account, params }: Call): object => {
    const id = params.text('symbol');
    const settles = params.text('settleCoin');
    if (params.required('category') !== 'linear') return { category: params.text('category'), list: [], nextPageCursor: '' };
    if (id === undefined && settles === undefined) throw paramsError('symbol or settleCoin is required');
    const shape = (form: MarketForm) => positionsIn(exchange, account, form).map(position => ({ position, form }));
    const within =
      id !== undefined
        ? shape(forms.byId(id))
        : forms
            .all()
            .filter(({ symbol }) => symbol.endsWith(`:${settles}`))
            .flatMap(shape)
            .filter(({ position }) => position.quantity !== 0);
    const found = page(
      within.map(({ position, form }) => positionShape(position, form, now())),
      params,
      20,
      200,
    );
    return { category: 'linear', list: found.rows, nextPageCursor: found.nextPageCursor };
  };

  const log = ({ account, params }: Call): object => {
    const [from, to] = stretchOf(params, exchange.now);
    const type = params.text('type');
    const currency = params.text('currency');
    const rows = logRows(exchange.income(account, from, to))
      .filter(({ first }) => currency === undefined || first.asset === currency)
      .map(row => {
        const { first } = row;
        const execution =
          first.execution === null
            ? undefined
            : exchange.executions(account, first.symbol, first.ts, first.ts).find(({ id }) => id === first.execution);
        return logShape(row, first.symbol === null ? '' : forms.bySymbol(first.symbol).id, execution);
      })
      .filter(row => type === undefined || row['type'] === type);
    const found = page(rows, params, 20, 50);
    return { list: found.rows, nextPageCursor: found.nextPageCursor };
  };

  return [
    ['GET /v5/execution/list', signed(50, executions)],
    ['GET /v5/position/list', signed(50, positions)],
    [
      'GET /v5/account/wallet-balance',
      signed(50, ({ account, params }) => {
        if (params.required('accountType') !== 'UNIFIED') throw paramsError('accountType only support UNIFIED.');
        return { list: [walletShape(exchange.balances(account), exchange.positions(account))] };
      }),
    ],
    ['GET /v5/account/transaction-log', signed(30, log)],
    [
      'GET /v5/account/fee-rate',
      signed(10, ({ params }) => {
        const id = params.text('symbol');
        const list = (id === undefined ? forms.all() : [forms.byId(id)]).map(form => ({
          symbol: form.id,
          baseCoin: '',
          takerFeeRate: decimal(form.market.takerFee ?? 0, 6),
          makerFeeRate: decimal(form.market.makerFee ?? 0, 6),
        }));
        return { category: 'linear', list };
      }),
    ],
    // There are no wallets beside the account, so no coin can be moved.
    ['GET /v5/asset/coin/query-info', signed(5, () => ({ rows: [] }))],
  ];
};
