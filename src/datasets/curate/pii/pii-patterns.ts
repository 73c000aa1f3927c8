import { isIPv4, isIPv6 } from "node:net";

export type PiiKind = "mail" | "phone" | "key" | "ip";

interface PiiPattern {
  /** Global; every repetition is bounded or begins at a boundary, so time grows with the text alone. */
  pattern: RegExp;
  /** The text that replaces it. The names are Presidio's, which NeMo Curator uses as well. */
  placeholder: string;
  /** A further check that the pattern cannot express. */
  isReal?(found: string): boolean;
}

export const piiPatterns: Readonly<Record<PiiKind, PiiPattern>> = {
  mail: {
    pattern:
      /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![\w-])/g,
    placeholder: "<EMAIL_ADDRESS>",
  },
  key: {
    pattern: new RegExp(
      [
        "-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\\s\\S]{1,8000}?-----END [A-Z ]{0,20}PRIVATE KEY-----",
        "(?<![\\w-])(?:AKIA|ASIA)[0-9A-Z]{16}(?!\\w)",
        "(?<![\\w-])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\\w{22,255}|glpat-[\\w-]{20,64}|npm_[A-Za-z0-9]{36})(?!\\w)",
        "(?<![\\w-])(?:sk|rk|pk)[-_](?:[a-z]{2,8}[-_]){0,2}[A-Za-z0-9_-]{20,255}(?!\\w)",
        "(?<![\\w-])hf_[A-Za-z0-9]{30,64}(?!\\w)",
        "(?<![\\w-])xox[abprs]-[A-Za-z0-9-]{10,255}(?!\\w)",
        "(?<![\\w-])AIza[\\w-]{35}(?!\\w)",
        "(?<![\\w-])eyJ[\\w-]{10,2000}\\.eyJ[\\w-]{10,4000}\\.[\\w-]{10,1000}(?!\\w)",
      ].join("|"),
      "g",
    ),
    placeholder: "<KEY>",
  },
  ip: {
    pattern: /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{6,39})(?![\w:]|\.\d)/g,
    placeholder: "<IP_ADDRESS>",
    isReal: isPublicAddress,
  },
  phone: {
    pattern:
      /(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}|(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4})(?![\w-])/g,
    placeholder: "<PHONE_NUMBER>",
    isReal: (found) => {
      const digits = found.replace(/\D/g, "").length;
      return digits >= 8 && digits <= 15; // E.164
    },
  },
};

/** Whether it is a public address: addresses of one's own machine or network identify nobody. */
function isPublicAddress(found: string): boolean {
  if (isIPv4(found)) {
    const [a, b] = found.split(".").map(Number) as [number, number];
    const isOwn = a === 0 || a === 10 || a === 127 || a >= 224 || (a === 169 && b === 254);
    return !isOwn && !(a === 172 && b >= 16 && b < 32) && !(a === 192 && b === 168);
  }
  return isIPv6(found) && !/^(?:::1?$|fe[89ab]|f[cd]|ff)/i.test(found);
}
