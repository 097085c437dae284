import { useEffect, useRef, useState } from 'preact/hooks';
import type { FactLine } from '../../api/accounts-api.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { count, utc } from '../parts/figures.js';
import { factTone } from './fact-tone.js';
import { scrollTo, visibleRows } from './visible-rows.js';

const HEIGHT = 620;
const ROW = 32;
const NARROW_ROW = 60;

const streamName = (strategy: string): string => (strategy === '' ? 'account' : strategy);

const moveBy = (key: string, row: number, count_: number, page: number): number | null => {
  switch (key) {
    case 'ArrowDown':
      return row + 1;
    case 'ArrowUp':
      return row - 1;
    case 'PageDown':
      return row + page;
    case 'PageUp':
      return row - page;
    case 'Home':
      return 0;
    case 'End':
      return count_ - 1;
    default:
      return null;
  }
};

/**
 * Facts, newest first; only those in sight are made. `onLeaveTop` hears that somebody reads on below, so that new facts must not push rows away. Arrow keys, Page, Home and End move; Enter opens.
 */
export const FactList = ({
  facts,
  chosen,
  isNarrow,
  isFollowing,
  hasOlder,
  isLoadingOlder,
  older,
  onLeaveTop,
  onOpen,
}: {
  readonly facts: readonly FactLine[];
  readonly chosen: number | null;
  readonly isNarrow: boolean;
  readonly isFollowing: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly older: () => void;
  readonly onLeaveTop: () => void;
  readonly onOpen: (fact: FactLine) => void;
}) => {
  const [scrolled, setScrolled] = useState(0);
  const [active, setActive] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const rowHeight = isNarrow ? NARROW_ROW : ROW;
  useEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = 0;
  }, [isFollowing]);
  const { first, end } = visibleRows(facts.length, rowHeight, scrolled, HEIGHT);
  const activeRow = active === null ? -1 : facts.findIndex(({ position }) => position === active);
  const stop = activeRow >= first && activeRow < end ? activeRow : first;
  const move = (event: KeyboardEvent, row: number): void => {
    const target = moveBy(event.key, row, facts.length, Math.floor(HEIGHT / rowHeight) - 1);
    if (target === null || box.current === null) return;
    event.preventDefault();
    const to = Math.min(facts.length - 1, Math.max(0, target));
    onLeaveTop();
    box.current.scrollTop = scrollTo(to, rowHeight, box.current.scrollTop, HEIGHT - rowHeight);
    setScrolled(box.current.scrollTop);
    setActive(facts[to]?.position ?? null);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[aria-rowindex="${to + 2}"]`)?.focus({ preventScroll: true }));
  };
  return (
    <div
      ref={box}
      class="fact-list"
      role="grid"
      aria-label="Facts of the journal, newest first"
      aria-rowcount={facts.length + 1}
      style={{ height: `${HEIGHT}px` }}
      onScroll={event => {
        const { scrollTop } = event.currentTarget;
        setScrolled(scrollTop);
        if (scrollTop > 4 && isFollowing) onLeaveTop();
      }}
    >
      <div role="row" class="fact-row fact-head" aria-rowindex={1}>
        {['Position', 'Time (UTC)', 'Stream', 'Type', 'Fact'].map(title => (
          <span key={title} role="columnheader" class={title === 'Position' ? 'right' : undefined}>
            {title}
          </span>
        ))}
      </div>
      <div role="rowgroup" style={{ height: `${facts.length * rowHeight + (hasOlder ? 48 : 0)}px`, position: 'relative' }}>
        {facts.slice(first, end).map((fact, at) => {
          const row = first + at;
          const { position, seq, strategy, type, ts, text } = fact;
          return (
            <div
              key={position}
              role="row"
              class={`fact-row ${position === chosen ? 'chosen' : ''}`}
              aria-rowindex={row + 2}
              aria-selected={position === chosen}
              tabIndex={row === stop ? 0 : -1}
              style={{ transform: `translateY(${row * rowHeight}px)`, height: `${rowHeight}px` }}
              onFocus={() => setActive(position)}
              onClick={() => {
                onLeaveTop();
                onOpen(fact);
              }}
              onKeyDown={event => {
                if (event.key === 'Enter' || event.key === ' ') {
                  event.preventDefault();
                  onOpen(fact);
                } else move(event, row);
              }}
            >
              <span role="gridcell" class="fact-position figure muted">
                {count(position)}
              </span>
              <span role="gridcell" class="fact-time figure">
                {utc(ts)}
                <small class="muted">.{String(((ts % 1000) + 1000) % 1000).padStart(3, '0')}</small>
              </span>
              <span role="gridcell" class="fact-stream ellipsis muted" title={`${streamName(strategy)}:${seq}`}>
                {streamName(strategy)}
              </span>
              <span role="gridcell" class="fact-type">
                <Badge tone={factTone(type)}>{type}</Badge>
              </span>
              <span role="gridcell" class="fact-text ellipsis" title={text}>
                {text}
              </span>
            </div>
          );
        })}
        {hasOlder ? (
          <div role="row" class="fact-older" style={{ transform: `translateY(${facts.length * rowHeight}px)` }}>
            <span role="gridcell">
              <Button small busy={isLoadingOlder} onClick={older}>
                Older
              </Button>
            </span>
          </div>
        ) : null}
      </div>
    </div>
  );
};
