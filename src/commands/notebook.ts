import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai notebook` is given. */
export interface NotebookArguments extends GlobalOptions {
  readonly port?: number | undefined;
  readonly open: boolean;
  readonly run?: string | undefined;
  readonly check?: boolean | undefined;
}

/** `quantai notebook` */
export const notebook: CommandModule<GlobalOptions, NotebookArguments> = {
  command: 'notebook',
  describe: 'Set up the TypeScript kernel in the workspace, and open the notebooks in Jupyter or run them',
  builder: cli =>
    cli
      .option('port', { type: 'number', describe: 'Port of Jupyter; it picks one by default' })
      .option('open', { type: 'boolean', default: true, describe: 'Open a browser; --no-open only prints the address' })
      .option('run', { type: 'string', describe: 'Run a notebook without a browser and write it as HTML: its name or number, or all' })
      .option('check', { type: 'boolean', describe: 'Say whether Jupyter, kernel and notebooks are in place, and change nothing' })
      .conflicts('run', ['port', 'check'])
      .example('$0 notebook', 'in the browser; the first time it installs the kernel into the workspace')
      .example('$0 notebook --run all', 'every notebook as HTML; exit code 1 names notebook, cell and error')
      .example('$0 notebook --run 04-walk-forward', 'one of them')
      .example('$0 notebook --check', 'what is in place')
      .epilogue(
        'Needs Jupyter (pip install jupyterlab) and npm. Nothing outside the workspace is changed: the kernel lies in .cache/notebook. Notebooks of your own in notebooks/ are run too, and none is ever overwritten. No orders are sent from a notebook. See docs/notebooks.md.',
      ),
  handler: async args => (await import('./run-notebook.js')).runNotebook(args),
};
