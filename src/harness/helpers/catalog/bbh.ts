import type { KnownFunction } from "../helper.ts";

const filter = (python: string, hash: string, name: string): KnownFunction => ({
  standsFor: `bbh/zeroshot/utils.${python}`,
  hashes: [hash],
  make: () => ({ filter: { standsFor: `bbh/zeroshot/utils.${python}`, name } }),
});

/** The classes of filters of BIG-Bench Hard's tasks without examples. */
export const bbh: readonly KnownFunction[] = [
  filter("MapRegexFilter", "2062f17825779e1eb18933df08e741eb", "bbh_map"),
  filter("MultiChoiceRegexFilter", "5a1f1c9af410008aafac5fea72a06ee6", "bbh_multi_choice"),
  filter("NumberParseRegexFilter", "12955b45b1bd522dd732735fbabbb606", "bbh_number"),
  filter("WordSortFilter", "943bdb619db819996e0b1cae93e3663a", "bbh_word_sort"),
];
