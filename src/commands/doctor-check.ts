/** One thing looked at. `note` is worth knowing and no fault. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'wrong' | 'note';
  readonly text: string;
  readonly fix: string | null;
}

export const ok = (name: string, text: string): Check => ({ name, status: 'ok', text, fix: null });
export const note = (name: string, text: string, fix: string | null = null): Check => ({ name, status: 'note', text, fix });
export const wrong = (name: string, text: string, fix: string): Check => ({ name, status: 'wrong', text, fix });

/** The first line of what a caught value says. */
export const firstLine = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
