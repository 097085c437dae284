import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startGate } from '../../src/commands/start-gate.js';
import { promotedWorkspace, type PromotedWorkspace } from './promoted-workspace.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
let at: PromotedWorkspace;
beforeAll(async () => {
  at = await promotedWorkspace();
});
afterAll(() => at.remove());

describe('a promoted strategy', () => {
  it('begins with exactly what was promoted', async () => {
    console.log(JSON.stringify(at.made.pins, null, 1), Object.keys(at.made.files));
    const permit = await startGate(await at.request('paper'));
    expect(permit).toEqual({
      rehearsal: false,
      promoted: [{ strategy: 'leaning', promotion: at.made.id, stage: 'paper', size: 10_000, share: 1, capital: 10_000 }],
    });
  });
});
