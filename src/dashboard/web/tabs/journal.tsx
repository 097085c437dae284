import { JournalPanel } from '../journal/journal-panel.js';
import { LogPanel } from '../journal/log-panel.js';
import { WithAccount } from '../orders/with-account.js';
import { Cell, Grid } from '../parts/grid.js';
import { Tabs } from '../parts/tabs.js';
import { queryWord, setQuery } from '../state/route.js';
import '../journal/journal.css';

const shown = queryWord('show');

const ITEMS = [
  { key: 'facts', title: 'Journal' },
  { key: 'log', title: 'Session log' },
];

/** What happened, fact by fact, and what the session wrote beside it. */
export default function Journal() {
  const chosen = shown.value === 'log' ? 'log' : 'facts';
  return (
    <WithAccount>
      {view => (
        <Grid>
          <Cell span={12}>
            <Tabs label="Record" items={ITEMS} chosen={chosen} onChoose={key => setQuery({ show: key === 'facts' ? null : key })} />
          </Cell>
          <Cell span={12}>
            {' '}
            {chosen === 'log' ? <LogPanel key={view.account} account={view.account} /> : <JournalPanel key={view.account} view={view} />}
          </Cell>{' '}
        </Grid>
      )}
    </WithAccount>
  );
}
