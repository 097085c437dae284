import { Resvg } from '@resvg/resvg-js';
import { compile } from 'vega-lite';
import { loader, parse, View } from 'vega';
import { didYouMean, usageError } from '../errors.js';
import { markSynthetic } from './charts/synthetic.js';
import { vegaConfig } from './theme.js';
import type { ChartSpec } from './charts/chart.js';
import type { ReportDocument } from './document.js';
import type { Scheme } from './theme.js';

/** A chart's rows are inside it; anything else is refused. */
const offline = () => {
  const none = loader();
  none.load = () => Promise.reject(new Error('a chart reads nothing but itself'));
  return none;
};

/** A chart as an SVG document in one scheme. */
export const chartSvg = async (spec: ChartSpec, scheme: Scheme = 'light'): Promise<string> => {
  const { spec: compiled } = compile(spec, { config: vegaConfig(scheme) });
  const view = new View(parse(compiled), { renderer: 'none', loader: offline() });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
};

/** A chart as a PNG, `scale` pixels for each of its own. Text is set in a sans-serif typeface of the machine. */
export const chartPng = async (
  spec: ChartSpec,
  { scheme = 'light', scale = 2 }: { scheme?: Scheme; scale?: number } = {},
): Promise<Uint8Array> =>
  new Resvg(await chartSvg(spec, scheme), {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: true, defaultFontFamily: 'Liberation Sans', sansSerifFamily: 'Liberation Sans' },
  })
    .render()
    .asPng();

/** Ids of a report's charts, in order. */
export const chartIds = (report: ReportDocument): string[] =>
  report.sections.flatMap(({ blocks }) => blocks.flatMap(block => (block.kind === 'chart' ? [block.id] : [])));

/** One chart of a report by its id, labelled when the data is synthetic. Throws a usage error for an id that the report does not have. */
export const chartOf = (report: ReportDocument, id: string): ChartSpec => {
  for (const { blocks } of report.sections)
    for (const block of blocks)
      if (block.kind === 'chart' && block.id === id) return report.synthetic ? markSynthetic(block.spec) : block.spec;
  const ids = chartIds(report);
  throw usageError('unknown-chart', `The report has no chart "${id}".${didYouMean(id, ids)}`, `Charts: ${ids.join(', ')}.`);
};
