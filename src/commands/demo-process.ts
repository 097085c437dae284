import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The built command line; under a test runner the sources are run, and the build is beside them. */
const CLI = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/cli.js' : '../cli.js', import.meta.url));

/** A part of the demo in a process of its own. */
export interface DemoProcess {
  readonly name: string;
  /** How it ended: its exit code, or the signal that ended it. Never rejects. */
  readonly ended: Promise<number | string>;
  /** Ends it as Ctrl-C would; what does not end within `patienceMs` is killed. */
  end(patienceMs: number): Promise<void>;
}

/** Starts a command of ours. It hears no Ctrl-C of the terminal itself: the demo ends its parts in their order. */
export const demoProcess = (
  name: string,
  words: readonly string[],
  heard: { readonly out: (line: string) => void; readonly err: (line: string) => void },
): DemoProcess => {
  const child = spawn(process.execPath, [CLI, ...words], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface({ input: child.stdout }).on('line', heard.out);
  createInterface({ input: child.stderr }).on('line', heard.err);
  const killed = (): void => void child.kill('SIGKILL');
  // The demo itself may end without warning.
  process.once('exit', killed);
  const ended = new Promise<number | string>(resolve => {
    child.on('error', error => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
  void ended.then(() => process.off('exit', killed));
  return {
    name,
    ended,
    end: async patienceMs => {
      child.kill('SIGINT');
      const timer = setTimeout(killed, patienceMs);
      await ended;
      clearTimeout(timer);
    },
  };
};
