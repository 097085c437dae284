import { NumberField } from '../parts/number-field.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import type { SettingInput } from './setting-input.js';

const range = ({ min, max, exclusive }: Extract<SettingInput, { kind: 'number' }>): string | undefined => {
  const [above, below] = exclusive ? ['above', 'below'] : ['from', 'to'];
  if (min === null && max === null) return undefined;
  return [min === null ? '' : `${above} ${min}`, max === null ? '' : `${below} ${max}`].filter(part => part !== '').join(' ');
};

/** The field for a kind of value; its text is read by `typedValue`. Empty is the default. */
export const ValueField = ({
  input,
  text,
  error,
  onInput,
}: {
  readonly input: SettingInput;
  readonly text: string;
  readonly error: string | null;
  readonly onInput: (text: string) => void;
}) => {
  const common = { label: 'Value', error };
  if (input.kind === 'number')
    return <NumberField {...common} value={text} hint={range(input)} step={input.integer ? 1 : 'any'} onInput={onInput} />;
  if (input.kind === 'boolean' || input.kind === 'choice')
    return (
      <SelectField
        {...common}
        value={text}
        onChange={onInput}
        options={[
          { value: '', text: 'Default' },
          ...(input.kind === 'boolean' ? ['true', 'false'] : input.values).map(value => ({ value, text: value })),
        ]}
      />
    );
  return (
    <TextField
      {...common}
      value={text}
      mono={input.kind !== 'text'}
      lines={input.kind === 'json' ? 6 : 1}
      hint={input.kind === 'list' ? 'With commas between' : input.kind === 'json' ? 'JSON' : undefined}
      onInput={onInput}
    />
  );
};
