import { modelRegistry } from '../models/registry/model-registry.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** Make an earlier version of a set the current one, and say which. */
export const rollbackModels = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly set: string;
  readonly to?: string | undefined;
}): Promise<void> => {
  const registry = modelRegistry(workspaceAt(args.workspace).models);
  const { from, to } = await registry.rollback(args.set, args.to ?? null, Date.now());
  present(
    args,
    { set: args.set, from, to: to.hash },
    result => `${result.set}: back from ${result.from.slice(0, 12)} to ${result.to.slice(0, 12)}`,
  );
};
