import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkCheckpoints } from './check-checkpoints.js';
import { checkDataset } from './check-dataset.js';
import { checkEvidence } from './check-evidence.js';
import { checkPlatform } from './check-platform.js';
import { checkStoredFiles } from './check-stored-files.js';
import { checkStrategy } from './check-strategy.js';
import { checkTerms } from './check-terms.js';
import { sha256 } from './file-hash.js';
import type { PinFault } from './pin-fault.js';
import type { PinnedPlace, PinSubject } from './pin-subject.js';
import type { Pins } from './pins.js';

/** The pins of a promotion, when their bytes are those that the audit log has; else the fault. */
export const readPins = async ({ folder, recorded }: Pick<PinnedPlace, 'folder' | 'recorded'>): Promise<Pins | PinFault> => {
  const name = `promotions/${basename(folder)}/pins.json`;
  const bytes = await readFile(join(folder, 'pins.json')).catch((): null => null);
  if (bytes === null) return { pin: 'altered', name, text: `${name} is gone.` };
  if (sha256(bytes) !== recorded) return { pin: 'altered', name, text: `${name} is not what the audit log says was promoted.` };
  return JSON.parse(bytes.toString()) as Pins;
};

const storedJson = async (folder: string, name: string): Promise<object> =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as object;

/** The name of the code in a recipe; strategy and platform are compared on their own. */
const CODE = 'code';

const checkRecipe = async (pins: Pins, now: PinSubject['recipe'], folder: string): Promise<readonly PinFault[]> => {
  if (pins.recipe === null || now === null)
    return pins.recipe === now
      ? []
      : [
          {
            pin: 'recipe',
            name: 'recipe',
            text: `The strategy ${now === null ? 'forecasts nothing now and did' : 'forecasts now and did not'} when it was promoted.`,
          },
        ];
  const parts = checkTerms('recipe', await storedJson(folder, 'recipe.json'), Object(now.identity) as object);
  // The seed is the configuration's own.
  return parts.filter(({ name }) => name !== CODE);
};

/**
 * Everything that is not as it was when a strategy was promoted, in a fixed order: the promotion's own files, strategy, parameters, platform, configuration, recipe, evidence, dataset, checkpoints. Each fault names a file, a
 * key of the configuration, a parameter or a part of the recipe. New data and new models by the same recipe are none: see lineage.ts. Where the pins themselves were changed nothing else can be said.
 */
export const checkPins = async ({ root, folder, recorded, onProgress }: PinnedPlace, subject: PinSubject): Promise<readonly PinFault[]> => {
  const pins = await readPins({ folder, recorded });
  if (!('version' in pins)) return [pins];
  const stored = await checkStoredFiles(pins, folder, basename(folder));
  const isAltered = (name: string): boolean => stored.some(fault => fault.name.endsWith(`/${name}`));
  const [evidence, dataset, checkpoints] = await Promise.all([
    checkEvidence(pins.evidence, root),
    checkDataset(pins.dataset, root, onProgress),
    checkCheckpoints(pins, root),
  ]);
  return [
    ...stored,
    ...checkStrategy(pins.strategy, subject.strategy),
    ...(subject.params === null ? [] : checkTerms('params', pins.strategy.params, subject.params)),
    ...checkPlatform(pins.platform, subject.platform),
    ...(subject.config === null || isAltered('config.json')
      ? []
      : checkTerms('config', await storedJson(folder, 'config.json'), subject.config)),
    ...(isAltered('recipe.json') ? [] : await checkRecipe(pins, subject.recipe, folder)),
    ...evidence,
    ...dataset,
    ...checkpoints,
  ];
};
