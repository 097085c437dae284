import { stateHash, type StateMark } from '../engine/account-state.js';
import { KnownStateFold, type KnownState } from '../engine/known-state.js';
import { failed } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { accountStates } from '../live/broker/account-states.js';
import { evolve, initialState } from '../live/broker/broker-state.js';
import { units, type Units } from '../market/units.js';
import { factSentence } from '../reports/causes/fact-sentence.js';
import { effectiveLimits, foldLimits, type LimitsInForce } from '../risk/limits-in-force.js';
import type { LimitValue } from '../risk/change-limits.js';
import { formatTime } from '../time.js';
import { placeIn } from './fact-place.js';
import { recordedAccount, type RecordedAccount } from './recorded-account.js';
import { recordedFacts, recordedJournal, recordedManifest } from './recorded-run.js';
import { recordedStates } from './recorded-states.js';
import type { RunOnDisk } from './run-list.js';
import { stateText } from './state-at-text.js';
import { present } from './terminal.js';
import type { Workspace } from './workspace.js';

/** What `why --at --json` prints. */
export interface StateAt {
  /** Run id or account. */
  readonly of: string;
  /** The fact after which it is: its place in the journal from 0, its stream and its number there. */
  readonly place: number;
  readonly stream: string;
  readonly seq: number;
  readonly ts: number;
  readonly type: Fact['type'];
  readonly text: string;
  /** By stream; a run has one, under its strategy's name. */
  readonly streams: Readonly<Record<string, KnownState>>;
  /** Limits of risk in force; null is off. */
  readonly limits: Readonly<Record<string, LimitValue>>;
  /** What was recorded at this place, at the last one before it, or where there is none at the first after it; and whether folding the facts gives the same; null when nothing was. */
  readonly recorded: { readonly after: string; readonly hash: string; readonly same: boolean } | null;
}

/** Units of a symbol among these instruments. */
export const unitsAmong = (instruments: Parameters<typeof initialState>[0]): ((symbol: string) => Units | undefined) => {
  const known = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  return symbol => known.get(symbol);
};

/** The latest recorded state at or before a fact, else the first one after it, compared with what the facts give. */
const compared = (marks: readonly StateMark[], seq: number, hashAt: (seq: number) => string, name: string): StateAt['recorded'] => {
  const mark = marks.findLast(each => each.seq <= seq) ?? marks[0];
  return mark === undefined ? null : { after: `fact ${mark.seq}${name}`, hash: mark.hash, same: hashAt(mark.seq) === mark.hash };
};

const ofRun = async (run: RunOnDisk, at: string): Promise<StateAt> => {
  const manifest = recordedManifest(run);
  const facts = await recordedFacts(recordedJournal(run));
  const place = placeIn(facts, at, run.runId);
  const fact = facts[place] as Fact;
  const { config, instruments, strategy } = manifest;
  const stateAfter = (last: number): KnownState => {
    const fold = new KnownStateFold(instruments, config.capital, { hedge: config.margin?.positions === 'hedge' });
    for (const each of facts) {
      if (each.seq > last) break;
      fold.apply(each);
    }
    return fold.state;
  };
  const marks = (await recordedStates(run)) ?? [];
  return {
    of: run.runId,
    place,
    stream: strategy.name,
    seq: fact.seq,
    ts: fact.ts,
    type: fact.type,
    text: factSentence(fact, unitsAmong(instruments)).text,
    streams: { [strategy.name]: stateAfter(fact.seq) },
    limits: effectiveLimits(config.risk),
    recorded: compared(marks, fact.seq, seq => stateAfter(seq).hash, ''),
  };
};

const streamsAt = ({ instruments, hedge }: RecordedAccount, facts: readonly Fact[]): Readonly<Record<string, KnownState>> => {
  const folds = new Map<string, KnownStateFold>();
  for (const fact of facts) {
    let fold = folds.get(fact.strategy);
    if (fold === undefined) folds.set(fact.strategy, (fold = new KnownStateFold(instruments, 0, { hedge })));
    fold.apply(fact);
  }
  return Object.fromEntries(
    [...folds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, fold]) => [name === '' ? 'account' : name, fold.state]),
  );
};

/** The last state of the whole account that was recorded up to the place, else the first one after it, against the fold of the facts. */
const recordedBefore = (account: RecordedAccount, place: number): StateAt['recorded'] => {
  const { facts, instruments, hedge, states } = account;
  const whole = states.findLast(state => 'facts' in state && state.facts <= place + 1) ?? states.find(state => 'facts' in state);
  if (whole !== undefined && 'facts' in whole) {
    const state = facts.slice(0, whole.facts).reduce(evolve, initialState(instruments, { hedge }));
    return { after: `the first ${whole.facts} facts`, hash: whole.hash, same: stateHash(accountStates(state)) === whole.hash };
  }
  return null;
};

const ofAccount = async (workspace: Workspace, name: string, at: string): Promise<StateAt> => {
  const account = await recordedAccount(workspace, name);
  const { facts, instruments } = account;
  const place = placeIn(facts, at, name);
  const fact = facts[place] as Fact;
  const prefix = facts.slice(0, place + 1);
  const limits: LimitsInForce = prefix.reduce<LimitsInForce>((known, each) => (each.strategy === '' ? foldLimits(known, each) : known), {});
  return {
    of: name,
    place,
    stream: fact.strategy === '' ? 'account' : fact.strategy,
    seq: fact.seq,
    ts: fact.ts,
    type: fact.type,
    text: factSentence(fact, unitsAmong(instruments)).text,
    streams: streamsAt(account, prefix),
    limits: Object.fromEntries(Object.entries(limits).map(([limit, { inForce }]) => [limit, inForce])),
    recorded: recordedBefore(account, place),
  };
};

/** Time travel: everything that a run or an account held, had at work, meant and might do after one of its facts. Throws a usage error for a place that the journal does not have. */
export const showStateAt = async (
  args: { readonly json: boolean; readonly at: string },
  workspace: Workspace,
  of: { readonly run: RunOnDisk } | { readonly account: string },
): Promise<void> => {
  const state = 'run' in of ? await ofRun(of.run, args.at) : await ofAccount(workspace, of.account, args.at);
  present(args, state, stateText);
  if (state.recorded?.same === false)
    throw failed(
      'other-state',
      `Up to ${formatTime(state.ts)} the facts do not give the state that was recorded after ${state.recorded.after}.`,
      'The journal or the record was altered: quantai verify journal says where.',
    );
};
