import type { AccountView } from '../../api/accounts-api.js';
import { Answered } from '../parts/answered.js';
import { Cell, Grid } from '../parts/grid.js';
import { WithAccount } from '../orders/with-account.js';
import { AlarmsPanel } from '../risk/alarms-panel.js';
import { CommandsPanel } from '../risk/commands-panel.js';
import { LimitHistory } from '../risk/limit-history.js';
import { LimitsPanel } from '../risk/limits-panel.js';
import { StatePanel } from '../risk/state-panel.js';
import { useAnswer } from '../state/answer.js';
import '../risk/risk.css';

const CHANGES = ['SettingChanged', 'SessionStarted'];

const OfAccount = ({ view }: { readonly view: AccountView }) => {
  const answer = useAnswer('accounts.limits', { params: { account: view.account } }, 0, CHANGES);
  // The stream brings the use of limits while a session runs; without one the journal's last word is all there is.
  const limits = view.limits.length > 0 ? view.limits : (answer.value?.limits ?? null);
  return (
    <Grid>
      <Cell span={8}>
        <StatePanel view={view} />
      </Cell>
      <Cell span={4}>
        <AlarmsPanel view={view} />
      </Cell>
      <Cell span={5}>
        <CommandsPanel view={view} />
      </Cell>
      <Cell span={7}>
        <Answered answer={answer} height={260}>
          {({ history }) => <LimitHistory changes={history} />}
        </Answered>
      </Cell>
      <Cell span={12}>
        <Answered answer={{ ...answer, value: limits }} height={420}>
          {known => <LimitsPanel view={view} limits={known} onChanged={answer.refresh} />}
        </Answered>
      </Cell>
    </Grid>
  );
};

/** How near the account is to each of its limits, what state it is in, and every command to its session. */
export default function Risk() {
  return <WithAccount>{view => <OfAccount key={view.account} view={view} />}</WithAccount>;
}
