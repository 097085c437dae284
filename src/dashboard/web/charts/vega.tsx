import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from 'vega';
import { ErrorNote } from '../parts/error-note.js';
import { Loading } from '../parts/loading.js';
import type { Refused } from '../parts/refused.js';
import { refusalOf } from '../state/api.js';
import { scheme } from '../state/theme.js';

/**
 * A Vega-Lite chart, compiled in the page and run by Vega's interpreter, so that the page's policy against inline code holds. `spec` carries its data inline and no width or height; it names colours by role, as
 * `{ expr: 'gain' }`. Give a spec that stays the same object while nothing in it changes.
 */
export const VegaChart = ({
  spec,
  label,
  height = 240,
}: {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly label: string;
  readonly height?: number;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'waiting' | 'drawn' | Refused>('waiting');
  const theme = scheme.value;
  useEffect(() => {
    let view: View | null = null;
    let gone = false;
    let sized: ResizeObserver | null = null;
    const draw = async (): Promise<void> => {
      const { drawVega } = await import('./draw-vega.js');
      const element = box.current;
      if (gone || element === null) return;
      const drawing = await drawVega({ spec, label, element, width: element.clientWidth, height });
      if (gone) {
        drawing.finalize();
        return;
      }
      view = drawing;
      setState('drawn');
      let width = element.clientWidth;
      sized = new ResizeObserver(() => {
        if (element.clientWidth === width || element.clientWidth === 0) return;
        width = element.clientWidth;
        void drawing.width(width).runAsync();
      });
      sized.observe(element);
    };
    draw().catch((error: unknown) => {
      if (!gone) setState(refusalOf(error));
    });
    return () => {
      gone = true;
      sized?.disconnect();
      view?.finalize();
    };
  }, [spec, height, theme, label]);
  return (
    <figure class="chart" aria-label={label}>
      {typeof state === 'object' ? <ErrorNote error={state} /> : null}
      <div class="chart-canvas vega" ref={box} style={{ height: `${height}px` }} />
      {state === 'waiting' ? (
        <div class="chart-wait">
          <Loading height={height} />
        </div>
      ) : null}
    </figure>
  );
};
