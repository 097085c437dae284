import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let root = '';
let remove: () => Promise<void>;
let run = '';
const at = (...words: string[]) => quantai([...words, '--workspace', root]);

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await writeFile(
    join(root, 'quantai.config.ts'),
    `export default {
      symbols: ['BTC/USDT:USDT'],
      timeframe: '1h',
      risk: { maxDrawdown: 0.25, maxDailyLoss: 0.1, maxExposure: 1, maxLeverage: 1 },
      promotion: {
        paper: { days: 10, trades: 1, deflatedSharpe: 0, overfitting: 1, pValue: 1, costMultiple: 1, drawdown: 1 },
        live: { days: 0, trades: 0 },
        ramp: { days: 0, trades: 0 },
      },
    };\n`,
  );
  await writeFile(join(root, 'practice.json'), JSON.stringify({ venue: 'binanceusdm', rest: '', ws: '', control: '', keysFile: '', accounts: [] }));
  const t0 = performance.now();
  await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-04-20', '--symbols', 'BTC/USDT:USDT');
  const walked = await at('walkforward', 'sma-cross', '--dataset', 'noise', '--train', '40d', '--test', '20d', '--points', '2', '--workers', '1', '--json');
  console.log(walked.err.slice(-500), performance.now() - t0);
  run = (JSON.parse(walked.out) as { runId: string }).runId;
  const ev = await at('evidence', run, '--only', 'causality,cost-stress', '--workers', '1', '--json');
  console.log(ev.err.slice(-500), performance.now() - t0);
});
afterAll(() => remove());

it('x', async () => {
  const r = await at('promote', 'sma-cross', '--run', run, '--to', 'paper', '--venue', 'practice');
  console.log(r.code, r.out, r.err);
  console.log(await at('promote'));
  console.log((await at('promote', 'sma-cross')).out);
});
