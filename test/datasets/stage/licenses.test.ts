import { expect, test } from "vitest";
import { datasetCatalog } from "../../../src/datasets/catalog/entries/index.ts";
import { kindOf, licenseProblems, licenseWarnings } from "../../../src/datasets/stage/licenses.ts";

test.each([
  ["CC0-1.0", "free"],
  ["LicenseRef-Public-Domain", "free"],
  ["cc-by-4.0", "free"],
  ["Apache-2.0", "free"],
  ["ODC-By-1.0", "free"],
  ["CC-BY-SA-3.0", "share-alike"],
  ["GPL-2.0-or-later", "share-alike"],
  ["CC-BY-NC-4.0", "non-commercial"],
  ["CC-BY-NC-SA-4.0", "non-commercial"],
  ["CC-BY-NC-ND-4.0", "no-derivatives"],
  ["LicenseRef-BookSum-Research-Only", "research-only"],
  ["LicenseRef-llama3", "own-terms"],
  ["MIT AND CC-BY-NC-4.0", "non-commercial"],
  ["unknown", "unknown"],
  ["other", "unknown"],
])("%s is %s", (license, kind) => {
  expect(kindOf(license)).toBe(kind);
});

test("every licence of the catalog is understood", () => {
  for (const { license } of Object.values(datasetCatalog)) expect(kindOf(license)).not.toBe("own-terms");
});

const of = (...licenses: string[]) => licenses.map((license, i) => ({ name: `d${i}`, license }));

test.each<[string[], RegExp[]]>([
  [["MIT", "CC0-1.0", "CC-BY-4.0"], []],
  [["CC-BY-NC-4.0", "cc-by-nc-4.0"], []],
  [["CC-BY-SA-4.0"], []],
  [["unknown"], []],
  [["unknown", "MIT"], [/d0 \(unknown\): nobody states a licence/]],
  [
    ["MIT", "CC-BY-NC-4.0"],
    [/^licences: d1 \(CC-BY-NC-4\.0\): not for commercial use, and so is the whole mix$/],
  ],
  [["MIT", "CC-BY-SA-4.0"], [/d1 .*must carry the same licence/]],
  [
    ["GPL-3.0-only", "CC-BY-SA-4.0"],
    [/must carry/, /d0 .*, d1 .*each asks for its own licence on the whole/],
  ],
  [
    ["LicenseRef-X-Research-Only", "CC-BY-ND-4.0"],
    [/d1 .*may not be shared/, /d0 .*for research only/],
  ],
])("%j warns %j", (licenses, warnings) => {
  expect(licenseWarnings(of(...licenses))).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
});

test("allowed licences are compared by name, whatever their case; without a list all are allowed", () => {
  expect(licenseProblems(of("MIT", "mit", "unknown"), ["MIT"])).toEqual([
    "d2: expected a licence of data.licenses.allow (MIT), got unknown",
  ]);
  expect(licenseProblems(of("unknown"), undefined)).toEqual([]);
});
