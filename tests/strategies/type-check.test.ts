import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { typeCheck } from '../../src/strategies/type-check.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'types-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cache = () => ({ cacheDir: join(root, 'cache') });
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(root, name), text);
  return join(root, name);
};
const errorOf = async (path: string): Promise<UserError> => {
  const error: unknown = await typeCheck(path, cache()).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

describe('type-checking a strategy', () => {
  it('names file, line and column, and shows the line with a mark under the place', async () => {
    const path = await file('wrong.ts', `export const a = 1;\nexport const b: string = a;\n`);
    const error = await errorOf(path);
    expect(error).toMatchObject({ code: 'type-error', exitCode: 1 });
    expect(error.message).toContain(`${path}:2:14 – TS2322`);
    expect(error.message).toContain('  2 | export const b: string = a;\n                   ^');
  });

  it('counts what it does not show', async () => {
    const lines = Array.from({ length: 8 }, (_, i) => `export const v${i}: string = ${i};`).join('\n');
    expect((await errorOf(await file('many.ts', lines))).message).toContain('(and 3 more)');
  });

  it('is strict: a value that may be undefined is not a number', async () => {
    const error = await errorOf(await file('strict.ts', `export const f = (x?: number): number => x;`));
    expect(error.message).toContain('TS2322');
  });

  it('knows the platform and console, and no file system', async () => {
    await typeCheck(
      await file(
        'knows.ts',
        `import { int } from 'quantai-trad';\nimport { map } from 'rxjs';\nconsole.log(int(1, 2, { default: 1 }).kind, map);`,
      ),
      cache(),
    );
    expect((await errorOf(await file('unknown.ts', `import { nope } from 'quantai-trad';\nexport default nope;`))).message).toContain(
      'nope',
    );
  });

  it('repeats a passed check only when one of its files changes, types-only imports included', async () => {
    await file('shape.ts', `export interface Shape { readonly size: number }`);
    const path = await file('uses.ts', `import type { Shape } from './shape.js';\nexport const f = (s: Shape): number => s.size;`);
    await typeCheck(path, cache());
    const record = async (): Promise<number> => {
      let newest = 0;
      for (const folder of await readdir(join(root, 'cache'))) {
        const info = await stat(join(root, 'cache', folder, 'tsconfig.json')).catch(() => undefined);
        newest = Math.max(newest, info?.mtimeMs ?? 0);
      }
      return newest;
    };
    const before = await record();
    await typeCheck(path, cache());
    expect(await record()).toBe(before);
    await file('shape.ts', `export interface Shape { readonly size: string }`);
    expect((await errorOf(path)).message).toContain('uses.ts:2:');
  });

  it('leaves JavaScript alone', async () => {
    await typeCheck(await file('plain.js', `export default undefinedName;`), cache());
  });
});
