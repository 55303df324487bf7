import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { buildConnector } from "undici";
import { SourceError } from "../source-error.ts";

/** Resolves a name to all its addresses, as `dns.lookup` does. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface AddressRules {
  allowedHosts: readonly string[];
  /** Lets this machine be reached, at any port. For tests; nothing in the product sets it. */
  allowLoopback?: boolean | undefined;
  resolve?: Resolve | undefined;
}

/** Azure's platform service answers on an address that no registry marks as special. */
const hostServices = new Set(["168.63.129.16"]);

/** Whether an IP address is of the public internet; IPv4 inside IPv6 is judged as IPv4 or refused. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === "unicast" && !hostServices.has(parsed.toString());
}

function isReachable(address: string, rules: AddressRules): boolean {
  if (isPublicAddress(address)) return true;
  return Boolean(rules.allowLoopback && ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback");
}

/** Throws SourceError `forbidden_address` unless the address is on the allow-list, of the web and at its usual port. */
export function checkAddress(url: URL, rules: AddressRules): void {
  const refuse = (reason: string): never => {
    throw new SourceError("forbidden_address", url, reason);
  };
  if (url.protocol !== "http:" && url.protocol !== "https:") refuse(`${url.protocol} is not of the web`);
  if (url.username !== "" || url.password !== "") refuse("the address carries a user name or password");
  if (!isAllowedHost(url.hostname, rules.allowedHosts)) refuse(`${url.hostname} is not an allowed host`);
  if (url.port !== "" && !rules.allowLoopback) refuse(`port ${url.port} may not be asked; only 80 and 443`);
  const literal = literalOf(url.hostname);
  if (isIP(literal) && !isReachable(literal, rules)) refuse(`${literal} is an internal address`);
}

/** Exact names, or `*.example.org` for every name below it. */
function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return allowed.some((entry) => {
    const rule = entry.toLowerCase();
    return rule.startsWith("*.") ? name.endsWith(rule.slice(1)) : name === rule;
  });
}

/**
 * A connector that checks the address it connects to, not a name that may resolve otherwise a moment later. One
 * internal address among a name's refuses the name.
 */
export function guardedConnector(rules: AddressRules, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ lookup: guardedLookup(rules), timeout: timeoutMs });
  return (options, callback) => {
    const literal = literalOf(options.hostname);
    if (isIP(literal) && !isReachable(literal, rules)) callback(internal(options.hostname, literal), null);
    else connect(options, callback);
  };
}

function guardedLookup(rules: AddressRules): LookupFunction {
  const resolve: Resolve = rules.resolve ?? lookup;
  return (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const refused = error ? null : addresses.find(({ address }) => !isReachable(address, rules));
      const first = addresses?.[0];
      if (error) callback(error, "", 0);
      else if (refused) callback(internal(name, refused.address), "", 0);
      else if (!first) callback(Object.assign(new Error(`${name} has no address`), { code: "ENOTFOUND" }), "", 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function internal(name: string, address: string): SourceError {
  return new SourceError(
    "forbidden_address",
    name,
    `it leads to ${address}, which is no address of the public internet`,
  );
}

function literalOf(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
