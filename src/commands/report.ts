import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import type { ExportedTable } from './run-tables.js';

interface Args extends GlobalOptions {
  readonly run: string;
  readonly chart?: string | undefined;
  readonly svg?: string | undefined;
  readonly png?: string | undefined;
  readonly dark: boolean;
  readonly csv?: ExportedTable | undefined;
  readonly out?: string | undefined;
}

/** `quantai report <run>` */
export const report: CommandModule<GlobalOptions, Args> = {
  command: 'report <run>',
  describe: 'Draw a run’s report again, or write one of its charts as a picture or its tables as CSV',
  builder: cli =>
    cli
      .positional('run', { type: 'string', demandOption: true, describe: 'Run id, or its beginning' })
      .option('chart', { type: 'string', describe: 'Chart to write as a picture' })
      .option('svg', { type: 'string', normalize: true, describe: 'File to write the chart to as SVG' })
      .option('png', { type: 'string', normalize: true, describe: 'File to write the chart to as PNG' })
      .option('dark', { type: 'boolean', default: false, describe: 'Dark picture' })
      .option('csv', { choices: ['fills', 'trades', 'equity'] as const, describe: 'Table to write as CSV, to --out or to stdout' })
      .option('out', { type: 'string', normalize: true, describe: 'File to write the CSV to' })
      .implies('out', 'csv')
      .conflicts('csv', 'chart')
      .implies('svg', 'chart')
      .implies('png', 'chart')
      .example('$0 report sma-cross-btc-3f9a12cd', 'after an update of the platform')
      .example('$0 report sma-cross-btc-3f9a12cd --chart equity-drawdown --png equity.png', 'one chart for a message')
      .example('$0 report sma-cross-btc-3f9a12cd --csv trades --out trades.csv', 'every round trip, for a spreadsheet')
      .example('$0 report sma-cross-btc-3f9a12cd --csv equity | head', 'the equity curve, for another program'),
  handler: async args => {
    const { findRun } = await import('./run-list.js');
    const { workspaceAt } = await import('./workspace.js');
    const { documentOf, drawReport, readKeptReport } = await import('./kept-report.js');
    const { present } = await import('./terminal.js');
    const workspace = workspaceAt(args.workspace);
    const { runId, folder } = await findRun(workspace, args.run);
    const kept = await readKeptReport(folder, runId);
    if (args.csv !== undefined) {
      const { exportTable } = await import('./export-table.js');
      await exportTable(args, runId, kept, args.csv, args.out);
      return;
    }
    if (args.chart === undefined) {
      const file = await drawReport(workspace, folder, kept);
      present(args, { runId, report: file }, result => `Report ${result.report}`);
      return;
    }
    const { chartOf, chartPng, chartSvg } = await import('../reports/export-chart.js');
    const { writeFile } = await import('node:fs/promises');
    const chart = chartOf(await documentOf(workspace, kept), args.chart);
    const scheme = args.dark ? 'dark' : 'light';
    if (args.svg !== undefined) await writeFile(args.svg, await chartSvg(chart, scheme));
    if (args.png !== undefined) await writeFile(args.png, await chartPng(chart, { scheme }));
    const files = [args.svg, args.png].filter(file => file !== undefined);
    present(args, { runId, chart: args.chart, files }, result =>
      result.files.length === 0 ? `Name a file with --svg or --png.` : result.files.join('\n'),
    );
  },
};
