/** What the fixture of right prompts holds of what the harness's own tasks ask. */
export interface AskedRow {
  target: unknown;
  arguments: unknown[][];
}
export type Prompts = Record<string, Record<string, AskedRow[]>>;

/** Few tasks of a family. */
export function inFixture(task: string): boolean {
  if (task.startsWith("mmlu_pro_")) return /_(law|computer_science)$/.test(task);
  if (task.startsWith("mmlu_")) return /_(anatomy|high_school_us_history)$/.test(task);
  return !task.startsWith("bbh_") || /_(navigate|snarks)$/.test(task);
}

/** The first rows, with and without examples. */
export function someOf(asked: Readonly<Record<string, readonly AskedRow[]>>): Record<string, AskedRow[]> {
  return Object.fromEntries(Object.entries(asked).map(([shots, rows]) => [shots, rows.slice(0, 2)]));
}
