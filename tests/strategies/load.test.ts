import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { BUILT_IN } from '../../src/strategies/built-in.js';
import { loadStrategy, resolveStrategy, strategyOf } from '../../src/strategies/load.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'load-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cache = () => ({ cacheDir: join(root, 'cache') });
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(root, name), text);
  return join(root, name);
};
const errorOf = async (work: Promise<unknown>): Promise<UserError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

const GOOD = `
import { defineStrategy, int, target } from 'quantai-trad';
export default defineStrategy({
  name: 'mine',
  params: { n: int(1, 9, { default: 3 }) },
  decide: (bar, _, { params }) => target(bar.symbol, params.n > 5 ? 1 : 0),
});
`;

describe('resolving a strategy', () => {
  it('loads every built-in one by its own name', async () => {
    for (const name of Object.keys(BUILT_IN)) {
      const { strategy, hash, file: path } = await resolveStrategy(name, cache());
      expect(strategy.name).toBe(name);
      expect(hash).toBe(`builtin:${name}`);
      expect(path).toBeNull();
    }
  });

  it('suggests the built-in that was meant', async () => {
    const error = await errorOf(resolveStrategy('sma-cros', cache()));
    expect(error).toMatchObject({ code: 'unknown-strategy', exitCode: 2 });
    expect(error.message).toContain('Did you mean "sma-cross"?');
    expect(error.fix).toContain('sma-cross');
  });

  it('bundles, checks and loads a file, and a worker loads the same from the reference', async () => {
    const resolved = await resolveStrategy(await file('good.ts', GOOD), cache());
    expect(resolved.strategy).toMatchObject({ name: 'mine', params: { n: { kind: 'int', default: 3 } } });
    expect(resolved.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(resolved.inputs).toEqual([join(root, 'good.ts')]);
    expect((await loadStrategy(structuredClone(resolved.ref))).name).toBe('mine');
    // What a thread imports later is what was bundled, to the byte.
    if (!('bundle' in resolved.ref)) return;
    const bytes = await readFile(resolved.ref.bundle);
    await writeFile(resolved.ref.bundle, Buffer.concat([bytes, Buffer.from(' ')]));
    expect(await errorOf(loadStrategy(resolved.ref))).toMatchObject({ code: 'altered-bundle', exitCode: 4 });
    await writeFile(resolved.ref.bundle, bytes);
  });

  it('reports a type error rather than run', async () => {
    const error = await errorOf(resolveStrategy(await file('typo.ts', GOOD.replace('bar.symbol', 'bar.symbl')), cache()));
    expect(error).toMatchObject({ code: 'type-error', exitCode: 1 });
    expect(error.message).toContain('typo.ts:6:');
  });

  it('reports a forbidden import as such, not as a missing type', async () => {
    const error = await errorOf(
      resolveStrategy(await file('reads.ts', `import { readFileSync } from 'node:fs';\n${GOOD}\nreadFileSync('x');`), cache()),
    );
    expect(error.code).toBe('forbidden-import');
  });

  it('says with file and fix when the top level of a file throws', async () => {
    const error = await errorOf(
      resolveStrategy(
        await file('throws.js', `const now = Date.now();\nexport default { name: 'a', params: {}, decide() { return now; } };`),
        cache(),
      ),
    );
    expect(error.code).toBe('bad-strategy');
    expect(error.message).toContain('throws.js');
    expect(error.message).toContain('Date.now()');
    expect(error.fix).toContain('context.now');
  });
});

describe('the default export of a strategy file', () => {
  const decide = () => undefined;
  it.each([
    ['is missing', {}, /no default export/],
    ['is a named export instead', { mine: { name: 'a', params: {}, decide } }, /exported as "mine"/],
    ['is a function', { default: decide }, /is a function/],
    ['is null', { default: null }, /is null/],
    ['is text', { default: 'sma' }, /is a string/],
    ['has no name', { default: { params: {}, decide } }, /name is undefined/],
    ['has a name with capitals', { default: { name: 'MyStrategy', params: {}, decide } }, /"MyStrategy"/],
    ['has no params', { default: { name: 'a', decide } }, /no params/],
    ['has a bare number as a parameter', { default: { name: 'a', params: { n: 5 }, decide } }, /parameter "n"/],
    ['has no form', { default: { name: 'a', params: {} } }, /none of decide/],
    ['has two forms', { default: { name: 'a', params: {}, decide, run: decide } }, /decide and run/],
    ['has a decide that is no function', { default: { name: 'a', params: {}, decide: 5 } }, /decide is a number/],
  ])('that %s is refused in words', (_, module, message) => {
    expect(() => strategyOf(module, 'mine.ts')).toThrow(message);
    expect(() => strategyOf(module, 'mine.ts')).toThrow(/^mine\.ts: /);
  });

  it('that is a strategy is taken as it is', () => {
    const strategy = { name: 'a', params: {}, decide };
    expect(strategyOf({ default: strategy }, 'mine.ts')).toBe(strategy);
  });
});
