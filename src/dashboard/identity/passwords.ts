import type { PasswordHashes } from './password-hashes.js';
import { hashPassword, isPassword } from './password-hash.js';

/** Passwords of people, kept as argon2id hashes. Nobody has one until it is set. */
export interface Passwords {
  readonly has: (name: string) => Promise<boolean>;
  /** Whether anybody has one. */
  readonly hasAny: () => Promise<boolean>;
  /** Takes the same time whether there is such a name or not. */
  readonly isRight: (name: string, password: string) => Promise<boolean>;
  readonly set: (name: string, password: string, at: number) => Promise<void>;
  readonly forget: (name: string) => Promise<void>;
}

export const openPasswords = (hashes: PasswordHashes): Passwords => ({
  has: async name => (await hashes.get(name)) !== null,
  hasAny: hashes.any,
  isRight: async (name, password) => isPassword(await hashes.get(name), password),
  set: async (name, password, at) => hashes.put(name, await hashPassword(password), at),
  forget: hashes.drop,
});
