import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../../../src/commands/run-sql.js';
import { workspaceAt } from '../../../src/commands/workspace.js';
import { nodeDisk } from '../../../src/journal/node-disk.js';
import { openLiveJournal } from '../../../src/journal/ndjson/open-live-journal.js';
import { evolve, initialState, openRecords } from '../../../src/live/broker/broker-state.js';
import { accountRecord } from '../../../src/live/record/account-record.js';
import { LIVE_TABLES } from '../../../src/live/record/live-views.js';
import { toMoney, units } from '../../../src/market/units.js';
import { FOLDER } from '../../../src/practice/rig/start-session.js';
import { recordSession, type RecordedSession } from '../session/record-session.js';

let root: string;
let recorded: RecordedSession;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'views-'));
  recorded = await recordSession();
  for (const [path, bytes] of recorded.files) {
    const to = join(root, path.replace(FOLDER, 'live/rig'));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, bytes);
  }
  await writeFile(join(root, 'live/rig/instruments.json'), JSON.stringify(recorded.instruments));
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const ask = async (query: string) => (await runSql(workspaceAt(root), query)).rows;

describe('an account by SQL', () => {
  it('has every fact of its journal, in order', async () => {
    const { facts } = recorded;
    expect(facts.length).toBeGreaterThan(100);
    const rows = await ask('SELECT strategy, seq, type, epoch_ms(ts) FROM live_events ORDER BY position');
    expect(rows).toEqual(facts.map(({ strategy, seq, type, ts }) => [strategy, seq, type, Math.floor(ts)]));
  });

  it('has its fills with prices and quantities in market units', async () => {
    const unitsOf = new Map(recorded.instruments.map(each => [each.symbol, units(each)]));
    const own = recorded.facts.flatMap(fact => {
      if (fact.type !== 'OrderFilled' && fact.type !== 'ExternalFilled') return [];
      const u = unitsOf.get(fact.symbol)!;
      return [
        [
          fact.strategy,
          fact.seq,
          fact.symbol,
          fact.side,
          fact.price * u.tickSize,
          fact.lots * u.lotSize,
          fact.fee / 1e8,
          fact.realised / 1e8,
        ],
      ];
    });
    const rows = await ask('SELECT strategy, seq, symbol, side, price, quantity, fee, realised FROM live_fills');
    expect(rows.length).toBeGreaterThan(5);
    rows.forEach((row, i) =>
      row.forEach((value, k) =>
        typeof value === 'number' ? expect(value).toBeCloseTo(own[i]![k] as number, 9) : expect(value).toBe(own[i]![k]),
      ),
    );
    expect(rows).toHaveLength(own.length);
  });

  it('has the positions, the money and the orders at work that the session itself has', async () => {
    const state = initialState(recorded.instruments);
    for (const fact of recorded.facts) evolve(state, fact);
    const held = await ask('SELECT strategy, symbol, quantity, entry_price FROM live_positions WHERE quantity <> 0 ORDER BY ALL');
    const due = [...state.books].flatMap(([strategy, { account }]) =>
      [...account.lots].flatMap((lots, slot) =>
        lots === 0 ? [] : [[strategy, account.symbols[slot]!, units(recorded.instruments[slot]!).quantity(lots), account.entryPrice(slot)]],
      ),
    );
    expect(held).toEqual(due.sort((a, b) => (String(a) < String(b) ? -1 : 1)));
    const money = await ask('SELECT strategy, sum(realised), sum(fees), sum(funding) FROM live_positions GROUP BY 1 ORDER BY 1');
    for (const [strategy, realised, fees, funding] of money) {
      const book = state.books.get(String(strategy))!;
      expect(realised).toBeCloseTo(toMoney(book.realised), 7);
      expect(fees).toBeCloseTo(toMoney(book.fees), 7);
      expect(funding).toBeCloseTo(toMoney(book.funding), 7);
    }
    const open = await ask('SELECT strategy, order_id FROM live_orders WHERE ended_ts IS NULL ORDER BY order_id');
    expect(open).toEqual(openRecords(state).map(({ strategy, ticket }) => [strategy, ticket.orderId]));
    const ended = await ask("SELECT count(*) FROM live_orders WHERE state IN ('filled', 'cancelled', 'rejected', 'expired')");
    const approved = recorded.facts.filter(({ type }) => type === 'OrderApproved').length;
    expect(Number(ended[0]![0]) + open.length).toBe(approved);
  });

  it('is what the fold of the dashboard shows', async () => {
    const instruments = new Map(recorded.instruments.map(each => [each.symbol, each] as const));
    const record = accountRecord(symbol => instruments.get(symbol));
    for (const fact of recorded.facts) record.handle(fact);
    const orders = await ask('SELECT seq, order_id, state, code, filled_quantity, average_price, fee FROM live_orders');
    expect(orders).toEqual(record.orders.all().map(o => [o.seq, o.orderId, o.state, o.code, o.filled, o.averagePrice, o.fee]));
    expect([...record.orders.open(), ...Array.from({ length: record.orders.ended }, (_, n) => record.orders.endedAt(n)!)]).toHaveLength(
      orders.length,
    );
    const decisions = await ask('SELECT seq, kind, text, reason, code FROM live_decisions');
    expect(decisions).toEqual(record.decisions.map(d => [d.seq, d.kind, d.text, d.reason, d.code]));
    expect(decisions.length).toBeGreaterThan(0);
    for (const name of record.positions.strategies()) {
      const cash = recorded.facts.reduce((sum, f) => {
        if (f.strategy !== name) return sum;
        if (f.type === 'CashMoved' || f.type === 'FundingSettled') return sum + f.amount;
        return f.type === 'OrderFilled' || f.type === 'ExternalFilled' ? sum + f.realised - f.fee : sum;
      }, 0);
      expect(record.positions.cash(name)).toBeCloseTo(toMoney(cash), 7);
    }
  });

  it('lists its tables with their columns where there is no account', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'views-'));
    try {
      const { rows } = await runSql(
        workspaceAt(empty),
        "SELECT table_name, list(column_name ORDER BY column_index)::VARCHAR FROM duckdb_columns() WHERE table_name LIKE 'live_%' GROUP BY 1",
      );
      const found = Object.fromEntries(rows.map(([name, columns]) => [String(name), String(columns)]));
      for (const [name, columns] of Object.entries(LIVE_TABLES)) expect(found[name]).toBe(`[${Object.keys(columns).join(', ')}]`);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('is read while a session writes: what is not a whole commit does not count', async () => {
    const folder = join(root, 'live/torn/journal');
    await mkdir(folder, { recursive: true });
    await writeFile(join(root, 'live/torn/instruments.json'), JSON.stringify(recorded.instruments));
    const { journal } = await openLiveJournal(nodeDisk(), folder, { account: 'torn' });
    await journal.append(recorded.facts.slice(0, 3).map((fact, seq) => ({ ...fact, account: 'torn', strategy: '', seq })));
    await journal.close();
    const { appendFile } = await import('node:fs/promises');
    await appendFile(join(folder, '00000001.ndjson'), '{"type":"NoteWritten","seq":3,"version":1,"ts":1');
    expect(await ask("SELECT count(*) FROM live_events WHERE account = 'torn'")).toEqual([[3]]);
    await rm(join(root, 'live/torn'), { recursive: true });
  });
});
