import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/commands/main.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
let file = '';
const line = (level: number, second: number, msg: string, more: object = {}): string =>
  `${JSON.stringify({ level, time: `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`, ...more, msg })}\n`;

beforeEach(async () => {
  workspace = await temporaryWorkspace();
  const folder = join(workspace.root, 'live', 'main');
  await mkdir(folder, { recursive: true });
  file = join(folder, 'session.log');
  await writeFile(`${file}.1`, line(30, 1, 'begun'));
  await writeFile(
    file,
    [
      line(40, 2, 'IntentDenied', { type: 'IntentDenied', strategy: 'sma', fact: { code: 'max-exposure', text: 'too large' } }),
      line(50, 3, 'the socket broke'),
      '{"level":30,"time":"2026-03-01T10:00:04.000Z","msg":"cut o',
    ].join(''),
  );
});
afterEach(() => workspace.remove());

const messages = async (...words: string[]): Promise<readonly string[]> => {
  const { out } = await quantai(['logs', ...words, '--json', '--workspace', workspace.root]);
  return (JSON.parse(out) as { lines: readonly { message: string }[] }).lines.map(({ message }) => message);
};

describe('quantai logs', () => {
  it('shows lines oldest first, those of the file that was put aside too, and skips one that was cut off', async () => {
    expect(await messages()).toEqual(['begun', 'too large', 'the socket broke']);
    expect(await messages('--level', 'error')).toEqual(['the socket broke']);
    expect(await messages('--text', 'TOO')).toEqual(['too large']);
    expect(await messages('--last', '1')).toEqual(['the socket broke']);
  });

  it('says whose line it is, of what strategy, and what fact', async () => {
    const { out } = await quantai(['logs', '--workspace', workspace.root]);
    expect(out).toContain('2026-03-01 10:00:02.000  warning main/sma  IntentDenied: too large');
  });

  it('refuses an account without a log and a path instead of a name', async () => {
    for (const name of ['other', '../main'])
      expect(await quantai(['logs', '--account', name, '--workspace', workspace.root])).toMatchObject({ code: 2 });
  });

  it('follows each whole line once, over a file that is begun anew', async () => {
    const stop = new AbortController();
    let out = '';
    const running = main(['logs', '--account', 'main', '--level', 'error', '--follow', '--workspace', workspace.root], {
      out: text => (out += text),
      err: () => undefined,
      interactive: false,
      signal: stop.signal,
    });
    while (!out.includes('socket')) await pause(20);
    await pause(50);
    const second = line(50, 6, 'second');
    await appendFile(file, `x"}\n${line(50, 5, 'first')}${second.slice(0, 20)}`);
    await pause(300);
    await appendFile(file, second.slice(20));
    await rename(file, `${file}.2`);
    await writeFile(file, line(50, 7, 'third'));
    for (let i = 0; i < 100 && !out.includes('third'); i++) await pause(50);
    stop.abort();
    await running;
    expect([...out.matchAll(/main {2}(\w+)$/gm)].map(match => match[1])).toEqual(['first', 'second', 'third']);
  });
});
