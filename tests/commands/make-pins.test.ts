import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makePins, type PinRequest } from '../../src/commands/make-pins.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let root = '';
let remove: () => Promise<void>;
let run = '';
const at = (...words: string[]) => quantai([...words, '--workspace', root]);
const symbols = 'BTC/USDT:USDT';
const made = (more: Partial<PinRequest> = {}) =>
  makePins({ workspace: workspaceAt(root), strategy: 'sma-cross', args: { symbols, timeframe: '1h' }, venue: 'binanceusdm', run, ...more });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await at('data', 'synth', '--dataset', 'noise', '--from', '2024-01-01', '--to', '2024-02-10', '--symbols', symbols);
  const words = ['backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=10', '--param', 'slow=40', '--json'];
  run = (JSON.parse((await at(...words)).out) as { runId: string }).runId;
});
afterAll(() => remove());

describe('pins', () => {
  it('are not made of a run without evidence, or with evidence about other code', async () => {
    await expect(made()).rejects.toMatchObject({ code: 'no-evidence', exitCode: 2, fix: `Make it: quantai evidence ${run}` });
    expect((await at('evidence', run, '--only', 'none', '--workers', '1')).code).toBe(0);
    await expect(made({ strategy: 'rsi-reversion' })).rejects.toMatchObject({ code: 'other-code', exitCode: 2 });
    await expect(made({ run: 'nothing' })).rejects.toMatchObject({ code: 'unknown-run' });
  });

  it('name the promotion by the hash of their text, and every file beside them by its own', async () => {
    const { id, hash, pins, files, place } = await made();
    expect(hash).toBe(sha256(files['pins.json']!));
    expect(id).toBe(`sma-cross-${hash.slice(0, 8)}`);
    expect(JSON.parse(files['pins.json']!)).toEqual(pins);
    expect(pins.config).toBe(sha256(files['config.json']!));
    expect(pins.evidence).toMatchObject({ run, sha256: sha256(await readFile(join(root, 'reports', run, 'evidence.json'), 'utf8')) });
    expect(files['evidence.json']).toBe(await readFile(join(root, 'reports', run, 'evidence.json'), 'utf8'));
    // A backtest promises nothing, and the strategy has no models.
    expect([pins.expectation, pins.recipe, pins.checkpoints]).toEqual([null, null, []]);
    expect(Object.keys(files).sort()).toEqual(['config.json', 'evidence.json', 'pins.json']);
    expect(place).toEqual({ venue: 'binanceusdm', preset: 'binance', practice: false });
  });

  it('are the same for the same thing, whatever the capital, and wherever the venue is practised', async () => {
    const { id } = await made();
    expect((await made()).id).toBe(id);
    expect((await made({ args: { symbols, timeframe: '1h', capital: 5 } })).id).toBe(id);
    await expect(made({ venue: 'practice' })).rejects.toMatchObject({ code: 'no-practice' });
    const practice = { venue: 'binanceusdm', rest: '', ws: '', control: '', keysFile: '', accounts: [] };
    await writeFile(join(root, 'practice.json'), JSON.stringify(practice));
    const practised = await made({ venue: 'practice' });
    expect([practised.id, practised.place.practice]).toEqual([id, true]);
    expect((await made({ args: { symbols, timeframe: '1h', leverage: 2 } })).id).not.toBe(id);
  });

  it('take parameters that are said before those of the run', async () => {
    expect((await made()).params).toMatchObject({ fast: 10, slow: 40 });
    expect((await made({ args: { symbols, timeframe: '1h', param: ['fast=12'] } })).params).toMatchObject({ fast: 12, slow: 40 });
  });

  it('are not made of what no session could be given', async () => {
    await expect(made({ args: {} })).rejects.toMatchObject({ code: 'which-symbols' });
    await expect(made({ args: { symbols, from: '2024-01-01' } })).rejects.toMatchObject({ code: 'no-window' });
    await expect(made({ venue: 'nowhere' })).rejects.toMatchObject({ exitCode: 2 });
  });
});
