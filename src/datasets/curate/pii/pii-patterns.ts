import { ip } from "./kinds/ip.ts";
import { key } from "./kinds/key.ts";
import { mail } from "./kinds/mail.ts";
import { phone } from "./kinds/phone.ts";
import type { PiiPattern } from "./pii-kind.ts";

export type PiiKind = "mail" | "phone" | "key" | "ip";

export const piiPatterns: Readonly<Record<PiiKind, PiiPattern>> = { mail, key, ip, phone };
