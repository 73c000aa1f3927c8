import type { Key as InkKey } from "ink";
import type { Key } from "./state/looking.ts";

/** The key of ours that was pressed; null for any other. */
export function keyOf(input: string, key: InkKey): Key | null {
  if (input === "?") return "help";
  if (key.tab) return key.shift ? "back" : "tab";
  if (key.upArrow || input === "k") return "up";
  if (key.downArrow || input === "j") return "down";
  if (key.leftArrow) return "left";
  if (key.rightArrow) return "right";
  if (key.pageUp) return "pageUp";
  if (key.pageDown || input === " ") return "pageDown";
  if (key.home || input === "g") return "home";
  if (key.end || input === "G") return "end";
  return null;
}
