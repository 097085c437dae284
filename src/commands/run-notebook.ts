import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../errors.js';
import { executeNotebook, type ExecutedNotebook } from './notebook-execute.js';
import { chooseNotebooks, copyNotebooks, notebooksFolder, notebooksOf } from './notebook-files.js';
import { findJupyter, jupyterEnv, noJupyter } from './notebook-jupyter.js';
import { hasTslab, installKernel, kernelPlace, writeKernelSpec, type KernelPlace } from './notebook-kernel-setup.js';
import type { NotebookArguments } from './notebook.js';
import { present, say, terminal } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** Notebooks that run at a time: each has a compiler of its own. */
const AT_A_TIME = 2;

/** What is in place, and how to mend what is not. Throws `not-in-place` (exit code 1) after it has said so. */
const check = async (args: NotebookArguments, workspace: Workspace, place: KernelPlace): Promise<void> => {
  const { nbconvert, frontEnd } = await findJupyter({ nbconvert: true, frontEnd: true });
  const notebooks = await notebooksOf(workspace);
  const found = [
    { what: 'Jupyter to open notebooks', found: frontEnd?.join(' ') ?? null, fix: noJupyter('frontEnd').fix ?? '' },
    { what: 'Jupyter to run notebooks', found: nbconvert?.join(' ') ?? null, fix: noJupyter('nbconvert').fix ?? '' },
    { what: 'Kernel', found: hasTslab(place) ? place.tslab : null, fix: 'quantai notebook installs it.' },
    {
      what: 'Notebooks',
      found: notebooks.length > 0 ? `${notebooks.length} in ${notebooksFolder(workspace)}` : null,
      fix: 'quantai notebook copies them.',
    },
  ];
  present(args, { ok: found.every(each => each.found !== null), found }, result =>
    result.found.map(each => `${each.found === null ? '✗' : '✓'} ${each.what}: ${each.found ?? `missing. ${each.fix}`}`).join('\n'),
  );
  if (found.some(each => each.found === null)) throw failed('not-in-place', 'Something that notebooks need is missing; see above.');
};

const resultText = ({ notebook, seconds, html, failure }: ExecutedNotebook): string =>
  failure === null
    ? `✓ ${notebook}  ${seconds.toFixed(1)} s  ${String(html)}`
    : `✗ ${notebook}  ${failure.cell === null ? '' : `cell ${failure.cell} (${failure.source})  `}\n${failure.error.replace(/^/gm, '    ')}`;

const execute = async (args: NotebookArguments, workspace: Workspace, place: KernelPlace, wanted: string): Promise<void> => {
  const { nbconvert } = await findJupyter({ nbconvert: true, frontEnd: false });
  if (nbconvert === null) throw noJupyter('nbconvert');
  const waiting = [...(await chooseNotebooks(workspace, wanted))];
  const out = join(workspace.reports, 'notebooks');
  await mkdir(out, { recursive: true });
  const { signal } = terminal();
  const results: ExecutedNotebook[] = [];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined && !signal.aborted; name = waiting.shift()) {
      const result = await executeNotebook(join(notebooksFolder(workspace), name), {
        nbconvert,
        jupyterPath: place.jupyterPath,
        out,
        signal,
      });
      say(resultText(result));
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  signal.throwIfAborted();
  results.sort((a, b) => (a.notebook < b.notebook ? -1 : 1));
  const broken = results.filter(({ failure }) => failure !== null);
  present(
    args,
    { ok: broken.length === 0, notebooks: results },
    ({ notebooks }) => `${notebooks.length - broken.length} of ${notebooks.length} notebooks ran; pages in ${out}`,
  );
  const [first] = broken;
  if (first?.failure)
    throw failed(
      'notebook-failed',
      `${first.notebook}${first.failure.cell === null ? '' : `, cell ${first.failure.cell} (${first.failure.source})`}: ${first.failure.error.split('\n', 1)[0] ?? ''}`,
    );
};

const show = async (args: NotebookArguments, workspace: Workspace, place: KernelPlace): Promise<void> => {
  const { frontEnd } = await findJupyter({ nbconvert: false, frontEnd: true });
  if (frontEnd === null) throw noJupyter('frontEnd');
  const [program = '', ...words] = frontEnd;
  // Both front ends listen on loopback and ask for a token of their own.
  const options = [...(args.port === undefined ? [] : [`--port=${args.port}`]), ...(args.open ? [] : ['--no-browser'])];
  const child = spawn(program, [...words, ...options], {
    cwd: notebooksFolder(workspace),
    env: jupyterEnv(place.jupyterPath),
    stdio: 'inherit',
  });
  const { signal } = terminal();
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const code = await new Promise<number>(resolve => {
    child.on('error', () => resolve(1));
    child.on('close', status => resolve(status ?? 0));
  });
  if (code !== 0 && !signal.aborted) throw failed('jupyter-ended', `Jupyter ended with ${code}; it says why above.`);
};

/** Sets up the kernel in the workspace and opens the notebooks, runs them, or only looks. */
export const runNotebook = async (args: NotebookArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const place = kernelPlace(workspace);
  if (args.check === true) return check(args, workspace, place);
  await installKernel(place, say);
  await writeKernelSpec(place, workspace);
  const copied = await copyNotebooks(workspace);
  if (copied.length > 0) say(`${copied.length} notebooks copied to ${notebooksFolder(workspace)}`);
  return args.run === undefined ? show(args, workspace, place) : execute(args, workspace, place, args.run);
};
