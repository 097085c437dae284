import type { Config } from 'vega-lite';

/** The colours of one scheme. Specs never name a colour: they name a role as `{ expr: 'gain' }`, and the theme gives it a colour. */
export interface Palette {
  /** Background of page and charts. */
  readonly paper: string;
  /** Slightly apart from paper: hover, table stripes. */
  readonly shade: string;
  /** Text. */
  readonly ink: string;
  /** Secondary text. */
  readonly muted: string;
  readonly hairline: string;
  /** In-sample stretches. */
  readonly inSample: string;
  /** The strategy, always. */
  /** Training windows as bars, darker than a shaded background. */
  readonly trainBar: string;
  readonly accent: string;
  readonly gain: string;
  readonly loss: string;
  /** A little of each, between shade and full strength. */
  readonly gainTint: string;
  readonly lossTint: string;
  readonly benchmark: string;
  /** Alarms only: a halt, corrupt data, synthetic data. */
  readonly alarm: string;
  /** Further series when several stand side by side; told apart by the colour-blind too. */
  readonly series: readonly string[];
}

export const LIGHT: Palette = {
  paper: '#fdfdfc',
  shade: '#f3f3f0',
  ink: '#1b1d21',
  muted: '#61666e',
  hairline: '#e3e3df',
  inSample: '#ecebe6',
  trainBar: '#cfcfc8',
  accent: '#0b7070',
  gain: '#2f6fb7',
  loss: '#d9700f',
  gainTint: '#bcd3ec',
  lossTint: '#f6d2ad',
  benchmark: '#9096a0',
  alarm: '#c3272b',
  series: ['#0b7070', '#b5651d', '#5b6bbf', '#9c4f96', '#7a8a2a', '#3f9fd0', '#8c6d46', '#4d5560'],
};

export const DARK: Palette = {
  paper: '#14171a',
  shade: '#1d2125',
  ink: '#e4e6e8',
  muted: '#9aa1a9',
  hairline: '#2c3136',
  inSample: '#22272c',
  trainBar: '#454c54',
  accent: '#45c1b8',
  gain: '#6ba8ee',
  loss: '#f09a48',
  gainTint: '#2c4763',
  lossTint: '#5b4023',
  benchmark: '#7d858f',
  alarm: '#ff6b66',
  series: ['#45c1b8', '#e0a060', '#929ee8', '#d18acb', '#b4c45c', '#79c6ee', '#c4a67c', '#aab2bc'],
};

export type Scheme = 'light' | 'dark';

/** The reader's own interface typeface; nothing is fetched. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Roles that a spec may name in an expression. */
const ROLES = [
  'paper',
  'shade',
  'ink',
  'muted',
  'hairline',
  'inSample',
  'trainBar',
  'accent',
  'gain',
  'loss',
  'gainTint',
  'lossTint',
  'benchmark',
  'alarm',
] as const;

/** The one Vega-Lite configuration of all charts, in light or dark. */
export const vegaConfig = (scheme: Scheme): Config => {
  const palette = scheme === 'light' ? LIGHT : DARK;
  return {
    background: palette.paper,
    font: FONT,
    padding: { left: 2, right: 10, top: 4, bottom: 4 },
    params: ROLES.map(name => ({ name, value: palette[name] })),
    view: { stroke: null },
    title: {
      anchor: 'start',
      frame: 'bounds',
      offset: 16,
      color: palette.ink,
      fontSize: 14,
      fontWeight: 600,
      subtitleColor: palette.muted,
      subtitleFontSize: 12,
      subtitlePadding: 5,
    },
    axis: {
      domain: false,
      ticks: false,
      gridColor: palette.hairline,
      gridWidth: 1,
      labelColor: palette.muted,
      labelFontSize: 11,
      labelPadding: 6,
      titleColor: palette.muted,
      titleFontSize: 11,
      titleFontWeight: 'normal',
    },
    axisX: {
      grid: false,
      domain: true,
      domainColor: palette.hairline,
      ticks: true,
      tickColor: palette.hairline,
      tickSize: 4,
      labelFlush: true,
    },
    // Titles of vertical axes lie above the labels, where they can be read without turning the head.
    axisY: { titleAngle: 0, titleAlign: 'left', titleAnchor: 'end', titleBaseline: 'bottom', titleX: -58, titleY: -9, minExtent: 58 },
    legend: {
      orient: 'top',
      direction: 'horizontal',
      title: null,
      titleColor: palette.muted,
      labelColor: palette.ink,
      labelFontSize: 12,
      labelLimit: 260,
      symbolSize: 90,
      symbolStrokeWidth: 2.5,
      offset: 10,
      columnPadding: 18,
    },
    header: {
      labelColor: palette.ink,
      labelFontSize: 12,
      labelFontWeight: 600,
      labelAnchor: 'start',
      title: null,
      titleColor: palette.muted,
    },
    selection: { interval: { mark: { fill: palette.accent, fillOpacity: 0.18, stroke: palette.accent, strokeOpacity: 0.5 } } },
    concat: { spacing: 26 },
    facet: { spacing: 26 },
    range: { category: [...palette.series] },
    line: { strokeWidth: 1.5, strokeJoin: 'round', color: palette.accent },
    area: { line: false, color: palette.accent },
    bar: { color: palette.accent },
    rect: { color: palette.accent },
    rule: { color: palette.muted },
    point: { filled: true, color: palette.accent },
    circle: { color: palette.accent },
    tick: { color: palette.accent },
    text: { color: palette.ink, fontSize: 11 },
  };
};
