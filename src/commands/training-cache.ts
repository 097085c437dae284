import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { writeFileDurably } from '../durable-file.js';
import type { TrainingCache } from '../experiments/pretrain.js';
import type { TrainedModel } from '../models/trained-model.js';

/**
 * Finished trainings as files named by what they were made from: recipe, rows and seed, by hash. The same training is not done twice in a workspace; the folder may be
 * deleted at any time. A file that does not read is as good as none.
 */
export const trainingCache = (folder: string): TrainingCache => {
  let made: Promise<unknown> | undefined;
  const pathOf = (key: string): string => join(folder, `${key}.json.gz`);
  return {
    read: async key => {
      try {
        const { key: own, model } = JSON.parse((await promisify(gunzip)(await readFile(pathOf(key)))).toString()) as {
          readonly key: string;
          readonly model: TrainedModel;
        };
        return own === key ? model : undefined;
      } catch {
        return undefined;
      }
    },
    write: async (key, model) => {
      await (made ??= mkdir(folder, { recursive: true }));
      await writeFileDurably(pathOf(key), await promisify(gzip)(JSON.stringify({ key, model }), { level: 1 }));
    },
    remove: key => rm(pathOf(key), { force: true }),
  };
};
