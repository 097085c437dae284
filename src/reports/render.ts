import { createHash } from 'node:crypto';
import { markSynthetic } from './charts/synthetic.js';
import { escapeHtml, scriptJson } from './html.js';
import { chartLibraries } from './libraries.js';
import { packRows } from './pack.js';
import { PAGE_SCRIPT } from './page-script.js';
import { pageStyle } from './page-style.js';
import { vegaConfig } from './theme.js';
import type { ChartSpec } from './charts/chart.js';
import type { Block, ReportDocument, Section, TableColumn, Tile } from './document.js';

/** Tables with more rows than this are kept as data and shown a page at a time. */
const LONG = 40;
/** Rows of a long table that stand in the file itself, for readers without script. */
const SHOWN = 25;

const isRows = (value: unknown): value is readonly object[] =>
  Array.isArray(value) && value.every(row => typeof row === 'object' && row !== null);

/** A specification and its rows, apart: rows are stored by column. */
const takeApart = ({ datasets, ...spec }: ChartSpec) => ({
  spec,
  datasets: Object.fromEntries(Object.entries(datasets ?? {}).map(([name, rows]) => [name, packRows(isRows(rows) ? rows : [])])),
});

/** What a chart will take, so that the page does not jump when it comes. */
const likelyHeight = (spec: ChartSpec): number => {
  const own = (part: object): number => ('height' in part && typeof part.height === 'number' ? part.height : 120);
  return 'vconcat' in spec ? spec.vconcat.reduce((total, part) => total + own(part) + 30, 90) : own(spec) + 100;
};

const tileHtml = ({ label, value, detail, tone }: Tile): string =>
  `<div class="tile"><dt>${escapeHtml(label)}</dt><dd class="figure${tone ? ` ${tone}` : ''}">${escapeHtml(value)}</dd>` +
  `<dd class="detail">${escapeHtml(detail)}</dd></div>`;

const cellClass = ({ kind, wide }: TableColumn): string => (kind === 'number' ? 'number' : wide ? 'wide' : 'text');

const toneOf = (text: string, { signed }: TableColumn): string => {
  if (!signed || !/[1-9]/.test(text)) return '';
  return /^[−–-]/.test(text) ? ' loss' : ' gain';
};

const tableHtml = ({ id, caption, columns, rows, empty, half, quiet }: Extract<Block, { kind: 'table' }>): string => {
  const place = `class="table${half ? ' half' : ''}"`;
  const captionHtml = `<caption>${escapeHtml(caption)}</caption>`;
  if (rows.length === 0) return `<div ${place}><table>${captionHtml}</table><p class="none">${escapeHtml(empty)}</p></div>`;
  const heads = columns.map(
    column =>
      `<th scope="col" class="${column.kind}${column.wide ? ' wide' : ''}" data-cell="${cellClass(column)}"${column.signed ? ' data-signed="yes"' : ''} aria-sort="none">` +
      `<button type="button">${escapeHtml(column.title)}</button></th>`,
  );
  const body = rows
    .slice(0, rows.length > LONG ? SHOWN : rows.length)
    .map(
      row =>
        `<tr>${row.map((text, k) => `<td class="${cellClass(columns[k]!)}${toneOf(text, columns[k]!)}">${escapeHtml(text)}</td>`).join('')}</tr>`,
    );
  const pager =
    rows.length > LONG
      ? `<div class="pages"><button type="button" data-go="back">Back</button><span aria-live="polite">1–${SHOWN} of ${rows.length}</span>` +
        `<button type="button" data-go="on">Next</button></div>`
      : '';
  return (
    `<div ${place}><div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}">` +
    `<table id="${escapeHtml(id)}"${quiet ? ' class="quiet"' : ''} data-sortable>${captionHtml}<thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>${pager}</div>`
  );
};

const blockHtml = (block: Block): string => {
  switch (block.kind) {
    case 'chart':
      return (
        `<figure data-chart="${escapeHtml(block.id)}"${block.half ? ' class="half"' : ''}>` +
        `<div class="plot" style="min-height:${likelyHeight(block.spec)}px"></div><div class="paper-plot"></div>` +
        `${block.note ? `<figcaption>${escapeHtml(block.note)}</figcaption>` : ''}</figure>`
      );
    case 'table':
      return tableHtml(block);
    case 'text':
      return `<div class="text">${block.paragraphs.map(text => `<p>${escapeHtml(text)}</p>`).join('')}</div>`;
    case 'alarm':
      return `<div class="alarm-box" role="note">${escapeHtml(block.text)}</div>`;
    case 'list':
      return `<dl class="list">${block.items.map(({ term, text }) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`;
    case 'code':
      return `<div class="code"><p>${escapeHtml(block.label)}</p><pre tabindex="0">${escapeHtml(block.text)}</pre></div>`;
  }
};

const sectionHtml = ({ id, title, lead, blocks }: Section, index: number): string =>
  `<section id="${escapeHtml(id)}"${index === 0 ? ' class="first"' : ''}><h2>${escapeHtml(title)}</h2>` +
  `${lead ? `<p class="lead">${escapeHtml(lead)}</p>` : ''}<div class="grid">${blocks.map(blockHtml).join('\n')}</div></section>`;

const hash = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/**
 * A report as one HTML file that needs nothing else: libraries, rows and style are inside, and its content security policy forbids the
 * browser to ask for anything. Vega compiles its expressions, which is what `unsafe-eval` is for; only the scripts named by hash run.
 */
export const renderReport = (report: ReportDocument): string => {
  const charts = report.sections.flatMap(section => section.blocks).filter(block => block.kind === 'chart');
  const tables = report.sections.flatMap(section => section.blocks).filter(block => block.kind === 'table' && block.rows.length > LONG);
  const data = scriptJson({
    charts: Object.fromEntries(charts.map(({ id, spec }) => [id, takeApart(report.synthetic ? markSynthetic(spec) : spec)])),
    themes: { light: vegaConfig('light'), dark: vegaConfig('dark') },
    tables: Object.fromEntries(tables.flatMap(block => (block.kind === 'table' ? [[block.id, block.rows]] : []))),
  });
  const scripts = [...chartLibraries(), PAGE_SCRIPT];
  const policy = `default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src ${scripts.map(hash).join(' ')} 'unsafe-eval'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(report.title)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle()}</style>
</head>
<body>
${report.synthetic ? '<div class="synthetic" role="note"><p>SYNTHETIC DATA: generated, not traded anywhere. Nothing here is evidence about a market.</p></div>' : ''}
<div class="bar"><div><nav aria-label="Sections">${report.sections
    .map(({ id, title }) => `<a href="#${escapeHtml(id)}">${escapeHtml(title)}</a>`)
    .join('')}</nav><button type="button" class="scheme">Dark</button></div></div>
<main>
<header><h1>${escapeHtml(report.title)}</h1><p class="sub">${escapeHtml(report.subtitle)}</p><p class="verdict">${escapeHtml(report.verdict)}</p></header>
<dl class="tiles">${report.tiles.map(tileHtml).join('\n')}</dl>
${report.sections.map(sectionHtml).join('\n')}
<footer>Times are UTC. Percentages of money are after all costs unless a line says otherwise.</footer>
</main>
<script type="application/json" id="report-data">${data}</script>
${scripts.map(script => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
};
