import { join } from 'node:path';
import { fileHash } from './file-hash.js';
import type { PinFault } from './pin-fault.js';
import type { Pins } from './pins.js';

/** Files of a promotion's folder that its pins name, with the SHA-256 of their bytes. */
const storedHashes = (pins: Pins): readonly (readonly [string, string])[] => [
  ['config.json', pins.config],
  ['evidence.json', pins.evidence.sha256],
  ...(pins.recipe === null ? [] : [['recipe.json', pins.recipe.hash] as const]),
  ...(pins.expectation === null ? [] : [['expectation.json', pins.expectation] as const]),
];

/** Files of `promotions/<id>` whose bytes are not what the pins say of them. `folder` is absolute. */
export const checkStoredFiles = async (pins: Pins, folder: string, id: string): Promise<readonly PinFault[]> => {
  const found = await Promise.all(
    storedHashes(pins).map(async ([name, hash]): Promise<PinFault[]> => {
      const now = await fileHash(join(folder, name));
      if (now === hash) return [];
      const path = `promotions/${id}/${name}`;
      return [{ pin: 'altered', name: path, text: now === null ? `${path} is gone.` : `${path} was changed after the promotion.` }];
    }),
  );
  return found.flat();
};
