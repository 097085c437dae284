import { BASELINE } from '../../models/recipe.js';

/** What the combined forecast is called in charts and tables. */
export const ENSEMBLE = 'Ensemble';
/** And what it is called before its last calibration. */
export const UNCALIBRATED = 'Ensemble, before calibration';

/** Colours of the theme's series: the first is the strategy's own, the last is grey. */
const SERIES = 8;

/**
 * The colour channel of a field `model`: the ensemble in the strategy's colour, climatology in grey, members between them, the same in every chart. Only the models of
 * `shown` stand in the legend. With more than six members the colours come round again.
 */
export const modelColour = (models: readonly string[], shown: readonly string[], symbolType: 'square' | 'circle' | 'stroke') => {
  const members = models.filter(name => name !== BASELINE);
  // Places nobody takes keep the baseline on the grey at the end.
  const free = Array.from({ length: Math.max(0, SERIES - 2 - members.length) }, (_, i) => `place ${i}`);
  return {
    field: 'model',
    type: 'nominal',
    scale: { domain: [ENSEMBLE, ...members, ...free, BASELINE] },
    legend: { values: [...shown], symbolType, symbolOpacity: 1 },
  } as const;
};
