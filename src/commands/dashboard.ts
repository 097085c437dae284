import type { CommandModule } from 'yargs';
import { ON } from './cluster-options.js';
import type { GlobalOptions } from './global-options.js';

/** What `quantai dashboard` is given. */
export interface DashboardArguments extends GlobalOptions {
  readonly host: string;
  readonly port: number;
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly 'public-host'?: string | undefined;
  readonly idle: string;
  readonly open: boolean;
  readonly on?: string | undefined;
  /** Account of the session that started it; it ends with that session. */
  readonly 'with-session'?: string | undefined;
}

/** `quantai dashboard` */
export const dashboard: CommandModule<GlobalOptions, DashboardArguments> = {
  command: 'dashboard',
  describe: 'The workspace in a browser: sessions, risk, orders, research, promotion, data; prints a link that logs you in once',
  builder: cli =>
    cli
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'Address to listen on; another needs TLS and a password' })
      .option('port', { type: 'number', default: 4780, describe: 'Port; 0 takes a free one' })
      .option('tls-cert', { type: 'string', normalize: true, describe: 'File of the certificate (PEM)' })
      .option('tls-key', { type: 'string', normalize: true, describe: 'File of its private key (PEM)' })
      .option('public-host', { type: 'string', describe: 'Further names by which browsers come, separated by commas' })
      .option('idle', { type: 'string', default: '8h', describe: 'A login that asks nothing for so long has ended' })
      .option('open', { type: 'boolean', default: false, describe: 'Open the browser' })
      .option('on', { ...ON, describe: 'Queue to show: postgres://… or redis://…; none for no queue (or set QUANTAI_ON)' })
      .option('with-session', { type: 'string', hidden: true })
      .example('$0 dashboard --open', 'look at this workspace')
      .example('$0 dashboard --on postgres://quantai@db/quantai', 'with the workers, runs and jobs of a queue')
      .example('$0 dashboard --as alice', 'print a link for alice; the server that runs takes it too')
      .epilogue(
        'Without a password the printed link is the only way in: it works once, for 15 minutes. Start the command again for another.',
      ),
  handler: async args => (await import('./run-dashboard.js')).runDashboard(args),
};
