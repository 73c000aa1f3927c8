import type { DatasetEntry } from "../../entry.ts";
import type { HubDataset } from "../hub-entry.ts";
import { alpaca } from "./alpaca.ts";
import { arxivSummarization } from "./arxiv-summarization.ts";
import { billsum } from "./billsum.ts";
import { booksum } from "./booksum.ts";
import { booksumWriting } from "./booksum-writing.ts";
import { boolq } from "./boolq.ts";
import { cnnDailymail } from "./cnn-dailymail.ts";
import { dialogsum } from "./dialogsum.ts";
import { dolly15k } from "./dolly-15k.ts";
import { govreport } from "./govreport.ts";
import { hotpotqa } from "./hotpotqa.ts";
import { longalign10k } from "./longalign-10k.ts";
import { longalpaca12k } from "./longalpaca-12k.ts";
import { longwriter6k } from "./longwriter-6k.ts";
import { mobyDick } from "./moby-dick.ts";
import { mobyDickText } from "./moby-dick-text.ts";
import { musique } from "./musique.ts";
import { narrativeqa } from "./narrativeqa.ts";
import { noRobots } from "./no-robots.ts";
import { openOrca } from "./open-orca.ts";
import { pubmedSummarization } from "./pubmed-summarization.ts";
import { qasper } from "./qasper.ts";
import { qmsum } from "./qmsum.ts";
import { quality } from "./quality.ts";
import { slimOrca } from "./slim-orca.ts";
import { squad } from "./squad.ts";
import { stateOfTheUnion } from "./state-of-the-union.ts";
import { stateOfTheUnionText } from "./state-of-the-union-text.ts";
import { summScreenFd } from "./summ-screen-fd.ts";
import { tulu3SftMixture } from "./tulu-3-sft-mixture.ts";
import { ultrachat200k } from "./ultrachat-200k.ts";
import { worldFactbook } from "./world-factbook.ts";
import { worldFactbookText } from "./world-factbook-text.ts";
import { writingPrompts } from "./writing-prompts.ts";
import { xsum } from "./xsum.ts";

/**
 * Datasets that a recipe may name under `catalog`: texts that ship with the package, and datasets of the Hub.
 */
export const datasetCatalog = {
  alpaca: alpaca,
  "arxiv-summarization": arxivSummarization,
  billsum: billsum,
  booksum: booksum,
  "booksum-writing": booksumWriting,
  boolq: boolq,
  "cnn-dailymail": cnnDailymail,
  dialogsum: dialogsum,
  "dolly-15k": dolly15k,
  govreport: govreport,
  hotpotqa: hotpotqa,
  "longalign-10k": longalign10k,
  "longalpaca-12k": longalpaca12k,
  "longwriter-6k": longwriter6k,
  "moby-dick": mobyDick,
  "moby-dick-text": mobyDickText,
  musique: musique,
  narrativeqa: narrativeqa,
  "no-robots": noRobots,
  "open-orca": openOrca,
  "pubmed-summarization": pubmedSummarization,
  qasper: qasper,
  qmsum: qmsum,
  quality: quality,
  "slim-orca": slimOrca,
  squad: squad,
  "state-of-the-union": stateOfTheUnion,
  "state-of-the-union-text": stateOfTheUnionText,
  "summ-screen-fd": summScreenFd,
  "tulu-3-sft-mixture": tulu3SftMixture,
  "ultrachat-200k": ultrachat200k,
  "world-factbook": worldFactbook,
  "world-factbook-text": worldFactbookText,
  "writing-prompts": writingPrompts,
  xsum: xsum,
} as const satisfies Record<string, DatasetEntry | HubDataset>;
