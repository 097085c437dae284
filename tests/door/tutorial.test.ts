import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');

type Step =
  | { readonly does: 'run' | 'background'; readonly commands: readonly string[] }
  | { readonly does: 'write'; readonly file: string; readonly text: string };

/** What a page says that is done: its blocks behind a mark, in their order. */
const stepsOf = (page: string): Step[] =>
  [...page.matchAll(/<!-- (run in the background|run|file (\S+)) -->\n\n```\w+\n([\s\S]*?)```/g)].map(([, mark = '', file, text = '']) =>
    file !== undefined ? { does: 'write', file, text } : { does: mark === 'run' ? 'run' : 'background', commands: text.trim().split('\n') },
  );

const wordsOf = (line: string): string[] => [...line.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);

let home = '';
let folder = '';
const running: ChildProcess[] = [];
beforeAll(async () => {
  folder = home = await mkdtemp(join(tmpdir(), 'quantai-tutorial-'));
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** An account's lock is the host's: two runs of this test do not meet under a name of their own. */
const ACCOUNT = `first-${process.pid}`;

const start = (line: string): ChildProcess => {
  const words = wordsOf(line.replace(/\bfirst\b/, ACCOUNT)).slice(1);
  const child = spawn(process.execPath, [CLI, ...words, '--no-progress'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
};

const run = (line: string): Promise<{ readonly code: number | null; readonly said: string }> =>
  new Promise(resolve => {
    const child = start(line);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('close', code => resolve({ code, said }));
  });

describe.skipIf(!existsSync(CLI))('the tutorial', () => {
  it('does what it says: every step of it succeeds, and it ends with a promoted strategy that traded', async () => {
    const steps = stepsOf(readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8'));
    const said = new Map<string, string>();
    for (const step of steps)
      if (step.does === 'write') await writeFile(join(folder, step.file), step.text);
      else
        for (const line of step.commands) {
          if (line.startsWith('cd ')) folder = join(folder, line.slice('cd '.length));
          else if (step.does === 'background') {
            start(line);
            while (!existsSync(join(folder, 'practice.json'))) await pause(100);
          } else {
            const ran = await run(line);
            expect(ran.code, `${line}\n${ran.said}`).toBe(0);
            said.set(wordsOf(line).slice(1, 3).join(' '), ran.said);
          }
        }
    expect(steps.length).toBeGreaterThan(8);
    expect(said.get('promote follow-through')).toMatch(/paper/);
    expect(said.get('paper strategies/follow-through.ts')).not.toContain('REHEARSAL');
    const fills = Number(/(\d+) fills/.exec(said.get('paper strategies/follow-through.ts') ?? '')?.[1]);
    expect(fills).toBeGreaterThan(0);
  }, 600_000);
});
