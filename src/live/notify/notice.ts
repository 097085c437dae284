/** How much a notice matters: `info` is for the record, `critical` means that somebody must act. */
export type NoticeLevel = 'info' | 'warning' | 'critical';

/** Something that people who are not looking are told about a session. */
export interface Notice {
  /** What it is about, e.g. `alarm:halted`: two notices about one subject in one state say the same. */
  readonly subject: string;
  /** State of the subject now, e.g. `raised` or `cleared`. */
  readonly state: string;
  readonly level: NoticeLevel;
  readonly text: string;
  /** Market time, epoch ms. */
  readonly ts: number;
}

/** Whose notices they are. */
export interface NoticeSource {
  readonly account: string;
  readonly venue: string;
  readonly mode: 'paper' | 'live';
  readonly practice: boolean;
}

/** What leaves at once: one notice, or several that had to wait, oldest first. */
export interface NoticeMessage {
  readonly source: NoticeSource;
  /** The highest of its notices. */
  readonly level: NoticeLevel;
  readonly notices: readonly Notice[];
  /** Notices that waited so long that there was no room for them. */
  readonly omitted: number;
}

/** Where notices are sent. */
export interface NoticeChannel {
  /** For logs, e.g. `telegram`. */
  readonly name: string;
  /** Resolves when the other side has taken it. Throws a `NoticeFailure`, or anything else, which is tried again. */
  send(message: NoticeMessage): Promise<void>;
  close?(): void;
}

/** A channel did not take a message. */
export class NoticeFailure extends Error {
  override readonly name = 'NoticeFailure';
  constructor(
    message: string,
    /** False when another try can only fail in the same way. */
    readonly isWorthAnother: boolean,
    /** How long the other side wants to be left alone, wall ms; null when it did not say. */
    readonly afterMs: number | null = null,
  ) {
    super(message);
  }
}
