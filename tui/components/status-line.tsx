import { Box, Text } from "ink";
import type { EndDescription } from "../end.ts";
import { glyphs, type Theme } from "../theme.ts";

/** How something ended: a coloured glyph, and a text that wraps beside it. */
export function StatusLine(props: { variant: EndDescription["variant"]; text: string; theme: Theme }) {
  const { variant, text, theme } = props;
  const { glyph, look } = {
    success: { glyph: glyphs.done, look: theme.good },
    warning: { glyph: glyphs.stopped, look: theme.caution },
    error: { glyph: glyphs.failed, look: theme.bad },
  }[variant];
  return (
    <Box gap={1}>
      <Box flexShrink={0}>
        <Text {...look}>{glyph}</Text>
      </Box>
      <Text {...theme.strong}>{text}</Text>
    </Box>
  );
}
