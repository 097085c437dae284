import { BinanceError } from './binance-error.js';
import type { Desk } from './desk.js';
import { endpoint, type Endpoint } from './endpoint.js';
import type { MarketForm } from '../wire/market-forms.js';

/** Leverage, margin mode, position mode, and the keys of private streams. */
export const settingsEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms, listenKeys, keys } = desk;
  const signed = { security: 'signed', asking: 'change' } as const;
  const config = (account: string, { id, symbol }: MarketForm): unknown => {
    const { leverage, marginMode } = exchange.leverage(account, symbol);
    return {
      symbol: id,
      marginType: marginMode === 'cross' ? 'CROSSED' : 'ISOLATED',
      isAutoAddMargin: false,
      leverage,
      maxNotionalValue: '100000000',
    };
  };
  const busy = (account: string, symbol: string | null): boolean =>
    exchange.openOrders(account, symbol, false).length + exchange.openOrders(account, symbol, true).length > 0;
  const exposed = (account: string, symbol: string | null): boolean =>
    exchange.positions(account).some(position => position.quantity !== 0 && (symbol === null || position.symbol === symbol));
  return [
    [
      'POST /fapi/v1/leverage',
      endpoint(signed, ({ account, params }) => {
        const { id, symbol, market } = forms.byId(params.required('symbol'));
        const leverage = params.number('leverage') ?? NaN;
        if (!(Number.isInteger(leverage) && leverage >= 1 && leverage <= market.instrument.maxLeverage))
          throw new BinanceError(-4028, `Leverage ${params.text('leverage') ?? ''} is not valid`);
        exchange.setLeverage(account, symbol, leverage);
        return { symbol: id, leverage, maxNotionalValue: '100000000' };
      }),
    ],
    [
      'POST /fapi/v1/marginType',
      endpoint(signed, ({ account, params }) => {
        const { symbol } = forms.byId(params.required('symbol'));
        const word = params.required('marginType');
        if (word !== 'ISOLATED' && word !== 'CROSSED')
          throw new BinanceError(-1102, "Mandatory parameter 'marginType' was not sent, was empty/null, or malformed.");
        const mode = word === 'ISOLATED' ? 'isolated' : 'cross';
        if (exchange.leverage(account, symbol).marginMode === mode) throw new BinanceError(-4046, 'No need to change margin type.');
        if (busy(account, symbol)) throw new BinanceError(-4047, 'Margin type cannot be changed if there exists open orders.');
        if (exposed(account, symbol)) throw new BinanceError(-4048, 'Margin type cannot be changed if there exists position.');
        exchange.setMarginMode(account, symbol, mode);
        return { code: 200, msg: 'success' };
      }),
    ],
    [
      'POST /fapi/v1/positionSide/dual',
      endpoint(signed, ({ account, params }) => {
        const dual = params.required('dualSidePosition').toLowerCase() === 'true';
        if (exchange.hedge(account) === dual) throw new BinanceError(-4059, 'No need to change position side.');
        if (busy(account, null)) throw new BinanceError(-4067, 'Position side cannot be changed if there exists open orders.');
        if (exposed(account, null)) throw new BinanceError(-4068, 'Position side cannot be changed if there exists position.');
        exchange.setHedge(account, dual);
        return { code: 200, msg: 'success' };
      }),
    ],
    [
      'GET /fapi/v1/positionSide/dual',
      endpoint({ security: 'signed', weight: 30 }, ({ account }) => ({ dualSidePosition: exchange.hedge(account) })),
    ],
    ['GET /fapi/v1/multiAssetsMargin', endpoint({ security: 'signed', weight: 30 }, () => ({ multiAssetsMargin: false }))],
    [
      'GET /fapi/v1/symbolConfig',
      endpoint({ security: 'signed', weight: 5 }, ({ account, params }) => {
        const id = params.text('symbol');
        return (id === undefined ? forms.all() : [forms.byId(id)]).map(form => config(account, form));
      }),
    ],
    [
      'GET /fapi/v1/accountConfig',
      endpoint({ security: 'signed', weight: 5 }, ({ account }) => ({
        feeTier: 0,
        canTrade: keys.permissions(account).trade,
        canDeposit: true,
        canWithdraw: keys.permissions(account).withdraw,
        dualSidePosition: exchange.hedge(account),
        updateTime: 0,
        multiAssetsMargin: false,
        tradeGroupId: -1,
      })),
    ],
    [
      'GET /sapi/v1/account/apiRestrictions',
      endpoint({ security: 'signed' }, ({ account }) => {
        const { trade, withdraw, ipRestricted } = keys.permissions(account);
        return {
          ipRestrict: ipRestricted,
          createTime: 0,
          enableReading: true,
          enableWithdrawals: withdraw,
          enableInternalTransfer: withdraw,
          permitsUniversalTransfer: withdraw,
          enableMargin: false,
          enableFutures: trade,
          enableVanillaOptions: false,
          enablePortfolioMarginTrading: false,
          enableSpotAndMarginTrading: false,
        };
      }),
    ],
    ['POST /fapi/v1/listenKey', endpoint({ security: 'key' }, ({ account }) => ({ listenKey: listenKeys.open(account) }))],
    [
      'PUT /fapi/v1/listenKey',
      endpoint({ security: 'key' }, ({ account }) => {
        const listenKey = listenKeys.keep(account);
        if (listenKey === null) throw new BinanceError(-1125, 'This listenKey does not exist.');
        return { listenKey };
      }),
    ],
    [
      'DELETE /fapi/v1/listenKey',
      endpoint({ security: 'key' }, ({ account }) => {
        listenKeys.close(account);
        return {};
      }),
    ],
  ];
};
