import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fact } from '../../src/events/fact.js';
import { statesFile } from '../../src/live/session/state-record.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { FOLDER } from '../../src/practice/rig/start-session.js';
import { recordSession, type RecordedSession } from '../live/session/record-session.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Step {
  readonly stage: string;
  readonly seq: number | null;
  readonly from: number | null;
  readonly text: string;
}
interface Explained {
  readonly fact: number;
  readonly stream: string;
  readonly orderId: string | null;
  readonly verdict: string | null;
  readonly causes: { readonly complete: boolean; readonly steps: readonly Step[] };
}
interface State {
  readonly seq: number;
  readonly stream: string;
  readonly streams: Readonly<
    Record<string, { readonly cash: number; readonly positions: readonly { symbol: string; quantity: number }[] }>
  >;
  readonly recorded: { readonly same: boolean } | null;
}

describe('quantai why of a recorded session', () => {
  let root: string;
  let remove: () => Promise<void>;
  let recorded: RecordedSession;
  const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
  const json = async <T>(...words: string[]): Promise<T> => {
    const { code, out, err } = await at(...words, '--json');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as T;
  };
  const own = (strategy: string): readonly Fact[] => recorded.facts.filter(fact => fact.strategy === strategy);

  beforeAll(async () => {
    ({ root, remove } = await temporaryWorkspace());
    recorded = await recordSession();
    for (const [path, bytes] of recorded.files) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    const folder = join(root, FOLDER);
    const symbols = recorded.instruments.map(({ symbol }) => symbol);
    await mkdir(join(folder, 'manifests'), { recursive: true });
    await writeFile(join(folder, 'instruments.json'), JSON.stringify(recorded.instruments));
    const strategies = ['targets', 'orders'].map(name => ({ name, tag: name, params: {}, budget: 20_000, builtin: null, bundle: 'none' }));
    const config = runConfig({
      exchange: 'binance',
      from: 0,
      to: 1,
      symbols,
      timeframe: '1m',
      capital: 20_000,
      seed: 1,
      funding: { kind: 'none' },
      leverage: 5,
    });
    const manifest = { mode: 'live', venue: 'practice', practice: true, strategies, config };
    await writeFile(join(folder, 'manifests', `${'0'.repeat(64)}.json`), JSON.stringify(manifest));
  });
  afterAll(() => remove());

  it('leads from a bar over the intent and the gate to a fill, by order and number, by stream and seq, and by the venue’s id', async () => {
    const fill = own('targets').find(fact => fact.type === 'OrderFilled')!;
    if (fill.type !== 'OrderFilled') throw new Error('nothing filled');
    const named = [
      `${fill.orderId}#1`,
      `targets:${fill.seq}`,
      String(recorded.facts.indexOf(fill)),
      ...(fill.execution === undefined ? [] : [fill.execution]),
    ];
    expect(named.length).toBe(4);
    const first = await json<Explained>('why', named[0]!, '--account', 'rig');
    for (const name of named.slice(1)) expect(await json<Explained>('why', name, '--account', 'rig')).toEqual(first);
    expect(first).toMatchObject({ fact: fill.seq, stream: 'targets', orderId: fill.orderId, causes: { complete: true } });
    const { steps } = first.causes;
    expect(steps.map(({ stage }) => stage)).toEqual(['bar', 'target', 'gate', 'order', 'fill']);
    // Each fact names the one before it as its cause, as the journal has it.
    for (const [i, { seq, from }] of steps.entries()) if (i > 1) expect([seq, from]).toEqual([seq, steps[i - 1]!.seq]);
    expect(first.verdict).toMatch(/^It filled /);
  });

  it('says that a person traded by hand, and that the broker closed what a halt was to close', async () => {
    const foreign = recorded.facts.findIndex(({ type }) => type === 'ExternalFilled');
    const { causes, verdict } = await json<Explained>('why', String(foreign), '--account', 'rig');
    expect(causes.steps.map(({ stage }) => stage)).toEqual(['person', 'fill']);
    expect(verdict).toBeNull();
    const own = new Set(recorded.facts.flatMap(fact => (fact.type === 'OrderAccepted' && fact.strategy === '' ? [fact.venueOrderId] : [])));
    const closed = recorded.facts.findIndex(fact => fact.type === 'ExternalFilled' && own.has(fact.venueOrderId));
    expect(closed).toBeGreaterThan(0);
    const { out } = await at('why', String(closed), '--account', 'rig');
    expect(out).toMatch(/broker +#(account:)?\d+ +closing \S+: the account is halted\./);
  });

  it('shows the state after any fact, with what was recorded there', async () => {
    const mark = recorded.states.findLast(state => 'facts' in state)!;
    if (!('facts' in mark)) throw new Error('no state of the account');
    const state = await json<State>('why', '--at', String(mark.facts - 1), '--account', 'rig');
    expect(state.recorded).toMatchObject({ same: true });
    // Positions by hand: signed lots of every fill up to there.
    const fills = recorded.facts.slice(0, mark.facts);
    for (const [stream, { positions }] of Object.entries(state.streams)) {
      const held = new Map<string, number>();
      for (const fact of fills) {
        if (fact.strategy !== (stream === 'account' ? '' : stream)) continue;
        if (fact.type === 'OrderFilled' || fact.type === 'ExternalFilled')
          held.set(fact.symbol, (held.get(fact.symbol) ?? 0) + (fact.side === 'buy' ? fact.lots : -fact.lots));
        else if (fact.type === 'PositionAdopted') held.set(fact.symbol, (held.get(fact.symbol) ?? 0) + fact.after - fact.before);
      }
      for (const [symbol, lots] of held) {
        const { lotSize } = recorded.instruments.find(each => each.symbol === symbol)!;
        expect(positions.find(each => each.symbol === symbol)?.quantity ?? 0).toBeCloseTo(lots * lotSize, 9);
      }
    }
    expect((await json<State>('why', '--at', 'orders:3', '--account', 'rig')).seq).toBe(3);
  });

  it('finds that a record of states was altered', async () => {
    const file = join(root, statesFile(FOLDER));
    const text = await readFile(file, 'utf8');
    const line = text.split('\n').findLast(each => each.includes('"facts"'))!;
    const { facts, hash } = JSON.parse(line) as { facts: number; hash: string };
    await writeFile(
      file,
      text.replace(
        line,
        line.replace(
          hash,
          hash.replace(/^./, first => (first === '0' ? '1' : '0')),
        ),
      ),
    );
    const { code, err } = await at('why', '--at', String(facts - 1), '--account', 'rig');
    expect(code).not.toBe(0);
    expect(err).toContain('the facts do not give the state that was recorded');
    const verified = await at('verify', 'journal', 'rig');
    expect(verified.code).not.toBe(0);
    expect(verified.out).toMatch(/WRONG states/);
    await writeFile(file, text);
    expect((await at('verify', 'journal', 'rig')).out).toMatch(/ok {4}states {2}\d+ /);
  });

  it('does not know an account that nobody traded, an order that it does not have, and a question that is none', async () => {
    expect(await at('why', 'a.1.1', '--account', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('"nobody"') as string });
    const { code, err } = await at('why', 'zz', '--account', 'rig');
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: Account rig has no order "zz"\.\nfix: Its newest orders are /)]);
    expect(await at('why')).toMatchObject({ code: 2, err: expect.stringContaining('Why what?') as string });
    expect(await at('why', 'a.1.1#1', '--at', '3', '--account', 'rig')).toMatchObject({ code: 2 });
  });
});
