import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed } from '../errors.js';
import { NOTEBOOK_ENV } from './notebook-guard.js';
import type { Workspace } from './workspace.js';

/** The TypeScript kernel for Jupyter that ours is built on, by its exact version. */
const TSLAB = 'tslab@1.0.22';

/** Name of the kernel in the notebooks' own metadata. */
const KERNEL = 'quantai-typescript';

/** Where the kernel of a workspace lies. */
export interface KernelPlace {
  readonly folder: string;
  /** For `JUPYTER_PATH`: Jupyter looks for kernels below it. */
  readonly jupyterPath: string;
  /** The folder of tslab. */
  readonly tslab: string;
}

/** Folders of a workspace's kernel. `QUANTAI_TSLAB` names a tslab that is installed elsewhere already, such as in an image. */
export const kernelPlace = (workspace: Workspace): KernelPlace => {
  const folder = join(workspace.cache, 'notebook');
  return {
    folder,
    jupyterPath: join(folder, 'share', 'jupyter'),
    tslab: process.env['QUANTAI_TSLAB'] ?? join(folder, 'node_modules', 'tslab'),
  };
};

const versionOf = (folder: string): string | null => {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return null;
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown; readonly version?: unknown };
  return `${String(name)}@${String(version)}`;
};

/** Whether the tslab that the kernel needs is there. */
export const hasTslab = ({ tslab }: KernelPlace): boolean => versionOf(tslab) === TSLAB;

const install = (folder: string): Promise<string | null> =>
  new Promise(resolve => {
    const words = ['install', '--prefix', folder, '--save-exact', '--no-audit', '--no-fund', '--loglevel=error', TSLAB];
    const child = spawn('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', error => resolve(error.message));
    child.on('close', code => resolve(code === 0 ? null : said.trim() || `npm ended with ${String(code)}`));
  });

/** Installs tslab into the workspace where it is missing, with the user's own npm and registry. Throws `no-kernel` with what npm said. */
export const installKernel = async (place: KernelPlace, note: (line: string) => void): Promise<void> => {
  if (hasTslab(place)) return;
  await mkdir(place.folder, { recursive: true });
  // Without one of its own, npm would look for a package.json further up, and install there.
  const own = join(place.folder, 'package.json');
  if (!existsSync(own))
    await writeFile(own, `${JSON.stringify({ private: true, description: 'The kernel of quantai notebook' }, undefined, 2)}\n`);
  note(`Installing ${TSLAB} into ${place.folder}`);
  const wrong = await install(place.folder);
  if (wrong === null && hasTslab(place)) return;
  throw failed(
    'no-kernel',
    `The kernel ${TSLAB} could not be installed into ${place.folder}: ${(wrong ?? 'npm installed something else').slice(0, 500)}`,
    `Install it elsewhere and name its folder: QUANTAI_TSLAB=/path/to/node_modules/tslab.`,
  );
};

/** Writes the kernel's description, which names this installation and this workspace, so that moving either is mended by the next call. */
export const writeKernelSpec = async (place: KernelPlace, workspace: Workspace): Promise<void> => {
  const folder = join(place.jupyterPath, 'kernels', KERNEL);
  await mkdir(folder, { recursive: true });
  const program = fileURLToPath(new URL('notebook-kernel.cjs', import.meta.url));
  const spec = {
    argv: [process.execPath, program, place.tslab, '{connection_file}'],
    display_name: 'TypeScript (QuantAI-Trad)',
    language: 'typescript',
    env: { QUANTAI_HOME: workspace.root, [NOTEBOOK_ENV]: '1' },
  };
  await writeFile(join(folder, 'kernel.json'), `${JSON.stringify(spec, undefined, 2)}\n`);
};
