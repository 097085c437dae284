import type { Calendar } from './calendar.js';
import type { Fold } from './fold.js';
import { foldsOf } from './walk.js';
import type { WalkOptions } from './walk.js';

/** Walk-forward with training windows that all begin at the data's start and grow. For effects that last. */
export const anchored = (calendar: Calendar, options: WalkOptions): readonly Fold[] => foldsOf(calendar, options, () => calendar.from);
