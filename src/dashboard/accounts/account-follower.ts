import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedSession } from '../../live/session/named-sessions.js';
import type { SessionDetail } from '../../live/session/session-detail.js';
import { askSession } from '../../live/session/socket-lock.js';
import { accountRecord, type AccountRecord } from '../../live/record/account-record.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { unitsOf, type Units } from '../../market/units.js';
import { captureTail, type CaptureTail } from './capture-tail.js';
import { factIndex, type FactIndex } from './fact-index.js';
import { journalTail } from './journal-tail.js';

/** What a session was begun with, as far as a page shows it. */
export interface BegunWith {
  readonly timeframe: string | null;
  readonly symbols: readonly string[];
  readonly promotions: readonly { readonly id: string; readonly strategy: string; readonly share: number }[];
}

/** One account as the dashboard knows it: its journal folded, its capture, and what its session said last. Files and session are looked at only while somebody asks or watches. */
export interface AccountFollower {
  readonly folder: string;
  /** Folder of the journal. */
  readonly journal: string;
  readonly record: AccountRecord;
  readonly index: FactIndex;
  readonly capture: CaptureTail;
  /** Times that the journal became another one. */
  readonly resets: number;
  readonly resetCode: string;
  readonly failure: string | null;
  readonly begunWith: BegunWith;
  readonly unitsOf: (symbol: Symbol) => Units | undefined;
  /** Reads what is new in the journal. */
  refresh(): Promise<void>;
  /** What the session says of itself, not older than this; null while none answers. */
  detail(maxAgeMs: number): Promise<SessionDetail | null>;
}

const ANSWER_MS = 2_000;

const NOTHING: BegunWith = { timeframe: null, symbols: [], promotions: [] };

const begunWith = async (folder: string, manifest: string): Promise<BegunWith> => {
  try {
    const read = JSON.parse(await readFile(join(folder, 'manifests', `${manifest}.json`), 'utf8')) as {
      readonly config?: { readonly timeframe?: string };
      readonly instruments?: readonly { readonly symbol: string }[];
      readonly promotions?: BegunWith['promotions'];
    };
    return {
      timeframe: read.config?.timeframe ?? null,
      symbols: (read.instruments ?? []).map(({ symbol }) => symbol),
      promotions: read.promotions ?? [],
    };
  } catch {
    return NOTHING;
  }
};

const isDetail = (answer: unknown): answer is SessionDetail =>
  typeof answer === 'object' && answer !== null && 'figures' in answer && 'phase' in answer;

/** Follows the account in `<root>/live/<account>`. */
export const accountFollower = (
  root: string,
  account: string,
  named: () => Promise<NamedSession | null>,
  now: () => number = () => performance.now(),
): AccountFollower => {
  const folder = join(root, 'live', account);
  const journal = join(folder, 'journal');
  let instruments = new Map<Symbol, Instrument>();
  let instrumentsAt = NaN;
  let record = accountRecord(symbol => instruments.get(symbol));
  const index = factIndex();
  const capture = captureTail(join(folder, 'capture'));
  let resets = 0;
  let resetCode = '';
  let begun: { readonly manifest: string; readonly with: BegunWith } | null = null;
  let said: { readonly at: number; readonly detail: SessionDetail | null } | null = null;
  let asking: Promise<SessionDetail | null> | null = null;

  const tail = journalTail(journal, account, {
    take: (facts, ends) => {
      let next = 0;
      facts.forEach(({ fact, place }, i) => {
        index.add(fact, place);
        record.handle(fact);
        while (next < ends.length && ends[next]! <= i + 1) {
          index.commit();
          next++;
        }
      });
    },
    reset: code => {
      resets++;
      resetCode = code;
      index.clear();
      record = accountRecord(symbol => instruments.get(symbol));
    },
  });
  const readInstruments = async (): Promise<void> => {
    const path = join(folder, 'instruments.json');
    const at = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => NaN,
    );
    if (Number.isNaN(at) || at === instrumentsAt) return;
    try {
      const read = JSON.parse(await readFile(path, 'utf8')) as readonly Instrument[];
      // Steps never change: those that were there stay.
      instruments = new Map([...read.map(each => [each.symbol, each] as const), ...instruments]);
      instrumentsAt = at;
    } catch {
      // It is being written: the next look finds it.
    }
  };
  const ask = async (): Promise<SessionDetail | null> => {
    const session = await named();
    const answer = session === null ? null : await askSession(session.venue, account, { ask: 'detail' }, ANSWER_MS);
    said = { at: now(), detail: isDetail(answer) ? answer : null };
    return said.detail;
  };
  return {
    folder,
    journal,
    get record() {
      return record;
    },
    index,
    capture,
    get resets() {
      return resets;
    },
    get resetCode() {
      return resetCode;
    },
    get failure() {
      return tail.failure;
    },
    get begunWith() {
      return begun?.with ?? NOTHING;
    },
    unitsOf: symbol => {
      const instrument = instruments.get(symbol);
      return instrument === undefined ? undefined : unitsOf(instrument);
    },
    refresh: async () => {
      await readInstruments();
      await tail.refresh();
      const manifest = record.session?.manifest;
      if (manifest !== undefined && begun?.manifest !== manifest) begun = { manifest, with: await begunWith(folder, manifest) };
    },
    detail: async maxAgeMs => {
      if (said !== null && now() - said.at <= maxAgeMs) return said.detail;
      return (asking ??= ask().finally(() => (asking = null)));
    },
  };
};
