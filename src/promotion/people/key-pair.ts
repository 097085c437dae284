import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

/** The public part of an Ed25519 key as records name it: base64 of its SPKI form (RFC 8410). */
export const publicKeyText = (key: KeyObject): string => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

/** A new Ed25519 key: its private part, from which the public one follows. */
export const newPrivateKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** Signature of a text (RFC 8032), base64. */
export const signText = (key: KeyObject, text: string): string => sign(null, Buffer.from(text), key).toString('base64');

/** Base64 that is spelled the one way that we spell it: a changed letter is a changed signature, even where both decode alike. */
const bytesOf = (base64: string): Buffer | null => {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : null;
};

/** Whether the owner of a public key signed exactly this text. False for anything that is no key or no signature. */
export const verifySigned = (publicKey: string, text: string, signature: string): boolean => {
  const [key, signed] = [bytesOf(publicKey), bytesOf(signature)];
  if (key === null || signed === null) return false;
  try {
    const known = createPublicKey({ key, format: 'der', type: 'spki' });
    return known.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), known, signed);
  } catch {
    return false;
  }
};

/** Whether a text is an Ed25519 public key as records name it. */
export const isPublicKey = (text: string): boolean => {
  const key = bytesOf(text);
  try {
    return key !== null && createPublicKey({ key, format: 'der', type: 'spki' }).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
};
