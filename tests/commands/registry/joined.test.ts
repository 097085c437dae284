import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flowOver } from '../../../src/cluster/flow.js';
import { connectPostgres } from '../../../src/cluster/postgres/connect-postgres.js';
import { migrate } from '../../../src/cluster/postgres/migrate.js';
import type { Postgres } from '../../../src/cluster/postgres/postgres.js';
import { joinTeam } from '../../../src/commands/registry/joined-team.js';
import { registryUrl } from '../../../src/commands/registry/registry-place.js';
import { registryOf } from '../../../src/commands/registry/registry.js';
import { trialsOf } from '../../../src/commands/registry/workspace-trials.js';
import { workspaceAudit } from '../../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../../src/commands/workspace.js';
import { filedHashes } from '../../../src/dashboard/identity/password-hashes.js';
import type { RunConfig } from '../../../src/engine/run-config.js';
import { countTrials } from '../../../src/experiments/count-trials.js';
import type { Evaluation } from '../../../src/experiments/evaluation.js';
import { evaluatorOf } from '../../../src/experiments/evaluations.js';
import { trialsOnRecord } from '../../../src/experiments/evidence/trials-on-record.js';
import type { JobStore } from '../../../src/experiments/job-store.js';
import { postgresTrials } from '../../../src/experiments/postgres-trials.js';
import { openTrialLedger } from '../../../src/experiments/trial-ledger.js';
import { sessionFileIn } from '../../../src/live/session/named-sessions.js';
import { socketLock } from '../../../src/live/session/socket-lock.js';
import { trialOf } from '../../contracts/registry.js';
import { HAS, startPostgres, type Service } from '../../cluster/queue/services.js';
import { quantai } from '../run-quantai.js';
import { emptied, machine, temporaryRoot } from './registry-under-test.js';

const given = process.env['QUANTAI_REGISTRY'];
afterEach(() => {
  if (given === undefined) delete process.env['QUANTAI_REGISTRY'];
  else process.env['QUANTAI_REGISTRY'] = given;
});

/** A workspace that names a registry in its file. */
const configured = async (url: string): Promise<string> => {
  const root = await temporaryRoot();
  await writeFile(join(root, 'quantai.config.ts'), `export default { registry: ${JSON.stringify(url)} };\n`);
  return root;
};

const synthesised = (root: string) =>
  quantai(
    ['data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-02-01', '--symbols', 'BTC/USDT:USDT'].concat(
      '--workspace',
      root,
      '--registry',
      'none',
    ),
  );

describe('a workspace that names a registry', () => {
  it('is not by itself because a variable lost its value', async () => {
    const url = 'postgres://quant@db.example/quantai';
    const workspace = workspaceAt(await configured(url));
    for (const empty of ['', ' ']) {
      process.env['QUANTAI_REGISTRY'] = empty;
      expect(await registryUrl(workspace)).toBe(url);
    }
    process.env['QUANTAI_REGISTRY'] = 'none';
    expect(await registryUrl(workspace)).toBeNull();
  });
});

describe('a workspace that has joined a team', () => {
  it('writes, counts and begins nothing by itself any more, whatever is named, and halts', async () => {
    const root = await temporaryRoot();
    const workspace = workspaceAt(root);
    expect((await synthesised(root)).code).toBe(0);
    const own = await workspaceAudit(workspace);
    await own.append('alice', [{ type: 'CommandGiven', verb: 'a', words: [] }]);
    const log = join(root, 'audit', 'log.ndjson');
    const before = await readFile(log, 'utf8');
    await joinTeam(workspace, 'quant@db.example:5432/quantai');
    await expect(own.append('alice', [{ type: 'CommandGiven', verb: 'b', words: [] }])).rejects.toMatchObject({
      code: 'joined-team',
      exitCode: 4,
      message: expect.stringContaining('quant@db.example:5432/quantai'),
    });
    await expect(trialsOf(workspace)).rejects.toMatchObject({ code: 'joined-team' });
    const tried = await quantai(['backtest', 'sma-cross', '--dataset', 'noise', '--workspace', root, '--registry', 'none']);
    expect([tried.code, tried.err]).toEqual([4, expect.stringContaining('belongs to')]);
    expect(await readFile(log, 'utf8')).toBe(before);
    const halted = await quantai(['halt', '--account', 'main', '--workspace', root, '--registry', 'none']);
    expect(halted.err).toContain('goes on without it');
    expect(halted.err).toContain('No such session runs');
    // What stands in the mark is not what decides.
    await writeFile(join(root, 'team', 'joined.json'), '');
    await expect(own.append('alice', [{ type: 'CommandGiven', verb: 'b', words: [] }])).rejects.toMatchObject({ code: 'joined-team' });
  });
});

