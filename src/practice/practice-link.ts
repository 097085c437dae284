import { WebSocket } from 'ws';
import { z } from 'zod';
import type { MarketLine } from '../live/system-clock.js';

const State = z.object({
  epochWall: z.number(),
  epochMarket: z.number(),
  speed: z.number(),
  market: z.number(),
  waiting: z.number().nullable(),
  paused: z.boolean(),
  end: z.number().nullable(),
  finished: z.boolean(),
});

/** A session's line to the controls of a practice exchange. */
export interface PracticeLink {
  /** The session is done with everything up to this market time. */
  acknowledge(client: string, market: number): void;
  /** Resolves when the data has ended or the exchange is gone. */
  readonly ended: Promise<void>;
  /** The session takes part no more: the market does not wait for it. */
  close(): void;
}

/** How long after the last message of the market a session may still be busy with it, ms. */
const AFTERGLOW_MS = 500;

/** Where a bar lasts less wall time than this the market stops at each close: what it does between two stops is over before a message of it arrives, and a clock that ran on would run ahead of the venue. */
const SHORTEST_FREE_BAR_MS = 50;

const lineOf = ({ epochWall, epochMarket, speed, market, waiting, paused, finished }: z.infer<typeof State>, barMs: number): MarketLine => {
  const held = paused || waiting !== null || finished || barMs / speed < SHORTEST_FREE_BAR_MS;
  return { epochWall, epochMarket: held ? market : epochMarket, speed, held };
};

/** Connects to the control port at `url`; `tell` hears market time's line now and at each change. Throws when nothing answers there. */
export const practiceLink = async (url: string, tell: (line: MarketLine) => void): Promise<PracticeLink> => {
  const first = State.extend({ barMs: z.number() }).parse(await (await fetch(`${url}/state`)).json());
  const { barMs } = first;
  tell(lineOf(first, barMs));
  let end = (): void => {};
  let pending = Promise.resolve();
  /** What was said last for whom. */
  const done = new Map<string, number>();
  const ended = new Promise<void>(resolve => {
    end = () => void setTimeout(resolve, AFTERGLOW_MS);
  });
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/events`);
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as { readonly type?: unknown; readonly state?: unknown };
    if (message.type !== 'clock') return;
    const state = State.parse(message.state);
    tell(lineOf(state, barMs));
    if (state.finished) end();
  });
  socket.on('close', () => end());
  socket.on('error', () => end());
  return {
    acknowledge: (client, market) => {
      done.set(client, market);
      const body = JSON.stringify({ client, upTo: market });
      const send = async (): Promise<void> => {
        // One that is lost is made up for by the next.
        await fetch(`${url}/ack`, { method: 'POST', body }).catch(() => undefined);
      };
      pending = pending.then(send);
    },
    ended,
    close: () => {
      for (const [client, upTo] of done) {
        const body = JSON.stringify({ client, upTo, gone: true });
        pending = pending.then(() => fetch(`${url}/ack`, { method: 'POST', body }).then(() => undefined)).catch(() => undefined);
      }
      done.clear();
      socket.close();
    },
  };
};
