import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readParquet, writeParquet, type TableColumn } from '../../src/parquet.js';
import { BUSY } from './busy-strategy.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root = '';
let remove: () => Promise<void>;
let busy = '';
let simple = '';
let walk = '';
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const runIdOf = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await at(...words, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return (JSON.parse(out) as { runId: string }).runId;
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const file = join(root, 'busy.ts');
  await writeFile(file, BUSY);
  const symbols = ['--symbols', 'BTC/USDT:USDT,ETH/USDT:USDT'];
  await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-02-15', ...symbols);
  busy = await runIdOf('backtest', file, '--dataset', 'noise', '--to', '2023-01-25');
  simple = await runIdOf('backtest', 'sma-cross', '--dataset', 'noise', '--symbols', 'BTC/USDT:USDT', '--from', '2023-01-10');
  const windows = ['--train', '20d', '--test', '12d', '--points', '2', '--min-trades', '1'];
  walk = await runIdOf('walkforward', 'sma-cross', '--dataset', 'noise', ...windows, '--workers', '2');
});
afterAll(() => remove());

/** A run beside the first, with its files changed. */
const altered = async (change: (folder: string) => Promise<void>, run = busy): Promise<string> => {
  const name = `altered-${run}`;
  const folder = join(root, 'reports', name);
  await rm(folder, { recursive: true, force: true });
  await cp(join(root, 'reports', run), folder, { recursive: true });
  await change(folder);
  return name;
};

type Journal = Record<string, (string | number | null)[]>;

/** The journal with its rows changed. */
const journalWith = (change: (journal: Journal, rows: number) => void): Promise<string> =>
  altered(async folder => {
    const path = join(folder, 'journal.parquet');
    const { rows, columns } = await readParquet(path);
    const journal: Journal = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));
    change(journal, rows);
    const numbers = (name: string): boolean => columns[name] instanceof Float64Array;
    const written = Object.entries(journal).map(([name, column]): [string, TableColumn] => [
      name,
      numbers(name) ? Float64Array.from(column, Number) : column,
    ]);
    await writeParquet(path, Object.fromEntries(written));
  });

const jsonWith = (file: string, change: (document: Record<string, unknown>) => void, run = busy): Promise<string> =>
  altered(async folder => {
    const document = JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;
    change(document);
    await writeFile(join(folder, file), JSON.stringify(document));
  }, run);

const TYPES = [
  'RunStarted',
  'InputConsumed',
  'TargetSet',
  'OrderRequested',
  'OrderApproved',
  'OrderSubmitted',
  'OrderAccepted',
  'OrderTriggered',
  'OrderFilled',
  'CancelRequested',
  'OrderCancelled',
  'OrderExpired',
  'IntentDenied',
  'FundingSettled',
  'NoteWritten',
  'RunFinished',
];

interface JournalReport {
  readonly ok: boolean;
  readonly facts: number;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly text: string }[];
}
const checkJournal = async (run: string): Promise<{ code: number; report: JournalReport; err: string }> => {
  const { code, out, err } = await at('verify', 'journal', run, '--json');
  return { code, report: JSON.parse(out) as JournalReport, err };
};

interface Replay {
  readonly same: boolean;
  readonly recorded: number;
  readonly replayed: number;
  readonly difference: { readonly seq: number; readonly type: string; readonly text: string } | null;
}
const replay = async (run: string): Promise<{ code: number; replayed: Replay; err: string }> => {
  const { code, out, err } = await at('verify', 'replay', run, '--json');
  return { code, replayed: JSON.parse(out) as Replay, err };
};

