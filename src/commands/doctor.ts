import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** `quantai doctor` */
export const doctor: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'doctor',
  describe: 'Check this computer and the workspace, and say how to mend what is wrong',
  builder: cli => cli.example('$0 doctor', 'is everything there?').example('$0 doctor --json', 'for a bug report'),
  handler: async args => {
    const { examine } = await import('./examination.js');
    const { workspaceAt } = await import('./workspace.js');
    const { present } = await import('./terminal.js');
    const { UserError } = await import('../errors.js');
    const checks = await examine(workspaceAt(args.workspace));
    const wrong = checks.filter(check => check.status === 'wrong');
    present(
      args,
      { ok: wrong.length === 0, node: process.version, platform: `${process.platform}-${process.arch}`, checks },
      ({ checks: all }) =>
        all
          .map(
            ({ name, status, text, fix }) =>
              `${{ ok: 'ok     ', wrong: 'WRONG  ', note: 'note   ' }[status]}${name.padEnd(22)} ${text}${fix === null ? '' : `\n${' '.repeat(30)}fix: ${fix}`}`,
          )
          .join('\n'),
    );
    // The document is out; the exit code says the rest.
    if (wrong.length > 0)
      throw new UserError('unhealthy', `${wrong.length} of ${checks.length} checks failed.`, 1, wrong[0]?.fix ?? undefined);
  },
};
