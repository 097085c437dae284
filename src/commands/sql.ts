import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

interface Args extends GlobalOptions {
  readonly query: string;
}

/** More rows than anyone reads on a screen; drawing them costs more than asking for them. */
const SHOWN = 500;

/** `quantai sql "…"` */
export const sql: CommandModule<GlobalOptions, Args> = {
  command: 'sql <query>',
  describe: 'Ask datasets, runs and trials with SQL (DuckDB)',
  builder: cli =>
    cli
      .positional('query', { type: 'string', demandOption: true, describe: 'One SELECT; reads this workspace and nothing else' })
      .example('$0 sql "SHOW TABLES"', 'what can be asked')
      .example('$0 sql "SELECT symbol, count(*), min(ts), max(ts) FROM market_data GROUP BY ALL"', 'what history is there')
      .example('$0 sql "SELECT run_id, strategy, sharpe, max_drawdown FROM runs ORDER BY sharpe DESC"', 'which run was best')
      .example('$0 sql "SELECT ts, actor, type, word FROM audit_log ORDER BY seq DESC"', 'who did what, the newest first')
      .example('$0 sql "SELECT ended, code, count(*) FROM orders GROUP BY ALL" --json', 'how orders ended, for a script'),
  handler: async args => {
    const { runSql } = await import('./run-sql.js');
    const { workspaceAt } = await import('./workspace.js');
    const { grouped } = await import('./figures.js');
    const { table } = await import('./table.js');
    const { present } = await import('./terminal.js');
    const result = await runSql(workspaceAt(args.workspace), args.query);
    present(args, result, ({ columns, rows }) =>
      rows.length === 0
        ? 'No rows.'
        : [
            table(
              columns.map((title, i) => ({ title, align: typeof rows[0]?.[i] === 'number' ? 'right' : 'left' })),
              rows.slice(0, SHOWN).map(row => row.map(value => (value === null ? '' : String(value)))),
            ),
            ...(rows.length > SHOWN ? [`… and ${grouped(rows.length - SHOWN)} more rows; --json prints all.`] : []),
          ].join('\n'),
    );
  },
};
