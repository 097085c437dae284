import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { publicKeyText, signText, verifySigned } from '../people/key-pair.js';

const AuditHead = z.strictObject({
  /** Random, made with the first record: what anchors of several workspaces are told apart by. */
  workspace: z.string().regex(/^[0-9a-f]{16}$/),
  /** Last record that it covers, and its hash; through the chain it covers every record before. */
  seq: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Wall time of signing, epoch ms. */
  at: z.number(),
  publicKey: z.string(),
  signature: z.string(),
});
/** Who says up to where the log goes: `audit/head.json`, signed by the workspace's Ed25519 key. */
export type AuditHead = z.output<typeof AuditHead>;

type Terms = Omit<AuditHead, 'signature' | 'publicKey'>;

/** What is signed, all but the signature itself (undefined fields are not in canonical JSON): it cannot be taken for a text of another kind. */
const signedText = (head: AuditHead): string => canonicalJson({ ...head, signature: undefined, kind: 'quantai-audit-head' });

export const signHead = (terms: Terms, key: KeyObject): AuditHead => {
  const unsigned = { ...terms, publicKey: publicKeyText(key), signature: '' };
  return { ...unsigned, signature: signText(key, signedText(unsigned)) };
};

export const headText = (head: AuditHead): string => canonicalJson(head);

/** A head that its own public key signed, from its text; null for any other text. Whose key it is, is another question. */
export const readHead = (text: string): AuditHead | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = AuditHead.safeParse(value);
  if (!read.success || headText(read.data) !== text) return null;
  return verifySigned(read.data.publicKey, signedText(read.data), read.data.signature) ? read.data : null;
};
