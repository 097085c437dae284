import type { ComponentChildren } from 'preact';

/** Label, control, hint and error of one field. The control carries `id`, and `aria-describedby` = `<id>-note` where there is a hint or an error. */
export const Field = ({
  id,
  label,
  hint,
  error,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
  readonly children: ComponentChildren;
}) => (
  <div class={`field ${error ? 'wrong' : ''}`}>
    <label for={id}>{label}</label>
    {children}
    {error ? (
      <p class="field-error" id={`${id}-note`}>
        {error}
      </p>
    ) : hint === undefined ? null : (
      <p class="field-hint" id={`${id}-note`}>
        {hint}
      </p>
    )}
  </div>
);
