import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quantai, temporaryWorkspace } from './run-quantai.js';

const { root, remove } = await temporaryWorkspace();
afterAll(remove);

const verify = (...words: readonly string[]) =>
  quantai([
    'verify',
    'causality',
    ...words,
    '--dataset',
    'sample',
    '--symbols',
    'BTC/USDT:USDT',
    '--to',
    '2023-02-15',
    '--workspace',
    root,
  ]);

describe('quantai verify causality', () => {
  it('tells every check for leaks, and puts what it ran on record as runs that choose nothing', async () => {
    const { code, out } = await verify('sma-cross', '--json', '--cuts', '2');
    expect(code).toBe(0);
    const { ok, strategies } = JSON.parse(out) as {
      ok: boolean;
      strategies: { strategy: string; checks: { id: string; family: string; verdict: string }[] }[];
    };
    expect(ok).toBe(true);
    expect(strategies[0]?.checks.map(({ id, family, verdict }) => `${family} ${id} ${verdict}`)).toEqual([
      'leak repeatable pass',
      'leak causality pass',
      'leak warm-up pass',
      'leak recursive-indicators pass',
      'leak stale-fills pass',
    ]);
    const [file = ''] = await readdir(join(root, 'ledger'));
    const lines = (await readFile(join(root, 'ledger', file), 'utf8')).trimEnd().split('\n');
    const said = lines.map(line => JSON.parse(line) as { type: string; role: string; hash: string; sharpe?: number | null });
    // One configuration on one window was looked at, and nothing came of it that anybody could choose by.
    expect(said.map(({ type, role }) => `${role} ${type}`)).toEqual(['check trial', 'check result']);
    expect(said[1]).toMatchObject({ hash: said[0]?.hash, sharpe: null });
  });

  it('ends with 1 and names the indicator that is traded on before it is whole', async () => {
    const file = join(root, 'impatient.js');
    await writeFile(
      file,
      `import { defineStrategy, scalar, target } from 'quantai-trad';
const average = scalar('average', 10, () => {
  const seen = [];
  return bar => {
    seen.push(bar.close);
    if (seen.length > 90) seen.shift();
    return seen.reduce((a, b) => a + b, 0) / seen.length;
  };
});
export default defineStrategy({
  name: 'impatient',
  params: {},
  indicators: () => ({ average }),
  decide: (bar, { average }) => target(bar.symbol, bar.close > average ? 1 : 0),
});
`,
    );
    const page = join(root, 'checks.html');
    const { code, out, err } = await verify(file, '--only', 'warm-up,stale-fills', '--out', page);
    expect(code).toBe(1);
    expect(out).toMatch(/^LEAKS {3}.*impatient\.js: warm-up\n/);
    expect(out).toMatch(
      /FAIL {2}warm-up +Orders come before the numbers behind them are whole: `average` needs 90 bars and the strategy trades after 10\./,
    );
    expect(out).not.toMatch(/causality/);
    expect(err).toMatch(/A check for leaks failed: warm-up\./);
    expect(await readFile(page, 'utf8')).toContain('needs 90 bars');
  });

  it('makes a check of fragility that is named, and does not fail for it', async () => {
    const { code, out } = await verify('sma-cross', '--only', 'one-bar-delay', '--workers', '1');
    expect([code, out]).toEqual([0, expect.stringMatching(/^checked sma-cross\n {2}\S+ +one-bar-delay {2}\S/)]);
  });

  it.each([
    [['sma-cross', '--only', 'warmup'], /There is no check "warmup"\. Did you mean "warm-up"\?/],
    [['sma-cross', '--only', 'warm-up', '--full'], /Both --only and --full are given/],
    [['--all', '--out', 'page.html'], /A page shows the checks of one strategy/],
    [['sma-cross', '--cuts', '0'], /--cuts cannot be 0/],
    [[], /No strategy is named/],
  ])('refuses %j', async (words, message) => {
    const { code, err } = await verify(...words);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
