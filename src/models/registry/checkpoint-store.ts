import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { writeFileDurably } from '../../durable-file.js';
import { badData } from '../../errors.js';
import { trainedHash, type TrainedModel } from '../trained-model.js';

/** Trained models as files named by their own content: what a name gives is what was saved under it, or nothing. */
export interface CheckpointStore {
  /** Keeps a model and returns its name, `trainedHash`. A model that is there already is written again, which mends a damaged file. */
  write(model: TrainedModel): Promise<string>;
  /** Throws bad data that names the file when it is missing, does not read, or holds another model than its name says. */
  read(hash: string): Promise<TrainedModel>;
}

const FIX = 'Train the set again, or roll back to a version that is whole.';

/** The store in a folder, which is made with the first model. */
export const checkpointStore = (folder: string): CheckpointStore => {
  const pathOf = (hash: string): string => join(folder, `${hash}.json.gz`);
  return {
    write: async model => {
      const hash = trainedHash(model);
      await mkdir(folder, { recursive: true });
      await writeFileDurably(pathOf(hash), await promisify(gzip)(canonicalJson(model)));
      return hash;
    },
    read: async hash => {
      const path = pathOf(hash);
      const bytes = await readFile(path).catch((): undefined => undefined);
      if (bytes === undefined) throw badData('missing-checkpoint', `There is no ${path}, which the version names.`, FIX);
      let model: TrainedModel;
      try {
        model = JSON.parse((await promisify(gunzip)(bytes)).toString()) as TrainedModel;
      } catch (error) {
        throw badData('damaged-checkpoint', `${path} does not read: ${error instanceof Error ? error.message : String(error)}.`, FIX);
      }
      if (trainedHash(model) !== hash)
        throw badData('damaged-checkpoint', `${path} was changed: it does not hold what its name says.`, FIX);
      return model;
    },
  };
};
