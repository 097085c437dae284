import type { Argv } from 'yargs';
import { approve } from './approve.js';
import { audit } from './audit.js';
import { backtest } from './backtest.js';
import { compare } from './compare.js';
import { completionScript } from './completion-script.js';
import { crossvalidate } from './crossvalidate.js';
import { dashboard } from './dashboard.js';
import { data } from './data.js';
import { demo } from './demo.js';
import { doctor } from './doctor.js';
import { evidence } from './evidence.js';
import { features } from './features.js';
import { fit } from './fit.js';
import { forecast } from './forecast.js';
import { friction } from './friction.js';
import type { GlobalOptions } from './global-options.js';
import { halt } from './halt.js';
import { init } from './init.js';
import { jobs } from './jobs.js';
import { keys } from './keys.js';
import { lake } from './lake.js';
import { limits } from './limits.js';
import { live } from './live.js';
import { logs } from './logs.js';
import { models } from './models.js';
import { notebook } from './notebook.js';
import { paper } from './paper.js';
import { parity } from './parity.js';
import { practice } from './practice.js';
import { promote } from './promote.js';
import { registry } from './registry.js';
import { rehearse } from './rehearse.js';
import { report } from './report.js';
import { runs } from './runs.js';
import { settings } from './settings.js';
import { sql } from './sql.js';
import { status } from './status.js';
import { sweep } from './sweep.js';
import { train } from './train.js';
import { users } from './users.js';
import { verify } from './verify.js';
import { walkforward } from './walkforward.js';
import { watchAccount } from './watch-account.js';
import { watchdog } from './watchdog.js';
import { why } from './why.js';
import { worker } from './worker.js';

/** Register every verb. Each declares itself and imports its work when it is called, so that `--help` stays quick. */
export const withCommands = (cli: Argv<GlobalOptions>): Argv<GlobalOptions> =>
  cli
    .command(data)
    .command(backtest)
    .command(sweep)
    .command(walkforward)
    .command(crossvalidate)
    .command(friction)
    .command(evidence)
    .command(report)
    .command(compare)
    .command(features)
    .command(train)
    .command(forecast)
    .command(models)
    .command(fit)
    .command(runs)
    .command(sql)
    .command(why)
    .command(verify)
    .command(practice)
    .command(promote)
    .command(approve)
    .command(paper)
    .command(live)
    .command(parity)
    .command(watchAccount)
    .command(rehearse)
    .command(status)
    .command(halt)
    .command(limits)
    .command(logs)
    .command(watchdog)
    .command(worker)
    .command(jobs)
    .command(lake)
    .command(dashboard)
    .command(keys)
    .command(users)
    .command(audit)
    .command(registry)
    .command(init)
    .command(settings)
    .command(notebook)
    .command(doctor)
    .command(demo)
    .command(completionScript);
