import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryWorkspace } from '../commands/run-quantai.js';

/** Where `.ci/run` puts it. */
const TSLAB = process.env['QUANTAI_TSLAB'] ?? join(homedir(), '.cache', 'quantai-notebook', 'node_modules', 'tslab');

const hasJupyter = (): boolean => {
  for (const python of ['python3', '/usr/bin/python3'])
    try {
      execFileSync(python, ['-m', 'nbconvert', '--version'], { stdio: 'ignore' });
      return true;
    } catch {
      // The next one may have it.
    }
  return false;
};

const missing = !existsSync(TSLAB) ? `no tslab in ${TSLAB}` : hasJupyter() ? null : 'no Jupyter';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const quantai = (words: readonly string[]): Promise<Ran> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [resolve('dist/cli.js'), ...words], { env: { ...process.env, QUANTAI_TSLAB: TSLAB } });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', fail);
    child.on('close', code => done({ code: code ?? 1, out, err }));
  });

interface Executed {
  readonly notebook: string;
  readonly seconds: number;
  readonly html: string | null;
  readonly failure: { readonly cell: number | null; readonly source: string; readonly error: string } | null;
}

let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
let ran: Ran;
let notebooks: readonly Executed[] = [];
const executed = (name: string): Executed => notebooks.find(({ notebook }) => notebook === name)!;

describe.skipIf(missing !== null)(`quantai notebook --run all${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  beforeAll(async () => {
    workspace = await temporaryWorkspace();
    // A notebook of the user's own, with a mistake in its second cell of code; it is run besides those that come along.
    await mkdir(join(workspace.root, 'notebooks'));
    const own = JSON.parse(await readFile('notebooks/01-first-look-at-data.ipynb', 'utf8')) as { cells: { source: string[] }[] };
    own.cells.splice(
      1,
      own.cells.length,
      { ...own.cells[1]!, source: ["import { sma } from 'quantai-trad';"] },
      { ...own.cells[1]!, source: ['const length: string = sma(20).warmup;\n', 'console.log(length);'] },
    );
    await writeFile(join(workspace.root, 'notebooks', '99-broken.ipynb'), JSON.stringify(own));
    ran = await quantai(['notebook', '--run', 'all', '--json', '--workspace', workspace.root]);
    notebooks = (JSON.parse(ran.out) as { notebooks: Executed[] }).notebooks;
    // A minute on a machine of its own; compilers and searches on a busy one take many times as long.
  }, 1_200_000);
  afterAll(() => workspace.remove());

  it.each([
    ['01-first-look-at-data', 3],
    ['02-write-a-strategy', 2],
    ['03-features-and-labels', 1],
    ['04-walk-forward', 4],
    ['05-read-the-evidence', 2],
    ['06-models-and-calibration', 3],
    ['07-order-book-replay', 2],
    ['08-from-paper-to-live', 1],
  ])('%s runs from its first cell to its last and shows its charts', async (name, charts) => {
    const { failure, html } = executed(name);
    expect(failure).toBeNull();
    const page = await readFile(html ?? '', 'utf8');
    // Pictures that hold something: an empty one of this size has a few hundred bytes.
    const pictures = [...page.matchAll(/<img[^>]*src="data:image\/png;base64,([^"]*)"/g)].map(([, base64 = '']) => base64);
    expect(pictures.map(picture => picture.length > 5_000)).toEqual(Array.from({ length: charts }, () => true));
    expect(page).toContain('<table>');
    // No script of a stranger draws them: the pictures are in the page.
    expect(page).not.toContain('vega-embed');
  });

  it('fails on a type error and names notebook, cell and error', () => {
    expect(executed('99-broken')).toMatchObject({
      html: null,
      failure: {
        cell: 3,
        source: 'const length: string = sma(20).warmup;',
        error: expect.stringContaining("'number' is not assignable to type 'string'") as string,
      },
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/error: 99-broken, cell 3 .*not assignable/);
  });

  it('leaves the notebooks without outputs, and refuses orders inside', async () => {
    const kept = await readFile(join(workspace.root, 'notebooks', '08-from-paper-to-live.ipynb'), 'utf8');
    expect(kept).toBe(await readFile('notebooks/08-from-paper-to-live.ipynb', 'utf8'));
    expect(await readFile(executed('08-from-paper-to-live').html ?? '', 'utf8')).toContain('sends orders, and a notebook does not');
  });

  it('never overwrites a notebook of the user, and finds everything in place afterwards', async () => {
    const own = join(workspace.root, 'notebooks', '01-first-look-at-data.ipynb');
    await cp(join(workspace.root, 'notebooks', '99-broken.ipynb'), own);
    const before = await readFile(own, 'utf8');
    const again = await quantai(['notebook', '--run', 'nothing-of-that-name', '--workspace', workspace.root]);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('There is no notebook "nothing-of-that-name"')]);
    expect(await readFile(own, 'utf8')).toBe(before);
    const { out } = await quantai(['notebook', '--check', '--json', '--workspace', workspace.root]);
    const found = (JSON.parse(out) as { found: { what: string; found: string | null }[] }).found;
    expect(found.filter(each => each.found !== null).map(({ what }) => what)).toEqual(
      expect.arrayContaining(['Jupyter to run notebooks', 'Kernel', 'Notebooks']),
    );
  });
});
