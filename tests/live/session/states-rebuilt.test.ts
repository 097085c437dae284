import { beforeAll, describe, expect, it } from 'vitest';
import { stateHash } from '../../../src/engine/account-state.js';
import { StateFold, stateFault } from '../../../src/engine/state-fold.js';
import type { Fact } from '../../../src/events/fact.js';
import { causalChains, isComplete } from '../../../src/journal/causal-chain.js';
import { accountStates } from '../../../src/live/broker/account-states.js';
import { evolve, initialState } from '../../../src/live/broker/broker-state.js';
import { random } from '../../../src/random.js';
import { recordSession, type RecordedSession } from './record-session.js';

let recorded: RecordedSession;
beforeAll(async () => {
  recorded = await recordSession();
}, 60_000);

const streamOf = (name: string): readonly Fact[] => recorded.facts.filter(({ strategy }) => strategy === name);
const marksOf = (name: string) => recorded.states.flatMap(state => ('stream' in state && state.stream === name ? [state] : []));
const wholes = () => recorded.states.flatMap(state => ('facts' in state ? [state] : []));
const names = ['targets', 'orders'];

describe('the states that a session recorded while it traded, through crashes and restarts', () => {
  it('are what folding each strategy’s facts gives, by the books of its engine', () => {
    expect(recorded.starts).toBe(3);
    for (const name of names) {
      expect(marksOf(name).length).toBeGreaterThan(5);
      expect(stateFault(streamOf(name), marksOf(name), new StateFold(recorded.instruments, 0))).toBeNull();
    }
  });

  it('are what folding the journal up to any of them gives, for the account as a whole', () => {
    const draw = random('which states');
    const marks = wholes();
    expect(marks.length).toBeGreaterThan(10);
    for (let n = 0; n < 12; n++) {
      const { facts, hash } = marks[draw.int(marks.length)]!;
      const state = recorded.facts.slice(0, facts).reduce(evolve, initialState(recorded.instruments));
      expect(stateHash(accountStates(state)), `after ${facts} facts`).toBe(hash);
    }
  });

  it('do not come out of a journal in which one fill is another one', () => {
    const facts = streamOf('targets');
    const at = facts.findIndex(fact => fact.type === 'OrderFilled');
    const [fill] = facts.slice(at, at + 1);
    if (fill?.type !== 'OrderFilled') throw new Error('nothing filled');
    const altered = facts.with(at, { ...fill, price: fill.price + 1 });
    expect(stateFault(altered, marksOf('targets'), new StateFold(recorded.instruments, 0))).toMatch(
      /^after fact \d+ the account was in state/,
    );
  });
});

describe('a fill of a session', () => {
  it('has a complete causal chain, whoever asked for it', () => {
    const roots = new Map<string, number>();
    const account = streamOf('');
    for (const name of ['', ...names]) {
      const chain = causalChains(streamOf(name), { bars: { timeframe: '1m', delayMs: 0 }, account });
      for (const fact of streamOf(name)) {
        if (fact.type !== 'OrderFilled' && fact.type !== 'ExternalFilled' && fact.type !== 'PositionAdopted') continue;
        const links = chain(fact.seq);
        expect(isComplete(links), `${name} ${fact.seq} ${fact.type}`).toBe(true);
        const { from } = links[0]!;
        const root = from.kind === 'outside' ? `${from.who}:${from.code}` : from.kind;
        roots.set(root, (roots.get(root) ?? 0) + 1);
        if (from.kind === 'bar') expect(from.late).toBeLessThan(60_000);
      }
    }
    expect(roots.get('bar')).toBeGreaterThan(20);
    expect(roots.get('person:manual')).toBeGreaterThan(0);
    expect(roots.get('broker:closing')).toBeGreaterThan(0);
  });
});
