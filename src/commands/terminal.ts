import type { Secret } from '../live/secrets/secret.js';

/** Where a command prints: results on `out`, everything else (progress, notes, errors) on `err`. Replaced in tests. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a screen on which a progress bar can be redrawn. */
  readonly interactive: boolean;
  /** Ends the work politely; aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** The words after `quantai`. */
  readonly argv: readonly string[];
  /** The passphrase of whoever gives the command, where it came along with it; null where it came without one and nobody can be asked. Left out, the environment or the person at the terminal is asked. */
  readonly passphrase?: Secret | null;
  /** Told how the command failed, beside what is printed about it. */
  readonly failed?: (error: unknown) => void;
}

const standard = (): Terminal => ({
  out: text => void process.stdout.write(text),
  err: text => void process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
  signal: new AbortController().signal,
  argv: [],
});

let current: Terminal = standard();
let presented = false;

/** The terminal of the command that runs. */
export const terminal = (): Terminal => current;

/** Print elsewhere from now on; what is left out stays standard. */
export const useTerminal = (replacement: Partial<Terminal>): void => {
  current = { ...standard(), ...replacement };
  presented = false;
};

/** One line for people, on the error stream so that `--json` and pipes stay clean. */
export const say = (line: string): void => current.err(`${line}\n`);

/** NaN and infinities have no JSON; they become null, which readers are told means "not defined". */
const jsonable = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? null : value);

/** The command's result: one JSON document with `--json`, else the text that `human` makes of it. */
export const present = <T>(args: { readonly json?: boolean | undefined }, result: T, human: (result: T) => string): void => {
  presented = true;
  current.out(args.json === true ? `${JSON.stringify(result, jsonable, 2)}\n` : `${human(result).trimEnd()}\n`);
};

/** Whether the command has printed its result already: a second document must not follow the first. */
export const hasPresented = (): boolean => presented;
