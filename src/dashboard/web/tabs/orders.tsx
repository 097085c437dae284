import { EndedOrders } from '../orders/ended-orders.js';
import { FillsList } from '../orders/fills-list.js';
import { OpenOrdersPanel } from '../orders/open-orders-panel.js';
import { PositionsPanel } from '../orders/positions-panel.js';
import { WhySheet } from '../orders/why-sheet.js';
import { WithAccount } from '../orders/with-account.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { Tabs } from '../parts/tabs.js';
import { queryWord, setQuery } from '../state/route.js';
import '../orders/orders.css';

const list = queryWord('list');

const LISTS = [
  { key: 'ended', title: 'Ended orders' },
  { key: 'fills', title: 'Fills' },
];

/** What is held, what is at work, and what was: each row leads to its why. */
export default function Orders() {
  const chosen = list.value === 'fills' ? 'fills' : 'ended';
  return (
    <WithAccount>
      {view => (
        <>
          <Grid>
            <Cell span={12}>
              <PositionsPanel view={view} />
            </Cell>
            <Cell span={12}>
              <OpenOrdersPanel view={view} />
            </Cell>
            <Cell span={12}>
              <Panel
                title={chosen === 'fills' ? 'Fills' : 'Ended orders'}
                aside={
                  <Tabs label="History" items={LISTS} chosen={chosen} onChoose={key => setQuery({ list: key === 'ended' ? null : key })} />
                }
                flush
              >
                {chosen === 'fills' ? <FillsList account={view.account} /> : <EndedOrders account={view.account} />}
              </Panel>
            </Cell>
          </Grid>
          <WhySheet account={view.account} />
        </>
      )}
    </WithAccount>
  );
}
