import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bareLoop } from '../../bench/fixtures/bare-loop.js';
import { market } from '../../bench/fixtures/minute-bars.js';
import { benchConfig } from '../../bench/fixtures/sma-run.js';
import { smaSignal } from '../../bench/rivals/sma-signal.js';
import { takerCosts } from '../../bench/rivals/taker-costs.js';

const json = (path: string) =>
  JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, object>; dependencies: Record<string, string> };

test('the signal that rivals are given is the one that our engine trades on', () => {
  const data = market(20_000);
  const isUp = smaSignal(data.bars);
  const turns = isUp.reduce((sum, up, i) => sum + (up === (i === 0 ? 0 : isUp[i - 1]) ? 0 : 1), 0);
  // A turn on the last bar is not filled any more.
  const { fills } = bareLoop(data, benchConfig([data]));
  expect([turns, turns - 1]).toContain(fills);
  expect(fills).toBeGreaterThan(300);
});

test('rivals are charged what our engine charges a taker, in percent', () => {
  const { fee, slippage } = takerCosts(benchConfig([market(10)]));
  expect(fee).toBeCloseTo(0.005, 12);
  expect(slippage).toBeCloseTo(0.0005, 12);
});

test('rivals are pinned to one version each, and none of them is a package of the program', () => {
  const [program, rivals] = [json('package-lock.json'), json('bench/rivals/package-lock.json')];
  for (const folder of ['', 'backtest-kit/'])
    for (const [name, version] of Object.entries(json(`bench/rivals/${folder}package.json`).dependencies)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      if (folder === '') expect(rivals.packages[`node_modules/${name}`]).toMatchObject({ version });
      if (name !== 'chai') expect(program.packages[`node_modules/${name}`]).toBeUndefined();
    }
});
