import type { SourceItem } from "../draft.ts";
import { notANumber } from "../files/json-rows.ts";
import { isConsecutive } from "./check-turns.ts";
import { unknownForm } from "./row-forms.ts";
import type { Unread } from "./unread-columns.ts";

/** What is told of a dataset's rows when all of them are read. */
export class SeenRows {
  readonly #name: string;
  readonly #forms = new Map<string, number>();
  readonly #mattering = new Map<string, number>();
  readonly #harmless = new Set<string>();
  #notNumbers = 0;
  #consecutive = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes a row with what is not read of it, and gives it back. */
  add(item: SourceItem, { mattering, harmless }: Unread): SourceItem {
    const { form } = item;
    if (form !== undefined) this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
    const isDropped = "dropped" in item;
    // What a row that is dropped for another reason has beside it is of no interest.
    if (!isDropped || item.dropped.reason === "unread_column")
      for (const key of mattering) this.#mattering.set(key, (this.#mattering.get(key) ?? 0) + 1);
    if (!isDropped) for (const key of harmless) this.#harmless.add(key);
    if (!isDropped && item.changed?.reason === notANumber) this.#notNumbers++;
    if (isDropped && isConsecutive(item.dropped)) this.#consecutive++;
    return item;
  }

  warnings(): string[] {
    const told: string[] = [];
    const counts = (of: Iterable<[string, number]>): string =>
      [...of].map(([key, n]) => `${key} in ${n}`).join(", ");
    if ([...this.#forms.keys()].filter((form) => form !== unknownForm).length > 1)
      told.push(`rows of several forms, each read by its own: ${counts(this.#forms)}`);
    if (this.#mattering.size > 0) {
      const some = counts([...this.#mattering].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 20));
      told.push(
        `columns that matter and are not read: ${some} rows. These rows are in the ledger as unread_column; ` +
          "fields can say what is what",
      );
    }
    if (this.#harmless.size > 0)
      told.push(`columns not used: ${[...this.#harmless].sort().slice(0, 20).join(", ")}`);
    if (this.#notNumbers > 0)
      told.push(`${this.#notNumbers} rows have NaN or Infinity, which are no JSON and read as null`);
    if (this.#consecutive > 0) {
      told.push(
        `${this.#consecutive} rows are dropped for turns of one role in a row; join_consecutive: true beside ` +
          "the dataset's path joins them",
      );
    }
    return told.map((message) => `${this.#name}: ${message}`);
  }
}
