import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { usageError } from '../errors.js';

/** A Jupyter that can be called. */
export interface Jupyter {
  /** Program and its first words, e.g. `['/usr/bin/python3', '-m', 'nbconvert']`. */
  readonly nbconvert: readonly string[] | null;
  /** The front end that is there: lab before notebook. */
  readonly frontEnd: readonly string[] | null;
}

/** What a program printed, both streams together, and its exit code; null where it could not be started. */
export const output = (
  words: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly signal?: AbortSignal } = {},
) =>
  new Promise<{ readonly code: number; readonly text: string } | null>(resolve => {
    const [program = '', ...rest] = words;
    const child = spawn(program, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', () => resolve(null));
    child.on('close', code => resolve({ code: code ?? 1, text }));
  });

/** Pythons to ask, the first on the PATH first; that of the system is where a package manager of it installs Jupyter. */
const PYTHONS = ['python3', '/usr/bin/python3', 'python'];

const canDo = async (words: readonly string[]): Promise<boolean> => (await output([...words, '--version']))?.code === 0;

const firstThatCan = async (candidates: readonly (readonly string[])[]): Promise<readonly string[] | null> => {
  for (const words of candidates) if (await canDo(words)) return words;
  return null;
};

const pythons = (): readonly string[] => PYTHONS.filter(name => !name.startsWith('/') || existsSync(name));

/** Finds a Jupyter that runs notebooks, one that shows them, or both. */
export const findJupyter = async (wanted: { readonly frontEnd: boolean; readonly nbconvert: boolean }): Promise<Jupyter> => ({
  nbconvert: wanted.nbconvert ? await firstThatCan(pythons().map(python => [python, '-m', 'nbconvert'])) : null,
  frontEnd: wanted.frontEnd
    ? await firstThatCan(
        ['lab', 'notebook'].flatMap(name => [['jupyter', name], ...pythons().map(python => [python, '-m', 'jupyter', name])]),
      )
    : null,
});

/** The usage error where Jupyter is missing. */
export const noJupyter = (what: 'nbconvert' | 'frontEnd') =>
  what === 'nbconvert'
    ? usageError(
        'no-jupyter',
        'There is no Jupyter here that can run notebooks.',
        'Install it: `pip install nbconvert ipykernel`, or on Debian and Ubuntu `apt-get install jupyter-nbconvert`.',
      )
    : usageError(
        'no-jupyter',
        'There is no Jupyter here that shows notebooks.',
        'Install it: `pip install jupyterlab`, or on Debian and Ubuntu `apt-get install jupyter-notebook`. Without it: quantai notebook --run all.',
      );

/** The environment of Jupyter: our kernels besides those that the user has. */
export const jupyterEnv = (jupyterPath: string): NodeJS.ProcessEnv => {
  const own = process.env['JUPYTER_PATH'];
  return { ...process.env, JUPYTER_PATH: own === undefined || own === '' ? jupyterPath : `${jupyterPath}${delimiter}${own}` };
};
