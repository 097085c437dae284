import { readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quantai, temporaryWorkspace } from '../../commands/run-quantai.js';

describe('quantai practice', () => {
  let root = '';
  let remove = async (): Promise<void> => {};
  beforeEach(async () => ({ root, remove } = await temporaryWorkspace()));
  afterEach(() => remove());

  const whenUp = async (): Promise<{ rest: string; control: string; keysFile: string }> => {
    const file = join(root, 'practice.json');
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise(resolve => setTimeout(resolve, 20));
    return JSON.parse(readFileSync(file, 'utf8')) as { rest: string; control: string; keysFile: string };
  };
  const stopping = new AbortController();

  it('serves the sample, tells clients where, keeps secrets in a file of mode 600, and leaves nothing behind', async () => {
    const run = quantai(
      ['practice', '--workspace', root, '--json', '--accounts', 'main,second:k2:s3cr3t-of-two:5', '--from', '2024-06-01'],
      stopping.signal,
    );
    const found = await whenUp();
    expect((await (await fetch(`${found.rest}/fapi/v1/time`)).json()) as object).toHaveProperty('serverTime');
    const state = (await (await fetch(`${found.control}/state`)).json()) as { speed: number; market: number; accounts: string[] };
    expect(state).toMatchObject({ speed: 1000, accounts: ['main', 'second'], venue: 'binanceusdm' });
    expect(state.market).toBeGreaterThanOrEqual(Date.UTC(2024, 5, 1));
    expect(statSync(found.keysFile).mode & 0o777).toBe(0o600);
    const { accounts } = JSON.parse(readFileSync(found.keysFile, 'utf8')) as { accounts: { name: string; secret: string }[] };
    expect(accounts.map(({ name }) => name)).toEqual(['main', 'second']);
    const shown = readFileSync(join(root, 'practice.json'), 'utf8');
    stopping.abort();
    const { code, out, err } = await run;
    expect(code).toBe(130);
    for (const { secret } of accounts) for (const text of [shown, out, err]) expect(text).not.toContain(secret);
    expect(JSON.parse(out)).toMatchObject({ practice: true, dataset: 'sample', synthetic: true });
    expect(existsSync(found.keysFile) || existsSync(join(root, 'practice.json'))).toBe(false);
  });

  it('ends by itself when the data does', async () => {
    const words = ['practice', '--workspace', root, '--from', '2024-06-01', '--to', '2024-06-01 03:00', '--speed', '60000'];
    const { code, out, err } = await quantai(words);
    expect(code).toBe(0);
    expect(out).toMatch(/^PRACTICE/);
    expect(err).toMatch(/The data ended at 2024-06-01 03:00/);
  });

  it.each([
    ['an account that is none', ['--accounts', 'a:b:c:d:e'], /is no account/],
    ['an unknown dataset', ['--dataset', 'sampel'], /Did you mean "sample"/],
    ['an unknown symbol', ['--symbols', 'BTC/USDT:USD'], /Did you mean "BTC\/USDT:USDT"/],
    ['an unknown venue', ['--venue', 'binanse'], /Did you mean "binance"/],
    ['a speed of nothing', ['--speed', '0'], /above 0/],
    ['a file of faults that is not there', ['--fault', 'nowhere.json'], /There is no file/],
  ])('refuses %s', async (_, words, sentence) => {
    const { code, err } = await quantai(['practice', '--workspace', root, ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
  });

  it('says which entry of a file of faults is wrong', async () => {
    const file = join(root, 'faults.json');
    writeFileSync(file, '[{"kind": "drop-anser"}]');
    const { code, err } = await quantai(['practice', '--workspace', root, '--fault', file]);
    expect(code).toBe(2);
    expect(err).toMatch(/kind/);
  });
});
