import { UserError } from '../../errors.js';
import { eventFrame } from './event-frame.js';
import { pacedWriter, type StreamResponse } from './paced-writer.js';
import type { StreamSource, ViewTopic } from './stream-source.js';
import type { StreamRequest } from './stream-request.js';

/** The open streams of the pages. */
export interface EventStreams {
  /**
   * Serves one stream until the browser goes, the login ends or the server stops. `begin` writes the head and is called when nothing can be refused any more. Throws `unknown-account`, and `too-many-streams` when the
   * server or the login has its fill.
   */
  readonly open: (stream: {
    readonly request: StreamRequest;
    /** Which login it belongs to. */
    readonly login: string;
    readonly begin: () => StreamResponse;
    readonly isLoggedIn: () => Promise<boolean>;
  }) => Promise<void>;
  readonly count: () => number;
  readonly closeAll: () => void;
}

export interface EventStreamsOptions {
  readonly source: StreamSource;
  readonly version: string;
  /** Told what a source throws once a stream has begun: a defect. */
  readonly onDefect: (error: unknown) => void;
  readonly mostInAll?: number;
  readonly mostALogin?: number;
  readonly heartbeatMs?: number;
  readonly checkMs?: number;
  /** Between two views of one topic. */
  readonly paceMs?: number;
}

/** Where a stream's facts begin, and why the client has to load again. */
const startOf = async (
  source: StreamSource,
  { account, after, lastEventId }: StreamRequest,
): Promise<{ readonly after: number; readonly reset: string | null }> => {
  if (account === null) return { after: 0, reset: null };
  const last = await source.lastPosition(account);
  if (lastEventId !== null) {
    const at = lastEventId.lastIndexOf(':');
    const position = Number(lastEventId.slice(at + 1));
    if (lastEventId.slice(0, at) !== account) return { after: last, reset: 'other-account' };
    return Number.isInteger(position) && position >= 0 && position <= last
      ? { after: position, reset: null }
      : { after: last, reset: 'other-journal' };
  }
  if (after === null) return { after: last, reset: null };
  return after <= last ? { after, reset: null } : { after: last, reset: 'other-journal' };
};

export const eventStreams = (options: EventStreamsOptions): EventStreams => {
  const { source, version, onDefect, mostInAll = 32, mostALogin = 8, heartbeatMs = 10_000, checkMs = 5_000, paceMs = 50 } = options;
  const open = new Map<() => void, string>();
  /** Those that are being opened count too. */
  const places: string[] = [];
  const tooMany = (): UserError =>
    new UserError('too-many-streams', 'Too many pages are open at once.', 4, 'Close some of them; each keeps one stream.');

  return {
    count: () => places.length,
    closeAll: () => [...open.keys()].forEach(close => close()),
    open: async ({ request, login, begin, isLoggedIn }) => {
      if (places.length >= mostInAll || places.filter(each => each === login).length >= mostALogin) throw tooMany();
      places.push(login);
      const release = (): void => void places.splice(places.indexOf(login), 1);
      const start = await startOf(source, request).catch((error: unknown) => {
        release();
        throw error;
      });
      const { account, symbol, topics } = request;
      const stop = new AbortController();
      const ends: (() => void)[] = [release, () => stop.abort()];
      const response = begin();
      // Its end was told before anybody listened.
      if (response.destroyed) {
        release();
        return;
      }
      const writer = pacedWriter(response, () => ends.splice(0).forEach(end => end()));
      open.set(writer.close, login);
      ends.push(() => open.delete(writer.close));
      const defect = (error: unknown): void => {
        onDefect(error);
        writer.close();
      };

      // With an id from the first message on: whoever is cut off before the first fact must be able to say where it was. Not before a reset: whoever is cut off between the two must be told again.
      const place = account === null || start.reset !== null ? null : `${account}:${start.after}`;
      void writer.send(`retry: 1000\n\n${eventFrame('hello', { account, after: start.after, version }, place)}`);
      if (start.reset !== null) void writer.send(eventFrame('reset', { code: start.reset }));

      const beat = setInterval(() => void writer.send(':\n\n'), heartbeatMs);
      const endUnlessLoggedIn = async (): Promise<void> => {
        if (!(await isLoggedIn())) writer.close();
      };
      const check = setInterval(() => void endUnlessLoggedIn().catch(defect), checkMs);
      ends.push(
        () => clearInterval(beat),
        () => clearInterval(check),
      );

      for (const topic of ['accounts', 'account', 'market', 'jobs'] as const) {
        if (!topics.includes(topic) || (account === null && (topic === 'account' || topic === 'market'))) continue;
        ends.push(sendNewest(topic, { source, account, symbol, writer, paceMs, onDefect: defect }));
      }
      if (account !== null && topics.includes('facts')) {
        const follow = async (): Promise<void> => {
          for await (const batch of source.facts(account, start.after, stop.signal)) {
            if (writer.isClosed()) return;
            if ('reset' in batch) await writer.send(eventFrame('reset', { code: batch.reset }));
            else if (batch.facts.length > 0)
              await writer.send(eventFrame('facts', { facts: batch.facts }, `${account}:${batch.facts.at(-1)!.position}`));
          }
        };
        follow().catch((error: unknown) => {
          if (!stop.signal.aborted) defect(error);
        });
      }
    },
  };
};

interface NewestOptions {
  readonly source: StreamSource;
  readonly account: string | null;
  readonly symbol: string | null;
  readonly writer: { readonly send: (text: string) => Promise<void>; readonly isClosed: () => boolean };
  readonly paceMs: number;
  readonly onDefect: (error: unknown) => void;
}

/** Sends the newest view of a topic, no faster than the pace and no faster than it is read; what came in between is never sent. Gives back how to stop. */
const sendNewest = (topic: ViewTopic, { source, account, symbol, writer, paceMs, onDefect }: NewestOptions): (() => void) => {
  let newest: object | null = null;
  let isSending = false;
  let timer: NodeJS.Timeout | null = null;
  const deliver = async (view: object): Promise<void> => {
    isSending = true;
    await writer.send(eventFrame(topic, view));
    isSending = false;
    timer = setTimeout(send, paceMs);
  };
  const send = (): void => {
    timer = null;
    if (newest === null || isSending || writer.isClosed()) return;
    const view = newest;
    newest = null;
    void deliver(view).catch(onDefect);
  };
  const stop = source.watch(topic, { account, symbol }, view => {
    newest = view;
    if (timer === null) send();
  });
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  };
};
