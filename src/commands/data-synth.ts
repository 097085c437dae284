import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly dataset: string;
  readonly symbols: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly volatility: number;
  readonly correlation: number;
  readonly truth: readonly string[];
  readonly 'funding-interval': string;
}

const TRUTHS = [
  'none',
  'drift',
  'autocorrelation',
  'mean-reversion',
  'cross-sectional-momentum',
  'volatility-clustering',
  'jumps',
  'regimes',
] as const;

/** `quantai data synth` */
export const dataSynth: CommandModule<GlobalOptions, Args> = {
  command: 'synth',
  describe: 'Make synthetic perpetuals with planted truths, to check a method against',
  builder: cli =>
    cli
      .option('dataset', { type: 'string', demandOption: true, describe: 'Name of the dataset to write' })
      .option('symbols', { type: 'string', default: 'BTC/USDT:USDT,ETH/USDT:USDT,SOL/USDT:USDT', describe: 'Symbols, with commas between' })
      .option('timeframe', { type: 'string', default: '1h', describe: 'Timeframe of the bars' })
      .option('from', { type: 'string', default: '2022-01-01', describe: 'First bar (UTC)' })
      .option('to', { type: 'string', default: '2024-01-01', describe: 'End (UTC, exclusive)' })
      .option('seed', { type: 'number', default: 1, describe: 'The same seed gives the same data' })
      .option('volatility', { type: 'number', default: 0.6, describe: 'Standard deviation of a year’s log return' })
      .option('correlation', { type: 'number', default: 0.6, describe: 'Between any two symbols' })
      .option('truth', {
        type: 'string',
        array: true,
        default: ['none'],
        describe: `Planted, repeatable: ${TRUTHS.join(', ')}; with settings after a colon`,
      })
      .option('funding-interval', { type: 'string', default: '8h', describe: 'Between funding settlements' })
      .example('$0 data synth --dataset noise', 'three perpetuals in which there is nothing to find')
      .example('$0 data synth --dataset trending --truth autocorrelation:coefficient=0.05 --seed 7', 'trends that a method must find')
      .example('$0 data synth --dataset bull --truth drift:perYear=0.5 --truth volatility-clustering:alpha=0.1,beta=0.85', 'two truths'),
  handler: async args => {
    const [
      { synthesise },
      { writeDataset },
      { parseDuration, parseTime },
      { usageError, didYouMean },
      { keyValues, numberOf },
      { workspaceAt },
      { grouped },
      { present, say },
    ] = await Promise.all([
      import('../datasets/synthetic/synthesise.js'),
      import('../datasets/write.js'),
      import('../time.js'),
      import('../errors.js'),
      import('./key-values.js'),
      import('./workspace.js'),
      import('./figures.js'),
      import('./terminal.js'),
    ]);
    (await import('../datasets/layout.js')).checkOwnDatasetId(args.dataset);
    const truths = args.truth.map(text => {
      const { kind, bare, values } = keyValues('truth', text);
      const name = kind ?? bare ?? '';
      if (!TRUTHS.some(truth => truth === name))
        throw usageError('bad-option', `--truth knows no "${name}".${didYouMean(name, TRUTHS)}`, `It takes ${TRUTHS.join(', ')}.`);
      if (name === 'regimes')
        return {
          kind: name,
          states: [
            { perYear: 1, volatility: 0.8, meanBars: 500 },
            { perYear: -1, volatility: 1.4, meanBars: 300 },
          ],
        };
      return {
        kind: name,
        ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, numberOf(`truth ${name} ${key}`, value)])),
      };
    });
    const markets = args.symbols
      .split(',')
      .map(symbol => symbol.trim())
      .filter(symbol => symbol !== '')
      .map(symbol => ({ symbol, ...marketOf(symbol), volatility: args.volatility }));
    const { checkSyntheticConfig } = await import('../datasets/synthetic/config.js');
    const config = checkSyntheticConfig({
      markets,
      timeframe: args.timeframe,
      from: parseTime(args.from),
      to: parseTime(args.to),
      correlation: args.correlation,
      truths,
      funding: { interval: parseDuration(args['funding-interval']) },
    });
    const imported = synthesise(config, args.seed);
    const manifest = await writeDataset(workspaceAt(args.workspace).root, args.dataset, imported);
    say('Synthetic: every chart of it will say so, and it never reaches a real venue.');
    const rows = imported.reduce((sum, { series }) => sum + series.rows, 0);
    present(
      args,
      { dataset: manifest.id, version: manifest.version, synthetic: true, symbols: markets.map(({ symbol }) => symbol), rows },
      result =>
        [
          `${grouped(result.rows)} rows of ${result.symbols.length} symbols are in dataset ${result.dataset}@${result.version.slice(0, 12)}`,
          `Next: quantai backtest sma-cross --dataset ${result.dataset}`,
        ].join('\n'),
    );
  },
};

/** Price, tick, lot and volume like those of the real one, where the symbol names one that we know. */
const marketOf = (symbol: string): { price: number; tickSize: number; lotSize: number; volume: number } => {
  switch (symbol.split('/')[0]) {
    case 'BTC':
      return { price: 40_000, tickSize: 0.1, lotSize: 0.001, volume: 1500 };
    case 'ETH':
      return { price: 2500, tickSize: 0.01, lotSize: 0.01, volume: 20_000 };
    default:
      return { price: 100, tickSize: 0.001, lotSize: 0.1, volume: 400_000 };
  }
};
