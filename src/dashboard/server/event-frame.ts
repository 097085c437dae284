/** Views are the same object for everybody who watches, so each is written out once. */
const written = new WeakMap<object, string>();

/** A message of the stream as it goes over the wire. JSON has no line breaks of its own. */
export const eventFrame = (event: string, data: object, id: string | null = null): string => {
  let text = written.get(data);
  if (text === undefined) {
    text = JSON.stringify(data);
    written.set(data, text);
  }
  return `event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${text}\n\n`;
};