describe.skipIf(!HAS.postgres)('a workspace and its team (skipped where no PostgreSQL is installed)', () => {
  let server: Service;
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    ({ url } = await server.fresh());
    postgres = connectPostgres(url);
    await migrate(postgres);
  });
  afterAll(async () => {
    await postgres.close();
    await server.stop();
  });
  afterEach(() => emptied(postgres));
  const imported = (root: string) => quantai(['registry', 'import', '--workspace', root, '--registry', url, '--as', 'alice']);

  it('join for good by an import, which waits for no session', async () => {
    const root = await temporaryRoot();
    const workspace = workspaceAt(root);
    process.env['QUANTAI_REGISTRY'] = 'none';
    await (await workspaceAudit(workspace)).append('alice', [{ type: 'CommandGiven', verb: 'a', words: [] }]);
    const account = root.slice(-6).replace(/\W/g, 'x');
    await mkdir(join(root, 'live', account), { recursive: true });
    await writeFile(sessionFileIn(root, account), JSON.stringify({ account, venue: 'practice', mode: 'live', practice: true }));
    // One that waits for a person's word is one too.
    const session = socketLock('practice', account, () => Promise.resolve(null));
    await session.claim();
    const refused = await imported(root);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(`account ${account}`)]);
    expect(await postgres.query('SELECT * FROM quantai.audit_records')).toEqual([]);
    // Refused, it has changed nothing.
    process.env['QUANTAI_REGISTRY'] = 'none';
    await (await workspaceAudit(workspace)).append('alice', [{ type: 'CommandGiven', verb: 'b', words: [] }]);
    await session.release();
    expect(await imported(root)).toMatchObject({ code: 0 });
    process.env['QUANTAI_REGISTRY'] = 'none';
    await expect((await workspaceAudit(workspace)).append('alice', [{ type: 'CommandGiven', verb: 'c', words: [] }])).rejects.toMatchObject(
      { code: 'joined-team' },
    );
    process.env['QUANTAI_REGISTRY'] = url;
    await (await workspaceAudit(workspace)).append('alice', [{ type: 'CommandGiven', verb: 'c', words: [] }]);
    expect(await imported(root)).toMatchObject({ code: 0 });
  });

  it('count no trials and make none while some lie where only one of them sees them', async () => {
    const root = await temporaryRoot();
    const workspace = workspaceAt(root);
    expect((await synthesised(root)).code).toBe(0);
    const put = async (run: string, fast: number): Promise<void> => {
      const ledger = await openTrialLedger(workspace.ledger, run, () => 1);
      await ledger.begin([trialOf(fast)]);
      await ledger.close();
    };
    await put('own', 1);
    process.env['QUANTAI_REGISTRY'] = url;
    await expect(trialsOf(workspace)).rejects.toMatchObject({ code: 'trials-not-imported', exitCode: 4 });
    const tried = await quantai(['backtest', 'sma-cross', '--dataset', 'noise', '--workspace', root, '--registry', url]);
    expect([tried.code, tried.err]).toEqual([4, expect.stringContaining('quantai registry import')]);
    expect(await imported(root)).toMatchObject({ code: 0 });
    process.env['QUANTAI_REGISTRY'] = url;
    expect(await countTrials(await trialsOf(workspace))).toMatchObject({ distinct: 1 });
    // A search that went on by itself meanwhile, and one that began.
    await put('own', 2);
    await expect(trialsOf(workspace)).rejects.toMatchObject({ code: 'trials-not-imported' });
    await put('other', 3);
    await expect(trialsOf(workspace)).rejects.toMatchObject({ message: expect.stringContaining('2 runs') });
    expect(await imported(root)).toMatchObject({ code: 0 });
    process.env['QUANTAI_REGISTRY'] = url;
    expect(await countTrials(await trialsOf(workspace))).toMatchObject({ distinct: 3 });
  });

  it('say in the evidence whose trials they counted', async () => {
    const { trials, audit } = machine(postgres, await temporaryRoot(), 'a:/one');
    await audit.append('alice', [{ type: 'CommandGiven', verb: 'a', words: [] }]);
    const [team] = await postgres.query<{ chain: string }>('SELECT chain FROM quantai.audit_chains WHERE is_team');
    expect((await trialsOnRecord(trials, 'sma', 1, 1)).team).toBe(team?.chain);
    expect('team' in (await trialsOnRecord(join(await temporaryRoot(), 'ledger'), 'sma', 1, 1))).toBe(false);
  });

  it('have what a resumed search evaluated before it knew of the team, with its results', async () => {
    const evaluation: Evaluation = {
      fingerprint: 'f',
      metrics: { sharpe: 1 },
      sharpePerPeriod: 0.05,
      returns: Float64Array.of(0.01, -0.01),
      returnTs: null,
      segment: null,
    };
    const store: JobStore = {
      // What a run by itself left: every job is done.
      read: <R>() => Promise.resolve([evaluation] as R),
      write: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    };
    const { trials } = machine(postgres, await temporaryRoot(), 'a:/one');
    const run = () => Promise.reject(new Error('nothing is evaluated again'));
    const resume = async (at: number): Promise<void> => {
      const ledger = await openTrialLedger(trials, 'run', () => at);
      const jobs = [1, 2, 3].map(fast => ({
        name: `job ${fast}`,
        role: 'train' as const,
        window: { from: 0, to: 100 },
        capital: 1_000,
        configurations: [{ fast }],
        keep: 'returns' as const,
      }));
      const some = <P, R>(_: string, payloads: readonly P[]): Promise<R[]> => (payloads.length === 0 ? Promise.resolve([]) : run());
      await evaluatorOf({
        engine: { workers: 1, run: some, flow: flowOver(some), close: () => Promise.resolve() },
        handler: 'h',
        shared: { strategy: { builtin: 's' }, bundle: 'c', instruments: [], config: {} as RunConfig, chunks: [] },
        store,
        ledger,
        identity: { strategy: 's', code: 'c', data: 'd', config: 'x', platform: 'p' },
        objective: () => 1,
      }).run(jobs);
      await ledger.close();
    };
    await resume(5);
    await resume(6);
    expect(await countTrials(trials, { strategy: 's' })).toMatchObject({ distinct: 3, lines: 3, unsettled: 0 });
    // Nobody can say that they came after something.
    expect(await trials.began('run')).toBeNaN();
  });

  it('count many trials a page at a time', async () => {
    const { trials } = machine(postgres, await temporaryRoot(), 'a:/one');
    const ledger = await openTrialLedger(trials, 'run', () => 1);
    const many = Array.from({ length: 12_000 }, (_, i) =>
      trialOf(i, { strategy: i % 2 === 0 ? 'even' : 'odd', code: i % 2 === 0 ? 'x' : 'y' }),
    );
    await ledger.begin(many);
    await ledger.settle(many[0]!, { objective: 1, sharpe: 0.5 });
    await ledger.close();
    let most = 0;
    const watched: Postgres = {
      ...postgres,
      query: async <R extends object>(text: string, values?: readonly unknown[]) => {
        const rows = await postgres.query<R>(text, values);
        most = Math.max(most, rows.length);
        return rows;
      },
    };
    const all = await postgresTrials(watched, 'b:/two').read();
    const even = await postgresTrials(watched, 'b:/two').read('even');
    expect([all.trials.length, even.trials.length, all.trials.filter(({ settled }) => settled).length]).toEqual([12_000, 6_000, 1]);
    expect(all.trials.map(({ hash }) => hash)).toEqual((await trials.read()).trials.map(({ hash }) => hash));
    expect(most).toBeLessThanOrEqual(5_000);
  });

  it('keep the passwords of one apart from those of the other until they are brought there', async () => {
    const root = await temporaryRoot();
    const dashboard = join(root, 'dashboard');
    const own = filedHashes(dashboard);
    await own.put('alice', 'own', 1);
    process.env['QUANTAI_REGISTRY'] = url;
    const hashes = (await registryOf(workspaceAt(root))).hashes(dashboard);
    expect(await hashes.get('alice')).toBeNull();
    expect(await own.get('alice')).toBe('own');
    expect(await imported(root)).toMatchObject({ code: 0 });
    expect(await hashes.get('alice')).toBe('own');
    await hashes.put('alice', 'team', 2);
    expect([await hashes.get('alice'), await own.get('alice')]).toEqual(['team', 'own']);
  });
});
