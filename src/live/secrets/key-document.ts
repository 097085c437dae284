import { z } from 'zod';
import { NONCE_BYTES, SALT_BYTES, seal, TAG_BYTES, unseal, type Sealed } from './sealing.js';

/** Bytes as base64. */
const bytes = (length?: number) =>
  z
    .string()
    .transform(text => Buffer.from(text, 'base64'))
    .refine(decoded => length === undefined || decoded.length === length);

/** What scrypt takes as N, within what a machine can give. */
const cost = z
  .int()
  .min(1024)
  .max(1 << 20)
  .refine(n => (n & (n - 1)) === 0);

const form = z.strictObject({
  'quantai-keys': z.literal(1),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: cost,
    r: z.literal(8),
    p: z.literal(1),
    salt: bytes(SALT_BYTES),
  }),
  sets: z.array(z.strictObject({ name: z.string(), nonce: bytes(NONCE_BYTES), data: bytes(), tag: bytes(TAG_BYTES) })),
  seal: z.strictObject({ nonce: bytes(NONCE_BYTES), tag: bytes(TAG_BYTES) }),
});

/** A file of keys as it lies on the disk. */
export interface KeyDocument {
  readonly n: number;
  readonly salt: Buffer;
  /** By name. */
  readonly sets: ReadonlyMap<string, Sealed>;
}

/** What a set is sealed together with: moved under another name, or into another version's file, it does not open. */
export const aboutSet = (name: string): string => `quantai-keys 1 ${name}`;

const base64 = (buffer: Buffer): string => buffer.toString('base64');

const body = ({ n, salt, sets }: KeyDocument) => ({
  'quantai-keys': 1,
  kdf: { name: 'scrypt', n, r: 8, p: 1, salt: base64(salt) },
  sets: [...sets].map(([name, { nonce, data, tag }]) => ({ name, nonce: base64(nonce), data: base64(data), tag: base64(tag) })),
});

/** The file's text: its last field seals all the others. */
export const keyDocumentText = (document: KeyDocument, key: Buffer): string => {
  const { nonce, tag } = seal(key, '', JSON.stringify(body(document)));
  return `${JSON.stringify({ ...body(document), seal: { nonce: base64(nonce), tag: base64(tag) } }, undefined, 2)}\n`;
};

/** A document and the check of its seal, which needs the key. */
export interface ReadKeyDocument extends KeyDocument {
  readonly isWhole: (key: Buffer) => boolean;
}

/** Null when the text is no file of keys, or is spelled otherwise than it was written. */
export const readKeyDocument = (text: string): ReadKeyDocument | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = form.safeParse(value);
  if (!read.success) return null;
  const { kdf, sets, seal: end } = read.data;
  const document = { n: kdf.n, salt: kdf.salt, sets: new Map(sets.map(({ name, ...sealed }) => [name, sealed])) };
  // Base64 and JSON can be spelled in several ways: a changed spelling is a changed file.
  const again = { ...body(document), seal: { nonce: base64(end.nonce), tag: base64(end.tag) } };
  if (text !== `${JSON.stringify(again, undefined, 2)}\n`) return null;
  const about = JSON.stringify(body(document));
  return { ...document, isWhole: key => unseal(key, { ...end, data: Buffer.alloc(0) }, about) !== null };
};
