import { inspect } from 'node:util';

/** What is shown in place of a secret. */
export const HIDDEN = '[secret]';

/** A text that only shows itself to whoever asks by name: printing, joining, JSON and inspection give `[secret]`. It still lies in memory as any text does. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
