import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserError } from '../../src/errors.js';
import { bundleStrategy } from '../../src/strategies/bundle.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Write files under a fresh folder of the temporary root; returns the folder. */
const project = async (name: string, files: Record<string, string>): Promise<string> => {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
};

const cache = () => ({ cacheDir: join(root, 'cache') });

const errorOf = async (work: Promise<unknown>): Promise<UserError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'UserError' });
  return error as UserError;
};

const TWO_FILES = {
  'mine.ts': `import { level } from './lib/level.js';\nexport default { name: 'mine', params: {}, decide: () => level };\n`,
  'lib/level.ts': `export const level: number = 7;\n`,
};

describe('bundling a strategy', () => {
  it('gives the same hash and the same stored text wherever the project lies', async () => {
    const here = await project('here', TWO_FILES);
    const there = join(root, 'some', 'where', 'else');
    await mkdir(dirname(there), { recursive: true });
    await cp(here, there, { recursive: true });
    const a = await bundleStrategy(join(here, 'mine.ts'), { cacheDir: join(root, 'cache-a') });
    const b = await bundleStrategy(join(there, 'mine.ts'), { cacheDir: join(root, 'cache-b') });
    expect(a.hash).toBe(b.hash);
    expect(await readFile(a.stored, 'utf8')).toBe(await readFile(b.stored, 'utf8'));
    expect(await readFile(a.stored, 'utf8')).not.toContain(root);
    expect(a.stored.endsWith(`${a.hash}.mjs`)).toBe(true);
  });

  it('gives another hash when a file that it imports changes, and the same when a comment does', async () => {
    const folder = await project('changing', TWO_FILES);
    const before = await bundleStrategy(join(folder, 'mine.ts'), cache());
    await writeFile(join(folder, 'lib/level.ts'), `// why seven\nexport const level: number = 7;\n`);
    expect((await bundleStrategy(join(folder, 'mine.ts'), cache())).hash).toBe(before.hash);
    await writeFile(join(folder, 'lib/level.ts'), `export const level: number = 8;\n`);
    expect((await bundleStrategy(join(folder, 'mine.ts'), cache())).hash).not.toBe(before.hash);
  });

  it('names every file that went in, the entry first', async () => {
    const folder = await project('graph', TWO_FILES);
    const { inputs } = await bundleStrategy(join(folder, 'mine.ts'), cache());
    expect(inputs).toEqual([join(folder, 'mine.ts'), join(folder, 'lib/level.ts')]);
  });

  it('leaves no temporary file behind and writes the same bundle once', async () => {
    const folder = await project('twice', TWO_FILES);
    const cacheDir = join(root, 'cache-twice');
    await Promise.all([bundleStrategy(join(folder, 'mine.ts'), { cacheDir }), bundleStrategy(join(folder, 'mine.ts'), { cacheDir })]);
    expect(await readdir(cacheDir)).toHaveLength(2);
  });

  it('carries a source map to the author’s own file and line', async () => {
    const folder = await project('mapped', TWO_FILES);
    const { file } = await bundleStrategy(join(folder, 'mine.ts'), cache());
    const text = await readFile(file, 'utf8');
    const encoded = /sourceMappingURL=data:application\/json;base64,(.+)/.exec(text)?.[1] ?? '';
    const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { sources: string[]; sourcesContent: string[] };
    expect(map.sources).toContain(pathToFileURL(join(folder, 'mine.ts')).href);
    expect(map.sourcesContent).toContain(TWO_FILES['mine.ts']);
  });

  it.each([
    ['a file', `import { readFileSync } from 'node:fs';\nexport default readFileSync;`, 1],
    ['the network', `\nimport net from 'net';\nexport default net;`, 2],
    ['a process', `import { spawn } from 'child_process';\nexport default spawn;`, 1],
    ['a thread', `import { Worker } from 'node:worker_threads';\nexport default Worker;`, 1],
    ['a clock', `import { performance } from 'node:perf_hooks';\nexport default performance;`, 1],
    ['a file, by require', `const fs = require('fs');\nexport default fs;`, 1],
    ['a module at run time', `\n\nexport default () => import('./x.js');`, 3],
    ['a computed module at run time', `const n = 'x';\nexport default () => import(n);`, 2],
    ['a computed require', `const n = 'x';\nexport default () => require(n);`, 2],
    ['text as code', `export default () => eval('1');`, 1],
    ['an inner module of the platform', `import { x } from 'quantai-trad/dist/errors.js';\nexport default x;`, 1],
  ])('refuses a strategy that imports %s, with the line', async (what, source, line) => {
    const folder = await project(`forbidden ${what}`, { 'mine.ts': source });
    const error = await errorOf(bundleStrategy(join(folder, 'mine.ts'), cache()));
    expect(error.code).toBe('forbidden-import');
    expect(error.exitCode).toBe(1);
    expect(error.message).toContain(`mine.ts:${line}:`);
    expect(error.fix).toBeTruthy();
  });

  it('says where an import that leads nowhere stands', async () => {
    const folder = await project('nowhere', { 'mine.ts': `import { a } from './gone.js';\nexport default a;` });
    const error = await errorOf(bundleStrategy(join(folder, 'mine.ts'), cache()));
    expect(error.code).toBe('unresolved-import');
    expect(error.message).toContain('mine.ts:1:');
    expect(error.message).toContain('./gone.js');
  });

  it('says where a syntax error stands, and that a file does not exist', async () => {
    const folder = await project('syntax', { 'mine.ts': `export default {\n  a: ,\n};` });
    const error = await errorOf(bundleStrategy(join(folder, 'mine.ts'), cache()));
    expect(error.code).toBe('syntax-error');
    expect(error.message).toContain('mine.ts:2:6');
    expect((await errorOf(bundleStrategy(join(folder, 'other.ts'), cache()))).code).toBe('no-such-file');
  });
});

