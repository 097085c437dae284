import type { FrontContext } from '../server/front.js';
import type { DeadMan } from './dead-man.js';
import type { ListenKeys } from './listen-keys.js';
import type { MarketForms } from '../wire/market-forms.js';

/** What the endpoints work with. */
export interface Desk extends FrontContext {
  readonly forms: MarketForms;
  readonly listenKeys: ListenKeys;
  readonly deadMan: DeadMan;
}

/** Ids of the venue count up, beyond what a number holds: pages compare them as digits. */
export const idAtLeast = (id: string, from: string): boolean => id.length > from.length || (id.length === from.length && id >= from);
