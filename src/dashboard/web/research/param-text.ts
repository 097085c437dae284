/** Parameters in one line: `fast 20, slow 50`. */
export const paramText = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)}`)
    .join(', ');
