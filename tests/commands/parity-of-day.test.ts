import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parityOfDay } from '../../src/commands/parity-of-day.js';

it('the comparison of a day ends with the session, which does not wait for it', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-day-'));
  try {
    const closing = new AbortController();
    const asked = parityOfDay({ workspace, account: 'main', by: 'session:main', barMs: 60_000, signal: closing.signal });
    const day = asked('one', 0, 86_400_000);
    closing.abort();
    await expect(day).rejects.toThrow('abort');
  } finally {
    await rm(workspace, { recursive: true });
  }
});
