import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthServer, type HealthServer } from '../../../src/live/health/health-server.js';
import { sessionMetrics } from '../../../src/live/health/session-metrics.js';
import type { SessionStatus } from '../../../src/live/session/session-status.js';

const status = (change: Partial<SessionStatus> = {}): SessionStatus => ({
  account: 'main',
  venue: 'binanceusdm',
  mode: 'live',
  practice: false,
  epoch: 3,
  phase: 'trading',
  risk: 'ACTIVE',
  ready: true,
  because: null,
  marketTime: 1_700_000_000_123,
  facts: 10,
  alarms: ['a', 'b'],
  strategies: [
    {
      name: 'say "hi"\\',
      phase: 'running',
      failure: null,
      equity: 1234.5,
      cash: 1,
      realised: NaN,
      fees: 2,
      funding: -Infinity,
      positions: { 'BTC/USDT:USDT': -0.5 },
      openOrders: 4,
    },
  ],
  ...change,
});

/** An independent reader of the text format 0.0.4, as strict as Prometheus is. */
const readMetrics = (text: string): Map<string, { type: string; samples: Map<string, number> }> => {
  const families = new Map<string, { type: string; samples: Map<string, number> }>();
  let current = '';
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) {
    const type = /^# TYPE ([a-z_]+) (gauge|counter)$/.exec(line);
    if (type) {
      current = type[1] ?? '';
      if (families.has(current)) throw new Error(`${current} twice`);
      families.set(current, { type: type[2] ?? '', samples: new Map() });
    } else if (!line.startsWith('# HELP ')) {
      const sample = /^([a-z_]+)((?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (NaN|[+-]Inf|-?[0-9.e+-]+)$/.exec(line);
      if (sample?.[1] !== current) throw new Error(`not a sample of ${current}: ${line}`);
      const samples = families.get(current)?.samples;
      if (samples?.has(sample[2] ?? '')) throw new Error(`the same sample twice: ${line}`);
      samples?.set(sample[2] ?? '', Number((sample[3] ?? '').replace('Inf', 'Infinity')));
    }
  }
  return families;
};

describe('metrics', () => {
  it('are in the format that Prometheus reads, with odd names escaped and odd numbers spelled', () => {
    const found = readMetrics(sessionMetrics(status(), new Map([['OrderFilled', 7]])));
    const base = 'account="main",venue="binanceusdm",mode="live",practice="false"';
    expect(found.get('quantai_ready')?.samples.get(`{${base}}`)).toBe(1);
    expect(found.get('quantai_market_time_seconds')?.samples.get(`{${base}}`)).toBe(1_700_000_000.123);
    expect(found.get('quantai_facts_total')).toEqual({ type: 'counter', samples: new Map([[`{${base},type="OrderFilled"}`, 7]]) });
    expect(found.get('quantai_alarms')?.samples.get(`{${base}}`)).toBe(2);
    const own = String.raw`{${base},strategy="say \"hi\"\\"}`;
    expect(found.get('quantai_equity')?.samples.get(own)).toBe(1234.5);
    expect(found.get('quantai_realised')?.samples.get(own)).toBeNaN();
    expect(found.get('quantai_funding')?.samples.get(own)).toBe(-Infinity);
    expect(found.get('quantai_position')?.samples.get(`${own.slice(0, -1)},symbol="BTC/USDT:USDT"}`)).toBe(-0.5);
    expect([...(found.get('quantai_risk_state')?.samples.values() ?? [])]).toEqual([1, 0, 0]);
  });

  it('are the same families without a strategy', () => {
    const families = (given: SessionStatus): string[] => [...readMetrics(sessionMetrics(given, new Map())).keys()];
    expect(families(status({ strategies: [] }))).toEqual(families(status()));
  });
});

describe('the health endpoint', () => {
  let server: HealthServer;
  let current = status();
  beforeAll(async () => {
    server = await healthServer(0, { health: () => current, metrics: () => 'm 1\n' });
  });
  afterAll(() => server.close());
  const get = (path: string, options: { method?: string; host?: string } = {}) =>
    new Promise<{ code: number; type: string; body: string }>((resolve, reject) => {
      const headers = options.host === undefined ? {} : { host: options.host };
      const asked = request({ host: '127.0.0.1', port: server.port, path, method: options.method ?? 'GET', headers }, answer => {
        let body = '';
        answer.on('data', part => (body += String(part)));
        answer.on('end', () => resolve({ code: answer.statusCode ?? 0, type: String(answer.headers['content-type']), body }));
      });
      asked.on('error', reject);
      asked.end();
    });

  it('says 200 while the session is ready and 503 while it is not, with its status either way', async () => {
    current = status();
    expect(await get('/health')).toMatchObject({ code: 200 });
    current = status({ ready: false, because: 'disk: full' });
    const answer = await get('/health');
    expect(answer.code).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ because: 'disk: full', strategies: [{ realised: null, funding: null }] });
  });

  it('serves the metrics with the type that Prometheus asks for', async () => {
    expect(await get('/metrics')).toEqual({ code: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: 'm 1\n' });
  });

  it('takes no commands, and is not reached by a name that a web page could choose', async () => {
    expect((await get('/health', { method: 'POST' })).code).toBe(405);
    expect((await get('/metrics', { host: 'evil.example' })).code).toBe(421);
    expect((await get('/other')).code).toBe(404);
    expect((await get('/health', { host: `localhost:${server.port}` })).code).not.toBe(421);
  });

  it('says that its port is taken in words', async () => {
    await expect(healthServer(server.port, { health: () => current, metrics: () => '' })).rejects.toMatchObject({ code: 'port-taken' });
  });
});
