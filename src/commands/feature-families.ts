import { CATALOGUE } from '../features/catalogue.js';
import { PANEL_CATALOGUE } from '../features/panel-catalogue.js';

/** Name of a feature without its parameters and output. */
const stem = (key: string): string => key.replace(/[(.].*$/s, '');

const FAMILIES: ReadonlyMap<string, string> = new Map(
  [...Object.entries(CATALOGUE), ...Object.entries(PANEL_CATALOGUE)].flatMap(([family, features]) =>
    features.map(({ key }): [string, string] => [stem(key), family]),
  ),
);

/** What a feature whose family nobody knows is called. */
const OWN = 'own';

/** Family of a column or feature by its name, as the catalogue of features has it; `own` for a strategy's own. */
export const familyOf = (name: string): string => FAMILIES.get(stem(name)) ?? OWN;
