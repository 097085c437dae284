import type { Strategy } from '../strategies/strategy.js';
import { playBars, type PlayBars } from './plain-loop.js';

/** Strategies of a process with a loop of their own; modules are never unloaded, and whoever runs more than these is not waiting for one. */
const MOST = 16;

const loops = new WeakMap<NonNullable<Strategy['decide']>, Promise<PlayBars>>();
let made = 0;

/**
 * The bar loop for a strategy: an instance of its module that no other strategy plays by. The compiler makes `decide` a part of the loop that calls it as long as that has met one only, which is worth more than the strategy itself.
 */
export const ownLoop = ({ decide }: Strategy): Promise<PlayBars> | PlayBars => {
  if (decide === undefined) return playBars;
  const known = loops.get(decide);
  if (known !== undefined) return known;
  if (made === MOST) return playBars;
  const url = new URL(`./plain-loop${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  url.search = `own=${++made}`;
  const loop = (import(url.href) as Promise<{ readonly playBars: PlayBars }>).then(module => module.playBars);
  loops.set(decide, loop);
  return loop;
};
