/** Columns with those of these keys first, in the order of the keys: what matters most comes first where a page is narrow. */
export const firstColumns = <C extends { readonly key: string }>(columns: readonly C[], keys: readonly string[]): readonly C[] => [
  ...keys.flatMap(key => columns.find(column => column.key === key) ?? []),
  ...columns.filter(({ key }) => !keys.includes(key)),
];
