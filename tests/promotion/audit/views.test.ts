import { describe, expect, it } from 'vitest';
import { openDuckDB } from '../../../src/duckdb.js';
import type { AuditRecord, AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { registerAuditView } from '../../../src/promotion/audit/views.js';

const record = (seq: number, word: AuditWord): AuditRecord => ({
  seq,
  at: Date.UTC(2026, 0, 1, 0, 0, seq),
  actor: 'alice',
  word,
  prev: 'p'.repeat(64),
  hash: String(seq).repeat(64),
});

const rows = async (records: readonly AuditRecord[], query: string): Promise<unknown[]> => {
  const engine = await openDuckDB({ readOnlyRoot: '/nowhere' });
  try {
    await registerAuditView(engine.connection, records);
    return (await engine.connection.runAndReadAll(query)).getRowsJson();
  } finally {
    engine.close();
  }
};

describe('the table audit_log', () => {
  it('has its columns when there is no record', async () => {
    expect(await rows([], 'SELECT column_name FROM (DESCRIBE audit_log)')).toEqual(
      ['seq', 'ts', 'actor', 'type', 'promotion', 'account', 'venue', 'word', 'hash'].map(name => [name]),
    );
    expect(await rows([], 'SELECT count(*) FROM audit_log')).toEqual([['0']]);
  });

  it('has a row for each record, with what it is about and its word as JSON', async () => {
    const place = { account: "o'hara", venue: 'bybit', practice: false };
    const records = [
      record(0, { type: 'CommandGiven', verb: 'halt', words: ['halt', '"quoted"'] }),
      record(1, { type: 'RampStepped', promotion: 'p-1', from: 0.1, to: 0.01, code: 'drift', text: 'é', request: null }),
      record(2, { type: 'RiskChanged', state: 'HALTED', code: 'operator', text: '', by: 'alice', ...place }),
    ];
    expect(
      await rows(records, 'SELECT seq, ts::VARCHAR, actor, type, promotion, account, venue, hash FROM audit_log ORDER BY seq'),
    ).toEqual([
      ['0', '2026-01-01 00:00:00', 'alice', 'CommandGiven', null, null, null, '0'.repeat(64)],
      ['1', '2026-01-01 00:00:01', 'alice', 'RampStepped', 'p-1', null, null, '1'.repeat(64)],
      ['2', '2026-01-01 00:00:02', 'alice', 'RiskChanged', null, "o'hara", 'bybit', '2'.repeat(64)],
    ]);
    expect(await rows(records, 'SELECT ts, actor, type, word FROM audit_log ORDER BY seq DESC')).toHaveLength(3);
    expect(await rows(records, "SELECT word->>'$.words[1]' FROM audit_log WHERE seq = 0")).toEqual([['"quoted"']]);
    expect(await rows(records, "SELECT CAST(word->>'$.to' AS DOUBLE) FROM audit_log WHERE type = 'RampStepped'")).toEqual([[0.01]]);
  });
});
