import type { BuiltInTemplate } from "./built-in.ts";

/** The form of Qwen, SmolLM and most fine-tuned models: no system message of its own, no tools. */
export const chatml: BuiltInTemplate = {
  source: `{%- for turn in messages -%}
{{- '<|im_start|>' + turn['role'] + '\\n' + turn['content'] + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|im_start|>assistant\\n' -}}
{%- endif -%}`,
  needs: [],
};