/** What an expression gives inside a strategy's bundle. */
const evaluate = async (expression: string): Promise<unknown> => {
  const folder = await project(`eval-${Buffer.from(expression).toString('hex').slice(0, 60)}`, {
    'mine.ts': `export default (): unknown => ${expression};`,
  });
  const { file } = await bundleStrategy(join(folder, 'mine.ts'), cache());
  const module = (await import(pathToFileURL(file).href)) as { default: () => unknown };
  return module.default();
};

describe('inside a bundle', () => {
  it.each([
    ['Date.now()', /context\.now/],
    ['new Date()', /context\.now/],
    ['Date()', /context\.now/],
    ['globalThis.Date.now()', /context\.now/],
    ['performance.now()', /context\.now/],
    ['new Date(2024, 0, 1)', /Date\.UTC/],
    ['new Date("2024-01-01T00:00")', /Z/],
    ['Date.parse("2024-01-01 00:00")', /Z/],
    ['new Date(0).getHours()', /getUTCHours/],
    ['new Date(0).toLocaleDateString()', /toISOString/],
    ['Math.random()', /context\.random/],
    ['crypto.randomUUID()', /context\.random/],
    ['setTimeout(() => 1, 1)', /scheduler/],
    ['setInterval(() => 1, 1)', /scheduler/],
    ['setImmediate(() => 1)', /scheduler/],
    ['queueMicrotask(() => undefined)', /scheduler/],
    ['fetch("http://localhost")', /data import/],
    ['process.env', /data import/],
  ])('%s throws with the fix', async (expression, fix) => {
    const error = await errorOf(evaluate(expression));
    expect(error.code).toBe('forbidden-in-strategy');
    expect(error.fix).toMatch(fix);
  });

  it('dates with an explicit time work in UTC', async () => {
    expect(await evaluate('new Date(86400000).toISOString()')).toBe('1970-01-02T00:00:00.000Z');
    expect(await evaluate('new Date("2024-02-29").getUTCDay()')).toBe(4);
    expect(await evaluate('new Date("2024-02-29T00:00:00+01:00").getTime()')).toBe(1709161200000);
    expect(await evaluate('Date.UTC(2024, 1, 29)')).toBe(1709164800000);
    expect(await evaluate('new Date(5) instanceof Date')).toBe(true);
    expect(await evaluate('+new Date(5)')).toBe(5);
    expect(await evaluate('`${new Date(0)}`')).toBe('1970-01-01T00:00:00.000Z');
  });

  it('powers are the platform’s own, which are alike on every Node', async () => {
    const { power } = await import('../../src/numeric/pow.js');
    // 1.1 ** 0.3 and the like differ in the last bit between Node versions when the built-in computes them.
    expect(await evaluate('[Math.pow(1.1, 0.3), (1.1 as number) ** (0.3 as number)]')).toEqual([power(1.1, 0.3), power(1.1, 0.3)]);
    const folder = await project('pow', { 'mine.ts': `export default (x: number, y: number) => x ** y;` });
    expect(await readFile((await bundleStrategy(join(folder, 'mine.ts'), cache())).stored, 'utf8')).not.toMatch(/\*\*|Math\.pow/);
  });

  it('a name that the author declares is the author’s', async () => {
    const folder = await project('own-names', {
      'mine.ts': `const process = 3;\nconst Date = { now: () => 4 };\nexport default () => process + Date.now();`,
    });
    const { file } = await bundleStrategy(join(folder, 'mine.ts'), cache());
    const module = (await import(pathToFileURL(file).href)) as { default: () => number };
    expect(module.default()).toBe(7);
  });

  it('leaves the platform’s own globals alone', async () => {
    await errorOf(evaluate('Date.now()'));
    expect(Number.isFinite(Date.now())).toBe(true);
    expect(Number.isFinite(Math.random())).toBe(true);
  });
});
