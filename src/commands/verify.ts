import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { verifyCausality } from './verify-causality.js';
import { verifyFingerprint } from './verify-fingerprint.js';
import { verifyJournal } from './verify-journal.js';
import { verifyReplay } from './verify-replay.js';
import { verifySession } from './verify-session.js';

/** `quantai verify …` */
export const verify: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'verify',
  describe: 'Check that a run can be believed',
  builder: cli =>
    cli
      .command(verifyCausality)
      .command(verifyFingerprint)
      .command(verifyReplay)
      .command(verifyJournal)
      .command(verifySession)
      .demandCommand(1, 'Say what to verify: a verb is missing.')
      .example('$0 verify fingerprint sma-cross-btc-3f9a12cd', 'run it again: the same decisions, the same fills?')
      .example('$0 verify replay sma-cross-btc-3f9a12cd', 'decide it again from its journal, fact by fact')
      .example('$0 verify journal sma-cross-btc-3f9a12cd', 'does the journal add up to the result?'),
  handler: () => undefined,
};
