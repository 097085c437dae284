import { compile } from 'vega-lite';
import type { ChartSpec } from '../reports/charts/chart.js';
import { chartSvg } from '../reports/export-chart.js';
import { escapeHtml } from '../reports/html.js';
import { decimal, NONE } from '../reports/number-text.js';
import { vegaConfig } from '../reports/theme.js';
import { formatTime } from '../time.js';

/** One output in the forms that a front end chooses from, by MIME type. */
export type Bundle = Readonly<Record<string, unknown>>;

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
  return { 'text/html': rows.length === 0 ? '<p>No rows.</p>' : html, 'text/plain': [columns, ...texts].map(line).join('\n') };
};

const titleOf = ({ title }: ChartSpec): string => {
  if (typeof title === 'string') return title;
  const text = typeof title === 'object' && 'text' in title ? title.text : '';
  return typeof text === 'string' ? text : 'Chart';
};

/** A chart that fills the width of a notebook in the colours of the reports: a specification for a front end that draws it, and a picture for one that does not. */
export const chartBundle = async (spec: ChartSpec): Promise<Bundle> => {
  const config = vegaConfig('light');
  // A wrong specification fails its cell, and not the reader.
  compile(spec, { config });
  const { $schema: _, ...drawn } = spec;
  return {
    'application/vnd.vegalite.v5+json': { ...drawn, config },
    'image/svg+xml': await chartSvg(spec),
    'text/plain': `[chart] ${titleOf(spec)}`,
  };
};
