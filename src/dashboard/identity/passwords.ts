import { join } from 'node:path';
import { z } from 'zod';
import { hashPassword, isPassword } from './password-hash.js';
import { openPrivateStore } from './private-store.js';

const Kept = z.strictObject({ passwords: z.record(z.string(), z.strictObject({ hash: z.string(), at: z.number() })) });

/** Passwords of people, as argon2id hashes in `passwords.json`. Nobody has one until it is set. */
export interface Passwords {
  readonly has: (name: string) => Promise<boolean>;
  /** Whether anybody has one. */
  readonly hasAny: () => Promise<boolean>;
  /** Takes the same time whether there is such a name or not. */
  readonly isRight: (name: string, password: string) => Promise<boolean>;
  readonly set: (name: string, password: string, at: number) => Promise<void>;
  readonly forget: (name: string) => Promise<void>;
}

export const openPasswords = (folder: string): Passwords => {
  const store = openPrivateStore(join(folder, 'passwords.json'), Kept, { passwords: {} });
  const keptOf = async (name: string): Promise<string | null> => {
    const { passwords } = await store.read();
    return Object.hasOwn(passwords, name) ? (passwords[name]?.hash ?? null) : null;
  };
  return {
    has: async name => (await keptOf(name)) !== null,
    hasAny: async () => Object.keys((await store.read()).passwords).length > 0,
    isRight: async (name, password) => isPassword(await keptOf(name), password),
    set: async (name, password, at) => {
      const hash = await hashPassword(password);
      await store.change(({ passwords }) => ({ passwords: { ...passwords, [name]: { hash, at } } }));
    },
    forget: async name => {
      await store.change(before =>
        Object.hasOwn(before.passwords, name)
          ? { passwords: Object.fromEntries(Object.entries(before.passwords).filter(([other]) => other !== name)) }
          : before,
      );
    },
  };
};
