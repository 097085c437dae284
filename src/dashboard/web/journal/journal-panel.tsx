import { useState } from 'preact/hooks';
import type { AccountView } from '../../api/accounts-api.js';
import { Button } from '../parts/button.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { count } from '../parts/figures.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { Toolbar } from '../parts/toolbar.js';
import { place, setQuery } from '../state/route.js';
import { connection } from '../state/stream.js';
import { WhySheet } from '../orders/why-sheet.js';
import { readFactName } from '../orders/fact-name.js';
import { FactList } from './fact-list.js';
import { FactSheet, openFact } from './fact-sheet.js';
import { newestPosition } from './fact-window.js';
import { readFilter } from './journal-filter.js';
import { StateSheet } from './state-sheet.js';
import { useDelayed } from './use-delayed.js';
import { useFacts } from './use-facts.js';
import { useNarrow } from '../orders/use-narrow.js';

const Filters = ({
  view,
  types,
  wrong,
}: {
  readonly view: AccountView;
  readonly types: readonly string[];
  readonly wrong: ReturnType<typeof readFilter>['wrong'];
}) => {
  const word = (name: string): string => place.value.query.get(name) ?? '';
  const [text, setText] = useDelayed(word('text'), typed => setQuery({ text: typed.trim() }));
  const [from, setFrom] = useDelayed(word('from'), typed => setQuery({ from: typed.trim() }));
  const [to, setTo] = useDelayed(word('to'), typed => setQuery({ to: typed.trim() }));
  const type = word('type');
  const strategy = word('strategy');
  const all = [...new Set([...types, ...(type === '' ? [] : [type])])].sort();
  return (
    <div class="journal-filters">
      <Toolbar label="What to show">
        <TextField label="Search" type="search" value={text} onInput={setText} placeholder="order id, symbol, code …" />
        <SelectField
          label="Type"
          value={type}
          options={[{ value: '', text: 'All types' }, ...all.map(each => ({ value: each, text: each }))]}
          onChange={value => setQuery({ type: value })}
        />
        <SelectField
          label="Stream"
          value={strategy}
          options={[
            { value: '', text: 'All streams' },
            { value: 'account', text: 'account' },
            ...view.strategies.map(({ name }) => ({ value: name, text: name })),
          ]}
          onChange={value => setQuery({ strategy: value })}
        />
        <TextField label="From (UTC)" value={from} onInput={setFrom} placeholder="2026-05-01" error={wrong.from} mono />
        <TextField label="To (UTC)" value={to} onInput={setTo} placeholder="2026-05-01 14:30" error={wrong.to} mono />
      </Toolbar>
    </div>
  );
};

/** The account's journal: the newest facts as they are written, searched, filtered, and each opened. */
export const JournalPanel = ({ view }: { readonly view: AccountView }) => {
  const { filter, wrong } = readFilter(place.value.query);
  const facts = useFacts(view.account, filter);
  const [frozenAt, setFrozenAt] = useState<number | null>(null);
  const isNarrow = useNarrow();
  const { window } = facts;
  const isFollowing = frozenAt === null && !window.hasNewer;
  const shown = (frozenAt === null ? [...window.facts] : window.facts.filter(({ position }) => position <= frozenAt)).reverse();
  const waiting = window.facts.length - shown.length;
  const opened = readFactName(place.value.query.get('fact'));
  const chosen =
    opened === null ? null : (shown.find(({ strategy, seq }) => strategy === opened.strategy && seq === opened.seq)?.position ?? null);
  const follow = (): void => {
    setFrozenAt(null);
    if (window.hasNewer) facts.refresh();
  };
  const pause = (): void => {
    if (frozenAt === null) setFrozenAt(newestPosition(window));
  };
  return (
    <div class="stack">
      <Filters view={view} types={facts.types} wrong={wrong} />
      <Panel
        title="Facts"
        note="Newest first"
        aside={
          <span class="row follow">
            <span class="muted figure" role="status">
              {facts.error !== null
                ? 'not read'
                : connection.value !== 'live'
                  ? 'cut off'
                  : isFollowing
                    ? 'live'
                    : window.hasNewer
                      ? 'newer ones were let go'
                      : waiting === 0
                        ? 'paused'
                        : `${count(waiting)} new`}
            </span>
            <Button small pressed={isFollowing} onClick={isFollowing ? pause : follow}>
              {isFollowing ? 'Pause' : 'Follow'}
            </Button>
          </span>
        }
        flush
      >
        {facts.error === null ? null : <ErrorNote error={facts.error} retry={facts.refresh} />}
        {facts.isLoading ? (
          <Loading height={620} />
        ) : shown.length === 0 ? (
          <div class="fact-list-empty">
            {facts.error === null ? (
              <EmptyNote title={Object.keys(filter).length === 0 ? 'The journal is empty.' : 'No fact matches.'}>
                {Object.keys(filter).length === 0 ? (
                  'A session writes its first facts when it begins.'
                ) : (
                  <Button small onClick={() => setQuery({ type: null, strategy: null, text: null, from: null, to: null })}>
                    Show all facts
                  </Button>
                )}
              </EmptyNote>
            ) : null}
          </div>
        ) : (
          <FactList
            facts={shown}
            chosen={chosen}
            isNarrow={isNarrow}
            isFollowing={isFollowing}
            hasOlder={window.hasOlder}
            isLoadingOlder={facts.isLoadingOlder}
            older={facts.older}
            onLeaveTop={pause}
            onOpen={openFact}
          />
        )}
      </Panel>
      <FactSheet account={view.account} loaded={window.facts} />
      <StateSheet account={view.account} />
      <WhySheet account={view.account} />
    </div>
  );
};
