import { Text } from "ink";
import type { Looking, ViewName } from "../state/looking.ts";
import type { Theme } from "../theme.ts";

/** The views there are; the one on the screen in brackets, as colour alone would not tell. */
export function TabStrip(props: {
  looking: Looking;
  views: readonly ViewName[];
  isOver: boolean;
  theme: Theme;
}) {
  const { looking, views, isOver, theme } = props;
  const names = looking.isHelp ? [...views, "help" as const] : views;
  const shown = looking.isHelp ? "help" : looking.view;
  return (
    <Text wrap="truncate-end">
      {names.map((name, i) => (
        <Text key={name} {...(name === shown ? theme.strong : theme.muted)}>
          {`${i > 0 ? "  " : ""}${titled(name === "now" && isOver ? "verdict" : name, name === shown)}`}
        </Text>
      ))}
    </Text>
  );
}

function titled(name: string, isShown: boolean): string {
  return isShown ? `[${name}]` : name;
}
