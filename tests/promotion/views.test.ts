import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDB } from '../../src/duckdb.js';
import { registerPromotionView } from '../../src/promotion/views.js';
import { writtenLog } from './written-log.js';

let engine: Awaited<ReturnType<typeof openDuckDB>>;
beforeAll(async () => {
  engine = await openDuckDB();
});
afterAll(() => engine.close());
const rows = async (query: string) => (await engine.connection.runAndReadAll(query)).getRowsJson();

describe('the view of promotions', () => {
  it('is empty without any, and has its columns', async () => {
    await registerPromotionView(engine.connection, []);
    expect(await rows('SELECT id, stage, since, overrides FROM promotions')).toEqual([]);
  });

  it('has a row for each, with the furthest place, and none for one that has no place', async () => {
    const log = writtenLog();
    log.now = Date.UTC(2024, 0, 2);
    log.name();
    log.paper();
    const request = log.ask({ overrides: [{ gate: "it's", reason: 'x' }] });
    log.approve(request);
    log.write('bob', { type: 'GateOverridden', promotion: 'sma-1', gate: "it's", reason: 'x', request: request.id });
    log.enter(request);
    log.name('other-1', 'other');
    await registerPromotionView(engine.connection, log.records);
    expect(await rows('SELECT id, stage, account, practice, size, share, since, overrides FROM promotions ORDER BY id')).toEqual([
      ['other-1', 'candidate', null, null, null, null, '2024-01-02 00:00:00', []],
      ['sma-1', 'live', 'main', false, 10_000, 0.01, '2024-01-02 00:00:00', ["it's"]],
    ]);
  });
});
