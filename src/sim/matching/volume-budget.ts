import type { Lots } from '../../market/units.js';
import { SLACK } from './slack.js';

/** Lots that the account's orders may fill on a bar of this volume; Infinity where nothing limits them or the volume is not known. */
export const volumeBudget = (participation: number | null, volume: number, lotSize: number): Lots =>
  participation === null || Number.isNaN(volume) ? Infinity : Math.floor((participation * volume) / lotSize + SLACK);
