import { describe, expect, it } from 'vitest';
import { ownLoop } from '../../src/sim/own-loop.js';
import { playBars } from '../../src/sim/plain-loop.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { defineStrategy } from '../../src/strategies/strategy.js';

describe('the loop of a strategy', () => {
  it('is its own, and the same each time it is asked for', async () => {
    const own = await ownLoop(smaCross);
    expect(own).not.toBe(playBars);
    expect(await ownLoop(smaCross)).toBe(own);
    expect(String(own)).toBe(String(playBars));
  });

  it('is shared where a process meets more strategies than modules are worth', async () => {
    const loops = [];
    for (let i = 0; i < 20; i++) loops.push(await ownLoop(defineStrategy({ name: 'some', params: {}, decide: () => undefined })));
    expect(new Set(loops).size).toBeGreaterThan(5);
    expect(loops[19]).toBe(playBars);
  });
});
