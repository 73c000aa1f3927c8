import type { SourceItem } from "../draft.ts";
import { counted } from "../reason.ts";
import { unknownForm } from "./row-forms.ts";
import { isConsecutive } from "./turns/check-turns.ts";
import type { Unread } from "./unread-columns.ts";

/** What is told of a dataset's rows when all of them are read. */
export class SeenRows {
  readonly #name: string;
  readonly #forms = new Map<string, number>();
  readonly #mattering = new Map<string, number>();
  readonly #harmless = new Set<string>();
  #notNumbers = 0;
  #rows = 0;
  #kept = 0;
  #firstDropped = "";
  #consecutive = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes a row with what is not read of it, and gives it back. */
  add(item: SourceItem, { mattering, harmless }: Unread): SourceItem {
    const { form } = item;
    if (form !== undefined) this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
    const isDropped = "dropped" in item;
    this.#rows++;
    if (isDropped) {
      const { reason, detail } = item.dropped;
      this.#firstDropped ||= detail === "" ? reason : `${reason}: ${detail}`;
    } else this.#kept++;
    // What a row that is dropped for another reason has beside it is of no interest.
    if (!isDropped || item.dropped.reason === "unread_column")
      for (const key of mattering) this.#mattering.set(key, (this.#mattering.get(key) ?? 0) + 1);
    if (!isDropped) for (const key of harmless) this.#harmless.add(key);
    if (isDropped && isConsecutive(item.dropped)) this.#consecutive++;
    return item;
  }

  /** Takes a row whose numbers were no JSON. */
  addNotNumber(): void {
    this.#notNumbers++;
  }

  /** `toldApart`: a column that nothing reads, of which more is told. */
  warnings(toldApart: string | null = null): string[] {
    const told: string[] = [];
    const counts = (of: Iterable<[string, number]>): string =>
      [...of].map(([key, n]) => `${key} in ${counted(n, "row")}`).join(", ");
    if ([...this.#forms.keys()].filter((form) => form !== unknownForm).length > 1)
      told.push(`rows of several forms, each read by its own: ${counts(this.#forms)}`);
    if (this.#mattering.size > 0) {
      const some = counts([...this.#mattering].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 20));
      told.push(
        `columns that matter are not read: ${some}. The examples are without them, or dropped where that would ` +
          "teach something false; the ledger has these rows as unread_column",
      );
    }
    const harmless = [...this.#harmless].filter((column) => column !== toldApart).sort();
    if (harmless.length > 0) told.push(`columns not used: ${harmless.slice(0, 20).join(", ")}`);
    if (this.#notNumbers > 0)
      told.push(
        `NaN or Infinity, which JSON does not have, read as null in ${counted(this.#notNumbers, "row")}`,
      );
    if (this.#consecutive > 0) {
      told.push(
        `turns of one role in a row drop ${counted(this.#consecutive, "row")}; join_consecutive: true, beside the ` +
          "dataset's path or hub, joins them",
      );
    }
    if (this.#rows > 0 && this.#kept === 0) {
      const all = this.#rows === 1 ? "its only row is dropped" : `all ${this.#rows} rows are dropped`;
      told.push(`no row is an example: ${all}; the first as ${this.#firstDropped}`);
    }
    return told.map((message) => `${this.#name}: ${message}`);
  }
}
