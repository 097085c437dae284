import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { badData } from '../errors.js';
import { DAMAGE_FIX, type JournalPlace } from '../journal/ndjson/journal-damage.js';
import { verifyLiveJournal } from '../journal/ndjson/verify-live-journal.js';
import { nodeDisk } from '../journal/node-disk.js';
import { statesFile } from '../live/session/state-record.js';
import { grouped } from './figures.js';
import { liveJournal } from './live-account.js';
import { recordedAccount } from './recorded-account.js';
import { statesOfAccount, type StatesVerdict } from './states-of-account.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** What `verify journal --json` prints of a live account. */
interface LiveJournalReport {
  readonly account: string;
  readonly folder: string;
  readonly ok: boolean;
  readonly facts: number;
  readonly commits: number;
  readonly segments: number;
  /** Hash of the last commit. */
  readonly head: string | null;
  readonly streams: Readonly<Record<string, number>>;
  readonly fault: string | null;
  readonly place: JournalPlace | null;
  readonly tornBytes: number;
  /** States that its sessions recorded, compared with what the journal gives; null where none were recorded or the journal is damaged. */
  readonly states: StatesVerdict | null;
}

const shown = (report: LiveJournalReport): string => {
  if (report.fault !== null) return `WRONG chain   ${report.fault}`;
  const streams = Object.entries(report.streams).map(([name, facts]) => `${name === '' ? 'account' : name} ${grouped(facts)}`);
  const lines = [
    `ok    chain   ${grouped(report.facts)} facts in ${grouped(report.commits)} commits and ${report.segments} segments, every hash true`,
    `ok    streams ${streams.join(', ') || 'none'}: each without a gap, every cause before its effect`,
    `      head    ${report.head ?? ''}`,
  ];
  const { states } = report;
  if (states !== null)
    lines.push(
      states.fault === null
        ? `ok    states  ${grouped(states.states)} recorded while it traded, and the journal gives each of them`
        : `WRONG states  ${states.fault}`,
    );
  if (report.tornBytes > 0)
    lines.push(`      tail    ${report.tornBytes} bytes of a commit that is being written or was broken off: the next start cuts them`);
  return lines.join('\n');
};

/** Check the journal of a live account, byte by byte. A session may be writing to it meanwhile. Fails with the place of the first thing that is wrong. */
export const checkLiveJournal = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly account: string;
}): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const folder = liveJournal(args.account);
  const { torn, account, ...verdict } = await verifyLiveJournal(nodeDisk(workspace.root), folder);
  const hasStates = verdict.ok && existsSync(join(workspace.root, statesFile(`live/${args.account}`)));
  // What the readers of a journal need besides it to fold it: its instruments.
  const states = hasStates ? statesOfAccount(await recordedAccount(workspace, args.account)) : null;
  const report = {
    ...verdict,
    account: account || args.account,
    folder: join(workspace.root, folder),
    tornBytes: torn?.bytes ?? 0,
    states,
    ok: verdict.ok && (states?.fault ?? null) === null,
  };
  present(args, report, shown);
  if (verdict.fault !== null) throw badData('journal-damaged', verdict.fault, DAMAGE_FIX);
  if (states !== null && states.fault !== null)
    throw badData(
      'other-state',
      `The journal of ${args.account} does not give what its sessions recorded: ${states.fault}.`,
      'Its journal or its states.ndjson was altered: compare both with a copy from elsewhere.',
    );
};
