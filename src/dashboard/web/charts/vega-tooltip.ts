type Heard = { readonly clientX?: number; readonly clientY?: number };

/** Vega's tooltips as plain text of ours, for its own brings a style sheet that the page's policy would refuse. */
export const vegaTooltip = (element: HTMLElement) => {
  const box = document.createElement('div');
  box.className = 'chart-tooltip';
  box.hidden = true;
  element.append(box);
  return (_handler: unknown, event: Heard, _item: unknown, value: unknown): void => {
    box.hidden = value === null || value === undefined || value === '';
    if (box.hidden) return;
    box.replaceChildren(
      ...(typeof value === 'object'
        ? Object.entries(value as Record<string, unknown>).map(([name, text]) => {
            const line = document.createElement('div');
            const [key, what] = [document.createElement('span'), document.createElement('b')];
            key.textContent = name;
            what.textContent = String(text);
            line.append(key, what);
            return line;
          })
        : [document.createTextNode(String(value))]),
    );
    const around = element.getBoundingClientRect();
    const x = (event.clientX ?? 0) - around.left;
    const y = (event.clientY ?? 0) - around.top;
    box.style.left = `${Math.min(x + 14, Math.max(0, around.width - box.offsetWidth - 4))}px`;
    box.style.top = `${Math.max(0, y - box.offsetHeight - 10)}px`;
  };
};
