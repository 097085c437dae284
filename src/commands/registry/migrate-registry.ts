import { connectPostgres } from '../../cluster/postgres/connect-postgres.js';
import { migrate } from '../../cluster/postgres/migrate.js';
import type { GlobalOptions } from '../global-options.js';
import { present } from '../terminal.js';
import { workspaceAt } from '../workspace.js';
import { namedRegistry } from './named-registry.js';

/** Makes a registry's tables, or brings them to this version. */
export const migrateRegistry = async (args: GlobalOptions): Promise<void> => {
  const postgres = connectPostgres(await namedRegistry(workspaceAt(args.workspace)));
  try {
    const taken = await migrate(postgres);
    present(args, { registry: postgres.shown, taken }, () =>
      taken.length === 0
        ? `The registry ${postgres.shown} is of this version.`
        : `The registry ${postgres.shown} took ${taken.map(({ number, name }) => `step ${number} (${name})`).join(', ')}.`,
    );
  } finally {
    await postgres.close();
  }
};
