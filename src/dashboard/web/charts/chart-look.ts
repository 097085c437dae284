import type { ChartOptions, DeepPartial } from 'lightweight-charts';
import { utcMinute } from '../parts/figures.js';
import { colourOf } from './colours.js';

/** Colours, typeface and UTC times of a lightweight chart; taken again when the theme changes. The attribution that its licence asks for stands on the Settings page. */
export const chartLook = (): DeepPartial<ChartOptions> => ({
  layout: {
    background: { color: 'transparent' },
    textColor: colourOf('muted'),
    fontFamily: colourOf('font'),
    fontSize: 11,
    attributionLogo: false,
    panes: { separatorColor: colourOf('hairline'), enableResize: false },
  },
  grid: { vertLines: { visible: false }, horzLines: { color: colourOf('hairline') } },
  crosshair: {
    mode: 0,
    vertLine: { color: colourOf('benchmark'), labelBackgroundColor: colourOf('muted') },
    horzLine: { color: colourOf('benchmark'), labelBackgroundColor: colourOf('muted') },
  },
  rightPriceScale: { borderVisible: false },
  timeScale: { borderColor: colourOf('hairline'), timeVisible: true, secondsVisible: false, minBarSpacing: 0.002 },
  localization: { locale: 'en-GB', timeFormatter: (time: unknown) => `${utcMinute(Number(time) * 1000)} UTC` },
});
