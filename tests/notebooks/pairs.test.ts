import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

interface Notebook {
  cells: { id: string; cell_type: string; source: string[]; outputs?: unknown[]; execution_count?: number | null }[];
}

let copy = '';
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'quantai-pairs-'));
  await cp('notebooks', copy, { recursive: true });
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const pairs = (mode: string) =>
  run(process.execPath, ['scripts/notebooks.mjs', mode, copy]).then(
    ({ stdout }) => stdout,
    (error: { stderr: string }) => error.stderr,
  );
const readNotebook = async (name: string): Promise<Notebook> => JSON.parse(await readFile(join(copy, name), 'utf8')) as Notebook;

describe('notebooks and their sources', () => {
  it('are eight pairs that agree, without outputs, as they lie in git', async () => {
    const names = (await readdir('notebooks')).filter(name => name.endsWith('.ipynb')).sort();
    expect(names.map(name => name.slice(0, 2))).toEqual(['01', '02', '03', '04', '05', '06', '07', '08']);
    for (const name of names) {
      const { cells } = await readNotebook(name);
      const code = cells.filter(({ cell_type: type }) => type === 'code');
      expect(code.length, name).toBeGreaterThan(3);
      for (const cell of code) expect([cell.outputs, cell.execution_count], name).toEqual([[], null]);
      // Every line of code is in the source as it stands in the notebook.
      const source = await readFile(join('notebooks', name.replace('.ipynb', '.ts')), 'utf8');
      for (const cell of code) expect(source, `${name} ${cell.id}`).toContain(cell.source.join(''));
    }
    expect(await pairs('--check')).toContain('8 pairs agree');
  });

  it('are told apart when one was edited or run, and Jupyter’s edit comes back into the source', async () => {
    const name = '01-first-look-at-data';
    const notebook = await readNotebook(`${name}.ipynb`);
    const cell = notebook.cells.find(({ cell_type: type }) => type === 'code');
    if (cell === undefined) throw new Error('a notebook has code');
    cell.outputs = [{ output_type: 'stream', name: 'stdout', text: ['1'] }];
    await writeFile(join(copy, `${name}.ipynb`), JSON.stringify(notebook, undefined, 1));
    expect(await pairs('--check')).toContain(`${name} holds outputs`);
    cell.source = ["import { table } from 'quantai-trad/notebook';\n", '\n', 'table([{ edited: true }]);'];
    await writeFile(join(copy, `${name}.ipynb`), JSON.stringify(notebook, undefined, 1));
    await pairs('--back');
    expect(await readFile(join(copy, `${name}.ts`), 'utf8')).toContain(
      "// %%\nimport { table } from 'quantai-trad/notebook';\n\ntable([{ edited: true }]);\n",
    );
    // What was run goes with it: git never sees an output.
    expect(await pairs('--check')).toContain('8 pairs agree');
  });
});
