// The same runs in other processes, with other worker counts, on other versions of Node: prints the fingerprints side by side and fails when they differ.
// Every worker count is tried on the Node that runs this, and one of them on the others; with --all, all of them on all.
// Other versions of Node come from npm (the packages node@22 and node@24 carry the binary); one that cannot be had is named and left out.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMadeUpBook } from './made-up-book.mjs';

const VERSIONS = ['20', '22', '24'];
const RUNS = [
  { name: 'backtest donchian-breakout', args: ['backtest', 'donchian-breakout'], workers: [null] },
  { name: 'backtest time-series-momentum', args: ['backtest', 'time-series-momentum'], workers: [null] },
  // Half a year with one training: every model that needs no TensorFlow, calibration, weights and plans.
  {
    name: 'backtest quant-ensemble',
    args: ['backtest', 'quant-ensemble', '--to', '2023-07-01', '--param', 'trees=10', '--param', 'retrain=1500'],
    workers: [null],
  },
  // An order book: queues, latencies drawn from the seed, margin.
  {
    name: 'backtest market-maker, book',
    args: (
      'backtest market-maker --timeframe 1s --funding none --queue power:3 --param halfSpreadBps=0 ' +
      '--latency order=20ms,cancel=20ms,report=5ms,feed=5ms,sigma=0.5'
    ).split(' '),
    dataset: 'made-up',
    workers: [null],
  },
  { name: 'walkforward sma-cross', args: ['walkforward', 'sma-cross', '--points', '3', '--test', '90d'], workers: [1, 4, 2] },
];

const isWhole = process.argv.includes('--all');
const own = process.versions.node.split('.')[0];
const folder = mkdtempSync(join(tmpdir(), 'quantai-fingerprints-'));

/** Path of a Node of this major version, or null. */
const binary = major => {
  if (major === own) return process.execPath;
  try {
    execFileSync(
      'npm',
      ['install', '--silent', '--no-audit', '--no-fund', '--no-save', '--prefix', join(folder, `node${major}`), `node@${major}`],
      { stdio: 'ignore' },
    );
    const path = join(folder, `node${major}`, 'node_modules', 'node', 'bin', 'node');
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return path;
  } catch {
    return null;
  }
};

/** The made-up book as a dataset of the workspace. */
const importBook = (workspace, dataset) => {
  writeMadeUpBook(workspace);
  const quantai = (...args) =>
    execFileSync(process.execPath, ['dist/cli.js', 'data', ...args, '--workspace', workspace], { stdio: 'ignore' });
  for (const kind of ['book', 'trades'])
    quantai(
      'import',
      join(workspace, `${kind}.csv`),
      ...`--exchange binance --symbol BTC/USDT:USDT --dataset ${dataset} --kind ${kind}`.split(' '),
    );
  quantai('bars', dataset, '--timeframe', '1s');
};

const rows = [];
try {
  for (const major of VERSIONS) {
    const node = binary(major);
    if (node === null) {
      console.log(`Node ${major} could not be had; left out.`);
      continue;
    }
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    for (const run of RUNS)
      for (const workers of major === own || isWhole ? run.workers : run.workers.slice(-1)) {
        const workspace = mkdtempSync(join(folder, 'workspace-'));
        const dataset = run.dataset ?? 'sample';
        if (dataset !== 'sample') importBook(workspace, dataset);
        const args = ['dist/cli.js', ...run.args, '--dataset', dataset, '--workspace', workspace, '--json'];
        if (workers !== null) args.push('--workers', String(workers));
        const { fingerprint } = JSON.parse(
          execFileSync(node, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 }),
        );
        rows.push({ run: run.name, node: version, workers: workers ?? '', fingerprint });
        rmSync(workspace, { recursive: true, force: true });
      }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const { run, node, workers, fingerprint } of rows.sort((a, b) => (a.run < b.run ? -1 : a.run > b.run ? 1 : 0)))
  console.log(`${run.padEnd(30)} ${node.padEnd(10)} ${workers === '' ? 'process' : `workers ${workers}`}   ${fingerprint}`);
const differing = RUNS.filter(run => new Set(rows.filter(row => row.run === run.name).map(row => row.fingerprint)).size !== 1);
for (const run of differing) console.log(`DIFFERENT: ${run.name}`);
process.exitCode = differing.length === 0 ? 0 : 1;
