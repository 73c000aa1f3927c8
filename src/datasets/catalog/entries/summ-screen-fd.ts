import type { HubDataset } from "../hub-entry.ts";

export const summScreenFd: HubDataset = {
  id: "summ-screen-fd",
  title: "SummScreenFD",
  description: "Transcripts of television episodes with recaps, in SCROLLS' form",
  license: "unknown",
  repo: "tau/scrolls",
  revision: "refs/convert/parquet",
  data_files: "summ_screen_fd/train/*.parquet",
  task: "summarization",
  lengths: ["long"],
  rows: {
    prompt: "{{input}}\n\nWrite a recap of this episode.",
    response: "{{output}}",
    context: "input",
    id: "pid",
  },
};
