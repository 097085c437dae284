import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileHash } from './file-hash.js';
import type { PinFault } from './pin-fault.js';
import type { Pins } from './pins.js';

/** Whether the run's own evidence is still that which the promotion stands on. `root` is the workspace's folder. */
export const checkEvidence = async ({ run, fingerprint, sha256 }: Pins['evidence'], root: string): Promise<readonly PinFault[]> => {
  const name = `reports/${run}/evidence.json`;
  const now = await fileHash(join(root, name));
  const faults: PinFault[] = [];
  if (now === null) faults.push({ pin: 'evidence', name, text: `${name} is gone.` });
  else if (now !== sha256)
    faults.push({
      pin: 'evidence',
      name,
      text: `The bytes of ${name} differ from those that were promoted (${sha256.slice(0, 12)} then, ${now.slice(0, 12)} now).`,
    });
  const manifest = `reports/${run}/manifest.json`;
  const text = await readFile(join(root, manifest), 'utf8').catch(() => null);
  let found: unknown;
  try {
    const parsed: unknown = JSON.parse(text ?? 'null');
    if (typeof parsed === 'object' && parsed !== null && 'fingerprint' in parsed) found = parsed.fingerprint;
  } catch {
    found = undefined;
  }
  if (found !== fingerprint)
    faults.push({
      pin: 'evidence',
      name: manifest,
      text: `${manifest} no longer tells of the run ${fingerprint.slice(0, 12)} that was promoted.`,
    });
  return faults;
};
