import type { FaultSpec } from './fault.js';
import type { StreamLabel } from './front.js';
import { withHostileFields } from './hostile-fields.js';

/** What it needs of the connection below. */
export interface FaultyStreamOptions {
  readonly faults: (label: StreamLabel) => readonly FaultSpec[];
  readonly send: (text: string) => void;
}

/** The way of messages to one connection, through the faults of its streams. */
export interface FaultyStream {
  send(text: string, label: StreamLabel): void;
  close(): void;
}

/** Loses, doubles, delays, re-orders and spoils messages as the faults say; without faults they pass at once and in order. */
export const faultyStream = ({ faults, send }: FaultyStreamOptions): FaultyStream => {
  const timers = new Set<NodeJS.Timeout>();
  let held: { text: string; left: number }[] = [];
  let closed = false;

  const later = (text: string, ms: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!closed) send(text);
    }, ms);
    timers.add(timer);
  };
  const release = (): void => {
    const due = held.filter(each => --each.left <= 0);
    held = held.filter(each => each.left > 0);
    for (const { text } of due) send(text);
  };

  return {
    send: (text, label) => {
      let out = text;
      let copies = 1;
      let delay = 0;
      let hold = 0;
      for (const fault of faults(label)) {
        switch (fault.kind) {
          case 'omit':
          case 'silent':
          case 'black-hole':
            return;
          case 'duplicate':
            copies = fault.times;
            break;
          case 'delay-event':
            delay = fault.ms;
            break;
          case 'reorder':
            hold = fault.times;
            break;
          case 'hostile':
            out = withHostileFields(out, fault);
        }
      }
      if (hold > 0) {
        held.push({ text: out, left: hold });
        return;
      }
      for (let copy = 0; copy < copies; copy++)
        if (delay > 0) later(out, delay);
        else send(out);
      if (held.length > 0) release();
    },
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
};
