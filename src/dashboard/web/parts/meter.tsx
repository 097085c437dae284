/** Use of a limit: 0 is nothing, 1 is all of it. Amber from 0.8, red from 1. `text` is read out with it. */
export const Meter = ({
  label,
  use,
  text,
}: {
  readonly label: string;
  readonly use: number | null;
  readonly text?: string | undefined;
}) => {
  const share = use === null || !Number.isFinite(use) ? 0 : Math.min(1, Math.max(0, use));
  const level = use === null ? 'none' : use >= 1 ? 'full' : use >= 0.8 ? 'high' : 'calm';
  return (
    <div
      class={`meter meter-${level}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={text ?? (use === null ? 'not known' : `${Math.round((use ?? 0) * 100)}%`)}
      title={text}
    >
      <span style={{ transform: `scaleX(${share})` }} />
    </div>
  );
};
