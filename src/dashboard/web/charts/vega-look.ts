import type { Config } from 'vega-lite';
import { colourOf, translucent } from './colours.js';

/** Roles that a spec may name as `{ expr: 'gain' }`; the same words as in reports. */
const ROLES: Readonly<Record<string, () => string>> = {
  paper: () => colourOf('paper'),
  shade: () => colourOf('shade'),
  ink: () => colourOf('ink'),
  muted: () => colourOf('muted'),
  hairline: () => colourOf('hairline'),
  inSample: () => colourOf('in-sample'),
  trainBar: () => colourOf('edge'),
  accent: () => colourOf('accent'),
  gain: () => colourOf('gain-fill'),
  loss: () => colourOf('loss-fill'),
  warn: () => colourOf('warn'),
  gainTint: () => translucent('gain-fill', 0.3),
  lossTint: () => translucent('loss-fill', 0.3),
  benchmark: () => colourOf('benchmark'),
  alarm: () => colourOf('alarm'),
};

/** The one configuration of the pages' Vega charts, in the colours of the style sheet as they are now. */
export const vegaLook = (): Config => ({
  background: 'transparent',
  font: colourOf('font'),
  padding: { left: 2, right: 8, top: 6, bottom: 4 },
  params: Object.entries(ROLES).map(([name, colour]) => ({ name, value: colour() })),
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    gridColor: colourOf('hairline'),
    labelColor: colourOf('muted'),
    labelFontSize: 11,
    labelPadding: 6,
    titleColor: colourOf('muted'),
    titleFontSize: 11,
    titleFontWeight: 'normal',
  },
  axisX: { grid: false, domain: true, domainColor: colourOf('hairline'), labelFlush: true, labelOverlap: true },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    title: null,
    labelColor: colourOf('ink'),
    labelFontSize: 11,
    symbolSize: 80,
    offset: 6,
    columnPadding: 14,
  },
  header: { labelColor: colourOf('ink'), title: null },
  range: { category: ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'].map(colourOf) },
  line: { strokeWidth: 1.5, strokeJoin: 'round', color: colourOf('accent') },
  area: { line: false, color: colourOf('accent') },
  bar: { color: colourOf('accent') },
  rect: { color: colourOf('accent') },
  rule: { color: colourOf('muted') },
  point: { filled: true, color: colourOf('accent') },
  circle: { color: colourOf('accent') },
  text: { color: colourOf('ink'), fontSize: 11 },
});
