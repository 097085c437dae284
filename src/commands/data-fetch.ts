import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly dataset: string;
  readonly lake?: string | undefined;
}

/** `quantai data fetch <dataset>` */
export const dataFetch: CommandModule<GlobalOptions, Args> = {
  command: 'fetch <dataset>',
  describe: 'Bring a version of a dataset from a lake into this workspace',
  builder: cli =>
    cli
      .positional('dataset', { type: 'string', demandOption: true, describe: 'Name, or name@version; the version pushed last by default' })
      .option('lake', { type: 'string', describe: 'A folder, or the address that `quantai lake` prints (or set QUANTAI_LAKE)' })
      .example('$0 data fetch btc --lake http://lake.example:7420', 'what the team pushed last')
      .example('$0 data fetch btc@3f9a --lake /mnt/team/lake', 'the version that a run names'),
  handler: async args => {
    const [{ join }, { openLake }, { fetchDataset }, { namedLake }, { workspaceAt }, figures, { startProgress }, { present, terminal }] =
      await Promise.all([
        import('node:path'),
        import('../cluster/lake/open-lake.js'),
        import('../cluster/lake/fetch-dataset.js'),
        import('./named-lake.js'),
        import('./workspace.js'),
        import('./figures.js'),
        import('./progress.js'),
        import('./terminal.js'),
      ]);
    const workspace = workspaceAt(args.workspace);
    const lake = openLake(await namedLake(args.lake, workspace));
    const bar = await startProgress(args, 'fetch', 1, 'B');
    try {
      const fetched = await fetchDataset(workspace.root, args.dataset, lake, {
        scratch: join(workspace.cache, 'fetch'),
        progress: (done, total) => bar.update(done, undefined, total),
        signal: terminal().signal,
      });
      bar.stop();
      const { id, ...rest } = fetched;
      present(args, { dataset: id, ...rest, lake: lake.url }, ({ version, files, fetchedFiles, fetchedBytes, isHead }) =>
        [
          `${id}@${version.slice(0, 12)} is here: ${figures.grouped(files)} files, ${figures.grouped(fetchedFiles)} of them fetched (${figures.bytes(fetchedBytes)}).`,
          ...(isHead ? [] : [`"${id}" alone means another version, as before; name this one ${id}@${version.slice(0, 12)}.`]),
        ].join('\n'),
      );
    } finally {
      bar.stop();
    }
  },
};
