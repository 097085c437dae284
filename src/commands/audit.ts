import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai audit show` is given. */
export interface AuditShowArguments extends GlobalOptions {
  readonly promotion?: string | undefined;
  readonly account?: string | undefined;
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  readonly since?: string | undefined;
  readonly last?: number | undefined;
}

/** What `quantai audit export` is given. */
export interface AuditExportArguments extends GlobalOptions {
  readonly file: string;
}

const verify: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'verify',
  describe: 'Is the log what was written? Chain, signed head, anchor and every approval’s signature; names the first bad record',
  builder: cli =>
    cli
      .example('$0 audit verify', 'from the first record to the last')
      .example('$0 audit verify --json', 'the first bad record, for a script'),
  handler: async args => (await import('./run-audit.js')).verifyAudit(args),
};

const show: CommandModule<GlobalOptions, AuditShowArguments> = {
  command: 'show',
  describe: 'What happened, and who did it',
  builder: cli =>
    cli
      .option('promotion', { type: 'string', describe: 'Only about this promotion, by its id or the beginning of it' })
      .option('account', { type: 'string', describe: 'Only about this account' })
      .option('actor', { type: 'string', describe: 'Only what this user did' })
      .option('type', { type: 'string', describe: 'Only records of these types, e.g. StageEntered; several with commas between' })
      .option('since', { type: 'string', describe: 'Only from this time on (UTC), or as long ago as 7d' })
      .option('last', { type: 'number', describe: 'Only so many, the newest' })
      .example('$0 audit show --last 20', 'the newest twenty records')
      .example('$0 audit show --type ApprovalGiven,GateOverridden', 'who approved and overrode what')
      .example('$0 audit show --actor alice --since 7d', 'a week of alice'),
  handler: async args => (await import('./run-audit.js')).showAudit(args),
};

const exported: CommandModule<GlobalOptions, AuditExportArguments> = {
  command: 'export <file>',
  describe: 'Write the whole log with its public key, so that others can check it without this platform',
  builder: cli =>
    cli
      .positional('file', { type: 'string', demandOption: true, normalize: true, describe: 'Its ending says the format: .ndjson or .csv' })
      .example('$0 audit export audit.ndjson', 'every record as it was signed')
      .example('$0 audit export audit.csv', 'for a spreadsheet'),
  handler: async args => (await import('./export-audit.js')).exportAudit(args),
};

const anchor: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'anchor',
  describe: 'Put the signed head into the folder that quantai.config.ts names as anchor, now',
  builder: cli => cli.example('$0 audit anchor', 'as every record does by itself').example('$0 audit verify', 'and is it all still true?'),
  handler: async args => (await import('./run-audit.js')).anchorAudit(args),
};

/** `quantai audit …` */
export const audit: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'audit',
  describe: 'The record of who did what: commands, approvals, overrides, limits, promotions, halts',
  builder: cli =>
    cli
      .command(verify)
      .command(show)
      .command(exported)
      .command(anchor)
      .demandCommand(1, 'Say what to do with the audit log: a verb is missing.')
      .example('$0 audit verify', 'is it what was written?')
      .example('$0 audit show --last 20', 'what happened of late'),
  handler: () => undefined,
};