describe('a run that nobody touched', () => {
  it('has facts of every kind, or these tests show nothing', async () => {
    const { columns } = await readParquet(join(root, 'reports', busy, 'journal.parquet'));
    for (const type of TYPES) expect([...(columns['type'] ?? [])], type).toContain(type);
  });

  it('is given again by its manifest, its journal and its figures', async () => {
    for (const run of [busy, simple]) {
      expect(await at('verify', 'fingerprint', run)).toMatchObject({ code: 0, out: expect.stringContaining('The same.') as string });
      const { code, replayed } = await replay(run);
      expect(replayed).toMatchObject({ same: true, difference: null, recorded: replayed.replayed });
      expect(code).toBe(0);
      const { code: checked, report } = await checkJournal(run);
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(report).toMatchObject({ ok: true, facts: replayed.recorded });
      expect(checked).toBe(0);
    }
  });

  it('is checked against the closes while a position is open, and flat when risk closed it', async () => {
    const { report } = await checkJournal(busy);
    expect(report.checks.find(({ name }) => name === 'positions')?.text).toMatch(/and -?[\d.]+ (BTC|ETH)/);
    const equity = report.checks.find(({ name }) => name === 'equity');
    expect(equity).toMatchObject({ ok: true, text: 'with the last closes that is the final equity' });
    const closed = await runIdOf('backtest', 'buy-and-hold', '--dataset', 'noise', '--max-drawdown', '0.02');
    const { report: flat } = await checkJournal(closed);
    expect(flat).toMatchObject({ ok: true });
    expect(flat.checks.find(({ name }) => name === 'positions')?.text).toBe('and no position');
  });

  it('a walk-forward gives its fingerprint on any number of workers', async () => {
    const rows = async (): Promise<unknown> =>
      (JSON.parse((await at('sql', 'SELECT count(*), count(DISTINCT hash) FROM trials', '--json')).out) as { rows: unknown }).rows;
    const before = await rows();
    for (const workers of ['1', '2']) {
      const { code, out } = await at('verify', 'fingerprint', walk, '--workers', workers, '--json');
      expect(JSON.parse(out)).toMatchObject({ same: true });
      expect(code).toBe(0);
    }
    // Nothing is kept of a repetition.
    expect(await rows()).toEqual(before);
  });

  it('a walk-forward has no journal, and the message says what to do', async () => {
    for (const verb of ['journal', 'replay']) {
      const ran = await at('verify', verb, walk);
      expect(ran.code).toBe(2);
      expect(ran.err).toContain(`quantai verify fingerprint ${walk}`);
    }
  });
});

describe('a journal in which something was changed', () => {
  const flips: readonly [string, RegExp][] = [
    ['OrderFilled', /"price":\d+/],
    ['OrderFilled', /"fee":-?\d+/],
    ['FundingSettled', /"amount":-?\d+/],
    ['TargetSet', /"exposure":-?\d/],
    ['OrderApproved', /"lots":\d+/],
    ['NoteWritten', /\d\d/],
    ['InputConsumed', /"rows":\d+/],
  ];
  it.each(flips)('a number in %s (%s) is named', async (type, pattern) => {
    let seq = -1;
    const run = await journalWith(journal => {
      const rows = (journal['type'] ?? []).flatMap((each, i) => (each === type ? [i] : []));
      const row = rows[Math.floor(rows.length / 2)] ?? -1;
      seq = Number(journal['seq']?.[row]);
      const payload = String(journal['payload']?.[row]);
      const flipped = payload.replace(pattern, found => found.replace(/\d(?!\d)/, digit => String(9 - Number(digit))));
      expect(flipped).not.toBe(payload);
      (journal['payload'] ?? [])[row] = flipped;
    });
    const { code, replayed, err } = await replay(run);
    expect(code).toBe(1);
    expect(replayed).toMatchObject({ same: false, difference: { seq, type } });
    expect(err).toMatch(new RegExp(`fact ${seq}, ${type}.* differs: .* in the journal and .* in the replay`));
    const checked = await checkJournal(run);
    expect(checked.code).toBe(1);
    expect(checked.report.ok).toBe(false);
  });

  it.each(TYPES)('a missing %s is named', async type => {
    let seq = -1;
    const run = await journalWith(journal => {
      const rows = (journal['type'] ?? []).flatMap((each, i) => (each === type ? [i] : []));
      const row = rows[Math.floor(rows.length / 2)] ?? -1;
      seq = Number(journal['seq']?.[row]);
      for (const column of Object.values(journal)) column.splice(row, 1);
    });
    const { code, replayed } = await replay(run);
    expect(code).toBe(1);
    expect(replayed.difference).toMatchObject({ seq, type });
    expect(replayed.difference?.text).toContain('missing from the journal');
    expect(replayed.recorded).toBe(replayed.replayed - 1);
    expect((await checkJournal(run)).code).toBe(1);
  });

  it('two facts that changed places are named', async () => {
    let seqs: number[] = [];
    const run = await journalWith((journal, rows) => {
      const row = Math.floor(rows / 2);
      seqs = [Number(journal['seq']?.[row]), Number(journal['seq']?.[row + 1])];
      for (const column of Object.values(journal)) [column[row], column[row + 1]] = [column[row + 1] ?? null, column[row] ?? null];
    });
    const { code, replayed } = await replay(run);
    expect(code).toBe(1);
    expect(replayed.difference?.text).toMatch(new RegExp(`fact ${seqs[1]}.* out of its order.*fact ${seqs[0]} is due there`));
    const checked = await checkJournal(run);
    expect(checked.code).toBe(1);
    expect(checked.err).toContain(`fact ${seqs[1]} comes after fact ${(seqs[0] ?? NaN) - 1}`);
  });

  it('facts that changed places and were numbered anew are found by the fingerprint', async () => {
    const run = await journalWith(journal => {
      const row = (journal['type'] ?? []).lastIndexOf('OrderFilled');
      for (const name of ['type', 'payload'])
        [(journal[name] ?? [])[row], (journal[name] ?? [])[row - 1]] = [journal[name]?.[row - 1] ?? null, journal[name]?.[row] ?? null];
    });
    expect((await replay(run)).code).toBe(1);
    const { code, report } = await checkJournal(run);
    expect(code).toBe(1);
    expect(report.checks.find(({ name }) => name === 'journal')).toMatchObject({ ok: false });
  });

  it('a file that is no journal, or none at all, is bad data', async () => {
    const torn = await altered(folder => writeFile(join(folder, 'journal.parquet'), 'PAR1 and nothing else'));
    for (const verb of ['journal', 'replay']) expect(await at('verify', verb, torn)).toMatchObject({ code: 3 });
    const gone = await altered(folder => rm(join(folder, 'journal.parquet')));
    for (const verb of ['journal', 'replay']) {
      const ran = await at('verify', verb, gone);
      expect(ran).toMatchObject({ code: 3 });
      expect(ran.err).toMatch(/no journal/);
    }
  });
});

