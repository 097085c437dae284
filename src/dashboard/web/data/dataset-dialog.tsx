import { useState } from 'preact/hooks';
import type { DatasetLine } from '../../api/data-api.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { call } from '../state/api.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { useAction } from '../state/use-action.js';
import {
  DATA_WORDS,
  dataFaults,
  dataRequest,
  EMPTY_DATA_DRAFT,
  EXCHANGES,
  SERIES_KINDS,
  type DataDraft,
  type DataKind,
} from './dataset-form.js';

/** Pull, make or check data, as a job. */
export const DatasetDialog = ({
  kind,
  datasets,
  dataset,
  onClose,
}: {
  readonly kind: DataKind;
  readonly datasets: readonly DatasetLine[];
  readonly dataset: string | null;
  readonly onClose: () => void;
}) => {
  const [draft, setDraft] = useState<DataDraft>({ ...EMPTY_DATA_DRAFT, kind, dataset: dataset ?? '' });
  const [isTried, setTried] = useState(false);
  const { busy, refused, run } = useAction();
  const faults = dataFaults(draft);
  const words = DATA_WORDS[kind];
  const fault = (field: string): string | null => (isTried ? (faults[field] ?? null) : null);
  const set = (more: Partial<DataDraft>): void => setDraft({ ...draft, ...more });
  const names = datasets.map(each => ({ value: each.dataset, text: each.dataset }));
  const begin = async (): Promise<void> => {
    const job = await call('jobs.begin', { body: dataRequest(draft) });
    toast(`Begun: ${job.title}.`);
  };
  return (
    <Dialog
      open
      title={words.title}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (Object.keys(faults).length === 0) void run(begin, onClose);
      }}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            busy={busy}
            disabled={!hasRole('researcher', 'operator')}
            title={lacksRole('researcher', 'operator') ?? undefined}
          >
            {words.button}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{words.text}</p>
        <div class="fields">
          {kind === 'check' ? (
            <>
              <SelectField
                label="Dataset"
                value={draft.dataset}
                error={fault('dataset')}
                onChange={value => set({ dataset: value })}
                options={[{ value: '', text: 'Choose …' }, ...names]}
              />
              <SelectField
                label="Against"
                value={draft.against}
                hint="A second source of the same market"
                onChange={against => set({ against })}
                options={[{ value: '', text: 'Only its own hashes' }, ...names.filter(({ value }) => value !== draft.dataset)]}
              />
            </>
          ) : (
            <TextField
              label="Dataset"
              value={draft.dataset}
              error={fault('dataset')}
              hint="Its name; an existing one gets a new version"
              onInput={value => set({ dataset: value })}
            />
          )}
          {kind === 'pull' ? (
            <>
              <SelectField
                label="Exchange"
                value={draft.exchange}
                onChange={exchange => set({ exchange })}
                options={EXCHANGES.map(value => ({ value, text: value }))}
              />
              <TextField label="Symbol" value={draft.symbol} error={fault('symbol')} onInput={symbol => set({ symbol })} />
            </>
          ) : null}
          {kind === 'check' ? null : (
            <TextField label="Timeframe" value={draft.timeframe} error={fault('timeframe')} onInput={timeframe => set({ timeframe })} />
          )}
          {kind === 'pull' ? (
            <>
              <TextField
                label="From (UTC)"
                value={draft.from}
                placeholder="2024-01-01"
                error={fault('from')}
                onInput={from => set({ from })}
              />
              <TextField label="To (UTC)" value={draft.to} hint="Until now where empty" error={fault('to')} onInput={to => set({ to })} />
            </>
          ) : null}
          {kind === 'synth' ? (
            <>
              <TextField
                label="Bars"
                value={draft.bars}
                hint="As usual where empty"
                error={fault('bars')}
                onInput={bars => set({ bars })}
              />
              <TextField
                label="Seed"
                value={draft.seed}
                hint="The same seed gives the same data"
                error={fault('seed')}
                onInput={seed => set({ seed })}
              />
            </>
          ) : null}
        </div>
        {kind === 'pull' ? (
          <fieldset>
            <legend>Kinds</legend>
            <div class="choices">
              {SERIES_KINDS.map(each => (
                <label key={each} class="choice">
                  <input
                    type="checkbox"
                    checked={draft.kinds.includes(each)}
                    onChange={event =>
                      set({ kinds: event.currentTarget.checked ? [...draft.kinds, each] : draft.kinds.filter(other => other !== each) })
                    }
                  />
                  {each}
                </label>
              ))}
            </div>
            {fault('kinds') === null ? null : <p class="field-error">{fault('kinds')}</p>}
          </fieldset>
        ) : null}
        {refused === null ? null : <ErrorNote error={refused} />}
      </div>
    </Dialog>
  );
};
