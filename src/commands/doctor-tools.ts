import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { firstLine, note, ok, wrong, type Check } from './doctor-check.js';
import type { Workspace } from './workspace.js';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const versionSaid = async (program: string): Promise<string | null> => {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 5_000 });
    return stdout.trim().split('\n')[0] ?? '';
  } catch {
    return null;
  }
};

/** Only the tests need it: reports and pages open in any browser. */
const browser = async (): Promise<Check> => {
  for (const name of BROWSERS) {
    const version = await versionSaid(name);
    if (version !== null) return ok('browser', `${version}: the tests of pages and reports can run`);
  }
  return note(
    'browser',
    'no Chromium on the PATH: any browser shows the pages, but their tests are skipped',
    'Install it, e.g. `apt-get install chromium`.',
  );
};

const jupyter = async (): Promise<Check> => {
  const { findJupyter } = await import('./notebook-jupyter.js');
  const { nbconvert, frontEnd } = await findJupyter({ nbconvert: true, frontEnd: true });
  const shows = frontEnd === null ? 'nothing here shows notebooks' : 'shows notebooks';
  return nbconvert === null && frontEnd === null
    ? note('jupyter', 'is not installed; only `quantai notebook` needs it', 'Install it, e.g. `pip install jupyterlab`.')
    : ok('jupyter', `${nbconvert === null ? 'cannot run notebooks without a window' : 'runs notebooks'}; ${shows}`);
};

const kernel = async (workspace: Workspace): Promise<Check> => {
  const { hasTslab, kernelPlace } = await import('./notebook-kernel-setup.js');
  return hasTslab(kernelPlace(workspace))
    ? ok('notebook kernel', 'tslab is installed in this workspace')
    : note('notebook kernel', 'is not set up in this workspace; only notebooks need it', 'The first `quantai notebook` sets it up.');
};

/** The files of ccxt that live sessions load, each for one venue. */
const venues = async (): Promise<Check> => {
  const names = ['binanceusdm', 'bybit'];
  try {
    // The package exports only its whole, so that a venue's place is found by the file that it does export.
    const whole = pathToFileURL(createRequire(import.meta.url).resolve('ccxt'));
    const { version } = JSON.parse(await readFile(new URL('../package.json', whole), 'utf8')) as { readonly version: string };
    await Promise.all(names.map(name => access(new URL(`../js/src/pro/${name}.js`, whole))));
    return ok('ccxt', `${version}, with ${names.join(' and ')}`);
  } catch (error) {
    return wrong('ccxt', `is not whole: ${firstLine(error)}`, 'Run `npm ci` again.');
  }
};

/** Passwords of the dashboard are hashed by a native package of its own. */
const passwords = async (): Promise<Check> => {
  try {
    const { hash, verify } = await import('@node-rs/argon2');
    const made = await hash('x', { memoryCost: 1024, timeCost: 1, parallelism: 1 });
    return (await verify(made, 'x'))
      ? ok('argon2', 'hashes passwords')
      : wrong('argon2', 'does not know its own hash', 'Run `npm ci` again.');
  } catch (error) {
    return wrong('argon2', `does not work: ${firstLine(error)}`, 'Run `npm ci` again, on this computer.');
  }
};

const pages = (): Check => {
  const root = import.meta.url.endsWith('.ts') ? '../../dist/dashboard/web/index.html' : '../dashboard/web/index.html';
  return existsSync(fileURLToPath(new URL(root, import.meta.url)))
    ? ok('dashboard', 'its pages are built')
    : wrong('dashboard', 'its pages are not built', 'Run `npm run build`.');
};

/** A file that a passphrase opens works on a server as well as on a desk, so no keychain is asked. */
const keys = async (): Promise<Check> => {
  const { keyFilePath } = await import('../live/secrets/find-keys.js');
  const path = keyFilePath(process.env);
  const info = await stat(path).catch(() => null);
  if (info === null)
    return note('keys', 'of venues: none are kept; only `quantai live` on a venue needs them', 'Keep some with `quantai keys add`.');
  return process.platform !== 'win32' && (info.mode & 0o077) !== 0
    ? wrong('keys', `${path} can be read by others`, `Run \`chmod 600 ${path}\`.`)
    : ok('keys', `${path}, sealed under a passphrase; no keychain is needed`);
};

/** What only some commands need: live venues, the dashboard, notebooks, the tests. */
export const examineTools = (workspace: Workspace): Promise<readonly Check[]> =>
  Promise.all([venues(), keys(), passwords(), pages(), browser(), jupyter(), kernel(workspace)]);
