import type { StateMark } from '../engine/account-state.js';
import { failed } from '../errors.js';
import { firstDifference, type FactDifference } from '../journal/fact-difference.js';
import { grouped } from './figures.js';
import { consumedInputs, manifestHash, recordedFacts, recordedJournal, recordedManifest, requireBacktest } from './recorded-run.js';
import { recordedStates } from './recorded-states.js';
import { rerun } from './rerun.js';
import { findRun } from './run-list.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** What `verify replay --json` prints. */
interface Replay {
  readonly runId: string;
  readonly same: boolean;
  /** Facts of the journal, and of the replay. */
  readonly recorded: number;
  readonly replayed: number;
  readonly difference: FactDifference | null;
  /** The first recorded state that the replay was not in; null when there is none. */
  readonly stateDifference: string | null;
}

/** The first recorded state that a run of the same facts was not in. */
const firstOtherState = (recorded: readonly StateMark[], again: readonly StateMark[]): string | null => {
  const found = new Map(again.map(({ seq, hash }) => [seq, hash]));
  const other = recorded.find(({ seq, hash }) => found.get(seq) !== hash);
  return other === undefined ? null : `the state recorded after fact ${other.seq} is not the one that the replay was in.`;
};

/**
 * Law 5 on a kept run: the strategy decides everything again from the inputs that its journal names, and every fact must come out as it is
 * recorded. Fails with the first one that does not.
 */
export const replayRun = async (args: { readonly workspace: string; readonly json: boolean; readonly run: string }): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const run = await findRun(workspace, args.run);
  requireBacktest(run);
  const recorded = await recordedFacts(recordedJournal(run));
  const written = recordedManifest(run);
  const named = { ...written, inputs: consumedInputs(recorded) };
  const started = recorded.find(fact => fact.type === 'RunStarted');
  // Where the journal's inputs are not those that the run began under, the replay reads the right ones and shows which fact is wrong.
  const manifest = started?.manifest === manifestHash(named) ? named : written;
  const { facts, states = [] } = await rerun(workspace, run, manifest, recorded);
  const difference = firstDifference(recorded, facts);
  const stateDifference = difference === null ? firstOtherState((await recordedStates(run)) ?? [], states) : null;
  const replay: Replay = {
    runId: run.runId,
    same: difference === null && stateDifference === null,
    recorded: recorded.length,
    replayed: facts.length,
    difference,
    stateDifference,
  };
  present(args, replay, result =>
    result.same
      ? `The same: all ${grouped(result.recorded)} facts come out of the replay as they are in the journal.`
      : `NOT the same: ${result.difference?.text ?? result.stateDifference}`,
  );
  if (!replay.same)
    throw failed(
      'replay-differs',
      `Run ${run.runId} does not replay: ${difference?.text ?? stateDifference}`,
      'Compare the platform’s version in its manifest.json with `quantai --version`; or the journal was altered.',
    );
};
