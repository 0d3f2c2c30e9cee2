// Tables as files that spreadsheets open: quoted where needed, and never run as formulas.

export function writeCsv(titles: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return `${[titles, ...rows].map(row => row.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // A text from outside that begins so would be a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
