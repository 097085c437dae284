import type { Strategy } from './strategy.js';

/** Strategies that come with the platform, by name; each is imported when it is asked for. */
export const BUILT_IN: Readonly<Record<string, () => Promise<{ default: Strategy }>>> = {
  'sma-cross': () => import('./builtin/sma-cross.js'),
};
