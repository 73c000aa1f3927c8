import { isIPv4, isIPv6 } from "node:net";
import { type Found, type PiiPattern, whole } from "../pii-kind.ts";

/** What stands right before the numbers of versions, sections and the like. */
const numbered =
  /(?:\b(?:versi[oó]n(?:es)?|versione|versão|\w*versions?|ver|vers|v|builds?|release[sd]?|rev(?:ision)?|sections?|sect?|sec|chapters?|chap|paragraphs?|para|clauses?|articles?|art|figures?|fig|tables?|steps?|appendix|annex|items?|rules?|schedule|parts?|firmware|fw|driver|kernel|updates?|upgraded?|patch|sdk|api|assembly|schema|chrome|chromium|firefox|edge|safari|opera|flash|java|jdk|jre|python|php|node|\.net|framework|office|sp|oid|abschnitt|kapitel|kap|ziffer|nr|capítulo|sección|seção|sezione|chapitre|глава|раздел|версия|verze|wersja|versie|sürüm)|§|第|版本)[\s:=#"'(/.-]{0,3}(?:(?:number|no\.?|num|is|nummer)\s?)?$/i;
/** A package and its version: `name==1.2.3.4`, `name-1.2.3.4.jar`. */
const ofPackage = /[A-Za-z]\w*[-_/]$/;
const comparison = /(?:==|~=|>=|<=|!=|\^)\s?["']?$/;
const addressed =
  /(?:\b(?:ips?|ipv4|addr|address|addresses|host|hosts|hostname|server|servers|client|clients|peer|peers|remote|src|dst|source|destination|dns|nameserver|resolver|ping|pinged|traceroute|gateway|proxy|router|listen|listening|bind|connect|connected|connecting|connection|ssh|curl|wget|login|logged|subnet|cidr|route|firewall|ban|banned|block|blocked|allow|deny|request|requests|visitor|upstream|endpoint|dirección|adresse|adres|indirizzo|endereço)\b|адрес|сервер|服务器|地址|サーバー|アドレス|서버|주소)[^\n]{0,30}$/i;
/** Resolvers that everybody knows, with numbers like those of a version. */
const known = new Set(["8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "4.2.2.1", "4.2.2.2"]);

export const ip: PiiPattern = {
  pattern:
    /(?:(?<![\w.:])::ffff:|(?<![\w.]|[:\d]:))\d{1,3}(?:\.\d{1,3}){3}(?![\w]|[.-]\d|:[A-Za-z:])|(?<![\w.:])[0-9A-Fa-f:]{5,38}(?:[0-9A-Fa-f]|::)(?![\w]|:\w|\.\d)/g,
  placeholder: "<IP_ADDRESS>",
  real: (found) => (isPublic(found.match[0]) && isAddress(found) ? whole(found) : null),
};

/** Whether it is a public address: addresses of one's own machine or network identify nobody. */
function isPublic(found: string): boolean {
  const v4 = found.replace(/^::ffff:/i, "");
  if (isIPv4(v4)) {
    const [a, b] = v4.split(".").map(Number) as [number, number];
    const isOwn = a === 0 || a === 10 || a === 127 || a >= 224 || (a === 169 && b === 254);
    return !isOwn && !(a === 172 && b >= 16 && b < 32) && !(a === 192 && b === 168);
  }
  // All that is public begins with 2 or 3. So no time, no MAC address and no C++ name is taken for one.
  return /^[23][0-9a-f]{3}:/i.test(found) && isIPv6(found);
}

/** Whether four numbers are an address and not the number of a version or section. */
function isAddress({ match: [found], before, after }: Found): boolean {
  if (!isIPv4(found)) return true;
  if (numbered.test(before) || comparison.test(before)) return false;
  if (
    /^(?:-[A-Za-z]|\.(?:jar|zip|tar|tgz|gz|dll|exe|whl|deb|rpm|msi|pkg|dmg|so|nupkg|egg|apk|bin|img)\b)/i.test(
      after,
    )
  )
    return false;
  if (known.has(found)) return true;
  const isAddressed =
    addressed.test(before) || /(?::\/\/|@)$/.test(before) || /^(?::\d{2,5}\b|\/\d{1,2}\b| - )/.test(after);
  if (isAddressed) return true;
  if (ofPackage.test(before)) return false;
  // Numbers of versions are mostly small, those of addresses mostly not.
  return found.split(".").filter((part) => Number(part) < 32).length < 3;
}
