import { getHeapStatistics } from 'node:v8';
import { failed, UserError } from '../../errors.js';
import { Secret } from '../../live/secrets/secret.js';
import { main } from '../main.js';
import { hasPresented } from '../terminal.js';

/** To a process that runs commands. */
export type ToCommandWorker =
  { readonly say: 'run'; readonly argv: readonly string[]; readonly passphrase: string | null } | { readonly say: 'abort' };

/** How a command failed: as a refusal with code and fix, or as a defect (`exitCode` null). */
export interface CommandFailure {
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
  readonly exitCode: UserError['exitCode'] | null;
}

/** How a command ended. */
export interface WorkerAnswer {
  readonly exitCode: number;
  readonly out: string;
  readonly said: string;
  /** Whether `out` is its document, and not that of its failure. */
  readonly hasDocument: boolean;
  readonly failure: CommandFailure | null;
  /** Megabytes that the process has in use. */
  readonly heapMb: number;
}

const failureOf = (error: unknown): CommandFailure => {
  if (!(error instanceof UserError))
    return {
      code: 'internal',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      fix: null,
      exitCode: null,
    };
  const { code, message, fix = null, exitCode } = error;
  return { code, message, fix, exitCode };
};

/** Characters of an answer beyond which the server, which has to read it while everybody else waits, would be kept too long. */
const LONGEST = 32 * 2 ** 20;

let interruption = new AbortController();

const run = async (argv: readonly string[], passphrase: string | null): Promise<WorkerAnswer> => {
  interruption = new AbortController();
  const [out, said]: [string[], string[]] = [[], []];
  let failure: CommandFailure | null = null;
  const exitCode = await main(argv, {
    out: text => void out.push(text),
    err: text => void said.push(text),
    interactive: false,
    signal: interruption.signal,
    passphrase: passphrase === null ? null : new Secret(passphrase),
    failed: error => {
      failure = failureOf(error);
    },
  });
  const heapMb = getHeapStatistics().used_heap_size / 2 ** 20;
  if (out.reduce((sum, text) => sum + text.length, 0) > LONGEST) {
    const tooLarge = failed(
      'too-large',
      'The answer is too large for a page.',
      'Ask for less, such as with LIMIT, or on the command line.',
    );
    return { exitCode: 1, out: '', said: '', hasDocument: false, failure: failureOf(tooLarge), heapMb };
  }
  return { exitCode, out: out.join(''), said: said.join(''), hasDocument: hasPresented(), failure, heapMb };
};

/** What is being written is finished before the end. */
const END_MS = 3000;

process.on('message', (message: ToCommandWorker) => {
  if (message.say === 'abort') return interruption.abort();
  void run(message.argv, message.passphrase).then(answer => process.send?.(answer, undefined, undefined, () => undefined));
});
process.on('disconnect', () => {
  interruption.abort();
  // An exit would wait for the query that runs, which may be for ever; a server that was killed ends nobody by force.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_MS).unref();
});
// Ctrl-C at the terminal is for the server, which ends this process by letting go of it.
for (const ending of ['SIGINT', 'SIGTERM'] as const) process.on(ending, () => undefined);
