import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { usageError } from '../errors.js';
import { initFiles, type InitTemplate } from './init-files.js';
import { initPlatform } from './init-platform.js';
import type { InitArguments } from './init.js';
import { present } from './terminal.js';

/** What `init --json` prints. */
interface InitDocument {
  readonly folder: string;
  readonly template: InitTemplate;
  readonly strategy: string;
  readonly written: readonly string[];
  /** Were there before, and are as they were. */
  readonly kept: readonly string[];
  /** What package.json depends on, and why it is a path if it is one. */
  readonly platform: { readonly spec: string; readonly note: string | null };
  readonly next: readonly string[];
}

/** A folder's name as npm allows it. */
const packageName = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'my-desk';

const isThere = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** Writes a file unless there is one; says whether it did. */
const writeNew = async (file: string, text: string): Promise<boolean> => {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isThere(error)) return false;
    throw error;
  }
};

const shown = ({ folder, written, kept, platform, next }: InitDocument): string =>
  [
    `A project in ${folder}:`,
    ...written.map(name => `  wrote  ${name}`),
    ...kept.map(name => `  kept   ${name}   (was there)`),
    ...(platform.note === null ? [] : ['', platform.note]),
    ...(kept.includes('package.json') ? ['', `package.json is yours: it needs the dependency "quantai-trad": "${platform.spec}".`] : []),
    '',
    'Next:',
    ...next.map(line => `  ${line}`),
  ].join('\n');

/** Write a project of the user's own. Nothing that is there is written over. */
export const runInit = async (args: InitArguments): Promise<void> => {
  const folder = resolve(args.dir);
  const info = await stat(folder).catch(() => null);
  if (info !== null && !info.isDirectory()) throw usageError('not-a-folder', `${folder} is a file, not a folder.`, 'Name another folder.');
  const platform = await initPlatform(folder);
  const files = initFiles({
    name: packageName(folder),
    template: args.template,
    platform: platform.spec,
    typescript: platform.typescript,
  });
  const written: string[] = [];
  const kept: string[] = [];
  for (const [name, text] of files) ((await writeNew(join(folder, name), text)) ? written : kept).push(name);
  const document: InitDocument = {
    folder,
    template: args.template,
    strategy: 'strategies/my-strategy.ts',
    written,
    kept,
    platform: { spec: platform.spec, note: platform.note },
    next: [
      ...(resolve('.') === folder ? [] : [`cd ${args.dir}`]),
      'npm install',
      'npm test',
      'npx quantai backtest strategies/my-strategy.ts',
      'npx quantai walkforward strategies/my-strategy.ts',
      'npx quantai demo --serve',
    ],
  };
  present(args, document, shown);
};
