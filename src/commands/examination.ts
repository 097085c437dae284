import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { verifyDataset, listDatasets } from '../datasets/catalogue.js';
import { firstLine, note, ok, wrong, type Check } from './doctor-check.js';
import { examineMachine } from './doctor-machine.js';
import { examineTools } from './doctor-tools.js';
import { examineWorkspace } from './doctor-workspace.js';
import { bytes } from './figures.js';
import type { Workspace } from './workspace.js';

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
        (error: unknown) => wrong(name, `does not work: ${firstLine(error)}`, INSTALL),
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
    return [wrong('datasets', firstLine(error), 'Import the data again.')];
  }
};

/** Everything that a run needs and what is worth knowing besides: the computer, the native packages at work, what only some commands need, the workspace, its datasets. */
export const examine = async (workspace: Workspace): Promise<readonly Check[]> => [
  ...(await examineMachine(workspace)),
  ...(await natives()),
  await tensorflow(),
  ...(await examineTools(workspace)),
  ...(await examineWorkspace(workspace)),
  ...(await datasets(workspace)),
];
