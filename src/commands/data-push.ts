import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly dataset: string;
  readonly lake?: string | undefined;
}

/** `quantai data push <dataset>` */
export const dataPush: CommandModule<GlobalOptions, Args> = {
  command: 'push <dataset>',
  describe: 'Put a version of a dataset into a lake, for the rest of the team',
  builder: cli =>
    cli
      .positional('dataset', { type: 'string', demandOption: true, describe: 'Name, or name@version' })
      .option('lake', { type: 'string', describe: 'A folder, or the address that `quantai lake` prints (or set QUANTAI_LAKE)' })
      .example('$0 data push btc --lake http://lake.example:7420', 'its newest version')
      .example('$0 data push btc@3f9a --lake /mnt/team/lake', 'an older one, to a folder that all see'),
  handler: async args => {
    const [
      { openLake },
      { pushDataset },
      { openDataset },
      { usageError },
      { namedLake },
      { workspaceAt },
      figures,
      { startProgress },
      { present, terminal },
    ] = await Promise.all([
      import('../cluster/lake/open-lake.js'),
      import('../cluster/lake/push-dataset.js'),
      import('../datasets/catalogue.js'),
      import('../errors.js'),
      import('./named-lake.js'),
      import('./workspace.js'),
      import('./figures.js'),
      import('./progress.js'),
      import('./terminal.js'),
    ]);
    const workspace = workspaceAt(args.workspace);
    const lake = openLake(await namedLake(args.lake, workspace));
    const dataset = await openDataset(workspace.root, args.dataset);
    if (dataset.id === 'sample')
      throw usageError('reserved-dataset-name', '"sample" comes along with every installation.', 'Name a dataset of your own.');
    const total = dataset.entries.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0);
    const bar = await startProgress(args, 'push', total, 'B');
    try {
      const pushed = await pushDataset(dataset, lake, { progress: done => bar.update(done), signal: terminal().signal });
      bar.stop();
      present(
        args,
        { dataset: dataset.id, version: dataset.manifest.version, lake: lake.url, ...pushed },
        ({ version, files, sentFiles, sentBytes }) =>
          `${dataset.id}@${version.slice(0, 12)} is in ${lake.url}: ${figures.grouped(files)} files, ${figures.grouped(sentFiles)} of them sent (${figures.bytes(sentBytes)}).`,
      );
    } finally {
      bar.stop();
    }
  },
};
