import { AccountTiles } from '../overview/account-tiles.js';
import { EquityPanel } from '../overview/equity-panel.js';
import { DenialsPanel, FillsPanel } from '../overview/events-panel.js';
import { JobsPanel } from '../overview/jobs-panel.js';
import { NoAccount } from '../overview/no-account.js';
import { PositionsPanel } from '../overview/positions-panel.js';
import { StrategiesPanel } from '../overview/strategies-panel.js';
import { Cell, Grid } from '../parts/grid.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { AlarmList } from '../shell/alarms.js';
import { account, accountName, accounts, jobs } from '../state/stream.js';

/** Am I making money, at what risk, and is everything all right? */
export default function Overview() {
  const name = accountName.value;
  const it = account.value;
  if (name === null)
    return accounts.value === null ? (
      <Loading height={480} />
    ) : (
      <div class="stack">
        <NoAccount />
        <JobsPanel jobs={jobs.value ?? []} />
      </div>
    );
  if (it === null || it.account !== name) return <Loading height={640} />;
  return (
    <Grid>
      <Cell span={12}>
        <AccountTiles account={it} />
      </Cell>
      <Cell span={8}>
        <EquityPanel account={name} asset={it.asset} practice={it.practice} />
        <PositionsPanel account={it} />
        <FillsPanel account={name} />
      </Cell>
      <Cell span={4}>
        <Panel title="Alarms">{it.alarms.length === 0 ? <p class="muted">Nothing is wrong.</p> : <AlarmList alarms={it.alarms} />}</Panel>
        <StrategiesPanel account={it} />
        <JobsPanel jobs={jobs.value ?? []} />
        <DenialsPanel account={name} />
      </Cell>
    </Grid>
  );
}
