import { usageError } from '../errors.js';
import { VenueFailure } from '../live/venue-transport.js';
import type { PullSource } from './run-data-pull.js';
import { connectSession } from './session-connection.js';
import type { Workspace } from './workspace.js';

/** The public history of a venue, without keys. Throws a usage error for an unknown venue or one that cannot be reached. */
export const connectedHistory = async (workspace: Workspace, venue: string, symbols: readonly string[]): Promise<PullSource> => {
  const connection = await connectSession({
    workspace,
    venue,
    sandbox: false,
    account: 'history',
    symbols,
    credentials: null,
    hide: () => undefined,
  });
  const { transport, clock, practice } = connection;
  try {
    await transport.open(() => undefined);
  } catch (error) {
    connection.close();
    await transport.close();
    if (error instanceof VenueFailure)
      throw usageError('venue-unreachable', `${venue} does not answer: ${error.message}`, 'Check the network, and try again.');
    throw error;
  }
  return {
    venue: connection.venue,
    synthetic: practice,
    clock,
    history: transport.history,
    markets: () => transport.markets(),
    // A real venue's own clock says what is complete; the practice exchange's market time is not its clock.
    now: async () => (practice ? clock.market() : transport.serverTime()),
    close: async () => {
      connection.close();
      await transport.close();
    },
  };
};
