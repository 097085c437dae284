import { describe, expect, it } from 'vitest';
import { dashboardEnvironment, dashboardPort } from '../../src/commands/session-dashboard.js';

describe('the dashboard of a session', () => {
  it('sees nothing of the environment that may hold a key', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/ann',
      TMPDIR: '/tmp/ann',
      LC_ALL: 'C',
      QUANTAI_USER: 'ann',
      QUANTAI_PASSPHRASE: 'p',
      QUANTAI_KEY_BINANCE: 'k',
      BINANCE_API_SECRET: 's',
      AWS_SECRET_ACCESS_KEY: 's',
      NODE_OPTIONS: '--require ./spy.js',
      HTTPS_PROXY: 'http://ann:word@proxy',
    };
    expect(dashboardEnvironment(env)).toEqual({ PATH: '/bin', HOME: '/home/ann', TMPDIR: '/tmp/ann', LC_ALL: 'C', QUANTAI_USER: 'ann' });
  });

  it('logs in to the team’s registry as the session does', () => {
    const env = { QUANTAI_REGISTRY: 'postgres://db/quantai', PGUSER: 'quant', PGPASSWORD: 'w', PGPASSFILE: '/p', PGSSLMODE: 'require' };
    expect(dashboardEnvironment(env)).toEqual(env);
  });

  it('has the port that is asked for, and one of its own where none is', () => {
    expect([dashboardPort(undefined), dashboardPort(''), dashboardPort('5000'), dashboardPort('0')]).toEqual([null, 4780, 5000, 0]);
    for (const text of ['sma-cross', '-1', '70000', '1.5']) expect(() => dashboardPort(text)).toThrow('is no port');
  });
});
