import type { BodyOf } from '../../../src/dashboard/api/endpoints.js';
import { API_ROOT, ROUTES, type EndpointName } from '../../../src/dashboard/api/routes.js';

/** Something for each word of a path. */
const PARAMS: Readonly<Record<string, string>> = {
  account: 'main',
  seq: '7',
  run: 'sma-cross-sample-1234',
  job: 'j1',
  set: 'trend',
  promotion: 'p1',
  request: 'r1',
  dataset: 'sample',
  token: 't1',
};

const QUERIES: Partial<Record<EndpointName, string>> = {
  'runs.compare': '?runs=a,b',
  'datasets.bars': '?symbol=BTC%2FUSDT%3AUSDT&timeframe=1h',
};

const BODIES: { readonly [K in EndpointName]?: BodyOf<K> } = {
  'me.login': { name: 'owner', password: 'not the password' },
  'me.redeem': { token: 'not a link' },
  'me.password': { password: 'a long enough one' },
  'tokens.create': { label: 'robot', roles: ['viewer'] },
  'accounts.command': { command: 'halt', reason: 'because' },
  'accounts.setLimits': { limits: { maxExposure: 1 } },
  'jobs.begin': { kind: 'synth', dataset: 'mine' },
  'sql.query': { query: 'SELECT 1' },
  'models.rollback': { version: 'v1' },
  'promotions.change': { change: 'demote', strategy: 'sma-cross', reason: 'because' },
  'approvals.give': { confirm: 'yes' },
  'settings.set': { key: 'fees.taker', value: 0.001 },
};

/** A request that an endpoint takes. */
export const sampleRequest = (name: EndpointName): { readonly method: string; readonly url: string; readonly body: unknown } => {
  const [method = '', path = ''] = ROUTES[name].split(' ');
  const filled = path.replace(/:(\w+)/g, (_, word: string) => PARAMS[word] ?? 'missing');
  return { method, url: `${API_ROOT}${filled}${QUERIES[name] ?? ''}`, body: BODIES[name] };
};
