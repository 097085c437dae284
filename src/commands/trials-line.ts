import type { TrialCount } from '../experiments/count-trials.js';
import { grouped } from './figures.js';

/** How often the user has looked, in a line. */
export const trialsLine = ({ distinct, effective, names, onSameData }: TrialCount): string => {
  const others = names.slice(1);
  return [
    `${grouped(distinct)} ${distinct === 1 ? 'trial' : 'trials'} of ${names[0] ?? 'all strategies'} so far`,
    ...(effective < distinct - 0.5 ? [` (about ${grouped(Math.max(1, Math.round(effective)))} independent)`] : []),
    ...(others.length > 0 ? [`, which also ran as ${others.join(', ')}`] : []),
    `; ${grouped(onSameData)} of all strategies on this data`,
  ].join('');
};
