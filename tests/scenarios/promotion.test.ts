import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';

/** The example as a newcomer runs it: in a process of its own, with the built command line. */
const runExample = (): Promise<{ readonly code: number | null; readonly text: string }> =>
  new Promise(resolve => {
    const child = spawn(process.execPath, ['examples/promotion/run.mjs'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    child.stderr.on('data', (data: Buffer) => (text += data.toString()));
    child.on('close', code => resolve({ code, text }));
  });

const left = (): readonly string[] => readdirSync(tmpdir()).filter(name => name.startsWith('quantai-promotion-'));

describe('the example of a promotion', () => {
  it('goes from research to live and back, is refused where it must be, and leaves nothing behind', { timeout: 600_000 }, async () => {
    const before = left();
    const { code, text } = await runExample();
    expect(code, text.slice(-4000)).toBe(0);
    // What the platform says on the way, in this order.
    const landmarks = [
      'risk-limits',
      'Every gate is open',
      'kill-switch',
      'another sentence',
      'move.ts',
      'The edge ends',
      'The next session trades less',
      'refusals as expected',
    ];
    let from = 0;
    for (const landmark of landmarks) {
      const at = text.indexOf(landmark, from);
      expect(at, `${landmark} in ${text.slice(from, from + 2000)}`).toBeGreaterThanOrEqual(from);
      from = at;
    }
    expect(left()).toEqual(before);
  });
});
