import { compile } from 'vega-lite';
import { logger, parse, View, Warn } from 'vega';
import { vegaConfig } from '../../src/reports/theme.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import type { Scheme } from '../../src/reports/theme.js';

/** The picture of a chart, and every warning and error of Vega-Lite's compiler and of Vega at work. */
export const drawChart = async (spec: ChartSpec, scheme: Scheme): Promise<{ svg: string; said: string[] }> => {
  const said: string[] = [];
  const listener = logger(Warn, 'warn', (_method, _level, words) => {
    const text = words.map(String).join(' ');
    // Node has no window to listen to; browsers do.
    if (!text.includes('Can not resolve event source: window')) said.push(text);
  });
  const { spec: compiled } = compile(spec, { config: vegaConfig(scheme), logger: listener });
  const view = new View(parse(compiled), { renderer: 'none', logger: listener });
  const svg = await view.toSVG();
  view.finalize();
  return { svg, said };
};
