import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** `quantai data gc` */
export const dataGc: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'gc',
  describe: 'Remove dataset versions that are neither newest nor named by a run or by saved models',
  builder: cli =>
    cli
      .example('$0 data gc', 'free the space of revised data that no run needs')
      .example('$0 data gc --json', 'how many versions, files and bytes, for a script'),
  handler: async args => {
    const [{ gcDatasets }, { modelRegistry }, { registryOf }, { runManifests }, { workspaceAt }, { bytes, grouped }, { present }] =
      await Promise.all([
        import('../datasets/gc.js'),
        import('../models/registry/model-registry.js'),
        import('./registry/registry.js'),
        import('./run-list.js'),
        import('./workspace.js'),
        import('./figures.js'),
        import('./terminal.js'),
      ]);
    const workspace = workspaceAt(args.workspace);
    const registry = modelRegistry(workspace.models);
    const saved = (await Promise.all((await registry.sets()).map(set => registry.versions(set)))).flat();
    const team = await registryOf(workspace);
    const kept = new Set([
      ...(await runManifests(workspace)).flatMap(run => run.versions),
      // Runs of colleagues name versions too: where the registry does not answer, nothing is removed.
      ...(team.shown === null ? [] : await team.runs(null).list()).flatMap(run => run.versions),
      ...saved.map(({ version }) => version.dataset.version),
    ]);
    const collected = await gcDatasets(workspace.root, kept);
    present(args, { ...collected, kept: kept.size }, ({ versions, files, bytes: freed }) =>
      versions.length + files === 0
        ? 'Nothing to remove.'
        : `Removed ${versions.length} versions and ${grouped(files)} files: ${bytes(freed)} freed.`,
    );
  },
};
