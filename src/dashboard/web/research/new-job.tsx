import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { Loading } from '../parts/loading.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { toast } from '../parts/toast.js';
import { useAnswer } from '../state/answer.js';
import { call } from '../state/api.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { useAction } from '../state/use-action.js';
import { DatasetFields } from './dataset-fields.js';
import {
  draftFaults,
  EMPTY_DRAFT,
  fieldsOf,
  jobRequest,
  KIND_TEXT,
  RESEARCH_KINDS,
  SEARCHES,
  type JobDraft,
  type ResearchKind,
} from './job-form.js';
import { ParamFields } from './param-fields.js';

const COUNTS = {
  points: { label: 'Points a parameter', hint: 'Of the grid' },
  trials: { label: 'Configurations', hint: 'At most' },
  train: { label: 'Chosen on', hint: 'Like 180d' },
  test: { label: 'Tested on', hint: 'Like 60d' },
  purge: { label: 'Left out between', hint: 'Like 2d' },
} as const;

/** The form that begins work on a strategy, at the edge of the page. */
export const NewJob = ({ kind, onClose }: { readonly kind: ResearchKind; readonly onClose: () => void }) => {
  const strategies = useAnswer('strategies.list', {});
  const datasets = useAnswer('datasets.list', {});
  const [draft, setDraft] = useState<JobDraft>({ ...EMPTY_DRAFT, kind });
  const [isTried, setTried] = useState(false);
  const { busy, refused, run } = useAction();
  const known = strategies.value?.strategies ?? [];
  const params = known.find(({ strategy }) => strategy === draft.strategy)?.params ?? [];
  const faults = useMemo(() => draftFaults(draft, params), [draft, params]);
  const shown = isTried
    ? faults
    : Object.fromEntries(Object.entries(faults).filter(([field]) => field !== 'strategy' && field !== 'dataset'));
  const change = (more: Partial<JobDraft>): void => setDraft({ ...draft, ...more });
  const fields = fieldsOf(draft.kind);
  const roles = draft.kind === 'train' ? (['researcher', 'operator'] as const) : (['researcher'] as const);
  const begin = async (): Promise<void> => {
    const job = await call('jobs.begin', { body: jobRequest(draft, params) });
    toast(`Begun: ${job.title}.`);
  };
  const failed = strategies.error ?? datasets.error;
  return (
    <Dialog
      sheet
      open
      title="New run"
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (Object.keys(faults).length === 0) void run(begin, onClose);
      }}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={!hasRole(...roles)} title={lacksRole(...roles) ?? undefined}>
            Begin
          </Button>
        </>
      }
    >
      {failed !== null ? (
        <ErrorNote error={failed} />
      ) : strategies.value === null || datasets.value === null ? (
        <Loading rows={8} />
      ) : datasets.value.datasets.length === 0 ? (
        <EmptyNote title="There is no data to run on" command="quantai data synth --dataset noise">
          Pull some on the Data page, or make synthetic data:
        </EmptyNote>
      ) : (
        <div class="stack">
          <SelectField
            label="Kind"
            value={draft.kind}
            hint={KIND_TEXT[draft.kind]}
            onChange={value => change({ kind: RESEARCH_KINDS.find(each => each === value) ?? 'backtest' })}
            options={RESEARCH_KINDS.map(value => ({ value, text: value }))}
          />
          <SelectField
            label="Strategy"
            value={draft.strategy}
            error={shown.strategy ?? null}
            onChange={strategy => change({ strategy, params: {}, more: '' })}
            options={[
              { value: '', text: 'Choose …' },
              ...known.map(({ strategy, builtIn }) => ({ value: strategy, text: builtIn ? `${strategy} (built in)` : strategy })),
            ]}
          />
          <DatasetFields datasets={datasets.value.datasets} draft={draft} faults={shown} onChange={change} />
          {fields.size === 0 ? null : (
            <fieldset>
              <legend>Search</legend>
              <div class="fields">
                {fields.has('search') ? (
                  <SelectField
                    label="Search"
                    value={draft.search}
                    onChange={search => change({ search })}
                    options={[{ value: '', text: 'As set' }, ...SEARCHES.map(value => ({ value, text: value }))]}
                  />
                ) : null}
                {(['train', 'test', 'purge', 'points', 'trials'] as const)
                  .filter(field => fields.has(field))
                  .map(field => (
                    <TextField
                      key={field}
                      label={COUNTS[field].label}
                      hint={COUNTS[field].hint}
                      value={draft[field]}
                      error={shown[field] ?? null}
                      onInput={value => change({ [field]: value })}
                    />
                  ))}
              </div>
            </fieldset>
          )}
          {params.length === 0 ? null : (
            <fieldset>
              <legend>{fields.size === 0 ? 'Parameters' : 'Parameters that are fixed; the others are searched'}</legend>
              <ParamFields
                params={params}
                values={draft.params}
                faults={shown}
                onChange={(name, value) => change({ params: { ...draft.params, [name]: value } })}
              />
            </fieldset>
          )}
          {params.length > 0 || draft.strategy === '' ? null : (
            <TextField
              label="Parameters"
              value={draft.more}
              lines={3}
              mono
              placeholder={'fast=20\nslow=50'}
              hint="One a line; those left out keep their defaults"
              error={shown.more ?? null}
              onInput={more => change({ more })}
            />
          )}
          {refused === null ? null : <ErrorNote error={refused} />}
        </div>
      )}
    </Dialog>
  );
};
