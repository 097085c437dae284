import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Fact } from '../events/fact.js';
import { readJournal } from '../journal/ndjson/read-journal.js';
import { nodeDisk } from '../journal/node-disk.js';
import { journalFolder } from '../live/session/recovery.js';
import type { AuditedPlace, AuditRecord, AuditWord } from '../promotion/audit/audit-record.js';
import type {
  GateParity,
  GateRehearsal,
  GateSession,
  LiveInputs,
  PaperInputs,
  RampInputs,
  SessionRecord,
} from '../promotion/gates/gate-inputs.js';
import { openAlarms } from '../promotion/gates/open-alarms.js';
import { sessionRecord } from '../promotion/gates/session-record.js';
import { stretchUnion } from '../promotion/gates/stretch-union.js';
import type { PinFault } from '../promotion/pins/pin-fault.js';
import type { Pins } from '../promotion/pins/pins.js';
import type { PromotionState } from '../promotion/promotion-state.js';
import { gateEvidence } from './gate-evidence.js';
import type { Workspace } from './workspace.js';

/** What is to be judged. */
export interface GateSubject {
  readonly workspace: Workspace;
  readonly pins: Pins;
  /** Of the session, as `promotions/<id>/config.json` has it. */
  readonly config: GateSession['config'];
  /** Where it is to trade. */
  readonly place: AuditedPlace;
  /** The pinned `evidence.json`: of the promotion's folder, or of the run while there is none. */
  readonly evidence: string;
}

/** What the gates of live look at beside that. */
export interface LiveGateSubject extends GateSubject {
  readonly promotion: PromotionState;
  /** The audit log, checked. */
  readonly records: readonly AuditRecord[];
  readonly pinFaults: readonly PinFault[] | null;
  /** Wall time, epoch ms. */
  readonly now: number;
}

type WordOf<T extends AuditWord['type']> = Extract<AuditWord, { readonly type: T }>;

const wordsOf = <T extends AuditWord['type']>(records: readonly AuditRecord[], type: T): (AuditRecord & { readonly word: WordOf<T> })[] =>
  records.flatMap(record => (record.word.type === type ? [{ ...record, word: record.word as WordOf<T> }] : []));

const isAt = (a: AuditedPlace, b: AuditedPlace): boolean => a.account === b.account && a.venue === b.venue && a.practice === b.practice;

/** Gather what the gates of paper look at. Throws when the run or its evidence cannot be read. */
export const paperGateInputs = async ({ workspace, pins, config, place, evidence }: GateSubject): Promise<PaperInputs> => ({
  evidence: await gateEvidence(workspace, pins.evidence.run, evidence),
  session: { ...place, params: pins.strategy.params, config },
});

const factsOf = async (workspace: Workspace, account: string): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  for await (const fact of readJournal(nodeDisk(), journalFolder(join(workspace.root, 'live', account)))) facts.push(fact);
  return facts;
};

/** What the audited sessions of a promotion did, over all accounts that they traded; null when a journal cannot be read. */
const recordOf = async (
  workspace: Workspace,
  begun: readonly WordOf<'SessionBegun'>[],
  strategy: string,
): Promise<SessionRecord | null> => {
  const records: SessionRecord[] = [];
  for (const account of [...new Set(begun.map(each => each.account))].sort()) {
    const own = begun.filter(each => each.account === account);
    try {
      records.push(sessionRecord(await factsOf(workspace, account), own, strategy));
    } catch {
      return null;
    }
  }
  return {
    stretches: stretchUnion(records.flatMap(({ stretches }) => stretches)),
    trades: records.reduce((sum, { trades }) => sum + (trades ?? 0), 0),
  };
};

const Certificate = z.object({
  gap: z.object({ bps: z.number().nullable() }),
  tolerance: z.object({ bps: z.number(), unexplained: z.number() }),
  passed: z.boolean(),
});

/** The certificates of an account by the SHA-256 of their files. */
const certificates = async (workspace: Workspace, account: string): Promise<ReadonlyMap<string, z.infer<typeof Certificate>>> => {
  const folder = join(workspace.root, 'live', account, 'parity');
  const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.json'));
  const found = new Map<string, z.infer<typeof Certificate>>();
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    const parsed = Certificate.safeParse(JSON.parse(text));
    if (parsed.success) found.set(createHash('sha256').update(text).digest('hex'), parsed.data);
  }
  return found;
};

/** What is on record of a promotion's certificates on one account, with the figures of their files; a file that is gone or altered certifies nothing. */
const parityOf = async (
  workspace: Workspace,
  words: readonly WordOf<'ParityCertified'>[],
  account: string,
): Promise<readonly GateParity[]> => {
  const files = await certificates(workspace, account).catch(() => new Map<string, never>());
  return words.map(({ from, to, certificate, passed }) => {
    const file = files.get(certificate);
    return file === undefined
      ? { from, to, passed: false, bps: null, tolerance: { bps: 0, unexplained: 0 } }
      : { from, to, passed: passed && file.passed, bps: file.gap.bps, tolerance: file.tolerance };
  });
};

