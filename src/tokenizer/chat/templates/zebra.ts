import type { BuiltInTemplate } from "./built-in.ts";

/**
 * Zebra's [INST] form, that of Llama 2: checkpoints/zebra-nano-tokenizer has the same text. It needs no
 * special tokens but BOS and EOS.
 */
export const zebra: BuiltInTemplate = {
  source: `{%- set offset = 1 if messages[0]['role'] == 'system' else 0 -%}
{%- for message in messages[offset:] -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) or message['role'] not in ['user', 'assistant'] -%}
{{- raise_exception('expected roles user, assistant, user … after an optional system message, got ' + message['role'] + ' as turn ' + (loop.index | string)) -}}
{%- endif -%}
{%- if message['role'] == 'user' -%}
{{- bos_token + '[INST] ' -}}
{%- if loop.index0 == 0 and offset == 1 -%}
{{- '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' -}}
{%- endif -%}
{{- message['content'] + ' [/INST]' -}}
{%- else -%}
{%- generation -%}
{{- ' ' + message['content'] + eos_token -}}
{%- endgeneration -%}
{%- endif -%}
{%- endfor -%}`,
  needs: ["bos_token", "eos_token"],
};
