import type { ChartSpec } from '../reports/charts/chart.js';
import { chartPng } from '../reports/export-chart.js';
import { escapeHtml } from '../reports/html.js';
import { decimal, NONE } from '../reports/number-text.js';
import { vegaConfig } from '../reports/theme.js';
import { formatTime } from '../time.js';

/** One output: its forms, from which a front end chooses, and what it is to know about each, both by MIME type. */
export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A row of a table: numbers are set right and grouped, times are UTC. */
export type Row = Readonly<Record<string, unknown>>;

/** Four figures that count, as many decimals as that takes. */
const fourFigures = (value: number): string => {
  const size = Math.abs(value);
  return decimal(value, size === 0 ? 0 : Math.max(2, Math.min(8, 3 - Math.floor(Math.log10(size)))));
};

const cellText = (value: unknown): string => {
  if (value === null || value === undefined) return NONE;
  if (value instanceof Date) return formatTime(value.getTime());
  if (typeof value !== 'number') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e12 ? value.toLocaleString('en-US') : fourFigures(value);
};

/** Rows as a table of HTML, and as text for what shows no HTML. `columns` names which, in which order; all by default. */
export const tableBundle = (rows: readonly Row[], columns: readonly string[] = Object.keys(rows[0] ?? {})): Bundle => {
  const texts = rows.map(row => columns.map(name => cellText(row[name])));
  const isNumber = columns.map(name => rows.some(row => typeof row[name] === 'number'));
  const cell = (tag: 'td' | 'th', text: string, i: number): string =>
    `<${tag} style="text-align:${isNumber[i] === true ? 'right' : 'left'};font-variant-numeric:tabular-nums">${escapeHtml(text)}</${tag}>`;
  const html =
    `<table><thead><tr>${columns.map((name, i) => cell('th', name, i)).join('')}</tr></thead>` +
    `<tbody>${texts.map(row => `<tr>${row.map((text, i) => cell('td', text, i)).join('')}</tr>`).join('')}</tbody></table>`;
  const widths = columns.map((name, i) => Math.max(name.length, ...texts.map(row => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => (isNumber[i] === true ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const data = { 'text/html': rows.length === 0 ? '<p>No rows.</p>' : html, 'text/plain': [columns, ...texts].map(line).join('\n') };
  return { data, metadata: {} };
};

const titleOf = ({ title }: ChartSpec): string => {
  if (typeof title === 'string') return title;
  const text = typeof title === 'object' && 'text' in title ? title.text : '';
  return typeof text === 'string' ? text : 'Chart';
};

/** Pixels of the picture for each of its own, for screens that have more. */
const SCALE = 2;

/**
 * A chart in the colours of the reports: a specification for a front end that draws it, and a picture for one that does not. The picture is a PNG because what turns notebooks into pages cleans an SVG until nothing is left
 * of it.
 */
export const chartBundle = async (spec: ChartSpec): Promise<Bundle> => {
  const { $schema: _, ...drawn } = spec;
  const picture = Buffer.from(await chartPng(spec, { scale: SCALE }));
  // Width and height are the first two numbers of a PNG's header.
  const size = { width: Math.round(picture.readUInt32BE(16) / SCALE), height: Math.round(picture.readUInt32BE(20) / SCALE) };
  return {
    data: {
      'application/vnd.vegalite.v5+json': { ...drawn, config: vegaConfig('light') },
      'image/png': picture.toString('base64'),
      'text/plain': `[chart] ${titleOf(spec)}`,
    },
    metadata: { 'image/png': size },
  };
};
