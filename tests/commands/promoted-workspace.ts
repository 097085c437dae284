import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makePins, type MadePins } from '../../src/commands/make-pins.js';
import { askedSession } from '../../src/commands/pinned-subject.js';
import type { StartPlace } from '../../src/commands/promoted-here.js';
import { startDesk, type StartPermit } from '../../src/commands/start-gate.js';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import type { AuditLog } from '../../src/promotion/audit/audit-log.js';
import { keepPromotion } from '../../src/promotion/promotion-folder.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

/** A strategy with a helper of its own and models, small enough to be walked forward and trained in a test; JavaScript, so that no compiler is waited for. */
export const STRATEGY = `
import { bars, climatology, defineForecasts, defineStrategy, fixedHorizon, int, signal, small } from 'quantai-trad';
import { sided } from './lib/sided.js';

export default defineStrategy({
  name: 'leaning',
  params: { horizon: int(2, 12, { default: 4 }) },
  needs: ({ universe, timeframe }) => bars(universe, timeframe),
  forecasts: ({ params }) =>
    defineForecasts({
      features: small,
      label: fixedHorizon({ horizon: params.horizon, band: { kind: 'volatility', multiple: 0.3 } }),
      models: { climatology: climatology() },
      training: { modelRetrainEveryNSteps: 240, historyLimit: 480, minimumRows: 200, maximumAge: 5000 },
      drift: null,
    }),
  decide: (bar, _, { forecast }) => {
    const expected = forecast(bar.symbol);
    if (expected === undefined) return undefined;
    const { up, down, horizon, mean, sd } = expected;
    return signal({ symbol: bar.symbol, direction: sided(up, down), confidence: Math.max(up, down), horizon, mean, sd, reason: 'leans' });
  },
});
`;

export const HELPER = `// Which side is likelier.
export const sided = (up, down) => (up > down ? 'long' : 'short');
`;

export const CONFIG = `export default {
  symbols: ['BTC/USDT:USDT'],
  timeframe: '1h',
  fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.0005 },
  risk: { maxExposure: 1, maxDrawdown: 0.3, maxDailyLoss: 0.05 },
};
`;

/** What the walk-forward has to choose from. */
const HORIZON = 6;

export const VENUE = 'binanceusdm';

/** How one asks to begin otherwise than as promoted. */
export interface Asked {
  readonly options?: Parameters<typeof askedSession>[2];
  readonly place?: Partial<StartPlace>;
  readonly strategies?: readonly string[];
  readonly budget?: number;
}

/** A workspace in which that strategy has been promoted to paper and live on the practice exchange. */
export interface PromotedWorkspace {
  readonly root: string;
  readonly strategy: string;
  readonly made: MadePins;
  readonly log: AuditLog;
  /** Run a command there, which must succeed. */
  readonly run: (...words: string[]) => Promise<string>;
  /** Ask to begin, as a session does: with its strategies where they can be loaded. */
  readonly start: (mode: 'paper' | 'live', given?: Asked) => Promise<StartPermit>;
  readonly remove: () => Promise<void>;
}

const DAYS = ['--from', '2024-01-01', '--symbols', 'BTC/USDT:USDT', '--timeframe', '1h', '--json'];

export const synthesise = (to: string): readonly string[] => ['data', 'synth', '--dataset', 'noise', '--to', to, ...DAYS];

/** Words that train its models at the end of a day of the data. */
export const trained = (strategy: string, to: string): readonly string[] => [
  'train',
  strategy,
  '--dataset',
  'noise',
  '--to',
  to,
  '--param',
  `horizon=${HORIZON}`,
  '--workers',
  '1',
  '--json',
];

export const promotedWorkspace = async (): Promise<PromotedWorkspace> => {
  const { root, remove } = await temporaryWorkspace();
  const strategy = join(root, 'leaning.js');
  await mkdir(join(root, 'lib'));
  await writeFile(strategy, STRATEGY);
  await writeFile(join(root, 'lib', 'sided.js'), HELPER);
  await writeFile(join(root, 'quantai.config.ts'), CONFIG);
  await writeFile(
    join(root, 'practice.json'),
    JSON.stringify({ venue: VENUE, rest: '', ws: '', control: '', keysFile: '', accounts: ['paper'] }),
  );
  const run = async (...words: string[]): Promise<string> => {
    const { code, out, err } = await quantai([...words, '--workspace', root]);
    if (code !== 0) expect.fail(`quantai ${words.join(' ')} ended with ${code}: ${err}${out}`);
    return out;
  };
  await run(...synthesise('2024-02-16'));
  const walk = [
    'walkforward',
    strategy,
    '--dataset',
    'noise',
    '--train',
    '20d',
    '--test',
    '12d',
    '--param',
    `horizon=${HORIZON}`,
    '--workers',
    '1',
  ];
  const { runId } = JSON.parse(await run(...walk, '--json')) as { runId: string };
  await run('evidence', runId, '--only', 'none', '--workers', '1', '--json');
  const workspace = workspaceAt(root);
  await run(...trained(strategy, '2024-02-10'));
  const made = await makePins({ workspace, strategy, args: {}, venue: 'practice', run: runId });
  await keepPromotion(root, made.id, made.files);
  const log = await workspaceAudit(workspace);
  const place = { venue: VENUE, practice: true, size: 10_000, request: null };
  await log.append('ann', [
    { type: 'CandidateNamed', promotion: made.id, strategy: 'leaning', run: runId, pins: made.hash },
    { type: 'StageEntered', promotion: made.id, stage: 'paper', account: 'paper', share: 1, ...place },
    { type: 'StageEntered', promotion: made.id, stage: 'live', account: 'main', share: 0.1, ...place },
  ]);
  const start: PromotedWorkspace['start'] = async (mode, { options = {}, place: elsewhere, strategies = [strategy], budget } = {}) => {
    const here = { mode, account: mode === 'paper' ? 'paper' : 'main', venue: VENUE, practice: true, sandbox: false, ...elsewhere };
    const desk = await startDesk({ workspace, log, actor: 'ann', ...here });
    const ask = (each: string) => askedSession(workspace, each, options, 'practice', desk.promoted);
    const asked = await Promise.all(strategies.map(ask)).catch(async error => Promise.reject(await desk.instead(error)));
    const named = asked.map(each => ({ ...each.strategy, ...(budget !== undefined && { budget, isBudgetSaid: true }) }));
    return desk.admit({ strategies: named, config: asked[0]!.config });
  };
  return { root, strategy, made, log, run, start, remove };
};

/** Change a file while something is done, then put it back. */
export const withChange = async <T>(path: string, change: (bytes: Buffer) => Buffer | string, act: () => Promise<T>): Promise<T> => {
  const bytes = await readFile(path);
  await writeFile(path, change(bytes));
  try {
    return await act();
  } finally {
    await writeFile(path, bytes);
  }
};

/** One byte that is another. */
export const otherByte =
  (offset: number, flip: number) =>
  (bytes: Buffer): Buffer => {
    const changed = Buffer.from(bytes);
    changed[offset] = changed[offset]! ^ flip;
    return changed;
  };
