import { useId } from 'preact/hooks';
import { Field } from './field.js';

/** A number as text, so that what is typed stays as typed; `value` is that text. Check it with `numberOf`. */
export const NumberField = ({
  label,
  value,
  onInput,
  unit,
  min,
  max,
  step = 'any',
  hint,
  error,
  disabled = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly unit?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number | 'any';
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
  readonly disabled?: boolean;
}) => {
  const id = useId();
  return (
    <Field id={id} label={unit === undefined ? label : `${label} (${unit})`} hint={hint} error={error}>
      <input
        id={id}
        class="figure"
        type="number"
        inputMode="decimal"
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        aria-invalid={Boolean(error)}
        aria-describedby={error || hint !== undefined ? `${id}-note` : undefined}
        onInput={event => onInput(event.currentTarget.value)}
      />
    </Field>
  );
};

/** The number that was typed; null for nothing or for what is no number. */
export const numberOf = (text: string): number | null => {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
};
