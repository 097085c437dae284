import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNotebook } from './run-source.js';

const run = promisify(execFile);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantai-sources-'));
  await cp('notebooks', join(folder, 'notebooks'), { recursive: true });
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'Preserve',
    moduleResolution: 'Bundler',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
    paths: { 'quantai-trad': [resolve('dist/index.d.ts')], 'quantai-trad/notebook': [resolve('dist/commands/notebook-kit.d.ts')] },
  };
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['notebooks'] }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const typeErrors = () =>
  run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false']).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );

describe('sources of the notebooks', () => {
  it('have the types of the platform as it is published, and one wrong type is named', async () => {
    expect(await typeErrors()).toBe('');
    const [first = ''] = (await readdir('notebooks')).filter(name => name.endsWith('.ts')).sort();
    const file = join(folder, 'notebooks', first);
    await writeFile(file, (await readFile(file, 'utf8')).replace('const ROUND_TRIP = 0.0014;', "const ROUND_TRIP = '0.14 %';"));
    expect(await typeErrors()).toMatch(/01-first-look-at-data\.ts\(\d+,\d+\): error TS2363/);
  });

  it.each([
    ['01-first-look-at-data', ['BTC/USDT:USDT  1h         17,544', '[chart] Three synthetic perpetuals', '[chart] Funding paid']],
    ['03-features-and-labels', ['fixed-horizon(24,band=0.0014)', '[chart] Return of the next 24 hours', 'relative-range(24)']],
  ])('%s runs on a plain Node and shows its figures', async (name, shown) => {
    const script = await buildNotebook(`notebooks/${name}.ts`, folder);
    const { stdout } = await run(process.execPath, [script], { env: { ...process.env, QUANTAI_HOME: folder, QUANTAI_NOTEBOOK: '1' } });
    for (const text of shown) expect(stdout).toContain(text);
  });

  it('may begin commands beside them, but none that sends orders', async () => {
    const script = join(folder, 'beside.mjs');
    await writeFile(
      script,
      `import { begin } from ${JSON.stringify(resolve('dist/commands/notebook-kit.js'))};
      const live = begin('live', 'sma-cross', '--venue', 'practice', '--symbols', 'BTC/USDT:USDT');
      await live.until(/no-such-words/).catch(error => console.log(error.message));`,
    );
    const { stdout } = await run(process.execPath, [script], { env: { ...process.env, QUANTAI_HOME: folder, QUANTAI_NOTEBOOK: '1' } });
    expect(stdout).toContain('`quantai live` sends orders, and a notebook does not');
  });
});
