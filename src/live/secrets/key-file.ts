import { badData, didYouMean, usageError } from '../../errors.js';
import { aboutSet, keyDocumentText, readKeyDocument, type ReadKeyDocument } from './key-document.js';
import { keySetText, readKeySet, requireKeyName, type KeySet } from './key-set.js';
import { readPrivateFile, writePrivateFile } from './private-file.js';
import { deriveKey, newSalt, seal, SCRYPT_N, unseal, type Sealed } from './sealing.js';
import type { Secret } from './secret.js';

/** Sets of keys in the clear; a change is on the disk when it resolves. */
export interface UnlockedKeys {
  readonly names: readonly string[];
  /** Throws a usage error when there is no such set. */
  get(name: string): KeySet;
  /** Throws a usage error when the name is taken. */
  add(keys: KeySet): Promise<void>;
  remove(name: string): Promise<void>;
  /** The same sets under another passphrase, a new salt and the full cost. */
  rekey(passphrase: Secret): Promise<void>;
}

/** A file of sealed keys. */
export interface KeyFile {
  readonly path: string;
  /** Names of the sets, which are not secret: sorted, and as the file says, for without the passphrase nothing can be proved. */
  names(): Promise<readonly string[]>;
  /** Opens it, or prepares a new one that the first `add` writes. Throws when the passphrase is wrong or any byte was changed. */
  unlock(passphrase: Secret): Promise<UnlockedKeys>;
}

const SHORTEST = 10;

/** Throws a usage error for a passphrase that could be guessed in spite of scrypt. */
const requireStrong = (passphrase: Secret): void => {
  if (passphrase.length < SHORTEST)
    throw usageError('weak-passphrase', `A passphrase has at least ${SHORTEST} characters.`, 'Use several words, or a generated one.');
};

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Keys on the disk: scrypt makes a key of the passphrase, AES-256-GCM seals each set with its name, and a last seal covers the whole file. `n` is lowered in tests only. */
export const keyFile = (path: string, { n = SCRYPT_N }: { readonly n?: number } = {}): KeyFile => {
  const read = async (): Promise<ReadKeyDocument | undefined> => {
    const text = await readPrivateFile(path);
    if (text === undefined) return undefined;
    const document = readKeyDocument(text);
    if (document === null)
      throw badData('damaged-key-file', `${path} is no whole file of keys.`, 'Put a copy back, or remove it and add the keys again.');
    return document;
  };

  const unlock = async (passphrase: Secret): Promise<UnlockedKeys> => {
    const document = await read();
    let [cost, salt] = document === undefined ? [n, newSalt()] : [document.n, document.salt];
    if (document === undefined) requireStrong(passphrase);
    let key = await deriveKey(passphrase, salt, cost);
    if (document?.isWhole(key) === false)
      throw usageError(
        'wrong-passphrase',
        `${path} does not open: the passphrase is another one, or the file was changed.`,
        'Try again, or put a copy back.',
      );
    let sealed: ReadonlyMap<string, Sealed> = document?.sets ?? new Map();

    const open = (name: string): KeySet => {
      const set = sealed.get(name);
      if (set === undefined)
        throw usageError(
          'unknown-keys',
          `There are no keys "${name}" in ${path}.${didYouMean(name, sealed.keys())}`,
          'See what there is: quantai keys list',
        );
      const text = unseal(key, set, aboutSet(name));
      if (text === null)
        throw badData('damaged-key-file', `The keys "${name}" in ${path} do not open.`, 'Put a copy back, or add them again.');
      return readKeySet(name, text, `The set "${name}" in ${path}`);
    };
    const write = async (sets: ReadonlyMap<string, Sealed>): Promise<void> => {
      const sorted = new Map([...sets].sort(byName));
      await writePrivateFile(path, keyDocumentText({ n: cost, salt, sets: sorted }, key));
      sealed = sorted;
    };
    const sealSet = (keys: KeySet): Sealed => seal(key, keySetText(keys), aboutSet(keys.name));

    return {
      get names() {
        return [...sealed.keys()];
      },
      get: open,
      add: async keys => {
        requireKeyName(keys.name);
        if (sealed.has(keys.name))
          throw usageError('keys-exist', `There are keys "${keys.name}" already.`, `Remove them first: quantai keys remove ${keys.name}`);
        await write(new Map([...sealed, [keys.name, sealSet(keys)]]));
      },
      remove: async name => {
        open(name);
        await write(new Map([...sealed].filter(([each]) => each !== name)));
      },
      rekey: async next => {
        requireStrong(next);
        const all = [...sealed.keys()].map(open);
        salt = newSalt();
        cost = n;
        key = await deriveKey(next, salt, cost);
        await write(new Map(all.map(keys => [keys.name, sealSet(keys)])));
      },
    };
  };

  return { path, names: async () => [...((await read())?.sets.keys() ?? [])].sort(), unlock };
};
