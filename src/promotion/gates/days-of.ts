import { DAY } from '../../time.js';
import type { SessionRecord } from './gate-inputs.js';

/** Days that all stretches together lasted; they do not overlap. */
export const daysOf = ({ stretches }: Pick<SessionRecord, 'stretches'>): number =>
  stretches.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0) / DAY;
