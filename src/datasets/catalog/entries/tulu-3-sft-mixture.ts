import type { HubDataset } from "../hub-entry.ts";

export const tulu3SftMixture: HubDataset = {
  id: "tulu-3-sft-mixture",
  title: "T\u00fclu 3 SFT mixture",
  description:
    "939k conversations of many sources that Ai2 tuned Tülu 3 on; some of its parts have terms of their own",
  license: "ODC-By-1.0",
  repo: "allenai/tulu-3-sft-mixture",
  revision: "main",
  task: "other",
  lengths: ["short", "long"],
  rows: { messages: "messages", id: "id" },
};