describe('other files of a run that were changed', () => {
  const cases: readonly [string, (document: Record<string, unknown>) => void, RegExp][] = [
    ['the final equity', document => (document['finalEquity'] = Number(document['finalEquity']) + 1), /final equity/],
    [
      'the cash',
      document => (document['account'] = { ...(document['account'] as object), cash: 1 }),
      /final cash is .* by the journal and 1 /,
    ],
    ['a position', document => (document['account'] = { ...(document['account'] as object), positions: {} }), /position in/],
    ['a metric', document => (document['metrics'] = { ...(document['metrics'] as object), sharpe: 9 }), /metric sharpe is .* and 9 /],
    ['a cost', document => (document['costs'] = { ...(document['costs'] as object), fees: 0 }), /cost fees is .* and 0 /],
    ['a refusal', document => (document['refusals'] = {}), /count of refusals/],
    ['the bars', document => (document['bars'] = 1), /number of bars/],
    ['the fingerprint', document => (document['fingerprint'] = 'f'.repeat(64)), /fingerprint is not that/],
  ];
  it.each(cases)('%s in result.json is named', async (_, change, message) => {
    const { code, err } = await checkJournal(await jsonWith('result.json', document => void change(document)));
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });

  it.each(['fills', 'trades', 'orders', 'funding', 'equity', 'plots'])('%s.parquet is named', async table => {
    const run = await altered(async folder => {
      const path = join(folder, `${table}.parquet`);
      const { columns } = await readParquet(path);
      const [name = ''] = Object.keys(columns).filter(each =>
        ['price', 'net_pnl', 'filled_lots', 'amount', 'gross', 'value'].includes(each),
      );
      const column = Float64Array.from(columns[name] ?? [], Number);
      column[column.length - 1] = 12345;
      await writeParquet(path, { ...columns, [name]: column });
    });
    const { code, report } = await checkJournal(run);
    expect(code).toBe(1);
    expect(report.checks.filter(({ ok }) => !ok).map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringContaining(`${table}.parquet`)]),
    );
  });

  it('a manifest that is not the run’s is named', async () => {
    const run = await jsonWith('manifest.json', document => (document['config'] = { ...(document['config'] as object), capital: 5 }));
    expect((await checkJournal(run)).err).toContain('did not begin under manifest.json');
    const { code, replayed } = await replay(run);
    expect(code).toBe(1);
    expect(replayed.difference).toMatchObject({ seq: 0, type: 'RunStarted' });
    expect(await at('verify', 'fingerprint', run)).toMatchObject({ code: 1 });
  });

  it('other code than that which ran is refused', async () => {
    const run = await altered(async folder => {
      const path = join(folder, 'strategy.mjs');
      await writeFile(path, (await readFile(path, 'utf8')).replace('0.62', '0.63'));
    });
    for (const verb of ['fingerprint', 'replay']) {
      const ran = await at('verify', verb, run);
      expect(ran).toMatchObject({ code: 1 });
      expect(ran.err).toContain('strategy.mjs was altered');
    }
  });

  it('a walk-forward whose manifest says something else has another fingerprint', async () => {
    const run = await jsonWith(
      'manifest.json',
      document => (document['config'] = { ...(document['config'] as object), capital: 5000 }),
      walk,
    );
    const ran = await at('verify', 'fingerprint', run, '--workers', '1', '--json');
    expect(JSON.parse(ran.out)).toMatchObject({ same: false });
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.err).toContain('cannot be reproduced');
  });
});
