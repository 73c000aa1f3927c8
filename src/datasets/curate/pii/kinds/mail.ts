import { type PiiPattern, whole } from "../pii-kind.ts";

/** Words of programs that may stand before a label: Kotlin's `this@Activity.finish()`, `return@forEach`. */
const ofLabels = /^(?:this|super|return|break|continue)$/i;
/** Logins that git servers have for all their users: `git@host:owner/repository`. */
const ofServers = /^(?:git|hg|svn|gitea|gogs|forgejo)$/i;
/** Endings that are of files, units or hosts, and never of mail: `icon@2x.png`, `getty@tty1.service`. */
const noDomain =
  /\.(?:png|jpe?g|gif|svg|webp|ico|bmp|css|s[ac]ss|less|js|mjs|cjs|jsx|tsx?|json|html?|xml|ya?ml|toml|csv|txt|pdf|exe|dll|jar|war|class|java|kt|php|zip|tgz|gz|service|socket|timer|target|mount|slice|scope|local(?:host|domain)?)$/i;

/** Not those of scripts without blanks, whose words may stand right beside an address. */
const letters = "\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}";

export const mail: PiiPattern = {
  mayBeIn: (text) => text.includes("@"),
  pattern: new RegExp(
    `(?<![${letters}\\p{M}\\d_.%+@-])[${letters}\\p{M}\\d_%+-][${letters}\\p{M}\\d_.%+'-]{0,63}@` +
      `(?:[${letters}\\d](?:[${letters}\\p{M}\\d-]{0,62})\\.){1,8}(?:xn--[A-Za-z0-9-]{2,40}|[${letters}]{2,24})` +
      `(?![${letters}\\d_-])`,
    "gu",
  ),
  placeholder: "<EMAIL_ADDRESS>",
  real(found) {
    const [address] = found.match;
    const at = address.lastIndexOf("@");
    const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
    if (ofLabels.test(local) || noDomain.test(domain)) return null;
    // A path on a server (scp, rsync, git), a call, and what a program logs in with.
    if (ofServers.test(local) && /^[:/]/.test(found.after)) return null;
    if (/^:(?:[~/]|\.{1,2}\/|[\w.-]+\/)/.test(found.after) || /^\(/.test(found.after)) return null;
    if (/(?:\b(?:ssh|scp|sftp|mosh)\s(?:-\S+\s(?:\S+\s)?)*|:\/\/[^\s/@]*)$/.test(found.before)) return null;
    return whole(found);
  },
};
