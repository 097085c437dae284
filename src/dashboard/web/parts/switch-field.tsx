/** On or off. */
export const SwitchField = ({
  label,
  on,
  onChange,
  disabled = false,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly disabled?: boolean;
}) => (
  <label class="switch">
    <input type="checkbox" role="switch" checked={on} disabled={disabled} onChange={event => onChange(event.currentTarget.checked)} />
    <span>{label}</span>
  </label>
);
