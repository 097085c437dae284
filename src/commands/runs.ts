import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** `quantai runs` */
export const runs: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'runs',
  describe: 'Runs of the workspace, or of its team, with their figures, the newest first',
  builder: cli => cli.example('$0 runs', 'what was run').example('$0 runs --json', 'with fingerprints and folders'),
  handler: async args => {
    const { listRuns } = await import('./run-runs.js');
    await listRuns(args);
  },
};
