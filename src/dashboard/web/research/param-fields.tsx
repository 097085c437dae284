import type { StrategyLine } from '../../api/research-api.js';
import { NumberField } from '../parts/number-field.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import type { DraftFaults } from './job-form.js';

type Param = StrategyLine['params'][number];

const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean));
const bounds = ({ min, max, default: usual }: Param): string =>
  `${min === null && max === null ? '' : `${min ?? '…'} to ${max ?? '…'}, `}default ${shown(usual)}`;

/** A field for each parameter of a strategy, typed by its kind; empty is the default. */
export const ParamFields = ({
  params,
  values,
  faults,
  onChange,
}: {
  readonly params: readonly Param[];
  readonly values: Readonly<Record<string, string>>;
  readonly faults: DraftFaults;
  readonly onChange: (name: string, value: string) => void;
}) => (
  <div class="fields">
    {params.map(param => {
      const { name, kind, min, max } = param;
      const common = { label: name, error: faults[`param.${name}`] ?? null, hint: bounds(param) };
      const value = values[name] ?? '';
      const choices = kind === 'bool' ? ['true', 'false'] : kind === 'choice' ? param.values : undefined;
      if (choices !== undefined)
        return (
          <SelectField
            key={name}
            {...common}
            value={value}
            onChange={next => onChange(name, next)}
            options={[{ value: '', text: `Default: ${shown(param.default)}` }, ...choices.map(each => ({ value: each, text: each }))]}
          />
        );
      return kind === 'choice' ? (
        <TextField key={name} {...common} value={value} onInput={next => onChange(name, next)} />
      ) : (
        <NumberField
          key={name}
          {...common}
          value={value}
          onInput={next => onChange(name, next)}
          {...(min !== null && { min })}
          {...(max !== null && { max })}
          step={kind === 'int' ? 1 : 'any'}
        />
      );
    })}
  </div>
);