const rehearsalsAt = (records: readonly AuditRecord[], { venue, practice }: AuditedPlace): readonly GateRehearsal[] =>
  wordsOf(records, 'Rehearsed').flatMap(({ at, word }) => {
    const { what, account, passed, tookMs, text } = word;
    // A testnet is not the venue.
    return word.venue === venue && word.practice === practice && !word.sandbox ? [{ what, account, at, passed, tookMs, text }] : [];
  });

/** Gather what the gates of live look at: paper sessions of exactly this promotion, at a venue of the same kind. */
export const liveGateInputs = async (subject: LiveGateSubject): Promise<LiveInputs> => {
  const { workspace, promotion, records, place, pins, pinFaults, now } = subject;
  // What came before a demotion was of a strategy that failed.
  const since = promotion.places.paper?.seq ?? -1;
  const begun = wordsOf(records, 'SessionBegun').flatMap(({ seq, word }) =>
    seq > since && word.mode === 'paper' && word.practice === place.practice && word.promotions.includes(promotion.id) ? [word] : [],
  );
  const accounts = [...new Set(begun.map(({ account }) => account))].sort();
  const certified = wordsOf(records, 'ParityCertified').flatMap(({ word }) =>
    word.promotion === promotion.id && word.practice === place.practice && accounts.includes(word.account) ? [word] : [],
  );
  const parity: GateParity[] = [];
  for (const account of accounts)
    parity.push(
      ...(await parityOf(
        workspace,
        certified.filter(word => word.account === account),
        account,
      )),
    );
  return {
    ...(await paperGateInputs(subject)),
    paper: await recordOf(workspace, begun, pins.strategy.name),
    parity,
    alarms: openAlarms(records, [place, ...Object.values(promotion.places), ...begun]),
    rehearsals: rehearsalsAt(records, place),
    pinFaults,
    now,
  };
};

/** Newest word of every monitor since the step, in the order of their names. */
const watchSince = (records: readonly AuditRecord[], promotion: string, place: AuditedPlace): NonNullable<RampInputs['watch']> => {
  const newest = new Map(
    wordsOf(records, 'ExpectationJudged').flatMap(({ word }) =>
      word.promotion === promotion && isAt(word, place) ? [[word.monitor, word] as const] : [],
    ),
  );
  return [...newest.values()]
    .map(({ monitor, verdict, sentence }) => ({ monitor, verdict, sentence }))
    .sort((a, b) => (a.monitor < b.monitor ? -1 : 1));
};

const RANK = { ACTIVE: 0, REDUCING: 1, HALTED: 2 } as const;

/** The state of risk that a strategy was left in by its own rules, as its journal has it; the audit log's newest word may be of the account above it. Null where it never changed, or cannot be read. */
const ownRisk = async (workspace: Workspace, account: string, strategy: string): Promise<RampInputs['risk']> => {
  const facts = await factsOf(workspace, account).catch(() => []);
  const last = facts.findLast(fact => fact.type === 'RiskStateChanged' && fact.strategy === strategy);
  return last?.type === 'RiskStateChanged' ? { state: last.state, text: `${strategy}: ${last.text}` } : null;
};

/** Gather what the gates of the step to `share` look at: live sessions that began on the present step. Null for a promotion that is not live. */
export const rampGateInputs = async (
  { workspace, pins, promotion, records, pinFaults }: Pick<LiveGateSubject, 'workspace' | 'pins' | 'promotion' | 'records' | 'pinFaults'>,
  share: number,
): Promise<RampInputs | null> => {
  const { live } = promotion.places;
  if (live === undefined) return null;
  const since = records.filter(({ seq }) => seq > live.seq);
  const begun = wordsOf(since, 'SessionBegun').flatMap(({ word }) =>
    word.mode === 'live' && isAt(word, live) && word.promotions.includes(promotion.id) ? [word] : [],
  );
  const certified = wordsOf(since, 'ParityCertified').flatMap(({ word }) =>
    word.promotion === promotion.id && isAt(word, live) ? [word] : [],
  );
  const told = wordsOf(records, 'RiskChanged').findLast(({ word }) => isAt(word, live))?.word;
  const above =
    told !== undefined ? { state: told.state, text: told.text } : begun.length > 0 ? { state: 'ACTIVE' as const, text: '' } : null;
  const own = await ownRisk(workspace, live.account, pins.strategy.name);
  return {
    from: live.share,
    to: share,
    step: await recordOf(workspace, begun, pins.strategy.name),
    watch: watchSince(since, promotion.id, live),
    parity: await parityOf(workspace, certified, live.account),
    alarms: openAlarms(records, [live]),
    risk: above !== null && own !== null && RANK[own.state] > RANK[above.state] ? own : above,
    pinFaults,
  };
};
