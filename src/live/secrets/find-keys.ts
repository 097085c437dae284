import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../../errors.js';
import { keyFile, type KeyFile } from './key-file.js';
import { readKeySet, requireKeyName, type KeySet } from './key-set.js';
import { Secret } from './secret.js';

type Environment = Record<string, string | undefined>;

/** Where the sealed keys of this user are: `QUANTAI_KEYS`, else `quantai/keys.json` in the folder of settings. Outside any workspace, which may be shared or committed. */
export const keyFilePath = (env: Readonly<Environment>): string =>
  env['QUANTAI_KEYS'] ?? join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'quantai', 'keys.json');

/** Keys and where they came from. */
export interface FoundKeys {
  readonly keys: KeySet;
  readonly source: 'mounted' | 'sealed' | 'environment';
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

export interface KeySources {
  readonly name: string;
  /** A mounted secret or descriptor with one set as JSON; looked at first where given. */
  readonly mounted?: string;
  /** The file of sealed keys; that of `keyFilePath` when left out. */
  readonly sealed?: KeyFile;
  /** Asked for only when the sealed file has the name. */
  readonly passphrase: () => Promise<Secret>;
  /** Variables that held keys are removed from it, so that no child process inherits them. */
  readonly env: Environment;
}

const fromMounted = async (name: string, path: string): Promise<FoundKeys> => {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw usageError('no-keys', `There is no file ${path}.`, 'Check what --key-file names.');
  const mode = info.isFile() && process.platform !== 'win32' ? info.mode & 0o777 : 0;
  if ((mode & 0o022) !== 0)
    throw usageError('open-key-file', `${path} can be changed by others (mode ${mode.toString(8)}).`, `Close it: chmod go-w ${path}`);
  const keys = readKeySet(name, await readFile(path, 'utf8'), path);
  return { keys, source: 'mounted', warnings: (mode & 0o044) === 0 ? [] : [`${path} can be read by other users of this machine.`] };
};

const fromEnvironment = (name: string, env: Environment): FoundKeys | null => {
  const stem = `QUANTAI_KEY_${name.toUpperCase().replaceAll('-', '_')}`;
  const take = (part: string): string | undefined => {
    const value = env[`${stem}_${part}`];
    delete env[`${stem}_${part}`];
    return value === '' ? undefined : value;
  };
  const [venue, key, secret, password] = [take('VENUE'), take('KEY'), take('SECRET'), take('PASSWORD')];
  if (venue === undefined || key === undefined || secret === undefined) return null;
  const keys = {
    name,
    venue,
    key: new Secret(key),
    secret: new Secret(secret),
    ...(password !== undefined && { password: new Secret(password) }),
  };
  const warning = `The keys "${name}" come from the environment, where every process of this user can read them: keep them with \`quantai keys add ${name}\`.`;
  return { keys, source: 'environment', warnings: [warning] };
};

/** The keys of a name: the mounted secret where one is given, else the sealed file, else the environment with a warning. Throws a usage error when they are nowhere. */
export const findKeys = async ({ name, mounted, env, passphrase, sealed = keyFile(keyFilePath(env)) }: KeySources): Promise<FoundKeys> => {
  requireKeyName(name);
  if (mounted !== undefined) return fromMounted(name, mounted);
  if ((await sealed.names()).includes(name))
    return { keys: (await sealed.unlock(await passphrase())).get(name), source: 'sealed', warnings: [] };
  const found = fromEnvironment(name, env);
  if (found !== null) return found;
  throw usageError('no-keys', `There are no keys "${name}".`, `Add them: quantai keys add ${name} --venue binanceusdm`);
};
