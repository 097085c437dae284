import { describe, expect, it } from 'vitest';
import { ownLoop } from '../../src/sim/own-loop.js';
import { playBars, type PlayBars } from '../../src/sim/plain-loop.js';
import { defineStrategy } from '../../src/strategies/strategy.js';

describe('the loop of a strategy', () => {
  it('is the same each time it is asked for, its own as long as there are few, and shared by those who come late', async () => {
    const loops: PlayBars[] = [];
    for (let i = 0; i < 24; i++) {
      const strategy = defineStrategy({ name: 'some', params: {}, decide: () => undefined });
      const loop = await ownLoop(strategy);
      expect(await ownLoop(strategy)).toBe(loop);
      expect(String(loop)).toBe(String(playBars));
      if (loop !== playBars) expect(loops).not.toContain(loop);
      loops.push(loop);
    }
    // Other tests of the process have had theirs.
    expect(loops.at(-1)).toBe(playBars);
  });
});
