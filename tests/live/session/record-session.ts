import type { Fact } from '../../../src/events/fact.js';
import { readJournal } from '../../../src/journal/ndjson/read-journal.js';
import { readStates, statesFile, type RecordedState } from '../../../src/live/session/state-record.js';
import type { Instrument } from '../../../src/market/instrument.js';
import { life } from '../../../src/practice/rig/life.js';
import { DEFAULT_STAGE, raise } from '../../../src/practice/rig/play.js';
import { FOLDER } from '../../../src/practice/rig/start-session.js';
import { tally } from '../../../src/practice/rig/tally.js';

/** What a session left behind. */
export interface RecordedSession {
  readonly instruments: readonly Instrument[];
  readonly facts: readonly Fact[];
  readonly states: readonly RecordedState[];
  readonly starts: number;
  /** Every file of its disk. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A session on the practice exchange that is killed and comes back, with a halt and a trade by hand in between. */
export const recordSession = async (): Promise<RecordedSession> => {
  const { world, host } = raise({ ...DEFAULT_STAGE, seed: 7, speed: 60, session: { stateFacts: 12, snapshotFacts: 150 } });
  host.start();
  await world.run(40_000);
  host.crash();
  await world.run(30_000);
  world.exchange.manualTrade(world.account, 'AAA/USDT:USDT', 'buy', 3);
  await world.run(20_000);
  host.crash();
  await world.run(30_000);
  await Promise.race([host.session?.halt({ all: false, flatten: true }), world.run(20_000)]);
  await world.run(20_000);
  const disk = host.disk.mount(life({ time: world.time, tally: tally(), kill: () => false, onKill: () => undefined }));
  const facts: Fact[] = [];
  for await (const fact of readJournal(disk, `${FOLDER}/journal`)) facts.push(fact);
  const states = readStates(Buffer.from(await disk.read(statesFile(FOLDER))).toString('utf8'));
  const files = new Map<string, Uint8Array>();
  for (const path of host.disk.paths()) files.set(path, await disk.read(path));
  return { instruments: world.instruments, facts, states, starts: host.starts, files };
};
