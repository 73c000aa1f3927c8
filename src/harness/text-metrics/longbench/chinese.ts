import { splitBlanks } from "../python-text.ts";
import { bagF1 } from "../squad/word-f1.ts";
import type { CutWords } from "./jieba.ts";
import { longbenchRouge } from "./rouge.ts";

const punctuation = new Set(
  "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" +
    "！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏.",
);

/** LongBench's qa_f1_zh_score: F1 of the words that jieba cuts, without punctuation and white space. */
export function chineseF1(prediction: string, target: string, cut: CutWords): number {
  const words = (text: string): string[] => cut(text).map(normalized).filter(Boolean);
  return bagF1(words(prediction), words(target));
}

/** LongBench's rouge_zh_score: rouge_score of the words that jieba cuts. */
export function chineseRouge(prediction: string, target: string, cut: CutWords): number {
  return longbenchRouge(cut(prediction).join(" "), cut(target).join(" "), 1);
}

function normalized(word: string): string {
  const bare = Array.from(word.toLowerCase()).filter((char) => !punctuation.has(char));
  return splitBlanks(bare.join("")).join("");
}
