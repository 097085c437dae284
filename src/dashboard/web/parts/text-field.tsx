import { createElement } from 'preact';
import { useId } from 'preact/hooks';
import { Field } from './field.js';

/** A line of text, a password, a search, or with `lines` several lines. */
export const TextField = ({
  label,
  value,
  onInput,
  type = 'text',
  hint,
  error,
  placeholder,
  required = false,
  disabled = false,
  mono = false,
  lines = 1,
  autocomplete = 'off',
  name,
}: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search' | 'datetime-local' | 'date';
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
  readonly placeholder?: string | undefined;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly mono?: boolean;
  readonly lines?: number;
  readonly autocomplete?: string;
  readonly name?: string | undefined;
}) => {
  const id = useId();
  const shared = {
    id,
    name,
    value,
    placeholder,
    required,
    disabled,
    class: mono ? 'mono' : undefined,
    'aria-invalid': Boolean(error),
    'aria-describedby': error || hint !== undefined ? `${id}-note` : undefined,
    spellcheck: false,
  };
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      {lines > 1 ? (
        <textarea {...shared} rows={lines} onInput={event => onInput(event.currentTarget.value)} />
      ) : (
        createElement('input', {
          ...shared,
          type,
          autocomplete,
          onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
        })
      )}
    </Field>
  );
};
