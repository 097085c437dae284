import { useState } from 'preact/hooks';
import type { DatasetView } from '../../api/data-api.js';
import { Candles } from '../charts/candles.js';
import { Answered } from '../parts/answered.js';
import { EmptyNote } from '../parts/empty-note.js';
import { count, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { useAnswer } from '../state/answer.js';

const LIMIT = 5000;

/** Candles of one series, the newest of it. */
export const BarsPanel = ({ dataset, series }: { readonly dataset: string; readonly series: DatasetView['series'] }) => {
  const bars = series.flatMap(({ kind, symbol, timeframe }) => (kind === 'bars' && timeframe !== null ? [{ symbol, timeframe }] : []));
  const [chosen, setChosen] = useState(0);
  const wanted = bars[chosen] ?? bars[0];
  const answer = useAnswer('datasets.bars', wanted === undefined ? null : { params: { dataset }, query: { ...wanted, limit: LIMIT } });
  const shown = answer.value?.bars.ts ?? [];
  if (wanted === undefined) return null;
  return (
    <Panel
      title="Bars"
      flush
      note={shown.length === 0 ? undefined : `${count(shown.length)} bars, ${utcMinute(shown[0])} to ${utcMinute(shown.at(-1))} UTC`}
      aside={
        <SelectField
          bare
          label="Series"
          value={String(bars.indexOf(wanted))}
          onChange={value => setChosen(Number(value))}
          options={bars.map(({ symbol, timeframe }, at) => ({ value: String(at), text: `${symbol} ${timeframe}` }))}
        />
      }
    >
      <Answered answer={answer} height={360}>
        {value =>
          value.bars.ts.length === 0 ? (
            <EmptyNote title="No bars in this range" />
          ) : (
            <Candles
              bars={value.bars}
              label={`${wanted.symbol} ${wanted.timeframe} of ${dataset}`}
              synthetic={value.synthetic}
              height={360}
              fitKey={`${dataset} ${wanted.symbol} ${wanted.timeframe}`}
            />
          )
        }
      </Answered>
    </Panel>
  );
};
