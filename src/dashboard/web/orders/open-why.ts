import { setQuery } from '../state/route.js';
import { factName, type FactName } from './fact-name.js';

/** Opens the why-view of a fact beside the page. It is part of the address, so that it can be linked, and Back closes it. */
export const openWhy = (fact: FactName): void => setQuery({ why: factName(fact) }, false);
