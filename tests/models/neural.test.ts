import { gru } from '../../src/models/gru.js';
import { lstm } from '../../src/models/lstm.js';
import { mixtureDensity } from '../../src/models/mixture-density.js';
import { mlp } from '../../src/models/mlp.js';
import { forecasterContract } from '../contracts/forecaster.js';

forecasterContract('mlp', () => mlp({ epochs: 6, batch: 64, hidden: [8], learningRate: 0.02 }), { stopAfter: 2, rows: 800 });
forecasterContract('mixture-density', () => mixtureDensity({ epochs: 6, batch: 64, hidden: [8], components: 2, learningRate: 0.02 }), {
  stopAfter: 2,
});
forecasterContract('lstm', () => lstm({ epochs: 4, batch: 100, lookback: 3, units: 4, learningRate: 0.03 }), { stopAfter: 1, rows: 800 });
forecasterContract('gru', () => gru({ epochs: 4, batch: 100, lookback: 3, units: 4, learningRate: 0.03 }), { stopAfter: 1, rows: 800 });
