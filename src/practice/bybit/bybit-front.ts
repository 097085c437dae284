import type { Front, FrontFactory, WireAnswer, WireRequest } from '../server/front.js';
import { marketForms } from '../wire/market-forms.js';
import { accountEndpoints } from './account-endpoints.js';
import { accountNews } from './account-news.js';
import { BybitError, bybitError } from './bybit-error.js';
import type { Desk } from './desk.js';
import { disconnectGuard } from './disconnect-guard.js';
import type { Endpoints } from './endpoint.js';
import { fundingTrail } from './funding-trail.js';
import { marketEndpoints } from './market-endpoints.js';
import { BYBIT_NAMES } from './market-names.js';
import { orderEndpoints } from './order-endpoints.js';
import { paramsOf } from './params.js';
import { privateStream } from './private-stream.js';
import { publicStream } from './public-stream.js';
import { BYBIT_LIMITS, rateLimits, type BybitLimits } from './rate-limits.js';
import { settingsEndpoints } from './settings-endpoints.js';
import { signedBy } from './signed-request.js';
import { turnedAway } from './turned-away.js';

const refusal = (retCode: number, retMsg: string, time = 0): string =>
  JSON.stringify({ retCode, retMsg, result: {}, retExtInfo: {}, time });

/** The venue's words for a trouble by HTTP status. */
const TROUBLES: Readonly<Record<number, string>> = {
  200: '<html><head><title>Maintenance</title></head><body>We will be back.</body></html>',
  403: refusal(10018, 'access too frequent'),
  408: refusal(10000, 'Server Timeout'),
  429: refusal(10006, 'Too many visits. Exceeded the API Rate Limit.'),
  500: '',
  502: '<html><head><title>502 Bad Gateway</title></head><body></body></html>',
  503: refusal(10016, 'Service is restarting. Please retry after few minutes.'),
  504: '<html><head><title>504 Gateway Time-out</title></head><body></body></html>',
};

export interface BybitFrontOptions {
  readonly limits?: Partial<BybitLimits>;
}

/** Bybit v5 linear contracts in a unified account over the practice exchange, whose conditional orders must share one id space with the plain ones: REST under `/v5`, streams at `/v5/public/linear` and `/v5/private`. */
export const bybitFront =
  (options: BybitFrontOptions = {}): FrontFactory =>
  (context): Front => {
    const { exchange, keys, wall, steady } = context;
    const limits = rateLimits({ ...BYBIT_LIMITS, ...options.limits }, steady, wall);
    const now = (): number => Math.floor(exchange.now);
    const guard = disconnectGuard(exchange, steady);
    const personal = privateStream({ keys, guard, wall, now });
    const base = { ...context, forms: marketForms(exchange, BYBIT_NAMES), guard, fundingTrail: fundingTrail(), now };
    const news = accountNews(base, personal);
    const desk: Desk = { ...base, turnedAway: turnedAway((account, order) => news.tellOrder(account, order, false)) };
    const market = publicStream(exchange, desk.forms);
    const deafen = exchange.listen(news.hear, []);
    const endpoints: Endpoints = new Map([
      ...marketEndpoints(desk),
      ...orderEndpoints(desk),
      ...accountEndpoints(desk),
      ...settingsEndpoints(desk),
    ]);

    const answer = (request: WireRequest): WireAnswer => {
      const { method, path } = request;
      const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
      desk.forms.refresh();
      // The venue's clock and the market's are one there. Here only the question for the time is about the wall's.
      const time = path === '/v5/market/time' ? Math.round(wall()) : now();
      try {
        limits.request();
        const found = endpoints.get(`${method} ${path}`);
        if (found === undefined) throw new BybitError(10404, `${method} ${path} is not found`, 404);
        let account = '';
        if (found.perSecond !== null) {
          account = signedBy(request, keys, wall()).name;
          if (found.trades && !keys.permissions(account).trade)
            throw new BybitError(10005, 'Permission denied, please check your API key permissions.');
          Object.assign(headers, limits.account(account, path, found.perSecond));
        }
        const result = found.answer({ params: paramsOf(request), account });
        return { status: 200, headers, body: JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time }) };
      } catch (error) {
        const { status, code, message, headers: more } = bybitError(error);
        return { status, headers: { ...headers, ...more }, body: refusal(code, message, time) };
      }
    };

    return {
      venue: 'bybit',
      accountOf: ({ headers }) => keys.find(headers['x-bapi-api-key'] ?? '')?.name ?? null,
      answer,
      open: socket => {
        if (socket.path === '/v5/public/linear') return market.join(socket);
        return socket.path === '/v5/private' ? personal.join(socket) : null;
      },
      // There are no keys of streams that expire: a connection is cut at the end of its longest life.
      expireStreams: account => personal.cut(account),
      trouble: status => TROUBLES[status] ?? refusal(10016, 'Internal server error'),
      tick: () => {
        guard.tick();
        desk.forms.refresh();
      },
      get sentWhileBanned() {
        return limits.sentWhileBanned;
      },
      close: () => {
        deafen();
        market.close();
      },
    };
  };
