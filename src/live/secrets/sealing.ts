import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import type { Secret } from './secret.js';

/** What it costs to try one passphrase: scrypt (RFC 7914) with N = `n`, r = 8 and p = 1 takes 1024 · N bytes of memory. */
export const SCRYPT_N = 1 << 17;

/** A text under AES-256-GCM. */
export interface Sealed {
  readonly nonce: Buffer;
  readonly data: Buffer;
  readonly tag: Buffer;
}

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
export const SALT_BYTES = 32;

export const newSalt = (): Buffer => randomBytes(SALT_BYTES);

/** The key that a passphrase gives. Equal characters in other Unicode forms are one passphrase. */
export const deriveKey = (passphrase: Secret, salt: Buffer, n: number): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(passphrase.reveal().normalize('NFKC'), salt, 32, { N: n, r: 8, p: 1, maxmem: 2048 * n }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );

/** Seals a text together with `about`, which is not hidden but cannot be changed either. */
export const seal = (key: Buffer, text: string, about: string): Sealed => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(about));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { nonce, data, tag: cipher.getAuthTag() };
};

/** The text, or null when the key is another one or anything was changed. */
export const unseal = (key: Buffer, { nonce, data, tag }: Sealed, about: string): string | null => {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
};
