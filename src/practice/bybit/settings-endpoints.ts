import { PracticeRefusal } from '../practice-exchange.js';
import { BybitError, paramsError } from './bybit-error.js';
import type { Desk } from './desk.js';
import { signed, trading, type Endpoint } from './endpoint.js';

const MODES = { REGULAR_MARGIN: 'cross', ISOLATED_MARGIN: 'isolated' } as const;

const isMode = (word: string): word is keyof typeof MODES => Object.hasOwn(MODES, word);

/** Leverage, margin mode, position mode, and what is said of the account and its key. */
export const settingsEndpoints = (desk: Desk): readonly (readonly [string, Endpoint])[] => {
  const { exchange, forms, keys, guard, now } = desk;
  return [
    [
      'POST /v5/position/set-leverage',
      trading(10, ({ account, params }) => {
        if (params.required('category') !== 'linear') throw paramsError('category invalid');
        const { symbol, market } = forms.byId(params.required('symbol'));
        const leverage = params.number('buyLeverage') ?? NaN;
        if (leverage !== params.number('sellLeverage')) throw paramsError('buy leverage and sell leverage must be the same');
        if (!(leverage >= 1 && leverage <= market.instrument.maxLeverage))
          throw new BybitError(110013, 'Cannot set leverage due to risk limit');
        if (exchange.leverage(account, symbol).leverage === leverage) throw new BybitError(110043, 'leverage not modified');
        exchange.setLeverage(account, symbol, leverage);
        return {};
      }),
    ],
    // Of accounts that are not unified.
    [
      'POST /v5/position/switch-isolated',
      trading(10, () => {
        throw new BybitError(100028, 'unified account is forbidden');
      }),
    ],
    [
      'POST /v5/position/switch-mode',
      trading(10, ({ account, params }) => {
        if (params.required('category') !== 'linear') throw paramsError('category invalid');
        const mode = params.required('mode');
        if (mode !== '0' && mode !== '3') throw paramsError('mode invalid');
        if (exchange.hedge(account) === (mode === '3')) throw new BybitError(110025, 'Position mode is not modified');
        exchange.setHedge(account, mode === '3');
        return {};
      }),
    ],
    [
      'POST /v5/account/set-margin-mode',
      trading(5, ({ account, params }) => {
        const word = params.required('setMarginMode');
        if (!isMode(word)) throw paramsError('setMarginMode invalid');
        const changed = forms.all().filter(({ symbol }) => exchange.leverage(account, symbol).marginMode !== MODES[word]);
        try {
          for (const { symbol } of changed) exchange.setMarginMode(account, symbol, MODES[word]);
        } catch (error) {
          if (!(error instanceof PracticeRefusal)) throw error;
          throw new BybitError(3400045, 'Set margin mode failed');
        }
        return { reasons: [] };
      }),
    ],
    [
      'GET /v5/account/info',
      signed(50, ({ account }) => {
        const mode = forms.all().map(({ symbol }) => exchange.leverage(account, symbol).marginMode)[0];
        const window = guard.window(account);
        return {
          marginMode: mode === 'isolated' ? 'ISOLATED_MARGIN' : 'REGULAR_MARGIN',
          updatedTime: String(now()),
          unifiedMarginStatus: 6,
          dcpStatus: window === null ? 'OFF' : 'ON',
          timeWindow: window === null ? 10 : window / 1000,
          smpGroup: 0,
          isMasterTrader: false,
          spotHedgingStatus: 'OFF',
        };
      }),
    ],
    [
      'GET /v5/user/query-api',
      signed(10, ({ account }) => {
        const { trade, withdraw, ipRestricted } = keys.permissions(account);
        const orders = trade ? ['Order', 'Position'] : [];
        return {
          id: '1',
          note: account,
          readOnly: trade ? 0 : 1,
          permissions: {
            ContractTrade: orders,
            Spot: [],
            Wallet: withdraw ? ['AccountTransfer', 'Withdraw'] : [],
            Options: [],
            Derivatives: trade ? ['DerivativesTrade'] : [],
            CopyTrading: [],
            BlockTrade: [],
            Exchange: [],
            NFT: [],
          },
          ips: ipRestricted ? ['127.0.0.1'] : ['*'],
          type: 1,
          unified: 0,
          uta: 1,
          userID: 1,
          isMaster: true,
        };
      }),
    ],
  ];
};
