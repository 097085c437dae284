import { INIT_FORECAST } from './init-forecast.js';
import { INIT_MARKET_MAKER } from './init-market-maker.js';
import { INIT_TREND } from './init-trend.js';

/** Strategies that a project may begin with. */
export const INIT_TEMPLATES = ['trend', 'market-maker', 'forecast'] as const;
export type InitTemplate = (typeof INIT_TEMPLATES)[number];

const STRATEGIES: Readonly<Record<InitTemplate, string>> = {
  trend: INIT_TREND,
  'market-maker': INIT_MARKET_MAKER,
  forecast: INIT_FORECAST,
};

/** What the files of a project are made from. */
export interface InitProject {
  /** Name of its npm package. */
  readonly name: string;
  readonly template: InitTemplate;
  /** What npm is to install as `quantai-trad`: a version, or `file:` and a path. */
  readonly platform: string;
  readonly typescript: string;
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const packageJson = ({ name, platform, typescript }: InitProject): string =>
  json({
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      types: 'tsc --noEmit',
      test: 'node --test',
      backtest: 'quantai backtest strategies/my-strategy.ts',
      walkforward: 'quantai walkforward strategies/my-strategy.ts',
    },
    dependencies: { 'quantai-trad': platform },
    devDependencies: { typescript },
  });

const TSCONFIG = json({
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'Preserve',
    moduleResolution: 'Bundler',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['strategies', 'quantai.config.ts'],
});

const CONFIG = `import type { QuantaiConfig } from 'quantai-trad';

// Defaults of every command in this folder. All are optional, and the command line goes before them.
export default {
  dataset: 'sample',
  symbols: ['BTC/USDT:USDT'],
  timeframe: '1h',
  capital: 10_000,
  risk: { maxDrawdown: 0.5 },
  walkforward: { train: '180d', test: '60d', points: 4 },
} satisfies QuantaiConfig;
`;

const TEST = `import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const STRATEGY = fileURLToPath(new URL('../strategies/my-strategy.ts', import.meta.url));
const CLI = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('quantai-trad/package.json')));

// A workspace of its own: what a test tries is no trial of yours.
let workspace;
before(async () => (workspace = await mkdtemp(join(tmpdir(), 'my-strategy-'))));
after(() => rm(workspace, { recursive: true, force: true }));

/** Runs quantai on the sample data and gives its JSON document. */
const quantai = (...words) =>
  new Promise((resolve, reject) => {
    const range = ['--from', '2023-09-01', '--to', '2024-03-01'];
    const own = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', ...range, '--workspace', workspace, '--json'];
    execFile(process.execPath, [CLI, ...words, STRATEGY, ...own], { maxBuffer: 1 << 26 }, (error, out, err) =>
      error ? reject(new Error(err || error.message)) : resolve(JSON.parse(out)),
    );
  });

test('it trades on the sample data', async () => {
  const { bars, metrics } = await quantai('backtest');
  assert.ok(bars > 1000);
  assert.ok(metrics.trades > 0, 'not a single trade');
});

test('it does not use what it could not have known', async () => {
  const { ok, checks } = await quantai('verify', 'causality');
  assert.ok(ok, JSON.stringify(checks, undefined, 2));
});
`;

const IGNORED = `node_modules/
.cache/
# What the platform writes. The audit log and promotions are worth a backup of their own.
/datasets/
/reports/
/lake/
/ledger/
/models/
/features/
/live/
/promotions/
/audit/
/dashboard/
/practice.json
/practice-keys.json
*.log
`;

const ABOUT: Readonly<Record<InitTemplate, string>> = {
  trend: 'It follows the trend on both sides: long above a rising average, short below a falling one.',
  'market-maker': 'It quotes both sides around the last close and leans against what it holds.',
  forecast: 'It forecasts the next day by a model that is retrained each month, and trades where the forecast leans to one side.',
};

const readme = ({ name, template }: InitProject): string => `# ${name}

\`strategies/my-strategy.ts\` is yours to change. ${ABOUT[template]} It is a beginning and no advice.

\`\`\`sh
npm install                                                # once
npm test                                                   # does it trade, and does it not look ahead?
npx quantai backtest strategies/my-strategy.ts             # one run; prints where its report is
npx quantai walkforward strategies/my-strategy.ts          # parameters chosen on the past, traded on what follows
npx quantai demo --serve                                   # an exchange of your own, a session and the dashboard
\`\`\`

Then bring data of your own in (\`npx quantai data import --help\`) and name it in \`quantai.config.ts\`. The sample is synthetic and proves
nothing about a market. \`npx quantai doctor\` says what works on this computer and what does not.
`;

/** Files of a project by path. */
export const initFiles = (project: InitProject): ReadonlyMap<string, string> =>
  new Map([
    ['package.json', packageJson(project)],
    ['tsconfig.json', TSCONFIG],
    ['quantai.config.ts', CONFIG],
    ['strategies/my-strategy.ts', STRATEGIES[project.template]],
    ['test/my-strategy.test.mjs', TEST],
    ['README.md', readme(project)],
    ['.gitignore', IGNORED],
  ]);
