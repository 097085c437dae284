import type { Calendar } from './calendar.js';
import type { Fold } from './fold.js';
import { foldsOf } from './walk.js';
import type { WalkOptions } from './walk.js';

/** Walk-forward with training windows of one length: what came before is forgotten. For markets that change. */
export const rolling = (calendar: Calendar, options: WalkOptions): readonly Fold[] =>
  foldsOf(calendar, options, (walk, testStart) => walk.before(testStart, options.train));
