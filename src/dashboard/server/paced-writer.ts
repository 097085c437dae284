/** The part of a response that a stream writes to. */
export interface StreamResponse {
  readonly destroyed: boolean;
  readonly write: (text: string) => boolean;
  readonly end: () => void;
  readonly destroy: () => void;
  readonly once: (event: 'drain' | 'close', heard: () => void) => unknown;
}

/** Writes as fast as the other side reads. */
export interface PacedWriter {
  /** Resolves when the text has gone and there is room for more. Whoever waits for it holds no more than one text in memory. */
  readonly send: (text: string) => Promise<void>;
  readonly isClosed: () => boolean;
  /** Ends the stream, which also wakes who waits. */
  readonly close: () => void;
}

/** Who takes nothing for so long is gone. */
const STUCK_MS = 60_000;

/** `onClose` is told once, whoever ended it. */
export const pacedWriter = (response: StreamResponse, onClose: () => void): PacedWriter => {
  let closed = false;
  let wake: () => void = () => undefined;
  let last: Promise<void> = Promise.resolve();
  const ended = (): void => {
    if (closed) return;
    closed = true;
    wake();
    onClose();
  };
  response.once('close', ended);
  const room = (): Promise<void> =>
    new Promise(resolve => {
      const patience = setTimeout(() => response.destroy(), STUCK_MS);
      wake = () => {
        clearTimeout(patience);
        resolve();
      };
      response.once('drain', wake);
    });
  return {
    send: text => {
      const before = last;
      const write = async (): Promise<void> => {
        await before;
        if (!closed && !response.write(text)) await room();
      };
      last = write();
      return last;
    },
    isClosed: () => closed,
    close: () => {
      if (closed) return;
      response.end();
      ended();
    },
  };
};
