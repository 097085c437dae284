import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { verifyDataset, listDatasets } from '../datasets/catalogue.js';
import { bytes } from './figures.js';
import { readConfig } from './config-file.js';
import type { Workspace } from './workspace.js';

/** One thing looked at. `note` is worth knowing and no fault. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'wrong' | 'note';
  readonly text: string;
  readonly fix: string | null;
}

const ok = (name: string, text: string): Check => ({ name, status: 'ok', text, fix: null });
const note = (name: string, text: string, fix: string | null = null): Check => ({ name, status: 'note', text, fix });
const wrong = (name: string, text: string, fix: string): Check => ({ name, status: 'wrong', text, fix });

const messageOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));

const nodeVersion = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok('node', `${process.version}, ${availableParallelism()} cores, ${bytes(totalmem())} memory`)
    : wrong('node', `${process.version} is too old`, 'Install Node 20.19 or newer.');
};

const versionOf = async (name: string): Promise<string> => {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return String((JSON.parse(await readFile(file, 'utf8')) as { version?: unknown }).version);
};

const INSTALL = 'Run `npm ci` again without --omit=optional, on this computer: its binaries are per platform.';

/** Do the native packages work, not merely exist? */
const natives = (): Promise<Check[]> => {
  const attempts: [string, () => Promise<string>][] = [
    [
      'duckdb',
      async () => {
        const { openDuckDB } = await import('../duckdb.js');
        const engine = await openDuckDB();
        try {
          const reader = await engine.connection.runAndReadAll('SELECT version()');
          return String(reader.getRows()[0]?.[0]);
        } finally {
          engine.close();
        }
      },
    ],
    [
      'esbuild',
      async () => {
        const { transform } = await import('esbuild');
        await transform('const x: number = 1', { loader: 'ts' });
        return versionOf('esbuild');
      },
    ],
    [
      'typescript',
      async () => {
        const { execFile } = await import('node:child_process');
        const { promisify } = await import('node:util');
        const compiler = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
        return (await promisify(execFile)(process.execPath, [compiler, '--version'])).stdout.trim().replace('Version ', '');
      },
    ],
    [
      'resvg',
      async () => {
        const { Resvg } = await import('@resvg/resvg-js');
        new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>').render();
        return versionOf('@resvg/resvg-js');
      },
    ],
  ];
  return Promise.all(
    attempts.map(([name, attempt]) =>
      attempt().then(
        text => ok(name, text),
        (error: unknown) => wrong(name, `does not work: ${messageOf(error)}`, INSTALL),
      ),
    ),
  );
};

/** Which back ends neural models can be trained on. The native one is an extra that nothing needs. */
const tensorflow = async (): Promise<Check> => {
  const { tensorflowBackends } = await import('../models/neural/tensorflow.js');
  const states = await tensorflowBackends();
  const loading = states.filter(({ loads }) => loads).map(({ name }) => name);
  const failing = states.filter(({ name, loads }) => !loads && name !== 'node');
  const text = `loads on ${loading.join(', ') || 'nothing'}${loading.includes('node') ? '' : '; node (optional) is not installed'}`;
  return failing.length === 0
    ? ok('tensorflow', text)
    : wrong('tensorflow', `${text}; ${failing.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`, 'Run `npm ci` again.');
};

const writable = async (workspace: Workspace): Promise<Check> => {
  const probe = join(workspace.cache, `probe-${process.pid}`);
  try {
    await mkdir(workspace.cache, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
    return ok('workspace', `${workspace.root} is writable`);
  } catch (error) {
    return wrong(
      'workspace',
      `${workspace.root} cannot be written to: ${messageOf(error)}`,
      'Check its permissions, or choose another with --workspace.',
    );
  }
};

const configuration = async (workspace: Workspace): Promise<Check> => {
  try {
    const { readFile: read } = await import('node:fs/promises');
    const exists = await read(workspace.configFile).then(
      () => true,
      () => false,
    );
    await readConfig(workspace);
    return exists ? ok('quantai.config.ts', 'is valid') : note('quantai.config.ts', 'there is none; every setting has a default');
  } catch (error) {
    return wrong('quantai.config.ts', messageOf(error), 'Mend the key that it names.');
  }
};

const datasets = async (workspace: Workspace): Promise<Check[]> => {
  try {
    const found = await listDatasets(workspace.root);
    if (found.length === 0)
      return [note('datasets', 'there is none', 'Bring data in with `quantai data import`, or make some with `quantai data synth`.')];
    return await Promise.all(
      found.map(async (dataset): Promise<Check> => {
        const damaged = await verifyDataset(dataset);
        const [first] = damaged;
        if (first)
          return wrong(
            `dataset ${dataset.id}`,
            `${first.path} is ${first.reason}${damaged.length > 1 ? `, and ${damaged.length - 1} more` : ''}`,
            'Import its data again.',
          );
        const size = dataset.entries.reduce((sum, entry) => sum + entry.files.reduce((total, file) => total + file.bytes, 0), 0);
        return ok(`dataset ${dataset.id}`, `${bytes(size)}, every file has its hash`);
      }),
    );
  } catch (error) {
    return [wrong('datasets', messageOf(error), 'Import the data again.')];
  }
};

/** Everything that a run needs: Node, the native packages at work, a writable workspace, a valid configuration, datasets whole. */
export const examine = async (workspace: Workspace): Promise<readonly Check[]> => [
  nodeVersion(),
  ...(await natives()),
  await tensorflow(),
  await writable(workspace),
  await configuration(workspace),
  ...(await datasets(workspace)),
];
