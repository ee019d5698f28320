export interface TableColumn {
  readonly title: string;
  readonly align?: 'right';
}

const WIDEST_CELL = 32;

/** Rows under titles, aligned; only the last column may be as long as it likes. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const last = columns.length - 1;
  const shown = [columns.map(({ title }) => title), ...rows].map((row) =>
    row.map((cell, column) => (column === last ? cell : clipped(cell))),
  );
  const widths = columns.map((_, column) =>
    shown.reduce((widest, row) => Math.max(widest, width(row[column] ?? '')), 0),
  );
  return shown.map((row) =>
    row
      .map((cell, column) => aligned(cell, widths[column]!, columns[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function aligned(cell: string, wanted: number, column: TableColumn): string {
  const padding = ' '.repeat(wanted - width(cell));
  return column.align === 'right' ? padding + cell : cell + padding;
}

function clipped(cell: string): string {
  return width(cell) > WIDEST_CELL ? `${[...cell].slice(0, WIDEST_CELL - 1).join('')}…` : cell;
}

const width = (cell: string) => [...cell].length;
