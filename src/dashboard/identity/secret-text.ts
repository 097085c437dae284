import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const BYTES = 32;

/** A new secret of 256 random bits, with a prefix by which a person or a scanner of leaks knows it. */
export const newSecret = (prefix: string): string => `${prefix}${randomBytes(BYTES).toString('base64url')}`;

/** What is kept of a secret: whoever reads the file cannot log in with it. No salt or stretching is needed, for nobody guesses 256 bits. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** What a page has to send back with a write. It follows from the secret in the cookie and does not betray it. */
export const csrfOf = (secret: string): string => createHmac('sha256', secret).update('quantai csrf').digest('base64url');

/** Whether two texts are the same, in a time that tells nothing about where they differ. */
export const isSameText = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
