import type { Tone } from '../parts/tone.js';

/** A small line without axes, to stand beside a figure. */
export const Sparkline = ({
  values,
  label,
  tone = 'accent',
  width = 96,
  height = 24,
}: {
  readonly values: readonly number[];
  readonly label: string;
  readonly tone?: Tone;
  readonly width?: number;
  readonly height?: number;
}) => {
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const path = values
    .map((value, at) => {
      const x = values.length < 2 ? 0 : (at / (values.length - 1)) * width;
      return `${x.toFixed(1)},${(height - 2 - ((value - low) / range) * (height - 4)).toFixed(1)}`;
    })
    .join(' ');
  return (
    <svg class={`sparkline tone-${tone}`} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      <polyline points={path} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
};
