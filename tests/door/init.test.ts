import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initPlatform } from '../../src/commands/init-platform.js';
import { quantai } from '../commands/run-quantai.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'quantai-init-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

interface Document {
  readonly written: readonly string[];
  readonly kept: readonly string[];
  readonly platform: { readonly spec: string; readonly note: string | null };
}

const init = async (folder: string, ...more: string[]): Promise<Document> => {
  const ran = await quantai(['init', folder, '--json', '--workspace', home, ...more]);
  expect(ran.code, ran.err).toBe(0);
  return JSON.parse(ran.out) as Document;
};

/** What `npm install` would do, without a registry. */
const linked = async (folder: string): Promise<void> => {
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'quantai-trad'));
};

const CLI = join(ROOT, 'dist/cli.js');

describe('quantai init', () => {
  it.skipIf(!existsSync(CLI)).each(['trend', 'market-maker', 'forecast'])(
    '%s: the project type-checks and its strategy trades on the sample',
    async template => {
      const folder = join(home, template);
      await init(folder, '--template', template);
      await linked(folder);
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
      const checked = await run(process.execPath, [compiler, '-p', folder]).then(
        () => '',
        (error: { stdout?: string }) => error.stdout ?? String(error),
      );
      expect(checked).toBe('');
      const words = ['backtest', 'strategies/my-strategy.ts', '--from', '2023-09-01', '--to', '2023-11-01', '--no-path-check', '--json'];
      const { stdout } = await run(process.execPath, [CLI, ...words], { cwd: folder, maxBuffer: 1 << 26 });
      const { metrics } = JSON.parse(stdout) as { metrics: { trades: number } };
      expect(metrics.trades).toBeGreaterThan(0);
    },
  );

  it.skipIf(!existsSync(CLI))(
    'its own test passes, and fails for a strategy that looks ahead',
    async () => {
      const folder = join(home, 'tested');
      await init(folder);
      await linked(folder);
      const file = join(folder, 'test/my-strategy.test.mjs');
      // A shorter stretch of the sample: what counts is that the test runs and can fail.
      await writeFile(file, (await readFile(file, 'utf8')).replace("'2024-03-01'", "'2023-10-20'"));
      const tested = async (...more: string[]): Promise<string> =>
        run(process.execPath, ['--test', '--test-reporter=tap', ...more], { cwd: folder, env: { PATH: process.env['PATH'] } }).then(
          ({ stdout }) => stdout,
          (error: { stdout?: string }) => error.stdout ?? String(error),
        );
      expect(await tested()).toMatch(/# pass 2\n# fail 0/);
      const strategy = join(folder, 'strategies/my-strategy.ts');
      // Remembers across runs what the price was later: as good as having seen the future.
      await writeFile(
        strategy,
        `import { defineStrategy, target } from 'quantai-trad';\nlet bars = 0;\nexport default defineStrategy({ name: 'my-strategy', params: {}, decide: bar => target(bar.symbol, (bars++ * 7919) % 13 > 6 ? 0.5 : 0, { reason: 'memory of other runs' }) });\n`,
      );
      expect(await tested('--test-name-pattern=known')).toMatch(/# fail 1/);
    },
    300_000,
  );

  it('writes over nothing that is there', async () => {
    const folder = join(home, 'kept');
    await mkdir(join(folder, 'strategies'), { recursive: true });
    await writeFile(join(folder, 'strategies/my-strategy.ts'), 'mine');
    await writeFile(join(folder, 'package.json'), '{}');
    const { written, kept } = await init(folder);
    expect(kept).toEqual(['package.json', 'strategies/my-strategy.ts']);
    expect(await readFile(join(folder, 'strategies/my-strategy.ts'), 'utf8')).toBe('mine');
    expect((await init(folder)).written).toEqual([]);
    expect([...written, ...kept].sort()).toEqual(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter(item => item.isFile())
        .map(item => join(item.parentPath, item.name).slice(folder.length + 1))
        .sort(),
    );
  });

  it('is a mistake of usage where a file has that name, or for a template that is not there', async () => {
    await writeFile(join(home, 'file'), '');
    expect((await quantai(['init', join(home, 'file')])).code).toBe(2);
    expect((await quantai(['init', join(home, 'x'), '--template', 'moon'])).code).toBe(2);
    expect(existsSync(join(home, 'x'))).toBe(false);
  });

  it('names the platform by its path from a checkout, by the tarball it came from, and by its version from a registry', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await initPlatform(join(ROOT, 'examples', 'mine'))).spec).toBe('file:../..');
    const installed = async (resolved: string): Promise<string> => {
      const root = join(home, 'installed', 'node_modules', 'quantai-trad');
      await mkdir(root, { recursive: true });
      await writeFile(join(root, 'package.json'), JSON.stringify({ version }));
      await writeFile(
        join(home, 'installed/node_modules/.package-lock.json'),
        JSON.stringify({ packages: { 'node_modules/quantai-trad': { resolved } } }),
      );
      return (await initPlatform(join(home, 'installed', 'desk'), root)).spec;
    };
    expect(await installed('file:../quantai-trad-0.1.0.tgz')).toBe('file:../../quantai-trad-0.1.0.tgz');
    expect(await installed('https://registry.example/quantai-trad.tgz')).toBe(version);
  });
});
