// Bundles bench/ and runs it against the built platform: npm run bench -- [--only engine] [--quick] [--json]; --help tells the rest
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { installRivals } from './rivals.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Rivals are installed when they are to be measured, and only then. */
const {
  values: { only = [], help },
} = parseArgs({ strict: false, options: { only: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } } });
const compares = !help && (only.length === 0 || only.includes('rivals'));

/** Benchmarks import the source for its types; what they time is what is shipped, each module once. */
const againstTheBuild = {
  name: 'against-the-build',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(\.\.\/)+src\// }, ({ path }) => ({
      path: pathToFileURL(join(dist, path.replace(/^(\.\.\/)+src\//, ''))).href,
      external: true,
    })),
};

// Inside the repository, so that packages are found.
await mkdir(join(root, '.cache'), { recursive: true });
const folder = await mkdtemp(join(root, '.cache', 'bench-'));
try {
  await build({
    entryPoints: [join(root, 'bench', 'bench.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [againstTheBuild],
  });
  // What is timed runs as the command does, with the flags of its first line.
  const [shebang] = (await readFile(join(dist, 'cli.js'), 'utf8')).split('\n', 1);
  const flags = shebang.split(' ').filter(word => word.startsWith('--'));
  // An interrupt reaches the child as well; it cleans up and ends, and then so does this.
  process.on('SIGINT', () => {});
  const rivals = compares ? ['--rivals', JSON.stringify(await installRivals(join(root, 'bench', 'rivals')))] : [];
  const child = spawn(process.execPath, [...flags, join(folder, 'bench.mjs'), '--dist', dist, ...rivals, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = await new Promise(resolve => child.on('exit', code => resolve(code ?? 1)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
