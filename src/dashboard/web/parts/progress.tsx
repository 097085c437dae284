/** How far work has come. Without a total it only says that it goes on. */
export const Progress = ({
  label,
  done,
  total,
}: {
  readonly label: string;
  readonly done: number | null;
  readonly total: number | null;
}) => {
  const share = done === null || total === null || total <= 0 ? null : Math.min(1, done / total);
  return (
    <div
      class={`progress ${share === null ? 'unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
    >
      <span style={share === null ? undefined : { transform: `scaleX(${share})` }} />
    </div>
  );
};
