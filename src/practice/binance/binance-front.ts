import { createHash } from 'node:crypto';
import type { PracticeEvent } from '../practice-exchange.js';
import type { Front, FrontFactory, WireAnswer, WireRequest } from '../server/front.js';
import { accountEndpoints } from './account-endpoints.js';
import { algoEndpoints } from './algo-endpoints.js';
import { BinanceError, binanceError } from './binance-error.js';
import { deadMan } from './dead-man.js';
import type { Desk } from './desk.js';
import { paramsOf, type Endpoints } from './endpoint.js';
import { listenKeys } from './listen-keys.js';
import { marketEndpoints } from './market-endpoints.js';
import { marketForms } from '../wire/market-forms.js';
import { BINANCE_NAMES } from './market-names.js';
import { kindOfStream, streamTexts } from './market-streams.js';
import { orderEndpoints } from './order-endpoints.js';
import { BINANCE_LIMITS, rateLimits, type BinanceLimits } from './rate-limits.js';
import { settingsEndpoints } from './settings-endpoints.js';
import { keyHolder, signedBy } from './signed-request.js';
import { streamHub } from './stream-hub.js';
import { accountUpdate, algoUpdate, configUpdate, listenKeyExpired, orderTradeUpdate, tradeLite, type OrderEvent } from './user-events.js';
import { wireJson } from './wire-json.js';

