import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { writeFileDurably } from '../durable-file.js';

/** Where what a promotion is bound to is kept: `promotions/<id>` of the workspace. */
export const promotionFolder = (root: string, id: string): string => join(root, 'promotions', id);

/** Keep the files of a promotion, by name. They are written once: a file that is there with other bytes is an error (exit code 4) that names it. */
export const keepPromotion = async (root: string, id: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
  const folder = promotionFolder(root, id);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    const kept = await readFile(path).catch(() => null);
    if (kept === null) await writeFileDurably(path, content);
    else if (!kept.equals(Buffer.from(content)))
      throw new UserError('altered', `promotions/${id}/${name} was changed after it was written.`, 4, 'Put back what was written there.');
  }
  return folder;
};
