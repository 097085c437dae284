import { useId } from 'preact/hooks';
import { Field } from './field.js';

/** One of several. `bare` hides the label from sight, for toolbars. */
export const SelectField = ({
  label,
  value,
  options,
  onChange,
  hint,
  error,
  disabled = false,
  bare = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly disabled?: boolean }[];
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
  readonly disabled?: boolean;
  readonly bare?: boolean;
}) => {
  const id = useId();
  const select = (
    <select
      id={id}
      value={value}
      disabled={disabled}
      aria-label={bare ? label : undefined}
      aria-describedby={error || hint !== undefined ? `${id}-note` : undefined}
      onChange={event => onChange(event.currentTarget.value)}
    >
      {options.map(option => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.text}
        </option>
      ))}
    </select>
  );
  return bare ? (
    select
  ) : (
    <Field id={id} label={label} hint={hint} error={error}>
      {select}
    </Field>
  );
};
