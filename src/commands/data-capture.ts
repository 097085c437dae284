import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly folder: string;
  readonly dataset: string;
}

/** `quantai data capture <folder>` */
export const dataCapture: CommandModule<GlobalOptions, Args> = {
  command: 'capture <folder>',
  describe: 'Turn what a session received into a dataset, so that a live day can be replayed',
  builder: cli =>
    cli
      .positional('folder', { type: 'string', demandOption: true, normalize: true, describe: 'The capture’s folder, with its segments' })
      .option('dataset', { type: 'string', demandOption: true, describe: 'Name of the dataset to write into' })
      .example('$0 data capture live/main/capture --dataset live-day', 'what the session of main received')
      .example('$0 backtest sma-cross --dataset live-day', 'and a backtest on it'),
  handler: async args => {
    const [
      { readCapture },
      { nodeDisk },
      { writeDataset },
      { checkOwnDatasetId },
      { workspaceAt },
      { findingCounts, findingLines },
      { grouped },
      { seriesLine, seriesSummary },
      { present, say },
      { badData },
    ] = await Promise.all([
      import('../live/feed/read-capture.js'),
      import('../journal/node-disk.js'),
      import('../datasets/write.js'),
      import('../datasets/layout.js'),
      import('./workspace.js'),
      import('./findings.js'),
      import('./figures.js'),
      import('./series-summary.js'),
      import('./terminal.js'),
      import('../errors.js'),
    ]);
    checkOwnDatasetId(args.dataset);
    const { root } = workspaceAt(args.workspace);
    const { head, imported, lines, torn } = await readCapture(nodeDisk(), args.folder);
    if (imported.length === 0) throw badData('no-rows', `The capture in ${args.folder} holds no market data that is complete.`);
    const manifest = await writeDataset(root, args.dataset, imported);
    const findings = imported.flatMap(each => each.findings);
    if (!args.json) for (const line of findingLines(findings, 12)) say(line);
    if (torn > 0) say(`The last ${grouped(torn)} bytes are a line that was cut off, and are left out.`);
    if (head.synthetic) say('From the practice exchange: generated data. Every chart of it will say so.');
    present(
      args,
      {
        dataset: manifest.id,
        version: manifest.version,
        venue: head.venue,
        synthetic: head.synthetic,
        lines,
        torn,
        series: imported.map(({ series, findings: found }) => ({
          ...seriesSummary(series),
          findings: found,
        })),
      },
      result =>
        [
          ...result.series.map(seriesLine),
          `Findings: ${findingCounts(findings)}`,
          `Dataset ${result.dataset}@${result.version.slice(0, 12)} is in ${root}/datasets/${result.dataset}`,
        ].join('\n'),
    );
  },
};
