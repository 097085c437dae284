/** How a command ended: its document, and what it said to people. */
export interface CommandOutcome {
  readonly exitCode: number;
  /** The one JSON document of `--json`, parsed; null where there was none. */
  readonly document: unknown;
  /** What went to people. */
  readonly said: string;
}

/** Progress of a command, as its bar would show it. */
export interface CommandProgress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly note: string | null;
  /** Units that were done before the start and do not count for the rate. */
  readonly reused: number;
}

/** A command in a process of its own. */
export interface RunningCommand {
  readonly pid: number | null;
  readonly ended: Promise<CommandOutcome>;
  /** As Ctrl-C would; what does not end within the patience is ended. */
  cancel(): void;
}

/** What the dashboard asks of the platform: everything it knows and does goes through the command line's own code, under the name of who asks. Implemented in `src/commands/dashboard/`, faked in tests. */
export interface Platform {
  readonly workspace: string;
  readonly version: string;
  /**
   * Runs a command in a warm process, with `--json` and `--as`, and gives its document. For what takes seconds at most. Throws the command's own `UserError` (code, sentence, fix, exit code). `stdin` is what the
   * command reads there, such as a passphrase; it is kept nowhere.
   */
  ask(words: readonly string[], as: string, options?: { readonly stdin?: string }): Promise<unknown>;
  /** The same as text for people. */
  tell(words: readonly string[], as: string): Promise<string>;
  /** Begins a command in a process of its own. */
  begin(
    words: readonly string[],
    as: string,
    heard: { readonly progress: (progress: CommandProgress) => void; readonly line: (line: string) => void },
  ): RunningCommand;
  /** Names and roles of the workspace's people now; empty where none are set up. Throws what the audit log throws. */
  people(): Promise<ReadonlyMap<string, { readonly roles: readonly string[] }>>;
  /** Who has all roles while no people are set up. */
  readonly owner: string;
}
