// Bar-level backtests of this build beside those of another checkout that is built as well:
//   node scripts/venue-against.mjs DIR [--only NAME] [--rounds 11] [--warmups 4] [--bars 131400]
// Each build has a process of its own; they run by turns, first one and then the other first. A ratio is the other's time ÷ ours, round by round: below 1 this build is slower.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    dist: { type: 'string', default: join(root, 'dist') },
    rounds: { type: 'string', default: '11' },
    warmups: { type: 'string', default: '4' },
    bars: { type: 'string', default: '131400' },
  },
});
const [other] = positionals;
if (other === undefined) {
  console.error('Name the other checkout: node scripts/venue-against.mjs DIR');
  process.exit(2);
}
const [rounds, warmups, rows] = [values.rounds, values.warmups, values.bars].map(Number);
const median = list => list.toSorted((a, b) => a - b)[list.length >> 1];

await mkdir(join(root, '.cache'), { recursive: true });
const folder = await mkdtemp(join(root, '.cache', 'venue-against-'));

/** The program of bench/venue-against.ts on this build, waiting for what to run. */
const start = async (name, dist) => {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'bench', 'venue-against.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [
      {
        name: 'against-a-build',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^(\.\.\/)+src\// }, ({ path }) => ({
            path: pathToFileURL(join(dist, path.replace(/^(\.\.\/)+src\//, ''))).href,
            external: true,
          })),
      },
    ],
  });
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '--expose-gc', outfile], { stdio: ['ignore', 2, 2, 'ipc'] });
  let take;
  child.on('message', message => take(message));
  child.on('exit', code => code === null || process.exit(code || 1));
  const answer = () => new Promise(resolve => (take = resolve));
  const { cases } = await answer();
  const run = (name, rows) => {
    const coming = answer();
    child.send({ name, rows });
    return coming;
  };
  return { child, cases, run };
};

const ours = await start('ours', resolve(values.dist));
const theirs = await start('theirs', join(resolve(other), 'dist'));
try {
  console.log('case              ours, s  other, s  ratio (processor)  ratio (clock)  fills, ours and other');
  for (const name of values.only === undefined ? ours.cases : [values.only]) {
    const [cpu, wall, own, its] = [[], [], [], []];
    let fills = '';
    for (let round = -warmups; round < rounds; round++) {
      const first = round % 2 === 0 ? ours : theirs;
      const a = await first.run(name, rows);
      const b = await (first === ours ? theirs : ours).run(name, rows);
      const [mine, other] = first === ours ? [a, b] : [b, a];
      fills = `${mine.fills} ${other.fills}${mine.finalEquity === other.finalEquity ? ', same final equity' : `, final equity ${mine.finalEquity} and ${other.finalEquity}`}`;
      if (round < 0) continue;
      cpu.push(other.cpu / mine.cpu);
      wall.push(other.wall / mine.wall);
      own.push(mine.cpu);
      its.push(other.cpu);
    }
    const cell = (x, digits, width) => x.toFixed(digits).padStart(width);
    console.log(
      `${name.padEnd(16)}  ${cell(median(own), 3, 7)}  ${cell(median(its), 3, 8)}  ${cell(median(cpu), 2, 17)}  ${cell(median(wall), 2, 13)}  ${fills}`,
    );
  }
} finally {
  ours.child.kill();
  theirs.child.kill();
  await rm(folder, { recursive: true, force: true });
}
