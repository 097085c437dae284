import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobRequest } from '../../../src/dashboard/api/research-api.js';
import { jobTitle, jobWords, typedCommand } from '../../../src/dashboard/workbench/job-words.js';
import { strategyReference } from '../../../src/dashboard/workbench/strategy-reference.js';
import { permissionsOf } from '../../../src/promotion/people/permissions.js';
import { quantai, temporaryWorkspace } from '../../commands/run-quantai.js';

let root = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await writeFile(join(root, 'mine.ts'), '');
});
afterAll(() => remove());

const researched = {
  strategy: 'sma-cross',
  dataset: 'none',
  symbols: ['BTC/USDT:USDT', 'ETH/USDT:USDT'],
  timeframe: '1h',
  from: '2023-01-01',
  to: '2023-02-01',
  seed: 7,
};
const params = { fast: 5, wild: true, side: '-x=y' };
const { from: _, ...untilThen } = researched;
/** Every kind with everything that it can be given, and how far it comes where none of what it names exists. */
const REQUESTS: readonly (readonly [request: unknown, refused: string])[] = [
  [{ kind: 'backtest', ...researched, params }, 'unknown-dataset'],
  [{ kind: 'walkforward', ...researched, params, train: '60d', test: '20d', purge: '1.5h', points: 3, trials: 20 }, 'unknown-dataset'],
  [{ kind: 'sweep', ...researched, params, search: 'cma-es', points: 3, trials: 20 }, 'unknown-dataset'],
  [{ kind: 'friction', ...researched, params }, 'unknown-dataset'],
  [{ kind: 'evidence', run: 'none-1' }, 'unknown-run'],
  [{ kind: 'train', ...untilThen, params }, 'unknown-dataset'],
  [
    {
      kind: 'pull',
      dataset: 'mine',
      exchange: 'nowhere',
      symbol: 'BTC/USDT:USDT',
      timeframe: '1h',
      kinds: ['bars', 'funding'],
      from: '2024-01-01',
      to: '2024-01-02',
    },
    'unknown-venue',
  ],
  [{ kind: 'synth', dataset: 'sample', bars: 10, timeframe: '4h', seed: 3 }, 'reserved-dataset-name'],
  [{ kind: 'check', dataset: 'none', against: 'other' }, 'unknown-dataset'],
  [{ kind: 'parity', account: 'nobody' }, 'no-session'],
];

describe('the words of a job', () => {
  it('are a command line that the command understands, for every kind and with every option', async () => {
    expect(new Set(REQUESTS.map(([request]) => JobRequest.parse(request).kind)).size).toBe(JobRequest.options.length);
    const codes: string[] = [];
    for (const [request] of REQUESTS) {
      const { out } = await quantai([
        ...jobWords(root, JobRequest.parse(request)),
        '--json',
        '--no-progress',
        '--as',
        'ann',
        '--workspace',
        root,
      ]);
      codes.push((JSON.parse(out) as { error: { code: string } }).error.code);
    }
    expect(codes).toEqual(REQUESTS.map(([, refused]) => refused));
  });

  it('make what was asked for: so many synthetic bars', async () => {
    const request = JobRequest.parse({ kind: 'synth', dataset: 'noise', bars: 48, timeframe: '4h', seed: 3 });
    const { code } = await quantai([...jobWords(root, request), '--json', '--workspace', root]);
    expect(code).toBe(0);
    const { out } = await quantai([
      'sql',
      "SELECT DISTINCT n FROM (SELECT count(*) AS n FROM market_data WHERE dataset = 'noise' GROUP BY symbol)",
      '--json',
      '--workspace',
      root,
    ]);
    expect((JSON.parse(out) as { rows: unknown }).rows).toEqual([[48]]);
  });

  it('hold no value that could be taken for an option, whatever the request says', () => {
    const text = fc.oneof(
      fc.constantFrom('--watch', '-x', '--workspace=/', ' --as bob', "'", '"a"'),
      fc.string({ minLength: 1, maxLength: 30 }),
    );
    const asked = fc.record({
      kind: fc.constantFrom('backtest', 'walkforward', 'sweep', 'friction', 'train', 'evidence', 'check', 'parity', 'synth', 'pull'),
      strategy: text,
      dataset: text,
      symbols: fc.array(text, { maxLength: 2 }),
      symbol: text,
      exchange: text,
      from: text,
      to: text,
      run: text,
      account: text,
      against: text,
      params: fc.dictionary(text, text, { maxKeys: 2 }),
    });
    let parsed = 0;
    fc.assert(
      fc.property(asked, fc.boolean(), (all, isTame) => {
        const tame = { dataset: 'btc', strategy: 'sma-cross', run: 'a', account: 'a', against: 'b', exchange: 'bybit', params: {} };
        const option = JobRequest.options.find(({ shape }) => shape.kind.value === all.kind)!;
        const given = Object.fromEntries(Object.entries({ ...all, ...(isTame && tame) }).filter(([name]) => name in option.shape));
        const request = JobRequest.safeParse(given);
        if (!request.success) return;
        let words: readonly string[];
        try {
          words = jobWords(root, request.data);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError' });
          return;
        }
        parsed += 1;
        const options = words.filter(word => word.startsWith('-'));
        for (const word of options)
          expect(word).toMatch(
            /^--(dataset|symbols|timeframe|from|to|seed|param|train|test|purge|points|trials|search|venue|kind|against)=|^--resume$/,
          );
      }),
      { numRuns: 2000 },
    );
    expect(parsed).toBeGreaterThan(500);
  });

  it('name a verb that the table of permissions knows', () => {
    for (const [request] of REQUESTS) expect(permissionsOf(jobWords(root, JobRequest.parse(request)), {})).not.toBeNull();
  });

  it('refuse what the command could not do: training from a day on, a pull from no day on', () => {
    expect(() => jobWords(root, JobRequest.parse({ kind: 'train', ...researched }))).toThrow(/looks back from its end/);
    expect(() => jobWords(root, JobRequest.parse({ kind: 'pull', dataset: 'a', exchange: 'bybit', symbol: 'BTC' }))).toThrow(
      /from when on/,
    );
  });

  it('are told as one would type them', () => {
    const request = JobRequest.parse({ kind: 'backtest', strategy: 'sma-cross', dataset: 'btc', params: { note: "it's" } });
    expect(typedCommand(jobWords(root, request))).toBe(String.raw`quantai backtest sma-cross --dataset=btc '--param=note=it'\''s'`);
    expect(jobTitle(request)).toBe('sma-cross on btc');
  });
});

describe('a strategy that is named', () => {
  it('is a built-in name, or a file within the workspace', () => {
    expect(strategyReference(root, 'sma-cross')).toBe('sma-cross');
    expect(strategyReference(root, 'mine.ts')).toBe(join(root, 'mine.ts'));
    for (const [path, code] of [
      ['../mine.ts', 'outside-workspace'],
      ['/etc/passwd', 'outside-workspace'],
      ['a/../../b.ts', 'outside-workspace'],
      ['other.ts', 'no-such-file'],
      ['--watch', 'bad-strategy'],
    ] as const)
      expect(() => strategyReference(root, path)).toThrow(expect.objectContaining({ code }));
  });
});
