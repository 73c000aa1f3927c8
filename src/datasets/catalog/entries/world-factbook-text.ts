import { plainTextOf } from "../../synthesize/plain-text.ts";
import { worldFactbook } from "./world-factbook.ts";

export const worldFactbookText = plainTextOf(worldFactbook);
