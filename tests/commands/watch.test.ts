import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { useTerminal } from '../../src/commands/terminal.js';
import { watchAndRun } from '../../src/commands/watch.js';
import { failed } from '../../src/errors.js';
import { temporaryWorkspace } from './run-quantai.js';

afterEach(() => useTerminal({}));

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(done => setTimeout(done, 10));
};

it('runs again when an imported file is saved, shows a mistake and goes on, and ends on Ctrl-C', async () => {
  const { root, remove } = await temporaryWorkspace();
  const [entry, part] = [join(root, 'a.ts'), join(root, 'b.ts')];
  await writeFile(entry, '');
  await writeFile(part, '');
  const stop = new AbortController();
  let err = '';
  useTerminal({ err: text => (err += text), signal: stop.signal });
  let runs = 0;
  const watching = watchAndRun(entry, async () => {
    runs += 1;
    if (runs === 2) throw failed('type-error', 'a.ts:1:1 is wrong.', 'Mend it.');
    return [entry, part];
  });
  await until(() => runs === 1);
  await writeFile(part, '1');
  await until(() => runs === 2);
  await until(() => err.includes('fix: Mend it.'));
  await writeFile(entry, '2');
  await until(() => runs === 3);
  stop.abort();
  await watching;
  expect(runs).toBe(3);
  await remove();
});
