import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { ratio } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { Toolbar } from '../parts/toolbar.js';
import { useAnswer } from '../state/answer.js';
import { queryWord, setQuery } from '../state/route.js';
import type { AccountView } from '../../api/accounts-api.js';
import { WhySheet } from '../orders/why-sheet.js';
import { WithAccount } from '../orders/with-account.js';
import { DecisionsPanel } from '../signals/decisions-panel.js';
import { newestSignals } from '../signals/newest-signals.js';
import { PlansTable } from '../signals/plans-table.js';
import { SignalsTable } from '../signals/signals-table.js';
import { WeightsChart } from '../signals/weights-chart.js';
import '../signals/signals.css';

const chosenStrategy = queryWord('strategy');

const FORECASTING = ['SignalGiven', 'WeightsChanged', 'TradePlanned', 'PlanClosed', 'SizeScaled', 'ModelActivated', 'ModelExpired'];

const OfAccount = ({ view }: { readonly view: AccountView }) => {
  const only = chosenStrategy.value ?? '';
  const answer = useAnswer('accounts.forecasts', { params: { account: view.account } }, 0, FORECASTING);
  const names = view.strategies.map(({ name }) => name);
  return (
    <>
      <Grid>
        <Cell span={12}>
          <Toolbar label="What to show">
            <SelectField
              label="Strategy"
              bare
              value={only}
              options={[{ value: '', text: 'All strategies' }, ...names.map(name => ({ value: name, text: name }))]}
              onChange={value => setQuery({ strategy: value })}
            />
          </Toolbar>
        </Cell>
        <Cell span={12}>
          <Panel title="Newest forecasts" note="Of each strategy and symbol" flush>
            <Answered answer={answer} height={180}>
              {({ strategies }) => <SignalsTable rows={newestSignals(strategies, only)} marketTime={view.marketTime} />}
            </Answered>
          </Panel>
        </Cell>
        <Cell span={12}>
          <Panel title="Plans" note="Entry, stop and target of what is meant now" flush>
            <Answered answer={answer} height={120}>
              {({ strategies }) => (
                <PlansTable
                  rows={strategies
                    .filter(({ strategy }) => only === '' || strategy === only)
                    .flatMap(({ strategy, plans }) => plans.map(plan => ({ ...plan, strategy })))}
                  marketTime={view.marketTime}
                />
              )}
            </Answered>
          </Panel>
        </Cell>
        <Cell span={12}>
          <DecisionsPanel account={view.account} strategy={only} />
        </Cell>
        <Answered answer={answer} height={260}>
          {({ strategies }) => {
            const forecasting = strategies.filter(({ strategy, weights }) => (only === '' || strategy === only) && weights.length > 0);
            return forecasting.map(({ strategy, weights, size }) => (
              <Cell key={strategy} span={forecasting.length === 1 ? 12 : 6}>
                <Panel
                  title={`Weights of ${strategy}`}
                  note="Share of each model in the forecast"
                  aside={
                    size === null || size.factor === 1 ? undefined : (
                      <Badge tone="warn" title={size.text}>
                        entries × {ratio(size.factor)}
                      </Badge>
                    )
                  }
                >
                  <WeightsChart strategy={strategy} weights={weights} until={view.marketTime} />
                </Panel>
              </Cell>
            ));
          }}
        </Answered>
      </Grid>
      <WhySheet account={view.account} />
    </>
  );
};

/** What strategies expect, what they plan, and what came of their wishes. */
export default function Signals() {
  return <WithAccount>{view => <OfAccount key={view.account} view={view} />}</WithAccount>;
}
