import { join } from 'node:path';
import { z } from 'zod';
import { openPrivateStore } from './private-store.js';

/** What is kept of passwords, by name: argon2id hashes. */
export interface PasswordHashes {
  readonly get: (name: string) => Promise<string | null>;
  /** Whether anybody has one. */
  readonly any: () => Promise<boolean>;
  /** `at` is when it was set, epoch ms. */
  readonly put: (name: string, hash: string, at: number) => Promise<void>;
  readonly drop: (name: string) => Promise<void>;
  readonly all: () => Promise<Readonly<Record<string, { readonly hash: string; readonly at: number }>>>;
}

const Kept = z.strictObject({ passwords: z.record(z.string(), z.strictObject({ hash: z.string(), at: z.number() })) });

/** Hashes in `passwords.json` of a workspace's `dashboard/`. */
export const filedHashes = (folder: string): PasswordHashes => {
  const store = openPrivateStore(join(folder, 'passwords.json'), Kept, { passwords: {} });
  return {
    get: async name => {
      const { passwords } = await store.read();
      return Object.hasOwn(passwords, name) ? (passwords[name]?.hash ?? null) : null;
    },
    any: async () => Object.keys((await store.read()).passwords).length > 0,
    put: async (name, hash, at) => {
      await store.change(({ passwords }) => ({ passwords: { ...passwords, [name]: { hash, at } } }));
    },
    drop: async name => {
      await store.change(before =>
        Object.hasOwn(before.passwords, name)
          ? { passwords: Object.fromEntries(Object.entries(before.passwords).filter(([other]) => other !== name)) }
          : before,
      );
    },
    all: async () => (await store.read()).passwords,
  };
};