/** The venue's words for a trouble by HTTP status. */
const TROUBLES: Readonly<Record<number, string>> = {
  200: '<html><head><title>Maintenance</title></head><body>We will be back.</body></html>',
  408: wireJson({ code: -1007, msg: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.' }),
  418: wireJson({ code: -1003, msg: 'Way too many requests; IP banned.' }),
  429: wireJson({ code: -1003, msg: 'Too many requests; current limit of IP is 2400 requests per minute.' }),
  500: '',
  502: '<html><head><title>502 Bad Gateway</title></head><body></body></html>',
  503: wireJson({ code: -1000, msg: 'Unknown error, please check your request or try again later.' }),
  504: '<html><head><title>504 Gateway Time-out</title></head><body></body></html>',
};

export interface BinanceFrontOptions {
  readonly limits?: Partial<BinanceLimits>;
}

/** Binance USDⓈ-M futures over the practice exchange: REST under `/fapi`, streams under `/ws`, `/stream` and, as since 2026, `/public`, `/market` and `/private`. */
export const binanceFront =
  (options: BinanceFrontOptions = {}): FrontFactory =>
  (context): Front => {
    const { exchange, keys, wall, steady } = context;
    const terms = { ...BINANCE_LIMITS, ...options.limits };
    const limits = rateLimits(terms, steady, wall);
    const now = (): number => Math.floor(exchange.now);
    const onMarket = (event: PracticeEvent): void => {
      if (event.event !== 'market') return;
      const { message } = event;
      for (const [stream, text] of streamTexts(message, desk.forms.bySymbol(message.symbol), () => exchange.nextFunding(message.symbol)))
        if (hub.hears(stream)) hub.publish(stream, text());
    };
    let deafenMarket = (): void => {};
    let heard = '';
    const hub = streamHub(streams => {
      const kinds = [...new Set([...streams].map(kindOfStream))].filter(kind => kind !== null).sort();
      if (kinds.join() === heard) return;
      heard = kinds.join();
      deafenMarket();
      deafenMarket = kinds.length === 0 ? () => {} : exchange.listen(onMarket, kinds);
    });
    const desk: Desk = {
      ...context,
      forms: marketForms(exchange, BINANCE_NAMES),
      listenKeys: listenKeys(steady, (account, count) => createHash('sha256').update(`${account}|${count}|${wall()}`).digest('hex')),
      deadMan: deadMan(exchange, steady),
    };
    const endpoints: Endpoints = new Map([
      ...marketEndpoints(desk, terms),
      ...orderEndpoints(desk),
      ...algoEndpoints(desk),
      ...accountEndpoints(desk),
      ...settingsEndpoints(desk),
    ]);

    const onOrder = (event: OrderEvent): void => {
      const { account, order, execution } = event;
      if (!hub.hasPrivate(account)) return;
      const form = desk.forms.bySymbol(order.symbol);
      if (order.conditional) {
        hub.tell(account, algoUpdate(order, form));
        return;
      }
      if (execution !== null) hub.tell(account, tradeLite(order, execution, form));
      hub.tell(account, orderTradeUpdate(event, form));
    };
    const onAccount = ({ account, reason, symbol, change }: Extract<PracticeEvent, { event: 'account' }>): void => {
      if (!hub.hasPrivate(account)) return;
      const own = reason === 'ORDER' || reason === 'LIQUIDATION';
      const balances = exchange.balances(account).map(({ asset, wallet }) => ({ asset, wallet, change: own ? 0 : change }));
      const all = exchange.positions(account).filter(position => position.symbol === symbol);
      const form = symbol === null ? null : desk.forms.bySymbol(symbol);
      const flat =
        form !== null && all.length === 0 && own
          ? [
              {
                symbol: form.symbol,
                quantity: 0,
                entryPrice: 0,
                markPrice: exchange.markPrice(form.symbol),
                ...exchange.leverage(account, form.symbol),
                liquidationPrice: NaN,
                positionSide: null,
              },
            ]
          : [];
      const positions = form === null ? [] : [...all, ...flat].map(position => [position, form] as const);
      hub.tell(account, accountUpdate(now(), reason === 'LIQUIDATION' ? 'ORDER' : reason, balances, positions));
    };
    const deafen = exchange.listen(event => {
      switch (event.event) {
        case 'order':
          onOrder(event);
          return;
        case 'account':
          onAccount(event);
          return;
        case 'settings':
          if (hub.hasPrivate(event.account))
            hub.tell(event.account, configUpdate(now(), desk.forms.bySymbol(event.symbol), event.leverage));
          return;
        case 'market':
          return;
      }
    }, []);
    const expired = (list: readonly (readonly [string, string])[]): number => {
      for (const [account, key] of list) {
        hub.tell(account, listenKeyExpired(now(), key));
        hub.silence(key);
      }
      return list.length;
    };

    const answer = (request: WireRequest): WireAnswer => {
      const { method, path, query, body } = request;
      const headers: Record<string, string> = { 'content-type': 'application/json;charset=UTF-8' };
      const found = endpoints.get(`${method} ${path}`);
      desk.forms.refresh();
      try {
        if (found === undefined) throw new BinanceError(-5000, `Path ${path}, Method ${method} is invalid`, 404);
        const params = paramsOf(new Map([...new URLSearchParams(query), ...new URLSearchParams(body)]));
        Object.assign(headers, limits.request(found.weight(params)));
        let account = '';
        if (found.security === 'key') account = keyHolder(request, keys).name;
        if (found.security === 'signed') account = signedBy(request, params.all, keys, wall()).name;
        if (found.orders > 0) {
          if (!keys.permissions(account).trade) throw new BinanceError(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
          Object.assign(headers, limits.order(account, found.orders));
        }
        return { status: 200, headers, body: wireJson(found.answer({ params, account })) };
      } catch (error) {
        const { status, code, message, headers: more } = binanceError(error, found?.asking ?? 'query');
        return { status, headers: { ...headers, ...more }, body: wireJson({ code, msg: message }) };
      }
    };

    return {
      venue: 'binanceusdm',
      accountOf: ({ headers }) => keys.find(headers['x-mbx-apikey'] ?? '')?.name ?? null,
      answer,
      open: socket => {
        const match = /^(?:\/(public|market|private))?\/(ws|stream)(?:\/(.*))?$/.exec(socket.path);
        if (match === null) return null;
        const query = new URLSearchParams(socket.query);
        const named = (query.get('streams') ?? match[3] ?? '').split('/').filter(name => name !== '' && !/^\d+$/.test(name));
        const listenKey = query.get('listenKey') ?? named.find(name => /^[0-9a-f]{64}$/.test(name)) ?? null;
        const account = listenKey === null ? null : desk.listenKeys.accountOf(listenKey);
        if (listenKey !== null && account === null) return null;
        return hub.join(
          socket,
          named.filter(name => name !== listenKey),
          match[2] === 'stream',
          account,
          listenKey,
        );
      },
      expireStreams: account => expired(desk.listenKeys.expire(account === null ? 'all' : { account })),
      trouble: status => TROUBLES[status] ?? wireJson({ code: -1000, msg: 'An unknown error occurred while processing the request.' }),
      tick: () => {
        expired(desk.listenKeys.expire('due'));
        desk.deadMan.tick();
        desk.forms.refresh();
      },
      get sentWhileBanned() {
        return limits.sentWhileBanned;
      },
      close: () => {
        deafen();
        deafenMarket();
      },
    };
  };
