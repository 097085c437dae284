import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed } from '../errors.js';

const require = createRequire(import.meta.url);
const PLATFORM_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Our own types: declarations beside the compiled code, or the sources in a checkout under test. */
const platformTypes = (): string => {
  const declarations = join(PLATFORM_ROOT, 'index.d.ts');
  return existsSync(declarations) ? declarations : join(PLATFORM_ROOT, 'index.ts');
};

/** A strategy has no Node and no browser, but may print while it is being written. */
const AMBIENT = `interface Console { log(...values: unknown[]): void; warn(...values: unknown[]): void; error(...values: unknown[]): void; debug(...values: unknown[]): void; table(rows: unknown): void }
declare const console: Console;
`;

/** A check is as good as the platform and the compiler that made it. */
const versions = (): string =>
  ['../../package.json', 'typescript/package.json'].map(file => String((require(file) as { version?: unknown }).version)).join(' ');

const configFor = (entry: string, types: string, ambient: string) => ({
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'Preserve',
    moduleResolution: 'Bundler',
    strict: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    isolatedModules: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    allowJs: true,
    noEmit: true,
    // Sources of the platform need Node's own types; declarations of it bring what they need.
    types: types.endsWith('.d.ts') ? [] : ['node'],
    typeRoots: [join(dirname(require.resolve('rxjs/package.json')), '..', '@types')],
    paths: {
      'quantai-trad': [types],
      rxjs: [join(dirname(require.resolve('rxjs/package.json')), 'dist/types/index.d.ts')],
      'rxjs/operators': [join(dirname(require.resolve('rxjs/package.json')), 'dist/types/operators/index.d.ts')],
    },
  },
  files: types.endsWith('.d.ts') ? [entry, ambient] : [entry],
});

interface Run {
  readonly code: number;
  readonly output: string;
}

const compile = (config: string, folder: string): Promise<Run> =>
  new Promise((done, fail) => {
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    const child = spawn(process.execPath, [compiler, '-p', config, '--pretty', 'false', '--listFiles'], { cwd: folder });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', fail);
    child.on('close', code => done({ code: code ?? 1, output }));
  });

interface TypeError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const parseErrors = (output: string, folder: string): TypeError[] => {
  const errors: TypeError[] = [];
  let last: { file: string; line: number; column: number; message: string } | undefined;
  for (const line of output.split(/\r?\n/)) {
    const match = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/.exec(line);
    if (match) {
      last = { file: resolve(folder, match[1] ?? ''), line: Number(match[2]), column: Number(match[3]), message: match[4] ?? '' };
      errors.push(last);
    } else if (last && /^\s+\S/.test(line)) last.message += `\n${line}`;
    else last = undefined;
  }
  return errors;
};

const show = async ({ file, line, column, message }: TypeError): Promise<string> => {
  const source = (await readFile(file, 'utf8').catch(() => '')).split(/\r?\n/)[line - 1];
  const text = `${file}:${line}:${column} – ${message}`;
  if (source === undefined) return text;
  const margin = `  ${line} | `;
  return `${text}\n${margin}${source}\n${' '.repeat(margin.length + column - 1)}^`;
};

const hashOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file).catch(() => ''))
    .digest('hex');

/** Files of an earlier check that found nothing, with their hashes. */
type Passed = Readonly<Record<string, string>>;

const stillHolds = async (record: string): Promise<boolean> => {
  try {
    const passed = JSON.parse(await readFile(record, 'utf8')) as Passed;
    for (const [file, hash] of Object.entries(passed)) if ((await hashOf(file)) !== hash) return false;
    return true;
  } catch {
    return false;
  }
};

/**
 * Check a strategy's types with the platform's own compiler against the platform's own types, whatever the workspace has installed.
 * JavaScript is not checked. A check that passed is not repeated until one of its files changes.
 * Throws `type-error` (exit 1) naming file, line and column with the source line.
 */
export const typeCheck = async (path: string, { cacheDir }: { cacheDir: string }): Promise<void> => {
  const entry = await realpath(resolve(path));
  if (!['.ts', '.mts', '.cts'].includes(extname(entry))) return;
  const folder = dirname(entry);
  const types = platformTypes();
  const key = createHash('sha256').update(`${entry}\n${types}\n${versions()}`).digest('hex').slice(0, 16);
  const home = join(resolve(cacheDir), `types-${key}`);
  const record = join(home, 'passed.json');
  if (await stillHolds(record)) return;

  await mkdir(home, { recursive: true });
  await rm(record, { force: true });
  const config = join(home, 'tsconfig.json');
  const ambient = join(home, 'console.d.ts');
  await writeFile(ambient, AMBIENT);
  await writeFile(config, JSON.stringify(configFor(entry, types, ambient), undefined, 2));
  const { code, output } = await compile(config, folder);
  const ours = (file: string): boolean => file.startsWith(PLATFORM_ROOT) && !entry.startsWith(PLATFORM_ROOT);
  const errors = parseErrors(output, folder).filter(error => !ours(error.file));
  const [first] = errors;
  if (first) {
    const shown = await Promise.all(errors.slice(0, 5).map(show));
    const more = errors.length > 5 ? `\n(and ${errors.length - 5} more)` : '';
    throw failed(
      'type-error',
      `The strategy does not type-check.\n${shown.join('\n')}${more}`,
      `Mend the line${errors.length > 1 ? 's' : ''} above; nothing was run.`,
    );
  }
  if (code !== 0 && !/\): error TS/.test(output))
    throw failed('type-check', `The type check could not run: ${output.trim().slice(0, 500)}`, 'Run `quantai doctor`.');
  const files = output.split(/\r?\n/).filter(line => line.startsWith(sep) || /^[A-Za-z]:[\\/]/.test(line));
  const watched = files.filter(file => !file.includes(`${sep}node_modules${sep}`) && !file.startsWith(home) && !/\): error /.test(file));
  const passed: Record<string, string> = {};
  for (const file of watched) passed[file] = await hashOf(file);
  await writeFile(record, JSON.stringify(passed));
};
