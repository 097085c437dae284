import { listDatasets, openDataset } from '../../datasets/catalogue.js';
import type { DatasetView, dataApi } from '../api/data-api.js';
import type { WorkbenchHandlers } from '../api/endpoints.js';
import type { Platform } from '../platform.js';
import { datasetBars } from './dataset-bars.js';
import { datasetLine } from './dataset-line.js';
import { datasetView } from './dataset-view.js';

/** Views kept: a version never changes, and its gaps are found once. */
const KEPT = 20;

/** Datasets, read where they lie. */
export const dataHandlers = ({ workspace }: Pick<Platform, 'workspace'>): Pick<WorkbenchHandlers, keyof typeof dataApi> => {
  const gaps = new Map<string, Promise<DatasetView>>();
  return {
    'datasets.list': async () => ({ datasets: (await listDatasets(workspace)).map(datasetLine) }),
    'datasets.show': async ({ params }) => {
      const dataset = await openDataset(workspace, params.dataset);
      const { version } = dataset.manifest;
      const known = gaps.get(version);
      if (known !== undefined) return known;
      const view = datasetView(dataset);
      gaps.set(version, view);
      view.catch(() => gaps.delete(version));
      const [oldest] = gaps.keys();
      if (gaps.size > KEPT && oldest !== undefined) gaps.delete(oldest);
      return view;
    },
    'datasets.bars': async ({ params, query }) => {
      const dataset = await openDataset(workspace, params.dataset);
      return { synthetic: dataset.manifest.synthetic, bars: await datasetBars(dataset, query) };
    },
  };
};
