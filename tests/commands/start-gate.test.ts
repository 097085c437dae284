import fc from 'fast-check';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { promotedSubject } from '../../src/commands/pinned-subject.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { UserError } from '../../src/errors.js';
import type { AuditWord } from '../../src/promotion/audit/audit-record.js';
import { newPrivateKey, publicKeyText } from '../../src/promotion/people/key-pair.js';
import { checkPins } from '../../src/promotion/pins/check-pins.js';
import {
  HELPER,
  otherByte,
  promotedWorkspace,
  synthesise,
  trained,
  withChange,
  type Asked,
  type PromotedWorkspace,
} from './promoted-workspace.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let at: PromotedWorkspace;
beforeAll(async () => {
  at = await promotedWorkspace();
});
afterAll(() => at.remove());

const MODES = ['paper', 'live'] as const;

/** What a start is refused with; fails when it is not. */
const refusal = async (mode: 'paper' | 'live', given?: Asked): Promise<UserError> => {
  const error: unknown = await at.start(mode, given).then(
    () => expect.fail(`${mode} began`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error;
  return error;
};

const recorded = async (): Promise<readonly AuditWord[]> =>
  (await at.log.read()).flatMap(({ word }) => (word.type === 'CommandGiven' ? [] : [word]));

const filesUnder = async (folder: string): Promise<string[]> =>
  (await readdir(join(at.root, folder), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(at.root.length + 1))
    .sort();

/** Every file that pins are about, by what is found at fault in it; but the strategy's own, which are loaded. */
const pinnedFiles = async (): Promise<readonly (readonly [string, string])[]> => [
  ...(await filesUnder(`promotions/${at.made.id}`)).map(path => ['altered', path] as const),
  ['evidence', `reports/${at.made.run.runId}/evidence.json`],
  ...(await filesUnder('datasets/noise')).filter(path => path.endsWith('.parquet')).map(path => ['dataset', path] as const),
  ['dataset', `datasets/noise/versions/${at.made.pins.dataset.version}.json`],
  ...(await filesUnder('models/checkpoints')).map(path => ['checkpoint', path] as const),
  ...(await filesUnder('models/leaning-noise/versions')).map(path => ['checkpoint', path] as const),
];

describe('a promoted strategy', () => {
  it('begins with exactly what was promoted, its own parameters, and the approved share', async () => {
    const promoted = { strategy: 'leaning', promotion: at.made.id, size: 10_000 };
    expect(await at.start('paper')).toEqual({ rehearsal: false, promoted: [{ ...promoted, stage: 'paper', share: 1, capital: 10_000 }] });
    expect(await at.start('live')).toEqual({ rehearsal: false, promoted: [{ ...promoted, stage: 'live', share: 0.1, capital: 1_000 }] });
  });

  it.each(MODES)('does not begin %s with a changed byte of the strategy or of a helper that it imports', async mode => {
    for (const [name, what, by] of [
      ['leaning.js', "reason: 'leans'", "reason: 'leanz'"],
      ['lib/sided.js', '// Which', '// which'],
      // It cannot even be loaded then.
      ['lib/sided.js', 'export const', 'export c(nst'],
      // The file is what was promoted, whatever it calls itself.
      ['leaning.js', "name: 'leaning'", "name: 'leaninh'"],
    ] as const) {
      const change = (bytes: Buffer): string => bytes.toString().replace(what, by);
      const error = await withChange(join(at.root, name), change, () => refusal(mode));
      expect(error).toMatchObject({ code: 'pins-differ', exitCode: 4 });
      expect(error.message).toContain(by.includes('leaninh') ? 'called leaninh' : name);
    }
  });

  it.each(MODES)('does not begin %s with a changed byte of any file that it was promoted with, and names it', async mode => {
    const files = await pinnedFiles();
    expect(new Set(files.map(([pin]) => pin))).toEqual(new Set(['altered', 'evidence', 'dataset', 'checkpoint']));
    expect(files.length).toBeGreaterThanOrEqual(10);
    for (const [, path] of files) {
      const error = await withChange(join(at.root, path), otherByte(20, 1), () => refusal(mode));
      expect(error).toMatchObject({ code: 'pins-differ', exitCode: 4 });
      expect(error.message).toContain(path);
    }
  });

  it('finds any changed byte of any of these files', async () => {
    const workspace = workspaceAt(at.root);
    const folder = join(at.root, 'promotions', at.made.id);
    const subject = await promotedSubject(workspace, at.made.pins, folder);
    const check = () => checkPins({ root: at.root, folder, recorded: at.made.hash }, subject);
    expect(await check()).toEqual([]);
    const files = await pinnedFiles();
    const sizes = await Promise.all(files.map(async ([, path]) => (await stat(join(at.root, path))).size));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(files.length - 1).chain(k => fc.tuple(fc.constant(k), fc.nat(sizes[k]! - 1), fc.integer({ min: 1, max: 255 }))),
        async ([k, offset, flip]) => {
          const [pin, path] = files[k]!;
          const faults = await withChange(join(at.root, path), otherByte(offset, flip), check);
          expect(faults.map(fault => fault.pin)).toContain(pin);
          expect(faults.map(({ text }) => text).join()).toContain(path);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('finds any changed byte of its own files, whether or not they can be loaded', async () => {
    const files = ['leaning.js', 'lib/sided.js'];
    const sizes = await Promise.all(files.map(async path => (await stat(join(at.root, path))).size));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1).chain(k => fc.tuple(fc.constant(k), fc.nat(sizes[k]! - 1), fc.integer({ min: 1, max: 127 }))),
        async ([k, offset, flip]) => {
          const error = await withChange(join(at.root, files[k]!), otherByte(offset, flip), () => refusal('live'));
          expect(error).toMatchObject({ code: 'pins-differ', exitCode: 4 });
          expect(error.message).toMatch(k === 1 ? /lib\/sided\.js/ : /leaning\.js|is called/);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('begins with no other configuration, parameters or recipe, and is told both values', async () => {
    const dearer = (bytes: Buffer): string => bytes.toString().replace('taker: 0.0005', 'taker: 0.0006');
    const error = await withChange(join(at.root, 'quantai.config.ts'), dearer, () => refusal('live'));
    expect(error.message).toContain('fees.taker: 0.0005 when promoted, 0.0006 now.');
    // What a trade must earn to pay for itself is part of the label that models learn.
    expect((await refusal('paper', { options: { param: ['horizon=7'] } })).message).toMatch(
      /horizon: 6 when promoted, 7 now\.\n(.*\n)*.*label/,
    );
    expect((await refusal('paper', { options: { risk: 'daily-loss=0.06' } })).message).toContain(
      'risk.maxDailyLoss: 0.05 when promoted, 0.06 now.',
    );
    const schedule = await refusal('live', { options: { 'retrain-every': 100 } });
    expect(schedule.message).toContain('recipe training.modelRetrainEveryNSteps: 240 when promoted, 100 now.');
    expect((await refusal('live', { options: { seed: 2 } })).message).toContain('seed: 1 when promoted, 2 now.');
  });

  it('has its refusal on record, with every fault', async () => {
    const length = (await recorded()).length;
    await refusal('paper', { options: { seed: 2, leverage: 2 } });
    const [word, ...more] = (await recorded()).slice(length);
    expect(more).toEqual([]);
    expect(word).toMatchObject({
      type: 'SessionRefused',
      mode: 'paper',
      account: 'paper',
      practice: true,
      strategy: 'leaning',
      code: 'pins-differ',
    });
    if (word?.type !== 'SessionRefused') return;
    expect(word.faults.map(({ name }) => name)).toEqual(expect.arrayContaining(['seed', 'leverage']));
  });

  it('trades live no more than the approved share', async () => {
    expect((await refusal('live', { budget: 1_000.01 })).message).toContain('10 % of the approved 10000');
    expect((await at.start('live', { budget: 1_000 })).promoted).toMatchObject([{ capital: 1_000 }]);
    expect((await at.start('live', { budget: 500 })).promoted).toMatchObject([{ capital: 500 }]);
  });
});

describe('what is not promoted', () => {
  it('is a rehearsal on practice, on a testnet and on paper', async () => {
    const none = { rehearsal: true, promoted: [] };
    expect(await at.start('paper', { strategies: ['sma-cross'] })).toEqual(none);
    expect(await at.start('live', { place: { account: 'other' } })).toEqual(none);
    expect(await at.start('live', { place: { practice: false, sandbox: true } })).toEqual(none);
    expect(await at.start('paper', { place: { practice: false } })).toEqual(none);
    expect(await at.start('paper', { strategies: [at.strategy, 'sma-cross'] })).toEqual(none);
  });

  it('does not trade money, alone or beside what is promoted', async () => {
    // What was promoted on practice stands for nothing at the venue itself.
    const real = { practice: false };
    expect(await refusal('live', { place: real })).toMatchObject({ code: 'not-promoted', exitCode: 4 });
    const place = { venue: 'binanceusdm', practice: false, account: 'real', size: 5_000, share: 1, request: null };
    await at.log.append('ann', [{ type: 'StageEntered', promotion: at.made.id, stage: 'paper', ...place }]);
    expect((await at.start('paper', { place: { ...real, account: 'real' } })).promoted).toHaveLength(1);
    await at.log.append('ann', [
      { type: 'StageEntered', promotion: at.made.id, stage: 'paper', ...place, account: 'paper', practice: true },
    ]);
    const beside = await refusal('live', { place: { ...real, account: 'real' }, strategies: [at.strategy, 'sma-cross'] });
    expect(beside.message).toMatch(/leaning is not promoted[^]*sma-cross is not promoted/);
  });
});

describe('a day of new data and a scheduled training', () => {
  it('do not demote, and are recorded once with what they came after', async () => {
    const before = (await recorded()).length;
    await at.run(...synthesise('2024-02-17'));
    await at.run(...trained(at.strategy, '2024-02-17'));
    for (const mode of MODES) expect((await at.start(mode)).promoted).toHaveLength(1);
    const head = (await readFile(join(at.root, 'datasets', 'noise', 'HEAD'), 'utf8')).trim();
    const models = (await readFile(join(at.root, 'models', 'leaning-noise', 'HEAD'), 'utf8')).trim();
    const [old = ''] = at.made.pins.checkpoints.flatMap(({ path }) => /versions\/(.+)\.json$/.exec(path)?.[1] ?? []);
    const lineage = { type: 'LineageRecorded', promotion: at.made.id };
    expect((await recorded()).slice(before)).toEqual([
      { ...lineage, kind: 'dataset', from: at.made.pins.dataset.version, to: head, recipe: null },
      { ...lineage, kind: 'checkpoint', from: old, to: models, recipe: at.made.pins.recipe?.hash },
    ]);
  });

  it('refuse with a changed byte of the new checkpoint, and name it', async () => {
    const pinned = new Set(at.made.pins.checkpoints.map(({ path }) => path));
    const added = (await filesUnder('models/checkpoints')).filter(path => !pinned.has(path));
    expect(added).toHaveLength(1);
    const { size } = await stat(join(at.root, added[0]!));
    const error = await withChange(join(at.root, added[0]!), otherByte(size >> 1, 1), () => refusal('live'));
    expect(error.message).toContain(`${added[0]} was changed`);
  });

  it('do not refuse when the same training writes its checkpoint again', async () => {
    await at.run(...trained(at.strategy, '2024-02-10'));
    expect((await at.start('live')).promoted).toHaveLength(1);
  });
});

describe('a log with a word that its author had no right to', () => {
  it('lets nothing begin, however well it is chained and signed', async () => {
    const key = publicKeyText(newPrivateKey());
    const log = vi.spyOn(at.log, 'read');
    const records = await at.log.read();
    const last = records.at(-1)!;
    const added = (actor: string, user: string, seq: number) => ({
      ...last,
      seq,
      actor,
      word: { type: 'UserAdded', user, roles: ['approver'], publicKey: key } as const,
    });
    log.mockResolvedValue([...records, added('ann', 'ann', last.seq + 1), added('mallory', 'mallory', last.seq + 2)]);
    expect(await refusal('live')).toMatchObject({ code: 'broken-audit-log', exitCode: 4 });
    log.mockRestore();
    expect((await at.start('live')).promoted).toHaveLength(1);
  });
});

describe('a strategy that lost its stage', () => {
  it('does not begin where it had it, and is told when, by whom and why', async () => {
    await at.log.append('session:main', [
      { type: 'StageLeft', promotion: at.made.id, to: 'demoted', code: 'parity', text: 'The gap was 12 bp.' },
    ]);
    for (const mode of MODES) {
      const error = await refusal(mode);
      expect(error).toMatchObject({ code: 'demoted', exitCode: 4 });
      expect(error.message).toMatch(/demoted by session:main at \d{4}-.*The gap was 12 bp\./);
    }
    await writeFile(join(at.root, 'lib', 'sided.js'), HELPER);
    expect((await at.start('paper', { place: { account: 'elsewhere' } })).rehearsal).toBe(true);
  });
});
