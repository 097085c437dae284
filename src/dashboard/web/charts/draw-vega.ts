import { Error as Severe, logger, None, parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { vegaLook } from './vega-look.js';
import { vegaTooltip } from './vega-tooltip.js';

/** Compiles and draws into `element`; its view is to be finalised when it goes. Loaded apart, for it brings the whole of Vega. */
export const drawVega = async ({
  spec,
  label,
  element,
  width,
  height,
}: {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly label: string;
  readonly element: HTMLElement;
  readonly width: number;
  readonly height: number;
}): Promise<View> => {
  const look = vegaLook();
  const { config = {}, ...own } = spec;
  const whole = {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding', resize: true },
    ...own,
    description: label,
    config: { ...look, ...(config as object) },
  } as TopLevelSpec;
  const { spec: compiled } = compile(whole, {
    // Vega-Lite's remarks are for who writes a spec; a spec that is wrong throws.
    logger: logger(None),
  });
  const view = new View(parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'canvas',
    container: element,
    hover: true,
    logLevel: Severe,
  });
  view.tooltip(vegaTooltip(element));
  await view.runAsync();
  return view;
};
