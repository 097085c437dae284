import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { jupyterEnv, output } from './notebook-jupyter.js';

/** How one notebook ran. */
export interface ExecutedNotebook {
  readonly notebook: string;
  readonly seconds: number;
  /** Its page, where it ran to the end. */
  readonly html: string | null;
  /** The cell that failed, counted from 1 over all cells, with its first line and the error. */
  readonly failure: { readonly cell: number | null; readonly source: string; readonly error: string } | null;
}

/** A cell that takes longer than this, seconds, is taken for hung. */
const CELL_SECONDS = 300;

const RULE = '------------------';

/** What nbconvert says of a cell that failed: its source between two rules, then the error. */
const failureIn = (text: string, cells: readonly string[]): NonNullable<ExecutedNotebook['failure']> => {
  const [, source = '', after = ''] = text.split(`${RULE}\n`);
  if (source === '') return { cell: null, source: '', error: text.trim().split('\n').slice(-3).join('\n') };
  const found = cells.findIndex(cell => cell.trim() === source.trim());
  const [first = ''] = source.split('\n').filter(line => line.trim() !== '');
  // The error comes twice: as the traceback, and as its name and first line.
  const error = after.trim().replace(/\nError: .*$/s, '');
  return { cell: found < 0 ? null : found + 1, source: first, error };
};

const sourcesOf = async (file: string): Promise<string[]> => {
  const { cells } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly cells: readonly { readonly source: string | readonly string[] }[];
  };
  return cells.map(({ source }) => (typeof source === 'string' ? source : source.join('')));
};

/** Runs a notebook from its first cell to its last in a fresh kernel and writes it as HTML into `out`. The notebook itself stays as it is: outputs are in the page alone. */
export const executeNotebook = async (
  file: string,
  {
    nbconvert,
    jupyterPath,
    out,
    signal,
  }: { readonly nbconvert: readonly string[]; readonly jupyterPath: string; readonly out: string; readonly signal: AbortSignal },
): Promise<ExecutedNotebook> => {
  const notebook = basename(file, '.ipynb');
  const html = join(out, `${notebook}.html`);
  const begun = performance.now();
  await rm(html, { force: true });
  const words = [
    '--to',
    'html',
    '--execute',
    `--ExecutePreprocessor.timeout=${CELL_SECONDS}`,
    '--output-dir',
    out,
    '--output',
    `${notebook}.html`,
    file,
  ];
  const ran = await output([...nbconvert, ...words], { env: jupyterEnv(jupyterPath), signal });
  const seconds = (performance.now() - begun) / 1_000;
  if (ran?.code === 0) return { notebook, seconds, html, failure: null };
  return { notebook, seconds, html: null, failure: failureIn(ran?.text ?? 'Jupyter could not be started.', await sourcesOf(file)) };
};
