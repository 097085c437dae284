import { stateHash } from '../engine/account-state.js';
import { StateFold, stateFault } from '../engine/state-fold.js';
import { accountStates } from '../live/broker/account-states.js';
import { evolve, initialState } from '../live/broker/broker-state.js';
import type { RecordedAccount } from './recorded-account.js';

/** What was found of the states that an account's sessions recorded. */
export interface StatesVerdict {
  readonly states: number;
  /** The first that the journal does not give, in words; null when it gives all. */
  readonly fault: string | null;
}

/** The first state of the whole account that folding the journal up to there does not give. */
const wholeFault = ({ facts, states, instruments, hedge }: RecordedAccount): string | null => {
  const state = initialState(instruments, { hedge });
  let done = 0;
  for (const mark of states) {
    if (!('facts' in mark)) continue;
    if (mark.facts > facts.length) return `a state is recorded after ${mark.facts} facts, and the journal has ${facts.length}`;
    // A session that begins again goes on where the last one was.
    for (; done < mark.facts; done++) evolve(state, facts[done]!);
    if (done === mark.facts && stateHash(accountStates(state)) !== mark.hash)
      return `after ${mark.facts} facts the account was in state ${mark.hash.slice(0, 16)}…, and the journal gives another`;
  }
  return null;
};

/** Fold the journal to every place at which a session recorded a state, by a strategy's engine or of the whole account, and compare. */
export const statesOfAccount = (account: RecordedAccount): StatesVerdict => {
  const { facts, states, instruments, hedge } = account;
  const streams = new Set(states.flatMap(state => ('stream' in state ? [state.stream] : [])));
  let fault = wholeFault(account);
  for (const stream of streams) {
    const marks = states.flatMap(state => ('stream' in state && state.stream === stream ? [state] : []));
    const found = stateFault(
      facts.filter(({ strategy }) => strategy === stream),
      marks,
      new StateFold(instruments, 0, { hedge }),
    );
    if (found !== null) fault ??= `in the stream of ${stream}, ${found}`;
  }
  return { states: states.length, fault };
};
