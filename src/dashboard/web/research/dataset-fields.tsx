import type { DatasetLine } from '../../api/data-api.js';
import { utcDay } from '../parts/figures.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import type { DraftFaults, JobDraft } from './job-form.js';

/** Data of a run: which dataset, which symbols of it, and which part of its time. */
export const DatasetFields = ({
  datasets,
  draft,
  faults,
  onChange,
}: {
  readonly datasets: readonly DatasetLine[];
  readonly draft: JobDraft;
  readonly faults: DraftFaults;
  readonly onChange: (more: Partial<JobDraft>) => void;
}) => {
  const chosen = datasets.find(({ dataset }) => dataset === draft.dataset);
  const text = ({ dataset, synthetic, from, to }: DatasetLine): string =>
    `${dataset}${synthetic ? ', synthetic' : ''}: ${utcDay(from)} to ${utcDay(to)}`;
  return (
    <>
      <SelectField
        label="Dataset"
        value={draft.dataset}
        error={faults.dataset ?? null}
        onChange={dataset => onChange({ dataset, symbols: [] })}
        options={[{ value: '', text: 'Choose …' }, ...datasets.map(each => ({ value: each.dataset, text: text(each) }))]}
      />
      {chosen === undefined || chosen.symbols.length < 2 ? null : (
        <fieldset>
          <legend>Symbols ({draft.symbols.length === 0 ? 'all' : draft.symbols.length})</legend>
          <div class="choices">
            {chosen.symbols.map(symbol => (
              <label key={symbol} class="choice">
                <input
                  type="checkbox"
                  checked={draft.symbols.includes(symbol)}
                  onChange={event =>
                    onChange({
                      symbols: event.currentTarget.checked ? [...draft.symbols, symbol] : draft.symbols.filter(each => each !== symbol),
                    })
                  }
                />
                {symbol}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <div class="fields">
        {draft.kind === 'train' ? null : (
          <TextField
            label="From (UTC)"
            value={draft.from}
            placeholder={chosen === undefined ? undefined : utcDay(chosen.from)}
            error={faults.from ?? null}
            onInput={from => onChange({ from })}
          />
        )}
        <TextField
          label="To (UTC)"
          value={draft.to}
          placeholder={chosen === undefined ? undefined : utcDay(chosen.to)}
          error={faults.to ?? null}
          onInput={to => onChange({ to })}
        />
        <TextField
          label="Timeframe"
          value={draft.timeframe}
          hint="Where there are several"
          error={faults.timeframe ?? null}
          onInput={timeframe => onChange({ timeframe })}
        />
        <TextField label="Seed" value={draft.seed} hint="As set" error={faults.seed ?? null} onInput={seed => onChange({ seed })} />
      </div>
    </>
  );
};
