import { factView, readFacts } from './fact-lines.js';
import type { FactBatch, StreamSource, StreamViews, ViewSubject, ViewTopic } from '../server/stream-source.js';
import type { AccountDesk } from './account-desk.js';
import { accountLine } from './account-view.js';
import type { AccountFollower } from './account-follower.js';
import { marketTick } from './market-view.js';

/** Between two looks at the files, ms: 20 views a second. */
const LOOK_MS = 50;
/** Between two questions to a session, ms. */
const ASK_MS = 250;
/** Between two looks at the list of accounts, ms. */
const LIST_MS = 1_000;
/** Facts of a batch. */
const BATCH = 300;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });

/** Views of one topic and subject, made once for all who watch. */
interface Watched {
  readonly listeners: Set<(view: never, text: string) => void>;
  readonly controller: AbortController;
  latest: { readonly view: unknown; readonly text: string } | null;
}

/** Streams of the pages about accounts. Files and sessions are looked at while somebody watches, and once for all who do. */
export const accountStreams = (
  desk: AccountDesk,
): Omit<StreamSource, 'watch'> & {
  readonly watch: <T extends Exclude<ViewTopic, 'jobs'>>(topic: T, of: ViewSubject, onView: (view: StreamViews[T]) => void) => () => void;
} => {
  const watched = new Map<string, Watched>();
  /** A look at an account's journal that is not older than `LOOK_MS`, shared by all. */
  const looks = new Map<string, { readonly at: number; readonly follower: Promise<AccountFollower> }>();
  const look = (account: string): Promise<AccountFollower> => {
    const now = performance.now();
    const found = looks.get(account);
    if (found !== undefined && now - found.at < LOOK_MS - 5) return found.follower;
    const follower = desk.follower(account);
    looks.set(account, { at: now, follower });
    follower.catch(() => looks.delete(account));
    return follower;
  };

  const make = async (topic: Exclude<ViewTopic, 'jobs'>, { account, symbol }: ViewSubject): Promise<unknown> => {
    if (topic === 'accounts') {
      const sessions = await desk.sessions();
      const views = await Promise.all(sessions.map(each => desk.view(each.account, LIST_MS).catch(() => null)));
      return { accounts: views.flatMap(view => (view === null ? [] : [accountLine(view)])) };
    }
    if (account === null) return null;
    if (topic === 'account') return desk.view(account, ASK_MS);
    const follower = await look(account);
    await follower.capture.refresh();
    return marketTick(follower, symbol);
  };
  const run = async (topic: Exclude<ViewTopic, 'jobs'>, of: ViewSubject, place: Watched): Promise<void> => {
    const { signal } = place.controller;
    while (!signal.aborted) {
      try {
        const view = await make(topic, of);
        const text = view === null ? '' : JSON.stringify(view);
        if (text !== '' && text !== place.latest?.text && !signal.aborted) {
          place.latest = { view, text };
          for (const listener of place.listeners) listener(view as never, text);
        }
      } catch {
        // A view that cannot be made is not handed over; the next look may find it.
      }
      await pause(topic === 'accounts' ? LIST_MS : LOOK_MS, signal);
    }
  };

  async function* facts(account: string, after: number, signal: AbortSignal): AsyncIterable<FactBatch> {
    let follower = await look(account);
    let resets = follower.resets;
    let position = after;
    if (position > follower.index.length) {
      position = follower.index.length;
      yield { reset: 'behind' };
    }
    while (!signal.aborted) {
      if (follower.resets !== resets) {
        resets = follower.resets;
        position = follower.index.length;
        yield { reset: follower.resetCode };
        continue;
      }
      const end = follower.index.batchEnd(position, BATCH);
      if (end > position) {
        const first = position;
        const positions = Array.from({ length: end - first }, (_, i) => first + 1 + i);
        const read = await readFacts(follower.journal, follower.index, positions).catch(() => null);
        // The journal was exchanged under the reader: the next look says so.
        if (read !== null && follower.resets === resets) {
          position = end;
          const { unitsOf } = follower;
          yield { facts: read.map((fact, i) => factView(fact, first + 1 + i, unitsOf)) };
          continue;
        }
      }
      await pause(LOOK_MS, signal);
      if (signal.aborted) return;
      const next = await look(account).catch(() => follower);
      if (next !== follower) {
        // It had been let go and is followed anew: its positions are the same.
        follower = next;
        resets = next.resets;
      }
    }
  }
  return {
    lastPosition: async account => (await look(account)).index.length,
    facts,
    watch: (topic, of, onView) => {
      const key = JSON.stringify(
        topic === 'accounts' ? [topic] : topic === 'account' ? [topic, of.account] : [topic, of.account, of.symbol],
      );
      let place = watched.get(key);
      const isNew = place === undefined;
      place ??= { listeners: new Set(), controller: new AbortController(), latest: null };
      const kept = place;
      const listener = onView as (view: never) => void;
      const own = (view: never): void => listener(view);
      kept.listeners.add(own);
      watched.set(key, kept);
      if (isNew) void run(topic, of, kept);
      else if (kept.latest !== null) onView(kept.latest.view as never);
      return () => {
        kept.listeners.delete(own);
        if (kept.listeners.size > 0) return;
        kept.controller.abort();
        if (watched.get(key) === kept) watched.delete(key);
      };
    },
  };
};
