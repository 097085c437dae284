import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Run this very program again with these arguments and its own flags of Node, and return what it sends. Its output goes to stderr. Rejects when it fails or sends nothing. */
export const inFreshProcess = (args: readonly string[], nodeFlags: readonly string[] = []): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const program = process.argv[1] ?? fileURLToPath(import.meta.url);
    const child = spawn(process.execPath, ['--expose-gc', ...process.execArgv, ...nodeFlags, program, ...args], {
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    let answer: { readonly value: unknown } | undefined;
    child.on('message', value => {
      answer = { value };
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (answer && code === 0) resolve(answer.value);
      else reject(new Error(`${args.slice(0, 2).join(' ')} ended with ${signal ?? code}`));
    });
  });
