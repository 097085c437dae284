import { hash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '../src/journal/disk.js';
import { openLiveJournal } from '../src/journal/ndjson/open-live-journal.js';
import { nodeDisk } from '../src/journal/node-disk.js';
import { canonicalState } from '../src/live/broker/state-text.js';
import { LiveSession } from '../src/live/session/live-session.js';
import { journalFolder, recover, saveState } from '../src/live/session/recovery.js';
import { DEFAULT_SESSION, type SessionOptions } from '../src/live/session/session-options.js';
import { systemClock } from '../src/live/system-clock.js';
import { random } from '../src/random.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { hastyDisk } from './fixtures/hasty-disk.js';
import { ACCOUNT, BTC, ETH, tradedYear } from './fixtures/traded-year.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { median } from './harness/interleave.js';

const FOLDER = 'main';
const INSTRUMENTS = [BTC, ETH];

const never = (): never => {
  throw new Error('recovery asks nobody');
};

/** A session as `quantai live` puts it together, up to the moment at which it begins to recover. */
const sessionOn = (disk: Disk): { readonly session: LiveSession; readonly options: SessionOptions } => {
  const symbols = INSTRUMENTS.map(({ symbol }) => symbol);
  const config = runConfig({ exchange: 'binance', symbols, timeframe: '1m', from: 0, to: 1, capital: 100_000 });
  const options: SessionOptions = {
    mode: 'live',
    account: ACCOUNT,
    venue: 'binanceusdm',
    practice: false,
    manifest: '0'.repeat(64),
    folder: FOLDER,
    disk,
    clock: systemClock(),
    random: random('bench'),
    lock: { acquire: () => Promise.resolve(), release: () => Promise.resolve() },
    instruments: INSTRUMENTS,
    hedge: false,
    get transport() {
      return never();
    },
    strategies: [],
    feed: never,
    broker: never,
    limits: { limits: config.risk, budgets: {}, barMs: 60_000, tiersOf: () => [] },
    config: DEFAULT_SESSION,
  };
  return { session: new LiveSession(options), options };
};

interface Recovery {
  readonly wall: number;
  readonly cpu: number;
  /** The most memory that the process ever had, MB. */
  readonly peak: number;
  readonly facts: number;
  /** Hash of all that was recovered. */
  readonly state: string;
}

/** Recover in a session of its own. */
const recovery = async (disk: Disk): Promise<Recovery> => {
  const { session, options } = sessionOn(disk);
  const [start, spent] = [performance.now(), process.cpuUsage()];
  const { journal } = await recover(options, session.streams, session.state);
  const { user, system } = process.cpuUsage(spent);
  const wall = (performance.now() - start) / 1e3;
  await journal.close();
  const peak = process.resourceUsage().maxRSS / 1e3;
  const state = hash('sha256', JSON.stringify([canonicalState(session.state), session.streams.states()]));
  return { wall, cpu: (user + system) / 1e6, peak, facts: session.streams.folded, state };
};

/** How long a session takes to become what it was: a year's journal folded into everything that a session knows, from the beginning, and from the last snapshot that it took by itself. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, probe }) => {
    const facts = quick ? 100_000 : 1_000_000;
    const root = await mkdtemp(join(scratch, 'live-recovery-'));
    const disk = nodeDisk(root);
    const kept = join(root, FOLDER, 'snapshot.json');
    try {
      const commits = tradedYear(facts);
      const hasty = hastyDisk(disk);
      let written = 0;
      const write = async (upTo: number): Promise<void> => {
        const { journal } = await openLiveJournal(hasty, journalFolder(FOLDER), { account: ACCOUNT });
        while (written < upTo) {
          const step = commits.next();
          if (step.done === true) break;
          written += step.value.length;
          await journal.append(step.value);
        }
        await journal.close();
      };
      // As many facts behind the snapshot as there ever are.
      await write(facts - (quick ? 5_000 : DEFAULT_SESSION.snapshotFacts));
      const { session, options } = sessionOn(disk);
      const { journal } = await recover(options, session.streams, session.state);
      if (!(await saveState(options, journal, session.streams, session.state))) throw new Error('no snapshot was taken');
      await journal.close();
      await write(facts);
      const snapshot = await readFile(kept);

      // As after a restart: by a process that has done nothing before.
      const restarted = async (): Promise<Recovery> => (await probe(root)) as Recovery;
      const whole: Recovery[] = [];
      const resumed: Recovery[] = [];
      for (let round = 0; round < 3; round++) {
        await rm(kept);
        whole.push(await restarted());
        await writeFile(kept, snapshot);
        resumed.push(await restarted());
      }
      const states = new Set([...whole, ...resumed].map(({ state, facts: folded }) => `${folded} ${state}`));
      if (states.size !== 1) throw new Error('the recoveries differ');
      const scale = 1_000_000 / facts;
      return [
        measurement('session recovered from a million facts', median(whole.map(({ wall }) => wall)) * scale, 's', {
          targets: [{ on: 'value', atMost: 10, text: 'under 10 s' }],
        }),
        measurement('  processor time of it', median(whole.map(({ cpu }) => cpu)) * scale, 's'),
        measurement('  most memory of the process', median(whole.map(({ peak }) => peak)), 'MB'),
        measurement('session recovered from its snapshot', median(resumed.map(({ wall }) => wall)), 's', {
          targets: [{ on: 'value', atMost: 1, text: 'under 1 s' }],
        }),
        measurement('  processor time of it', median(resumed.map(({ cpu }) => cpu)), 's'),
        measurement('  most memory of the process', median(resumed.map(({ peak }) => peak)), 'MB'),
        measurement('  size of the snapshot', snapshot.length / 1e6, 'MB'),
      ];
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
  probe: argument => recovery(nodeDisk(String(argument))),
};
