/** What a licence means for mixing its text with others'. */
export type LicenseKind =
  | "free"
  | "share-alike"
  | "non-commercial"
  | "no-derivatives"
  | "research-only"
  | "own-terms"
  | "unknown";

export interface LicensedDataset {
  name: string;
  license: string;
}

const free =
  /^(cc0|cc-by-\d|cc-by$|pddl|odc-by|mit|apache|bsd|isc|unlicense|0bsd|python|psf|artistic|cdla-permissive|zlib|wtfpl)/;
const shareAlike = /(^|-)(sa|gpl|agpl|lgpl|odbl|gfdl|mpl)(-|$)|^(gpl|agpl|lgpl|odbl|gfdl|mpl)/;

/** The kind of an SPDX id, a Hub card's id or a `LicenseRef-…`, from its parts; of `A AND B` the stricter. */
export function kindOf(license: string): LicenseKind {
  const kinds = license.split(/\s+AND\s+/i).map(kindOfOne);
  return strictness.find((kind) => kinds.includes(kind)) ?? "unknown";
}

/** Strictest first. */
const strictness: readonly LicenseKind[] = [
  "no-derivatives",
  "research-only",
  "non-commercial",
  "unknown",
  "own-terms",
  "share-alike",
  "free",
];

function kindOfOne(license: string): LicenseKind {
  const id = license.trim().toLowerCase();
  const bare = id.replace(/^licenseref-/, "");
  if (id === "" || id === "unknown" || id === "other") return "unknown";
  if (/(^|-)nd(-|$)/.test(bare)) return "no-derivatives";
  if (/research/.test(bare)) return "research-only";
  if (/(^|-)nc(-|$)|non-?commercial/.test(bare)) return "non-commercial";
  if (/public-?domain/.test(bare)) return "free";
  if (shareAlike.test(bare)) return "share-alike";
  if (free.test(id)) return "free";
  return "own-terms";
}

/**
 * What a user or publisher of the mix has to know, one sentence each; nothing where all licences are free or
 * the same. It is read from their names alone and is not legal advice.
 */
export function licenseWarnings(datasets: readonly LicensedDataset[]): string[] {
  const by = (kind: LicenseKind) => datasets.filter(({ license }) => kindOf(license) === kind);
  const named = (some: readonly LicensedDataset[]) =>
    some.map(({ name, license }) => `${name} (${license})`).join(", ");
  const mixed = new Set(datasets.map(({ license }) => license.toLowerCase())).size > 1;
  const warnings: string[] = [];
  const tell = (some: LicensedDataset[], what: string) => {
    if (some.length > 0) warnings.push(`licences: ${named(some)}: ${what}`);
  };
  tell(by("no-derivatives"), "changed versions may not be shared, and a mix is one");
  // One file of the user's own needs no licence.
  if (datasets.length > 1)
    tell(by("unknown"), "nobody states a licence; name it with `license` once you know it");
  if (!mixed) return warnings;
  tell(by("research-only"), "for research only, and so is the whole mix");
  tell(by("non-commercial"), "not for commercial use, and so is the whole mix");
  tell(by("own-terms"), "terms of their own; read them before you share the mix");
  const alike = by("share-alike");
  tell(alike, "what is made of it must carry the same licence, which the others may not allow");
  const terms = new Set(alike.map(({ license }) => license.toLowerCase().replace(/-\d.*$/, "")));
  if (terms.size > 1) tell(alike, "each asks for its own licence on the whole, so the mix cannot be shared");
  return warnings;
}

/** Datasets whose licence is not among those that the recipe allows (`data.licenses.allow`), as problems. */
export function licenseProblems(
  datasets: readonly LicensedDataset[],
  allow: readonly string[] | undefined,
): string[] {
  if (allow === undefined) return [];
  const allowed = new Set(allow.map((license) => license.toLowerCase()));
  return datasets
    .filter(({ license }) => !allowed.has(license.toLowerCase()))
    .map(
      ({ name, license }) =>
        `${name}: expected a licence of data.licenses.allow (${allow.join(", ")}), got ${license}`,
    );
}
